"""The way to a daemon over ssh: a local Unix socket that both roads use like any other.

OpenSSH does all of it, with the user's configuration, agent and jump hosts. How is config by `Tunnel` (one process that
forwards the daemon's socket) and `DialStdio` (one for each connection); here is chosen between them, and what fails is config in
the words of ssh.
"""

import asyncio
import os
import shutil
import tempfile
import weakref
from collections.abc import Awaitable, Callable
from contextlib import suppress
from pathlib import Path
from typing import Final, ParamSpec, TypeVar

import aiohttp

from ..._settings import SSH, Endpoint
from ...errors import ConfigurationError, ConnectFailed, RequestTimeout, TransportError
from ..connection import Duplex
from ..diagnostics.ssh import NO_COMMAND, late, neither
from ..diagnostics.translation import client_closed
from .command import CommandBuilder, ConfigValues
from .config import configured, is_shared
from .dial_stdio import DialStdio
from .tunnel import Tunnel

__all__ = ["SSHConnector"]

POSIX: Final = os.name == "posix"
_PREFIX: Final = "aiodockerapi-"
_LONGEST: Final = (
    103  # bytes of a socket's path: that is how little room BSD and macOS give it, and Linux not much more
)
P = ParamSpec("P")
T = TypeVar("T")


class Local(Endpoint):
    """The local socket that stands for a daemon over ssh; it is called what the daemon is."""

    __slots__ = ()

    @property
    def authority(self) -> str:
        """None: the daemon is spoken to over a socket."""
        return ""

    def __str__(self) -> str:
        return self.base_path


def _remove(folder: str, owner: int) -> None:
    if os.getpid() == owner:  # a fork that ends leaves it to the process that uses it
        shutil.rmtree(folder, ignore_errors=True)


def _make_directory(endpoint: Endpoint) -> str:
    """Make a folder of mode 0700, so that its socket is nobody else's: where temporary files go, or where paths are short.

    :raises ConfigurationError: nowhere can be written.
    """
    problem = ""
    for place in (None, os.environ.get("XDG_RUNTIME_DIR") or None, "/tmp"):  # noqa: S108 - what mkdtemp makes is ours alone
        try:
            folder = tempfile.mkdtemp(prefix=_PREFIX, dir=place)
        except OSError as error:
            problem = problem or str(error)
            continue
        if len(os.fsencode(f"{folder}/s")) <= _LONGEST:
            return folder
        problem = problem or f"{Path(folder).parent} is too long for a socket in it"
        Path(folder).rmdir()
    raise ConfigurationError(
        f"there is no place for the socket by which ssh leads to {endpoint}: {problem}. Set TMPDIR to a directory with a short "
        "path that can be written to"
    )


