"""One ssh process that forwards the daemon's socket: all connections go over it."""

import asyncio
from contextlib import suppress
from typing import Final

from .._settings import Endpoint
from ..errors import ConnectFailed, TransportError
from .connection import Duplex
from .dial import dial
from .ssh_command import Plan
from .ssh_connection import OverSSH, answers
from .ssh_failures import REFUSED, broken, failure
from .ssh_process import Process, Words, launch

__all__ = ["Tunnel"]

_DEATH: Final = 0.05  # seconds from the end of a connection to that of the ssh that has broken it
_PAUSE: Final = 0.01


class Tunnel:
    """The forwarded socket, and the process that forwards it."""

    def __init__(self, plan: Plan, local: Endpoint) -> None:
        self._plan = plan
        self._local = local
        self._process: Process | None = None
        self.refused = False
        """Whether ssh got in the last time, and nobody answered at the forwarded socket."""
        self.words = Words()
        """What the last ssh has said."""

    @property
    def alive(self) -> bool:
        """Whether the socket can be used."""
        return self._process is not None and self._process.alive

    async def start(self) -> None:
        """Start ssh, and wait until a daemon answers.

        :raises ConnectFailed: there is none, or no way to it.
        """
        await self.aclose()
        self._plan.clear()
        self.words, self.refused = Words(), False
        process = self._process = await launch(self._plan.tunnel(), self._plan, self.words)
        try:
            await self._reach(process)
        except BaseException:
            process.end()
            raise

    async def _reach(self, process: Process) -> None:
        connection: Duplex | None = None
        while connection is None:  # ssh makes its socket once it has got in
            if process.status is not None:
                await process.gone()
                raise failure(self._plan.endpoint, self.words.since())
            with suppress(ConnectFailed):
                connection = await dial(self._local, None, None)
            await asyncio.sleep(_PAUSE)
        if not await answers(connection):
            await process.gone(_DEATH)
            self.refused = process.status is None
            raise failure(self._plan.endpoint, self.words.since(), fallback=REFUSED if self.refused else "")

    async def connect(self) -> Duplex:
        """A connection of its own."""
        process = self._process
        connection = await dial(self._local, self._plan.timeout, None)

        async def broke() -> str | None:
            if process is None or not await process.gone(_DEATH) or process.ended:
                return None
            return broken(self._plan.endpoint, process.status, process.words.since())

        return OverSSH(connection, broke)

    async def why(self, mark: int) -> TransportError | None:
        """Why a call got no answer that began when ssh had said so much."""
        process = self._process
        if process is None or process.ended:
            return None
        await process.gone(_DEATH)
        words = process.words.since(mark)
        if process.status is not None:
            return TransportError(broken(self._plan.endpoint, process.status, words))
        return failure(self._plan.endpoint, words) if REFUSED in words else None

    async def aclose(self) -> None:
        """End ssh, and wait for it."""
        process, self._process = self._process, None
        if process is not None:
            process.end()
            await process.gone()

    def __del__(self) -> None:
        if self._process is not None:
            self._process.let_go()
