"""One ssh process per connection, which runs the docker command on the host: its stdin and stdout are the connection.

The process gets the socket itself, so no data is copied by this process, and a half-close reaches the peer.
"""

import asyncio
import socket
from collections.abc import Callable
from contextlib import suppress
from typing import Final
from weakref import WeakSet

from ...errors import ConnectFailed, DockerError, RequestTimeout, TransportError
from ..connection import Connection, Duplex
from ..diagnostics.ssh import connection_broke, ssh_connect_failed, ssh_ended, timed_out, unexpected_output
from .command import CommandBuilder, ConfigValues
from .config import agent_options, environment, is_silent, without_sent_variables
from .connection import HTTP_PREFIX, FailureCheck, SSHConnection, probe
from .login_limit import LOGINS, LoginLimiter
from .process import RETRY_DELAYS, SSHProcess, StderrLog, start_ssh

__all__ = ["DialStdio"]

_BACKLOG: Final = 512
_EXIT_LIMIT: Final = 10.0  # seconds from the end of a connection to the exit of its ssh
_FAILURE_LIMIT: Final = 0.5  # seconds from the failure of a call to the failure of ssh that caused it


class DialStdio:
    """The local socket, and one ssh process for each connection to it."""

    def __init__(self, commands: CommandBuilder) -> None:
        self._commands = commands
        self._config: ConfigValues = {}
        self._agent: list[str] = []
        self._max_logins = LOGINS if commands.ssh.batch else 1  # prompts must not appear at the same time
        self._logins = asyncio.Semaphore(self._max_logins)
        self.login_limiter = LoginLimiter(self._max_logins)
        """Limits the calls that share connections."""
        self._listener: socket.socket | None = None
        self._environ: dict[str, str] | None = None
        self._processes: WeakSet[SSHProcess] = WeakSet()
        self._tasks: dict[asyncio.Task[None], socket.socket] = {}
        self._failed = asyncio.Event()
        self._failure: TransportError | None = None
        self._failures = 0  # how many there have been so far

    @property
    def alive(self) -> bool:
        """Whether the socket can be used."""
        return self._listener is not None

    async def start(self, config: ConfigValues) -> None:
        """Listen on the local socket.

        :raises ConfigurationError: if the docker command cannot use the path of the remote socket.
        """
        self._commands.dial_stdio(config)  # raises the error now rather than for each connection
        environ = environment(self._commands)
        self._config, self._agent = config, agent_options(environ, config)
        self._environ = without_sent_variables(environ, config)
        self._commands.remove_socket()
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

    async def check_daemon(self) -> None:
        """Check that a daemon responds.

        :raises ConnectFailed: if ssh fails, or no daemon responds.
        """
        count, response = self._failures, await probe(await self.connect())
        if not response.startswith(HTTP_PREFIX):
            raise await self._failure_since(count) or self._no_daemon(response)

    def _no_daemon(self, response: bytes) -> ConnectFailed:
        if response:
            return unexpected_output(self._commands.endpoint, response)
        return ConnectFailed(f"{self._commands.endpoint} closed the connection without a response")

    def _accept(self, listener: socket.socket) -> None:
        with suppress(OSError):  # no connection is waiting, or too many files are open
            while True:
                connection, _ = listener.accept()
                task = asyncio.ensure_future(self._serve(connection))
                self._tasks[task] = connection
                task.add_done_callback(self._served)

    def _served(self, task: asyncio.Task[None]) -> None:
        self._tasks.pop(task).close()  # a task that was cancelled before it started has not closed its connection

    async def _serve(self, connection: socket.socket) -> None:
        try:
            process = await self._run(connection)
        except TransportError as error:
            self._record_failure(error)
            return
        except (DockerError, OSError) as error:
            self._record_failure(ssh_connect_failed(self._commands.endpoint, str(error)))
            return
        with self.login_limiter.connection():
            await process.wait_exited()
        if process.status and not process.end_requested and (output := process.stderr.since()):
            self._record_failure(ssh_ended(self._commands.endpoint, process.status, output))

    def _record_failure(self, error: TransportError) -> None:
        self._failure = error
        self._failures += 1
        self._failed.set()

    async def _run(self, connection: socket.socket) -> SSHProcess:
        """Start ssh for a connection, wait for its login, and close this process's copy of the connection.

        Before the login ssh does not read from the connection, so that another attempt can use it.
        """
        try:
            for delay in RETRY_DELAYS:
                process = await self._login(connection)
                if not process.dropped:
                    return process
                await asyncio.sleep(delay)
            process = await self._login(connection)
            if process.dropped:
                raise ssh_connect_failed(self._commands.endpoint, process.stderr.since())
            return process
        finally:
            connection.close()

    async def _login(self, connection: socket.socket) -> SSHProcess:
        await self._logins.acquire()
        dropped = False
        try:
            process = await self._launch(connection)
            await self._wait_login(process)
            dropped = process.dropped
        finally:
            if dropped and self._max_logins > 1:
                self._max_logins -= 1  # sshd accepts fewer logins at once
            else:
                self._logins.release()
        if process.status and not dropped and not process.stderr.logged_in:
            raise ssh_connect_failed(self._commands.endpoint, process.stderr.since(), status=process.status)
        return process

    async def _wait_login(self, process: SSHProcess) -> None:
        """Wait until ssh has logged in or exited; end it after the timeout, or if the caller is cancelled."""
        try:
            async with asyncio.timeout(self._commands.timeout):
                await asyncio.shield(process.login_done)
        except TimeoutError as error:
            raise timed_out(self._commands.endpoint, self._commands.timeout, process.stderr.since()) from error
        finally:
            if not process.login_done.done():
                process.end()
        if process.status is not None:
            await process.wait_exited()

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
        """Return a connection for one stream."""
        ours, theirs = socket.socketpair()
        ours.setblocking(False)
        try:
            process = await self._run(theirs)
        except BaseException:
            ours.close()
            raise
        return _DedicatedConnection(self, Connection(ours), process)

    async def end_reason(self, process: SSHProcess) -> str | None:
        """Return the error message for a connection that has ended because its ssh failed; None otherwise."""
        await process.wait_exited(_EXIT_LIMIT)
        if not process.status or process.end_requested:
            return None
        output = process.stderr.since()
        if output:
            self._record_failure(ssh_ended(self._commands.endpoint, process.status, output))
        return connection_broke(self._commands.endpoint, process.status, output)

    def failure_check(self) -> FailureCheck:
        """Return a check to be awaited if a call that starts now gets no response."""
        count = self._failures
        return lambda: self._failure_since(count)

    def login_refusal_check(self) -> Callable[[], TransportError | None]:
        """Return a check whether, while a call waited, another one failed to log in and no connection is left.

        The call need not try then: the check returns its error.
        """
        count = self._failures

        def check() -> TransportError | None:
            last = self._failure
            if (
                self._failures == count
                or self.login_limiter.connections
                or not isinstance(last, ConnectFailed | RequestTimeout)
            ):
                return None
            return type(last)(str(last))

        return check

    async def other_output(self) -> TransportError | None:
        """Return the error for output that is not the daemon's, such as that of a login script; None if there is none."""
        with suppress(TransportError):
            response = await probe(await self.connect())
            if response and not response.startswith(HTTP_PREFIX):
                return unexpected_output(self._commands.endpoint, response)
        return None

    async def _failure_since(self, count: int) -> TransportError | None:
        if self._failures == count:
            self._failed.clear()
            with suppress(TimeoutError):
                async with asyncio.timeout(_FAILURE_LIMIT):
                    await self._failed.wait()
        last = self._failure
        if self._failures == count or last is None:
            return None
        return type(last)(str(last))  # one for each caller: a raised exception keeps its traceback

    async def aclose(self) -> None:
        """Stop listening, end every ssh, and wait for their exit."""
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
        await asyncio.gather(*(process.wait_exited() for process in processes))


class _DedicatedConnection(SSHConnection):
    """A connection with an ssh process that ends with it."""

    def __init__(self, dial_stdio: DialStdio, connection: Connection, process: SSHProcess) -> None:
        super().__init__(connection, lambda: dial_stdio.end_reason(process))
        self._process = process

    def abort(self) -> None:
        """Close at once, and end ssh."""
        super().abort()
        self._process.end()
