"""The local Unix socket of a daemon over ssh, which the pool and the streams use like any other socket.

OpenSSH makes the connections, with the user's configuration, agent and jump hosts. There are two modes: `Tunnel` (one process
that forwards the daemon's socket) and `DialStdio` (one process per connection). `SSHConnector` chooses between them, and
reports failures with ssh's own messages.
"""

import asyncio
import os
import shutil
import tempfile
import weakref
from collections.abc import Awaitable, Callable, Collection
from pathlib import Path
from typing import Final, ParamSpec, TypeVar

import aiohttp

from ..._settings import SSH, Endpoint
from ...errors import ConfigurationError, ConnectFailed, RequestTimeout, TransportError
from ..connection import Duplex
from ..diagnostics.ssh import NO_DOCKER_COMMAND, no_way_to_daemon, timed_out
from ..diagnostics.translation import client_closed
from .command import CommandBuilder, ConfigValues
from .config import is_shared, read_config
from .dial_stdio import DialStdio
from .tunnel import Tunnel

__all__ = ["SSHConnector"]

POSIX: Final = os.name == "posix"
_PREFIX: Final = "aiodockerapi-"
_MAX_PATH: Final = 103  # bytes of the path of a Unix socket on BSD and macOS; Linux allows a few more
P = ParamSpec("P")
T = TypeVar("T")


class LocalEndpoint(Endpoint):
    """The local socket of a daemon over ssh; messages name the daemon's address instead."""

    __slots__ = ()

    @property
    def authority(self) -> str:
        """Empty, as for any Unix socket."""
        return ""

    def __str__(self) -> str:
        return self.base_path


def _remove(directory: str, owner: int) -> None:
    if os.getpid() == owner:  # a forked child that exits must not remove it
        shutil.rmtree(directory, ignore_errors=True)


def _make_directory(endpoint: Endpoint) -> str:
    """Create a private directory (mode 0700) for the socket: for temporary files, or another one whose path is short enough.

    :raises ConfigurationError: if there is no writable one.
    """
    problem = ""
    for parent in (None, os.environ.get("XDG_RUNTIME_DIR") or None, "/tmp"):  # noqa: S108 - mkdtemp makes it private
        try:
            directory = tempfile.mkdtemp(prefix=_PREFIX, dir=parent)
        except OSError as error:
            problem = problem or str(error)
            continue
        if len(os.fsencode(f"{directory}/s")) <= _MAX_PATH:
            return directory
        problem = problem or f"the path {Path(directory).parent} is too long for a socket"
        Path(directory).rmdir()
    raise ConfigurationError(
        f"cannot create the local socket for {endpoint}: {problem}. Set TMPDIR to a writable directory with a short path"
    )


