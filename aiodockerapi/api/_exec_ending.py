"""Ending commands that were started with exec.

The Engine API has no call for this, and the process id that it reports is not valid inside the container. Therefore a command
is marked with an environment variable, and another command in the container searches for the variable.
"""

import os
from collections.abc import Awaitable, Callable
from typing import Final, Literal, Protocol

from ..errors import DockerError

__all__ = ["ExecMarker"]

_GRACE: Final = 10.0
_PAUSE: Final = 0.2
# Sends a signal ($1) to every process whose environment contains the marker ($0), which child processes inherit. Fails if there
# is none. Some versions of grep ignore the text after a zero byte, so each variable is put on its own line. SIGKILL is repeated
# until no process is found, at most 20 times, because a killed process may just have started another one.
_SCRIPT: Final = """
result=1
while
  found=
  for file in /proc/[0-9]*/environ; do
    if tr "\\000" "\\012" <"$file" 2>/dev/null | grep -qxF "$0"; then
      process=${file#/proc/}
      kill -s "$1" "${process%/environ}" 2>/dev/null && found=yes result=0
    fi
  done
  passes=$passes.
  [ "$1$found" = KILLyes ] && [ ${#passes} -lt 20 ]
do :; done
exit $result
"""


class _Result(Protocol):
    """The result of a command."""

    @property
    def exit_code(self) -> int:
        """The exit code."""
        ...


class ExecMarker:
    """An environment variable that identifies a command, so that it can be ended later.

    :param run: runs a command in the same container, as the same user.
    """

    def __init__(self, run: Callable[[list[str]], Awaitable[_Result]]) -> None:
        self._run = run
        self.variable = f"AIODOCKERAPI_EXEC={os.urandom(12).hex()}"
        """The variable to add to the environment of the command, as ``NAME=value``."""

    async def end(self, policy: Literal["stop", "kill"]) -> None:
        """End the command and its child processes.

        :param policy: ``kill`` sends SIGKILL; ``stop`` sends SIGTERM, and SIGKILL if a process is still running ten seconds
            later.
        """
        import anyio

        try:
            if policy == "stop" and await self._signal("TERM"):
                with anyio.move_on_after(_GRACE):
                    while await self._signal("0"):  # noqa: ASYNC110 - the daemon has no event for this
                        await anyio.sleep(_PAUSE)
                    return
            await self._signal("KILL")
        except DockerError:
            return  # the container has stopped, or the daemon is not reachable

    async def _signal(self, name: str) -> bool:
        """Send a signal, and return whether a process was found."""
        result = await self._run(["sh", "-c", _SCRIPT, self.variable, name])
        return result.exit_code == 0
