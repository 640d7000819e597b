"""The way to a daemon over ssh: a local Unix socket that both roads use like any other.

OpenSSH does all of it, with the user's configuration, agent and jump hosts. How is told by `Tunnel` (one process that
forwards the daemon's socket) and `DialStdio` (one for each connection); here is chosen between them, and what fails is told in
the words of ssh.
"""

import asyncio
import os
import shutil
import weakref
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import Final, ParamSpec, TypeVar

import aiohttp

from .._settings import SSH, Endpoint
from ..errors import ConfigurationError, ConnectFailed, RequestTimeout, TransportError
from .connection import Duplex
from .failures import closed_client
from .ssh_command import Plan, Told
from .ssh_config import configured, is_shared
from .ssh_failures import NO_COMMAND, late, neither
from .ssh_folder import make_folder
from .ssh_stdio import DialStdio
from .ssh_tunnel import Tunnel

__all__ = ["SSHRoad"]

POSIX: Final = os.name == "posix"
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


class SSHRoad:
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
        folder = make_folder(endpoint)
        self._cleared = weakref.finalize(self, _remove, folder, os.getpid())
        self._plan = Plan(endpoint, ssh, timeout, folder)
        self.local: Endpoint = Local("unix", socket=self._plan.socket, base_path=str(endpoint), source=endpoint.source)
        """The local socket, as the endpoint to connect to."""
        self._tunnel = Tunnel(self._plan, self.local)
        self._way: Tunnel | DialStdio = DialStdio(self._plan) if ssh.mode == "dial-stdio" else self._tunnel
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
            raise closed_client()
        if self._starting is None or self._starting.done():
            self._starting = asyncio.ensure_future(self._start())
        starting = self._starting
        self._waiting += 1
        try:
            await asyncio.shield(starting)
        except asyncio.CancelledError:
            if self._closed:
                raise closed_client() from None
            raise
        finally:
            self._waiting -= 1
            if not self._waiting and not starting.done():
                starting.cancel()
                self._starting = None  # who comes next begins anew

    async def _start(self) -> None:
        told: Told = {}
        try:
            async with asyncio.timeout(self._plan.timeout):
                told = await configured(self._plan)
                await self._way.start(told)
        except TimeoutError as error:
            if isinstance(error, RequestTimeout):
                raise
            raise late(self._plan.endpoint, self._plan.timeout, self._tunnel.words.since()) from error
        except ConnectFailed as error:
            # If ssh got in, and no daemon was at the forwarded socket, there is the docker command; as there is where a
            # connection of the user's is open, to which no further login is needed.
            if self._plan.ssh.mode != "auto" or not (self._tunnel.refused or is_shared(told)):
                raise
            await self._otherwise(told, error)

    async def _otherwise(self, told: Told, refusal: ConnectFailed) -> None:
        """Go by way of the docker command there."""
        await self._tunnel.aclose()
        other = DialStdio(self._plan)
        try:
            async with asyncio.timeout(self._plan.timeout):
                await other.start(told)
                await other.check()
        except TimeoutError as error:
            await other.aclose()
            if isinstance(error, RequestTimeout):
                raise
            raise late(self._plan.endpoint, self._plan.timeout, "") from refusal
        except BaseException as error:
            await other.aclose()
            if isinstance(error, ConfigurationError):
                raise refusal from error
            if isinstance(error, ConnectFailed) and self._tunnel.refused and NO_COMMAND in str(error):
                raise neither(self._plan.endpoint, self._tunnel.words.since()) from refusal
            raise
        self._way = other

    async def connect(self) -> Duplex:
        """A connection of its own."""
        await self.ready()
        return await self._way.connect()

    async def call(self, step: Callable[P, Awaitable[T]], *args: P.args, **kwargs: P.kwargs) -> T:
        """Take such a step with a connection that calls share: it may wait for one to be free, rather than for a login."""
        await self.ready()
        refusal = self._way.refusing()
        async with self._way.pace:
            if (reason := refusal()) is not None:
                raise reason
            return await self.over(step, *args, **kwargs)

    async def over(self, step: Callable[P, Awaitable[T]], *args: P.args, **kwargs: P.kwargs) -> T:
        """Take a step that connects to the local socket; if it gets no answer, ssh may have said why."""
        await self.ready()
        way, asking = self._way, self._way.asking()
        try:
            return await step(*args, **kwargs)
        except TransportError as error:
            reason = await asking()
            if reason is None and isinstance(error.__cause__, aiohttp.ClientResponseError):
                reason = await way.stranger()  # that was no HTTP
            if reason is None:
                raise
            raise reason from error

    def asking(self) -> Callable[[], Awaitable[str]]:
        """What tells, later, why an answer was cut short that begins now, as the end of a sentence; empty if not by ssh."""
        asking = self._way.asking()

        async def why() -> str:
            reason = await asking()
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
