"""One ssh process that forwards the daemon's socket: all connections go over it."""

import asyncio
from collections.abc import Callable
from contextlib import nullcontext, suppress
from typing import Final

from ..._settings import Endpoint
from ...errors import ConnectFailed, TransportError
from ..connection import Duplex
from ..diagnostics.ssh import REFUSED, broken, failure
from ..dial import dial
from .command import CommandBuilder, ConfigValues
from .config import environment
from .connection import FailureCheck, SSHConnection, answer
from .process import PAUSES, SSHProcess, StderrLog, start_ssh

__all__ = ["Tunnel"]

_DEATH: Final = 0.05  # seconds from the end of a connection to that of the ssh that has broken it
_PAUSE: Final = 0.01


class Tunnel:
    """The forwarded socket, and the process that forwards it."""

    def __init__(self, commands: CommandBuilder, local: Endpoint) -> None:
        self._commands = commands
        self._local = local
        self._process: SSHProcess | None = None
        self.refused = False
        """Whether ssh got in the last time, and nobody answered at the forwarded socket."""
        self.words = StderrLog()
        """What the last ssh has said."""
        self.login_limiter: nullcontext[None] = nullcontext()
        """What calls that share connections go at: a connection more takes no time."""

    @property
    def alive(self) -> bool:
        """Whether the socket can be used."""
        return self._process is not None and self._process.alive

    async def start(self, config: ConfigValues) -> None:
        """Start ssh, and wait until a daemon answers.

        :raises ConnectFailed: there is none, or no way to it.
        """
        for pause in (*PAUSES, None):
            await self.aclose()
            self._commands.clear()
            self.words, self.refused = StderrLog(), False
            command = self._commands.tunnel(config)
            process = self._process = await start_ssh(
                command, self._commands, self.words, env=environment(self._commands)
            )
            try:
                await self._reach(process)
            except ConnectFailed:
                process.end()
                if pause is None or not process.turned_away:
                    raise
            except BaseException:
                process.end()
                raise
            else:
                return
            await asyncio.sleep(pause)

    async def _reach(self, process: SSHProcess) -> None:
        connection: Duplex | None = None
        while connection is None:  # ssh makes its socket once it has got in
            if process.status is not None:
                await process.gone()
                raise failure(self._commands.endpoint, self.words.since())
            if self._commands.folder in self.words.since():  # ssh goes on without what it cannot forward
                raise failure(self._commands.endpoint, self.words.since())
            with suppress(ConnectFailed):
                connection = await dial(self._local, None, None)
            await asyncio.sleep(_PAUSE)
        if not await answer(connection):
            await process.gone(_DEATH)
            self.refused = process.status is None
            raise failure(self._commands.endpoint, self.words.since(), fallback=REFUSED if self.refused else "")

    async def connect(self) -> Duplex:
        """A connection of its own."""
        process = self._process
        connection = await dial(self._local, self._commands.timeout, None)

        async def broke() -> str | None:
            if process is None or not await process.gone(_DEATH) or process.ended:
                return None
            return broken(self._commands.endpoint, process.status, process.words.since())

        return SSHConnection(connection, broke)

    def failure_check(self) -> FailureCheck:
        """What tells, later, why a call that begins now got no answer."""
        process, mark = self._process, self.words.mark

        async def why() -> TransportError | None:
            if process is None or process.ended:
                return None
            await process.gone(_DEATH)
            words = process.words.since(mark)
            if process.status is not None:
                return TransportError(broken(self._commands.endpoint, process.status, words))
            return failure(self._commands.endpoint, words) if REFUSED in words else None

        return why

    def login_refusal_check(self) -> Callable[[], TransportError | None]:
        """What tells a call that had to wait, later, that its turn is of no use: none has to."""
        return lambda: None

    async def other_output(self) -> TransportError | None:
        """Who spoke instead of a daemon: nobody who comes with ssh."""
        return None

    async def aclose(self) -> None:
        """End ssh, and wait for it."""
        process, self._process = self._process, None
        if process is not None:
            process.end()
            await process.gone()

    def __del__(self) -> None:
        if self._process is not None:
            self._process.let_go()
