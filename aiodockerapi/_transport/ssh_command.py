"""What ssh is told: as little as possible beyond the user's own configuration."""

import asyncio
import os
import shlex
import shutil
from collections.abc import Sequence
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Final, NamedTuple

from .._settings import SSH, Endpoint
from .._settings.address import DEFAULT_SOCKET
from ..errors import ConfigurationError, ConnectFailed

__all__ = ["Plan", "guarded", "handed_over"]

_PATIENCE: Final = 10.0

# Ends ssh when this process does, in whichever way that may be. The read end of a pipe tells it, whose write end only we
# hold: a line says that ssh is to end, the pipe's end that we are gone, and the socket's folder may go as well. Not
# prctl(PR_SET_PDEATHSIG): it is Linux's alone, is lost when the *thread* ends that has started ssh, and takes Python code
# between fork and exec, which may deadlock where there are threads. The outer shell waits for both of its children, so that
# where we are the first process of a container, no zombie falls to us.
_GUARD: Final = """\
exec 3</dev/fd/$1 4<&0
folder=$2
shift 2
"$@" <&4 3<&- 4<&- &
ssh=$!
{ read -r word <&3 || { rm -f "$folder/s"; rmdir "$folder"; }; kill "$ssh"; } </dev/null >/dev/null 2>&1 4<&- &
guard=$!
trap 'kill "$ssh"' TERM
exec </dev/null >/dev/null 2>/dev/null 3<&- 4<&-
wait "$ssh"
status=$?
while [ "$status" -gt 128 ] && kill -0 "$ssh"; do wait "$ssh"; status=$?; done
kill "$guard"
wait "$guard"
exit "$status"
"""


def guarded(command: Sequence[str], lifeline: int, folder: str) -> list[str]:
    """The command that runs `command` for as long as the pipe lasts whose read end is `lifeline`."""
    return ["/bin/sh", "-c", _GUARD, "sh", str(lifeline), folder, *command]


class Plan(NamedTuple):
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

    def _words(self, *words: str) -> list[str]:
        """The beginning of the command; of a setting that is there twice, ssh takes the first, so the user's go before."""
        program = shutil.which("ssh")
        if program is None:
            raise ConnectFailed(
                f"cannot connect to {self.endpoint} ({self.endpoint.source}): there is no ssh command. "
                "Install OpenSSH's client (usually the package openssh-client), or put it on the PATH"
            )
        options = [*words, "BatchMode=yes"] if self.ssh.batch else list(words)
        if self.timeout is not None:
            options.append(f"ConnectTimeout={max(1, round(self.timeout))}")
        options += ["ServerAliveInterval=30", "ServerAliveCountMax=3"]  # a stream may be silent for weeks
        settings = [word for option in options for word in ("-o", option)]
        login = ["-l", self.endpoint.user] if self.endpoint.user else []
        port = ["-p", str(self.endpoint.port)] if self.endpoint.port else []
        return [program, *self.ssh.options, "-T", "-a", "-x", *settings, *login, *port]

    def tunnel(self) -> list[str]:
        """One ssh process that forwards the remote socket to the local one. It has no session: nothing is run there.

        Neither may it be a part of somebody else's connection (ControlMaster), or it would end at once, or with that; nor
        give up for the sake of a forwarding in the user's configuration that another ssh of theirs holds already.
        """
        remote = self.endpoint.socket or DEFAULT_SOCKET
        if "${" in remote:
            raise ConfigurationError(f"ssh cannot forward {remote}, for it would read ${{ as a variable")
        both = ":".join(_literal(path) for path in (self.socket, remote))
        alone = ("ControlMaster=no", "ControlPath=none", "ExitOnForwardFailure=no", "LogLevel=INFO")
        return [*self._words(*alone), "-N", "-L", both, "--", self.endpoint.host]

    def dial_stdio(self) -> list[str]:
        """An ssh process whose stdin and stdout are a connection to the daemon there.

        It may use a connection of the user's that is open already, but opens none for others, which would outlive it.
        """
        path = self.endpoint.socket
        words = ["docker", f"--host=unix://{path}"] if path else ["docker"]
        remote = " ".join(shlex.quote(word) for word in [*words, "system", "dial-stdio"])
        alone = ("ControlMaster=no", "ClearAllForwardings=yes", "RemoteCommand=none", "LogLevel=VERBOSE")
        return [*self._words(*alone), "--", self.endpoint.host, remote]

    def query(self) -> list[str]:
        """Has ssh tell its configuration for that host, and do nothing else."""
        return [*self._words(), "-G", "--", self.endpoint.host]


def _literal(path: str) -> str:
    """A path in ssh's notation for forwardings."""
    return path.replace("\\", "\\\\").replace(":", "\\:").replace("%", "%%")


async def handed_over(plan: Plan) -> dict[str, str]:
    """The environment for an ssh with a session: without the variables that its configuration would have it hand over.

    SendEnv can be taken back only by what stands after it, and nothing of ours stands after the user's files.
    """
    process = await asyncio.create_subprocess_exec(
        *plan.query(),
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,
    )
    try:
        async with asyncio.timeout(_PATIENCE):
            told, _ = await process.communicate()
    except BaseException:
        if process.returncode is None:
            process.kill()
            await process.wait()
        raise
    lines = (line.split() for line in told.decode(errors="replace").splitlines())
    patterns = [word.replace("[", "[[]") for key, *words in filter(None, lines) if key == "sendenv" for word in words]
    return {name: value for name, value in os.environ.items() if not any(fnmatchcase(name, each) for each in patterns)}
