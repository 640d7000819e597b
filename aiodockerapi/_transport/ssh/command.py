"""What ssh is told: as little as possible beyond the user's own configuration."""

import re
import shlex
import shutil
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import MappingProxyType
from typing import Final, NamedTuple, TypeAlias

from ..._settings import SSH, Endpoint
from ..._settings.address import DEFAULT_SOCKET
from ...errors import ConfigurationError, ConnectFailed

__all__ = ["CommandBuilder", "ConfigValues", "guarded"]

ConfigValues: TypeAlias = Mapping[str, tuple[str, ...]]
"""What ssh takes from the user's configuration for the host: the values of each setting, by its name in lower case."""

_BAD_ESCAPE: Final = re.compile(r"%(?![0-9A-Fa-f]{2})")
_NOTHING: Final[ConfigValues] = MappingProxyType({})
_ALIVE: Final = {"ServerAliveInterval": "30", "ServerAliveCountMax": "3"}  # a stream may be silent for weeks
# Not a part of somebody else's connection (ControlMaster), or it would end at once, or with that; nor to give up for the sake
# of a forwarding in the user's configuration that another ssh of theirs holds already, nor to drop ours with theirs.
_TUNNEL: Final = {
    "ControlMaster": "no",
    "ControlPath": "none",
    "ExitOnForwardFailure": "no",
    "ClearAllForwardings": "no",
}
# It may use a connection of the user's that is open already, but opens none for others, which would outlive it. What a local
# command prints would come between the daemon and us.
_SESSION: Final = {
    "ControlMaster": "no",
    "ClearAllForwardings": "yes",
    "RemoteCommand": "none",
    "PermitLocalCommand": "no",
}
# An older ssh stops at settings that it does not know: these are said only where the user's configuration says otherwise.
_STAYING: Final = {"ForkAfterAuthentication": "no"}
_TALKING: Final = {**_STAYING, "SessionType": "default", "StdinNull": "no"}

# Ends ssh when this process does, in whichever way that may be. The read end of a pipe tells it, whose write end only we
# hold: a line says that ssh is to end, the pipe's end that we are gone, and the socket's folder may go as well. Not
# prctl(PR_SET_PDEATHSIG): it is Linux's alone, is lost when the *thread* ends that has started ssh, and takes Python code
# between fork and exec, which may deadlock where there are threads. The outer shell waits for both of its children, so that
# where we are the first process of a container, no zombie falls to us. The guard outlives the terminal. In a session of its own
# the shell ends what ssh has started as well: what the user's configuration runs (ProxyCommand, Match exec) may hang, which may
# be why ssh is to end.
_GUARD: Final = """\
exec 3</dev/fd/$1 4<&0
folder=$2 alone=$3
shift 3
"$@" <&4 3<&- 4<&- &
ssh=$!
{ trap '' HUP; read -r word <&3 || { rm -f "$folder/s"; rmdir "$folder"; }; kill "$ssh"; } </dev/null >/dev/null 2>&1 4<&- &
guard=$!
trap 'kill "$ssh"' TERM
exec </dev/null >/dev/null 2>/dev/null 3<&- 4<&-
wait "$ssh"
status=$?
while [ "$status" -gt 128 ] && kill -0 "$ssh"; do wait "$ssh"; status=$?; done
kill "$guard"
wait "$guard"
[ "$alone" ] && trap '' TERM && kill -s TERM 0
exit "$status"
"""


def guarded(command: Sequence[str], lifeline: int, folder: str, *, alone: bool) -> list[str]:
    """The command that runs `command` for as long as the pipe lasts whose read end is `lifeline`; `alone` in its session."""
    return ["/bin/sh", "-c", _GUARD, "sh", str(lifeline), folder, "yes" if alone else "", *command]


class CommandBuilder(NamedTuple):
    """Where to, how, and by way of which local socket."""

    endpoint: Endpoint
    ssh: SSH
    timeout: float | None
    folder: str

    @property
    def socket(self) -> str:
        """The local socket that leads to the daemon."""
        return f"{self.folder}/s"

    def clear(self) -> None:
        """Remove the local socket of before; ssh leaves its own behind."""
        Path(self.socket).unlink(missing_ok=True)

    def _words(self, *settings: str) -> list[str]:
        """The beginning of the command; of a setting that is there twice, ssh takes the first, so the user's go before."""
        program = shutil.which("ssh")
        if program is None:
            raise ConnectFailed(
                f"cannot connect to {self.endpoint} ({self.endpoint.source}): there is no ssh command. "
                "Install OpenSSH's client (usually the package openssh-client), or put it on the PATH"
            )
        options = [word for setting in (*settings, "LogLevel=VERBOSE") for word in ("-o", setting)]
        login = ["-l", self.endpoint.user] if self.endpoint.user else []
        port = ["-p", str(self.endpoint.port)] if self.endpoint.port else []
        return [program, *self.ssh.options, "-T", "-a", "-x", *options, *login, *port]

    def _settings(self, wanted: Mapping[str, str], unless_so: Mapping[str, str], config: ConfigValues) -> list[str]:
        """What is said against the user's configuration, and what only stands in for it."""
        said = dict(wanted)
        if self.ssh.batch:
            said["BatchMode"] = "yes"
        if self.timeout is not None:
            said["ConnectTimeout"] = str(max(1, round(self.timeout)))
        if config.get("serveraliveinterval", ("0",)) == ("0",):
            said |= _ALIVE
        said |= {name: value for name, value in unless_so.items() if config.get(name.lower(), (value,)) != (value,)}
        return [f"{name}={value}" for name, value in said.items()]

    def tunnel(self, config: ConfigValues = _NOTHING) -> list[str]:
        """One ssh process that forwards the remote socket to the local one. It has no session: nothing is run there."""
        remote = self.endpoint.socket or DEFAULT_SOCKET
        if "${" in remote:
            raise ConfigurationError(f"ssh cannot forward {remote}, for it would read ${{ as a variable")
        both = ":".join(_literal(path) for path in (self.socket, remote))
        settings = self._settings(_TUNNEL, _STAYING, config)
        return [*self._words(*settings), "-N", "-L", both, "--", self.endpoint.host]

    def dial_stdio(self, config: ConfigValues = _NOTHING) -> list[str]:
        """An ssh process whose stdin and stdout are a connection to the daemon there."""
        path = self.endpoint.socket
        if _BAD_ESCAPE.search(path):
            raise ConfigurationError(
                f"the docker command there cannot use the socket {path}: it would read % as an escape. Forward it: "
                'SSH(mode="tunnel"); or give it another name, such as a symbolic link'
            )
        words = ["docker", f"--host=unix://{path}"] if path else ["docker"]
        remote = " ".join(shlex.quote(word) for word in [*words, "system", "dial-stdio"])
        return [*self._words(*self._settings(_SESSION, _TALKING, config)), "--", self.endpoint.host, remote]

    def query(self) -> list[str]:
        """Has ssh tell its configuration for that host, and do nothing else; without a command it may object to that."""
        return [*self._words("RemoteCommand=none"), "-G", "--", self.endpoint.host, "true"]


def _literal(path: str) -> str:
    """A path in ssh's notation for forwardings."""
    return path.replace("\\", "\\\\").replace(":", "\\:").replace("%", "%%")
