"""One ssh process that forwards the daemon's socket and carries all connections."""

import asyncio
import socket
from collections.abc import Callable
from contextlib import nullcontext, suppress
from typing import Final

from ..._settings import Endpoint
from ...errors import ConnectFailed, TransportError
from ..connection import Duplex
from ..diagnostics.ssh import FORWARDING_REFUSED, connection_broke, ssh_connect_failed
from ..dial import dial
from .command import CommandBuilder, ConfigValues
from .config import environment
from .connection import FailureCheck, SSHConnection, probe
from .process import RETRY_DELAYS, SSHProcess, StderrLog, start_ssh

__all__ = ["Tunnel"]

_EXIT_DELAY: Final = 0.05  # seconds from the end of a connection until an ssh that caused it has closed its socket
_EXIT_LIMIT: Final = 2.0  # seconds that ssh may then take to exit
_POLL_INTERVAL: Final = 0.01


class Tunnel:
    """The forwarded socket, and the process that forwards it."""

    def __init__(self, commands: CommandBuilder, local: Endpoint) -> None:
        self._commands = commands
        self._local = local
        self._process: SSHProcess | None = None
        self.refused = False
        """Whether the last start logged in, but got no response over the forwarded socket."""
        self.stderr = StderrLog()
        """The output of the last ssh."""
        self.login_limiter: nullcontext[None] = nullcontext()
        """Admits all calls at once: a connection requires no login."""

    @property
    def alive(self) -> bool:
        """Whether the socket can be used."""
        return self._process is not None and self._process.alive

    async def start(self, config: ConfigValues) -> None:
        """Start ssh, and wait until a daemon responds.

        :raises ConnectFailed: if ssh fails, or no daemon responds.
        """
        for delay in (*RETRY_DELAYS, None):
            await self.aclose()
            self._commands.remove_socket()
            self.stderr, self.refused = StderrLog(), False
            command = self._commands.tunnel(config)
            process = self._process = await start_ssh(
                command, self._commands, self.stderr, env=environment(self._commands)
            )
            try:
                await self._check_daemon(process)
            except ConnectFailed:
                process.end()
                if delay is None or not process.dropped:
                    raise
            except BaseException:
                process.end()
                raise
            else:
                return
            await asyncio.sleep(delay)

    async def _check_daemon(self, process: SSHProcess) -> None:
        """Wait until ssh has created its socket, and check that a daemon responds over it.

        :raises ConnectFailed: if ssh fails, or no daemon responds.
        """
        connection: Duplex | None = None
        while connection is None:  # ssh creates its socket after the login
            if process.status is not None:
                await process.wait_exited()
                raise ssh_connect_failed(self._commands.endpoint, self.stderr.since())
            if self._commands.directory in self.stderr.since():  # an error about the socket: ssh continues without it
                raise ssh_connect_failed(self._commands.endpoint, self.stderr.since())
            with suppress(ConnectFailed):
                connection = await dial(self._local, None, None)
            await asyncio.sleep(_POLL_INTERVAL)
        if not await probe(connection):
            self.refused = not await self._has_ended(process)
            fallback = FORWARDING_REFUSED if self.refused else ""
            raise ssh_connect_failed(self._commands.endpoint, self.stderr.since(), fallback=fallback)

    async def _has_ended(self, process: SSHProcess) -> bool:
        """Return whether ssh itself ended, or is about to exit, now that a connection over it has ended.

        ssh closes its listening socket first, then the connections, and then writes to stderr and exits; a kill closes them in
        any order, but without a delay. So if the socket still accepts connections, the daemon or sshd ended this one. If not,
        the exit of ssh is awaited, for its status and its message.
        """
        exited = await process.wait_exited(_EXIT_DELAY)
        if not exited and _is_refused(self._commands.socket):
            await process.wait_exited(_EXIT_LIMIT)
            exited = True  # at least it serves no more connections
        return exited and not process.end_requested

    async def connect(self) -> Duplex:
        """Return a connection for one stream."""
        process = self._process
        connection = await dial(self._local, self._commands.timeout, None)

        async def end_reason() -> str | None:
            if process is None or not await self._has_ended(process):
                return None
            return connection_broke(self._commands.endpoint, process.status, process.stderr.since())

        return SSHConnection(connection, end_reason)

    def failure_check(self) -> FailureCheck:
        """Return a check to be awaited if a call that starts now gets no response."""
        process, position = self._process, self.stderr.position

        async def check() -> TransportError | None:
            if process is None or process.end_requested:
                return None
            ended = await self._has_ended(process)
            output = process.stderr.since(position)
            if ended:
                return TransportError(connection_broke(self._commands.endpoint, process.status, output))
            return ssh_connect_failed(self._commands.endpoint, output) if FORWARDING_REFUSED in output else None

        return check

    def login_refusal_check(self) -> Callable[[], TransportError | None]:
        """Return a check whether a login was refused while a call waited: here calls do not wait for logins."""
        return lambda: None

    async def other_output(self) -> TransportError | None:
        """Return the error for output that is not the daemon's: ssh adds none to a forwarded connection."""
        return None

    async def aclose(self) -> None:
        """End ssh, and wait for its exit."""
        process, self._process = self._process, None
        if process is not None:
            process.end()
            await process.wait_exited()

    def __del__(self) -> None:
        if self._process is not None:
            self._process.abandon()


def _is_refused(path: str) -> bool:
    """Return whether no process listens on the Unix socket any more.

    The type of the probing socket is wrong on purpose: a listening stream socket rejects it (EPROTOTYPE), so that ssh opens no
    channel to the daemon for it. A missing socket file is not taken as a sign: something else may have removed it.
    """
    with suppress(OSError), socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as probing:
        try:
            probing.connect(path)
        except ConnectionRefusedError:
            return True
    return False
