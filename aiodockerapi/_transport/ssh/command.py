"""Command lines of ssh: they override as little of the user's configuration as possible."""

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
"""The user's ssh configuration for the host: the values of each setting, by its name in lower case."""

_BAD_ESCAPE: Final = re.compile(r"%(?![0-9A-Fa-f]{2})")
_NO_CONFIG: Final[ConfigValues] = MappingProxyType({})
_KEEPALIVE: Final = {"ServerAliveInterval": "30", "ServerAliveCountMax": "3"}  # a stream may be silent for weeks
# The tunnel does not join a shared connection (ControlMaster): it would exit at once, or together with that connection. A
# forwarding in the user's configuration whose port is in use must not make it exit. ClearAllForwardings would clear its own.
_TUNNEL: Final = {
    "ControlMaster": "no",
    "ControlPath": "none",
    "ExitOnForwardFailure": "no",
    "ClearAllForwardings": "no",
}
# A session may use a shared connection that is already open, but does not open one, which would outlive it. The output of a
# local command would mix with the daemon's.
_SESSION: Final = {
    "ControlMaster": "no",
    "ClearAllForwardings": "yes",
    "RemoteCommand": "none",
    "PermitLocalCommand": "no",
}
# An older ssh rejects settings that it does not know: these are passed only if the user's configuration has another value.
_TUNNEL_DEFAULTS: Final = {"ForkAfterAuthentication": "no"}
_SESSION_DEFAULTS: Final = {**_TUNNEL_DEFAULTS, "SessionType": "default", "StdinNull": "no"}

# Ends ssh when this process ends, in whatever way. The guard reads from a pipe whose write end only this process holds: a line
# requests that ssh ends; end-of-file means that this process has ended, and that the directory of the socket is to be removed
# too. prctl(PR_SET_PDEATHSIG) is no alternative: it exists only on Linux, applies when the *thread* that started ssh ends, and
# requires Python code between fork and exec, which may deadlock in a process with threads. The outer shell waits for both
# children: if this process is the first one of a container, it would inherit them as zombies. Both shells ignore the hangup of
# the terminal. At a terminal, ssh may end together with this process: then the outer shell gives the guard time to notice, and
# checks itself whether this process has ended. In a separate session the shell also ends the processes that ssh has started: a
# program in the user's configuration (ProxyCommand, Match exec) may hang, which may be the reason for ending ssh.
_GUARD: Final = """\
trap '' HUP
exec 3</dev/fd/$1 4<&0
directory=$2 own_session=$3
shift 3
{ trap - HUP; exec "$@"; } <&4 3<&- 4<&- &
ssh=$!
{ read -r line <&3 || { trap '' TERM; rm -f "$directory/s"; rmdir "$directory"; }; kill "$ssh"; } \\
    </dev/null >/dev/null 2>&1 4<&- &
guard=$!
trap 'kill "$ssh"' TERM
exec </dev/null >/dev/null 2>/dev/null 3<&- 4<&-
wait "$ssh"
status=$?
while [ "$status" -gt 128 ] && kill -0 "$ssh"; do wait "$ssh"; status=$?; done
[ "$own_session" ] || [ "$status" -eq 0 ] || sleep 0.5
kill "$guard"
wait "$guard"
kill -0 "$PPID" || { rm -f "$directory/s"; rmdir "$directory"; }
[ "$own_session" ] && trap '' TERM && kill -s TERM 0
exit "$status"
"""


def guarded(command: Sequence[str], lifeline: int, directory: str, *, own_session: bool) -> list[str]:
    """Return the command that runs `command` until it exits or the guard ends it.

    :param lifeline: the read end of the pipe that the guard reads.
    :param directory: removed together with its socket at the end of the pipe.
    :param own_session: whether the command runs in a separate session, whose processes are all ended with it.
    """
    return ["/bin/sh", "-c", _GUARD, "sh", str(lifeline), directory, "yes" if own_session else "", *command]