class SSHConnector:
    """The local socket of a daemon over ssh, and the ssh processes behind it.

    If nothing closes it, its resources are released nevertheless: the directory when the object is garbage-collected or the
    interpreter exits, the ssh processes by their guards.
    """

    def __init__(self, endpoint: Endpoint, ssh: SSH, timeout: float | None) -> None:
        if not POSIX:
            raise ConfigurationError(
                f"{endpoint} ({endpoint.source}) is not supported on this system: ssh:// requires Unix sockets and a POSIX "
                "shell. On Windows, forward the daemon's socket to a port: "
                "ssh -N -L 127.0.0.1:2375:/var/run/docker.sock HOST"
            )
        directory = _make_directory(endpoint)
        self._cleanup = weakref.finalize(self, _remove, directory, os.getpid())
        self._commands = CommandBuilder(endpoint, ssh, timeout, directory)
        self.local: Endpoint = LocalEndpoint(
            "unix", socket=self._commands.socket, base_path=str(endpoint), source=endpoint.source
        )
        """The local socket, as the endpoint to connect to."""
        self._tunnel = Tunnel(self._commands, self.local)
        self._mode: Tunnel | DialStdio = DialStdio(self._commands) if ssh.mode == "dial-stdio" else self._tunnel
        self._starting: asyncio.Task[None] | None = None
        self._starts: set[asyncio.Task[None]] = set()  # including cancelled ones that have not ended yet
        self._waiting = 0
        self._closed = False

    @property
    def opened(self) -> bool:
        """Whether ssh processes or the local socket may be open."""
        return self._cleanup.alive and (self._mode.alive or bool(self._starts))

    async def ready(self) -> None:
        """Start ssh unless it runs, once for all concurrent callers.

        :raises ConnectFailed: if the daemon cannot be reached; the message includes ssh's own.
        :raises RequestTimeout: if it took too long.
        """
        starting = self._starting
        if starting is None and self._mode.alive:
            return
        if self._closed:
            raise client_closed()
        if starting is None:
            starting = self._starting = asyncio.ensure_future(self._start(list(self._starts)))
            self._starts.add(starting)
            starting.add_done_callback(self._started)
        self._waiting += 1
        try:
            await asyncio.shield(starting)
        except asyncio.CancelledError:
            if self._closed:
                raise client_closed() from None
            raise
        finally:
            self._waiting -= 1
            if not self._waiting and not starting.done():
                starting.cancel()
                self._starting = None  # the next caller starts again

    def _started(self, task: asyncio.Task[None]) -> None:
        self._starts.discard(task)
        if self._starting is task:
            self._starting = None

    async def _start(self, cancelled: Collection[asyncio.Task[None]]) -> None:
        """Start ssh, after cancelled starts have ended: their processes use the same socket."""
        if cancelled:
            await asyncio.wait(cancelled)
        config: ConfigValues = {}
        try:
            async with asyncio.timeout(self._commands.timeout):
                config = await read_config(self._commands)
                await self._mode.start(config)
        except TimeoutError as error:
            if isinstance(error, RequestTimeout):
                raise
            output = self._tunnel.stderr.since()
            raise timed_out(self._commands.endpoint, self._commands.timeout, output) from error
        except ConnectFailed as error:
            # The docker command may work if ssh logged in and only the forwarded socket failed, or if the user has a shared
            # connection open, which requires no login.
            if self._commands.ssh.mode != "auto" or not (self._tunnel.refused or is_shared(config)):
                raise
            await self._fall_back(config, error)

    async def _fall_back(self, config: ConfigValues, refusal: ConnectFailed) -> None:
        """Switch from the tunnel to the docker command on the host."""
        await self._tunnel.aclose()
        fallback = DialStdio(self._commands)
        try:
            async with asyncio.timeout(self._commands.timeout):
                await fallback.start(config)
                await fallback.check_daemon()
        except TimeoutError as error:
            await fallback.aclose()
            if isinstance(error, RequestTimeout):
                raise
            raise timed_out(self._commands.endpoint, self._commands.timeout, "") from refusal
        except BaseException as error:
            await fallback.aclose()
            if isinstance(error, ConfigurationError):
                raise refusal from error
            if isinstance(error, ConnectFailed) and self._tunnel.refused and NO_DOCKER_COMMAND in str(error):
                raise no_way_to_daemon(self._commands.endpoint, self._tunnel.stderr.since()) from refusal
            raise
        self._mode = fallback

    async def connect(self) -> Duplex:
        """Return a connection for one stream."""
        await self.ready()
        return await self._mode.connect()

    async def call(self, step: Callable[P, Awaitable[T]], *args: P.args, **kwargs: P.kwargs) -> T:
        """Run a step that uses a shared connection. It may wait for a free connection rather than for another login."""
        await self.ready()
        login_refusal = self._mode.login_refusal_check()
        async with self._mode.login_limiter:
            if (error := login_refusal()) is not None:
                raise error
            return await self.run(step, *args, **kwargs)

    async def run(self, step: Callable[P, Awaitable[T]], *args: P.args, **kwargs: P.kwargs) -> T:
        """Run a step that connects to the local socket; if it gets no response, raise the error of ssh that explains it."""
        await self.ready()
        mode, failure = self._mode, self._mode.failure_check()
        try:
            return await step(*args, **kwargs)
        except TransportError as error:
            reason = await failure()
            if reason is None and isinstance(error.__cause__, aiohttp.ClientResponseError):
                reason = await mode.other_output()  # the response was not HTTP
            if reason is None:
                raise
            raise reason from error

    def explainer(self) -> Callable[[], Awaitable[str]]:
        """Return a function that explains why a response that starts now was truncated.

        It returns the end of a sentence; empty if ssh was not the cause.
        """
        failure = self._mode.failure_check()

        async def explain() -> str:
            reason = await failure()
            return "" if reason is None else f": {reason}"

        return explain

    async def aclose(self) -> None:
        """End ssh, and remove the local socket."""
        self._closed = True
        starts = list(self._starts)
        for task in starts:
            task.cancel()
        await asyncio.gather(*starts, return_exceptions=True)
        await self._mode.aclose()
        await self._tunnel.aclose()
        self._cleanup()
