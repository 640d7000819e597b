"""An ssh process for each connection, which runs the docker command there: its stdin and stdout are the connection.

The process gets the socket itself, so no byte passes through here, and closing one direction reaches the other side.
"""

import asyncio
import socket
from contextlib import suppress
from typing import Final
from weakref import WeakSet

from ..errors import ConnectFailed, DockerError, TransportError
from .connection import Connection, Duplex
from .ssh_command import Plan, handed_over
from .ssh_connection import OverSSH, answers
from .ssh_failures import broken, failure
from .ssh_process import Process, Words, launch

__all__ = ["DialStdio"]

_DIALS: Final = 4  # logins under way at once: sshd turns further ones away (MaxStartups)
_BACKLOG: Final = 512
_DEATH: Final = 10.0  # seconds from the end of the connection to that of its ssh
_LAST: Final = 0.5


class DialStdio:
    """The local socket, and a process for each connection to it."""

    def __init__(self, plan: Plan) -> None:
        self._plan = plan
        self._dials = asyncio.Semaphore(_DIALS)
        self._listener: socket.socket | None = None
        self._environ: dict[str, str] | None = None
        self._processes: WeakSet[Process] = WeakSet()
        self._tasks: dict[asyncio.Task[None], socket.socket] = {}
        self._failed = asyncio.Event()
        self.words = Words()
        """What those have said that failed."""

    @property
    def alive(self) -> bool:
        """Whether the socket can be used."""
        return self._listener is not None

    async def start(self) -> None:
        """Listen.

        :raises ConnectFailed: there is no ssh.
        """
        self._environ = await handed_over(self._plan)
        self._plan.clear()
        listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        try:
            listener.setblocking(False)
            listener.bind(self._plan.socket)
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
        mark = self.words.mark
        if not await answers(await self.connect()):
            raise await self.why(mark) or ConnectFailed(
                f"{self._plan.endpoint} closed the connection without an answer"
            )

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
        except (DockerError, OSError) as error:
            self._told(str(error))
            return
        await process.gone()
        if process.status and not process.ended:
            self._told(process.words.since())

    def _told(self, words: str) -> None:
        self.words.feed(f"{words}\n".encode())
        self._failed.set()

    async def _run(self, connection: socket.socket) -> Process:
        """Start ssh for a connection, and close that on our side."""
        try:
            await self._dials.acquire()
            try:
                process = await launch(
                    self._plan.dial_stdio(), self._plan, Words(), env=self._environ, connection=connection.fileno()
                )
            except BaseException:
                self._dials.release()
                raise
        finally:
            connection.close()
        self._processes.add(process)
        process.settled.add_done_callback(lambda _: self._dials.release())
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

    async def broke(self, process: Process) -> str | None:
        """Why a connection has ended, if it was not the daemon that has ended it."""
        await process.gone(_DEATH)
        if not process.status or process.ended:
            return None
        words = process.words.since()
        self._told(words)
        return broken(self._plan.endpoint, process.status, words)

    async def why(self, mark: int) -> TransportError | None:
        """Why a call got no answer that began when so much had been said."""
        if self.words.mark == mark:
            self._failed.clear()
            with suppress(TimeoutError):
                async with asyncio.timeout(_LAST):
                    await self._failed.wait()
        words = self.words.since(mark)
        return failure(self._plan.endpoint, words) if words else None

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


class _Alone(OverSSH):
    """A connection with an ssh of its own, which goes with it."""

    def __init__(self, road: DialStdio, connection: Connection, process: Process) -> None:
        super().__init__(connection, lambda: road.broke(process))
        self._process = process

    def abort(self) -> None:
        """Close at once, and end its ssh."""
        super().abort()
        self._process.end()
