"""An ssh process for each connection, which runs the docker command there: its stdin and stdout are the connection.

The process gets the socket itself, so no byte passes through here, and closing one direction reaches the other side.
"""

import asyncio
import socket
from collections.abc import Callable
from contextlib import suppress
from typing import Final
from weakref import WeakSet

from ...errors import ConnectFailed, DockerError, RequestTimeout, TransportError
from ..connection import Connection, Duplex
from ..diagnostics.ssh import broken, failure, late, lost, not_the_daemon
from .command import CommandBuilder, ConfigValues
from .config import agent, environment, is_silent, without_handed_over
from .connection import HTTP, FailureCheck, SSHConnection, answer
from .login_limit import LOGINS, LoginLimiter
from .process import PAUSES, SSHProcess, StderrLog, start_ssh

__all__ = ["DialStdio"]

_BACKLOG: Final = 512
_DEATH: Final = 10.0  # seconds from the end of the connection to that of its ssh
_LAST: Final = 0.5


class DialStdio:
    """The local socket, and a process for each connection to it."""

    def __init__(self, commands: CommandBuilder) -> None:
        self._commands = commands
        self._config: ConfigValues = {}
        self._agent: list[str] = []
        self._room = LOGINS if commands.ssh.batch else 1  # questions come one after the other
        self._dials = asyncio.Semaphore(self._room)
        self.login_limiter = LoginLimiter(self._room)
        """What calls that share connections go at."""
        self._listener: socket.socket | None = None
        self._environ: dict[str, str] | None = None
        self._processes: WeakSet[SSHProcess] = WeakSet()
        self._tasks: dict[asyncio.Task[None], socket.socket] = {}
        self._failed = asyncio.Event()
        self._failure: TransportError | None = None
        self._mark = 0  # how many have failed so far

    @property
    def alive(self) -> bool:
        """Whether the socket can be used."""
        return self._listener is not None

    async def start(self, config: ConfigValues) -> None:
        """Listen."""
        self._commands.dial_stdio(config)  # what cannot be said is config now
        everything = environment(self._commands)
        self._config, self._agent = config, agent(everything, config)
        self._environ = without_handed_over(everything, config)
        self._commands.clear()
        listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        try:
            listener.setblocking(False)
            listener.bind(self._commands.socket)
            listener.listen(_BACKLOG)
        except BaseException:
            listener.close()
            raise
        asyncio.get_running_loop().add_reader(listener.fileno(), self._accept, listener)
        self._listener = listener

    async def check(self) -> None:
        """Hold that a daemon answers.

        :raises ConnectFailed: there is none, or no way to it.
        """
        mark, said = self._mark, await answer(await self.connect())
        if not said.startswith(HTTP):
            raise await self._reported(mark) or self._unlike_a_daemon(said)

    def _unlike_a_daemon(self, said: bytes) -> ConnectFailed:
        if said:
            return not_the_daemon(self._commands.endpoint, said)
        return ConnectFailed(f"{self._commands.endpoint} closed the connection without an answer")

    def _accept(self, listener: socket.socket) -> None:
        with suppress(OSError):  # nobody left, or no descriptor
            while True:
                connection, _ = listener.accept()
                task = asyncio.ensure_future(self._serve(connection))
                self._tasks[task] = connection
                task.add_done_callback(self._served)

    def _served(self, task: asyncio.Task[None]) -> None:
        self._tasks.pop(task).close()  # if the task was cancelled before it began, nobody else has closed it

    async def _serve(self, connection: socket.socket) -> None:
        try:
            process = await self._run(connection)
        except TransportError as error:
            self._failed_with(error)
            return
        except (DockerError, OSError) as error:
            self._failed_with(failure(self._commands.endpoint, str(error)))
            return
        with self.login_limiter.connection():
            await process.gone()
        if process.status and not process.ended and (words := process.words.since()):
            self._failed_with(lost(self._commands.endpoint, process.status, words))

    def _failed_with(self, error: TransportError) -> None:
        self._failure = error
        self._mark += 1
        self._failed.set()

    async def _run(self, connection: socket.socket) -> SSHProcess:
        """Start ssh for a connection, wait until it has got in, and close the connection on our side.

        Until then ssh has not touched the connection, so that another one can take it over.
        """
        try:
            for pause in PAUSES:
                process = await self._login(connection)
                if not process.turned_away:
                    return process
                await asyncio.sleep(pause)
            process = await self._login(connection)
            if process.turned_away:
                raise failure(self._commands.endpoint, process.words.since())
            return process
        finally:
            connection.close()

    async def _login(self, connection: socket.socket) -> SSHProcess:
        await self._dials.acquire()
        turned_away = False
        try:
            process = await self._launch(connection)
            await self._in(process)
            turned_away = process.turned_away
        finally:
            if turned_away and self._room > 1:
                self._room -= 1  # fewer at once from now on
            else:
                self._dials.release()
        if process.status and not turned_away and not process.words.inside:
            raise failure(self._commands.endpoint, process.words.since(), status=process.status)
        return process

    async def _in(self, process: SSHProcess) -> None:
        """Wait until it has got in, or has ended; end it if that takes too long, or nobody waits any more."""
        try:
            async with asyncio.timeout(self._commands.timeout):
                await asyncio.shield(process.settled)
        except TimeoutError as error:
            raise late(self._commands.endpoint, self._commands.timeout, process.words.since()) from error
        finally:
            if not process.settled.done():
                process.end()
        if process.status is not None:
            await process.gone()

    async def _launch(self, connection: socket.socket) -> SSHProcess:
        program, *rest = self._commands.dial_stdio(self._config)
        process = await start_ssh(
            [program, *self._agent, *rest],
            self._commands,
            StderrLog(),
            env=self._environ,
            connection=connection.fileno(),
            silent=is_silent(self._config),
        )
        self._processes.add(process)
        return process

    async def connect(self) -> Duplex:
        """A connection of its own."""
        ours, theirs = socket.socketpair()
        ours.setblocking(False)
        try:
            process = await self._run(theirs)
        except BaseException:
            ours.close()
            raise
        return _Alone(self, Connection(ours), process)

    async def broke(self, process: SSHProcess) -> str | None:
        """FailureCheck a connection has ended, if it was not the daemon that has ended it."""
        await process.gone(_DEATH)
        if not process.status or process.ended:
            return None
        words = process.words.since()
        if words:
            self._failed_with(lost(self._commands.endpoint, process.status, words))
        return broken(self._commands.endpoint, process.status, words)

    def failure_check(self) -> FailureCheck:
        """What tells, later, why a call that begins now got no answer."""
        mark = self._mark
        return lambda: self._reported(mark)

    def login_refusal_check(self) -> Callable[[], TransportError | None]:
        """What tells a call that had to wait, later, that meanwhile another was not let in, and why; none was, then."""
        mark = self._mark

        def refusal() -> TransportError | None:
            last = self._failure
            if (
                self._mark == mark
                or self.login_limiter.connections
                or not isinstance(last, ConnectFailed | RequestTimeout)
            ):
                return None
            return type(last)(str(last))

        return refusal

    async def other_output(self) -> TransportError | None:
        """Who spoke instead of a daemon, if somebody does who comes with the login."""
        with suppress(TransportError):
            said = await answer(await self.connect())
            if said and not said.startswith(HTTP):
                return not_the_daemon(self._commands.endpoint, said)
        return None

    async def _reported(self, mark: int) -> TransportError | None:
        if self._mark == mark:
            self._failed.clear()
            with suppress(TimeoutError):
                async with asyncio.timeout(_LAST):
                    await self._failed.wait()
        last = self._failure
        if self._mark == mark or last is None:
            return None
        return type(last)(str(last))  # one for each caller: what is raised keeps where it was

    async def aclose(self) -> None:
        """Stop listening, end every ssh, and wait for them."""
        listener, self._listener = self._listener, None
        if listener is not None:
            asyncio.get_running_loop().remove_reader(listener.fileno())
            listener.close()
        for task in list(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        processes = list(self._processes)
        for process in processes:
            process.end()
        await asyncio.gather(*(process.gone() for process in processes))


class _Alone(SSHConnection):
    """A connection with an ssh of its own, which goes with it."""

    def __init__(self, road: DialStdio, connection: Connection, process: SSHProcess) -> None:
        super().__init__(connection, lambda: road.broke(process))
        self._process = process

    def abort(self) -> None:
        """Close at once, and end its ssh."""
        super().abort()
        self._process.end()