class SSHConnector:
    """The local socket for a daemon over ssh, and all that keeps it going.

    Everything that belongs to it goes with it, even if nobody closes it: the folder when this is collected or the interpreter
    ends, and ssh by its guard.
    """

    def __init__(self, endpoint: Endpoint, ssh: SSH, timeout: float | None) -> None:
        if not POSIX:
            raise ConfigurationError(
                f"{endpoint} ({endpoint.source}) cannot be reached from here: ssh:// needs Unix sockets and a POSIX shell. On "
                "Windows, forward the daemon's socket to a port by hand: ssh -N -L 127.0.0.1:2375:/var/run/docker.sock HOST"
            )
        folder = _make_directory(endpoint)
        self._cleared = weakref.finalize(self, _remove, folder, os.getpid())
        self._commands = CommandBuilder(endpoint, ssh, timeout, folder)
        self.local: Endpoint = Local(
            "unix", socket=self._commands.socket, base_path=str(endpoint), source=endpoint.source
        )
        """The local socket, as the endpoint to connect to."""
        self._tunnel = Tunnel(self._commands, self.local)
        self._way: Tunnel | DialStdio = DialStdio(self._commands) if ssh.mode == "dial-stdio" else self._tunnel
        self._starting: asyncio.Task[None] | None = None
        self._waiting = 0
        self._closed = False

    @property
    def opened(self) -> bool:
        """Whether there is something to close."""
        return self._cleared.alive and (self._way.alive or self._starting is not None)

    async def ready(self) -> None:
        """See to it that the local socket leads to the daemon: start ssh if it does not run (any more), once for all callers.

        :raises ConnectFailed: there is no way; the error tells what ssh has said.
        :raises RequestTimeout: it took too long.
        """
        if self._way.alive:
            return
        if self._closed:
            raise client_closed()
        if self._starting is None or self._starting.done():
            self._starting = asyncio.ensure_future(self._start())
        starting = self._starting
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
                self._starting = None  # who comes next begins anew

    async def _start(self) -> None:
        config: ConfigValues = {}
        try:
            async with asyncio.timeout(self._commands.timeout):
                config = await configured(self._commands)
                await self._way.start(config)
        except TimeoutError as error:
            if isinstance(error, RequestTimeout):
                raise
            raise late(self._commands.endpoint, self._commands.timeout, self._tunnel.words.since()) from error
        except ConnectFailed as error:
            # If ssh got in, and no daemon was at the forwarded socket, there is the docker command; as there is where a
            # connection of the user's is open, to which no further login is needed.
            if self._commands.ssh.mode != "auto" or not (self._tunnel.refused or is_shared(config)):
                raise
            await self._fall_back(config, error)

    async def _fall_back(self, config: ConfigValues, refusal: ConnectFailed) -> None:
        """Go by way of the docker command there."""
        await self._tunnel.aclose()
        other = DialStdio(self._commands)
        try:
            async with asyncio.timeout(self._commands.timeout):
                await other.start(config)
                await other.check()
        except TimeoutError as error:
            await other.aclose()
            if isinstance(error, RequestTimeout):
                raise
            raise late(self._commands.endpoint, self._commands.timeout, "") from refusal
        except BaseException as error:
            await other.aclose()
            if isinstance(error, ConfigurationError):
                raise refusal from error
            if isinstance(error, ConnectFailed) and self._tunnel.refused and NO_COMMAND in str(error):
                raise neither(self._commands.endpoint, self._tunnel.words.since()) from refusal
            raise
        self._way = other

    async def connect(self) -> Duplex:
        """A connection of its own."""
        await self.ready()
        return await self._way.connect()

    async def call(self, step: Callable[P, Awaitable[T]], *args: P.args, **kwargs: P.kwargs) -> T:
        """Take such a step with a connection that calls share: it may wait for one to be free, rather than for a login."""
        await self.ready()
        refusal = self._way.login_refusal_check()
        async with self._way.login_limiter:
            if (reason := refusal()) is not None:
                raise reason
            return await self.run(step, *args, **kwargs)

    async def run(self, step: Callable[P, Awaitable[T]], *args: P.args, **kwargs: P.kwargs) -> T:
        """Take a step that connects to the local socket; if it gets no answer, ssh may have said why."""
        await self.ready()
        way, failure = self._way, self._way.failure_check()
        try:
            return await step(*args, **kwargs)
        except TransportError as error:
            reason = await failure()
            if reason is None and isinstance(error.__cause__, aiohttp.ClientResponseError):
                reason = await way.other_output()  # that was no HTTP
            if reason is None:
                raise
            raise reason from error

    def explainer(self) -> Callable[[], Awaitable[str]]:
        """What tells, later, why an answer was cut short that begins now, as the end of a sentence; empty if not by ssh."""
        failure = self._way.failure_check()

        async def why() -> str:
            reason = await failure()
            return "" if reason is None else f": {reason}"

        return why

    async def aclose(self) -> None:
        """End ssh, and remove the local socket."""
        self._closed = True
        if self._starting is not None:
            self._starting.cancel()
            with suppress(asyncio.CancelledError, Exception):
                await self._starting
            self._starting = None
        await self._way.aclose()
        await self._tunnel.aclose()
        self._cleared()
