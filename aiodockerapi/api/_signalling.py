"""Ending a command that was started with exec. The daemon has no call for that, and its process id means nothing inside."""

import os
from collections.abc import Awaitable, Callable
from typing import Final, Literal, Protocol

from ..errors import DockerError

__all__ = ["Marker"]

_GRACE: Final = 10.0
_PAUSE: Final = 0.2
# Signals every process whose environment holds the marker, which children inherit; fails when there is none. (Not all kinds
# of grep see what follows a zero byte, so the variables are put on lines first.) To kill, it looks again until there is
# none: one that was killed may have started another just before.
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


class _Ended(Protocol):
    """What a command leaves behind."""

    @property
    def exit_code(self) -> int:
        """Its exit code."""
        ...


class Marker:
    """Marks a command, so that it can be found and ended later.

    :param run: runs a command in the same container, as the same user.
    """

    def __init__(self, run: Callable[[list[str]], Awaitable[_Ended]]) -> None:
        self._run = run
        self.variable = f"AIODOCKERAPI_EXEC={os.urandom(12).hex()}"

    async def end(self, how: Literal["stop", "kill"]) -> None:
        """Kill the command and its children, or ask them to end and kill them ten seconds later."""
        import anyio

        try:
            if how == "stop" and await self._signal("TERM"):
                with anyio.move_on_after(_GRACE):
                    while await self._signal("0"):  # noqa: ASYNC110 - there is no event: it must be asked
                        await anyio.sleep(_PAUSE)
                    return
            await self._signal("KILL")
        except DockerError:
            return  # the container has ended, or the daemon is out of reach: there is nobody left to tell

    async def _signal(self, name: str) -> bool:
        """Whether there was anyone to signal."""
        ended = await self._run(["sh", "-c", _SCRIPT, self.variable, name])
        return ended.exit_code == 0