class CommandBuilder(NamedTuple):
    """Builds the command lines of ssh for one endpoint.

    :ivar timeout: limit for connecting, in seconds.
    :ivar directory: the directory of the local socket.
    """

    endpoint: Endpoint
    ssh: SSH
    timeout: float | None
    directory: str

    @property
    def socket(self) -> str:
        """The path of the local socket."""
        return f"{self.directory}/s"

    def remove_socket(self) -> None:
        """Remove the local socket of an earlier ssh, which does not remove it when it exits."""
        Path(self.socket).unlink(missing_ok=True)

    def _base(self, *settings: str) -> list[str]:
        """Return the beginning of the command. ssh uses the first value of a setting, so the user's options come first."""
        program = shutil.which("ssh")
        if program is None:
            raise ConnectFailed(
                f"cannot connect to {self.endpoint} ({self.endpoint.source}): ssh command not found. "
                "Install the OpenSSH client (usually the package openssh-client), or add it to the PATH"
            )
        options = [argument for setting in (*settings, "LogLevel=VERBOSE") for argument in ("-o", setting)]
        login = ["-l", self.endpoint.user] if self.endpoint.user else []
        port = ["-p", str(self.endpoint.port)] if self.endpoint.port else []
        return [program, *self.ssh.options, "-T", "-a", "-x", *options, *login, *port]

    def _settings(self, required: Mapping[str, str], defaults: Mapping[str, str], config: ConfigValues) -> list[str]:
        """Return settings for ``-o``: `required` always, `defaults` only if the user's configuration has another value."""
        settings = dict(required)
        if self.ssh.batch:
            settings["BatchMode"] = "yes"
        if self.timeout is not None:
            settings["ConnectTimeout"] = str(max(1, round(self.timeout)))
        if config.get("serveraliveinterval", ("0",)) == ("0",):
            settings |= _KEEPALIVE
        settings |= {name: value for name, value in defaults.items() if config.get(name.lower(), (value,)) != (value,)}
        return [f"{name}={value}" for name, value in settings.items()]

    def tunnel(self, config: ConfigValues = _NO_CONFIG) -> list[str]:
        """Return the command of an ssh that forwards the local socket to the remote one and runs nothing on the host.

        :raises ConfigurationError: if ssh cannot forward to the path of the remote socket.
        """
        remote = self.endpoint.socket or DEFAULT_SOCKET
        if "${" in remote:
            raise ConfigurationError(f"ssh cannot forward to {remote}: it expands ${{ as a variable")
        forwarding = ":".join(_escaped(path) for path in (self.socket, remote))
        settings = self._settings(_TUNNEL, _TUNNEL_DEFAULTS, config)
        return [*self._base(*settings), "-N", "-L", forwarding, "--", self.endpoint.host]

    def dial_stdio(self, config: ConfigValues = _NO_CONFIG) -> list[str]:
        """Return the command of an ssh whose stdin and stdout are a connection to the daemon on the host.

        :raises ConfigurationError: if the docker command cannot use the path of the remote socket.
        """
        path = self.endpoint.socket
        if _BAD_ESCAPE.search(path):
            raise ConfigurationError(
                f"the docker command on the host cannot use the socket {path}: it decodes % as an escape. "
                'Use SSH(mode="tunnel"), or another path, such as a symbolic link'
            )
        docker = ["docker", f"--host=unix://{path}"] if path else ["docker"]
        remote = " ".join(shlex.quote(argument) for argument in [*docker, "system", "dial-stdio"])
        return [*self._base(*self._settings(_SESSION, _SESSION_DEFAULTS, config)), "--", self.endpoint.host, remote]

    def query(self) -> list[str]:
        """Return the command that prints ssh's configuration for the host.

        It includes a remote command: without one, ssh may reject the configuration (ForkAfterAuthentication).
        """
        return [*self._base("RemoteCommand=none"), "-G", "--", self.endpoint.host, "true"]


def _escaped(path: str) -> str:
    """Return a path in ssh's notation for forwardings."""
    return path.replace("\\", "\\\\").replace(":", "\\:").replace("%", "%%")
