"""The way to a daemon over ssh: a local Unix socket that both roads use like any other.

OpenSSH does all of it, with the user's configuration, agent and jump hosts. How is told by `Tunnel` (one process that
forwards the daemon's socket) and `DialStdio` (one for each connection); here is chosen between them, and what fails is told in
the words of ssh.
"""

import asyncio
import shutil
import tempfile
import weakref
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import Final, ParamSpec, TypeVar

from .._settings import SSH, Endpoint
from ..errors import ConnectFailed, RequestTimeout, TransportError
from .connection import Duplex
from .failures import closed_client, connect_timeout
from .ssh_command import Plan
from .ssh_stdio import DialStdio
from .ssh_tunnel import Tunnel

__all__ = ["SSHRoad"]

P = ParamSpec("P")
T = TypeVar("T")

_PREFIX: Final = "aiodockerapi-"


class Local(Endpoint):
    """The local socket that stands for a daemon over ssh; it is called what the daemon is."""

    __slots__ = ()

    @property
    def authority(self) -> str:
        """None: the daemon is spoken to over a socket."""
        return ""

    def __str__(self) -> str:
        return self.base_path


class SSHRoad:
    """The local socket for a daemon over ssh, and all that keeps it going.

    Everything that belongs to it goes with it, even if nobody closes it: the folder when this is collected or the interpreter
    ends, and ssh by its guard.
    """

    def __init__(self, endpoint: Endpoint, ssh: SSH, timeout: float | None) -> None:
        folder = tempfile.mkdtemp(prefix=_PREFIX)  # of mode 0700, so that the socket is nobody else's
        self._cleared = weakref.finalize(self, shutil.rmtree, folder, ignore_errors=True)
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
        try:
            async with asyncio.timeout(self._plan.timeout):
                await self._way.start()
        except TimeoutError as error:
            if isinstance(error, RequestTimeout):
                raise
            raise self._late() from error
        except ConnectFailed as error:
            if self._plan.ssh.mode != "auto":
                raise
            await self._otherwise(error)

    def _late(self) -> RequestTimeout:
        words = self._way.words.since()
        return RequestTimeout(
            f"{connect_timeout(self._plan.endpoint, self._plan.timeout)}{words and f'; ssh said: {words}'}"
        )

    async def _otherwise(self, refusal: ConnectFailed) -> None:
        """Go by way of the docker command there, if ssh got in, and no daemon was at the forwarded socket."""
        if not self._tunnel.refused:
            raise refusal
        await self._tunnel.aclose()
        other = DialStdio(self._plan)
        try:
            async with asyncio.timeout(self._plan.timeout):
                await other.start()
                await other.check()
        except TimeoutError as error:
            await other.aclose()
            raise (error if isinstance(error, RequestTimeout) else self._late()) from refusal
        except BaseException:
            await other.aclose()
            raise
        self._way = other

    async def connect(self) -> Duplex:
        """A connection of its own."""
        await self.ready()
        try:
            async with asyncio.timeout(self._plan.timeout):
                return await self._way.connect()
        except TimeoutError as error:
            if isinstance(error, RequestTimeout):
                raise
            raise self._late() from error

    async def over(self, step: Callable[P, Awaitable[T]], *args: P.args, **kwargs: P.kwargs) -> T:
        """Take a step that connects to the local socket; if it gets no answer, ssh may have said why."""
        await self.ready()
        way, mark = self._way, self._way.words.mark
        try:
            return await step(*args, **kwargs)
        except TransportError as error:
            reason = await way.why(mark)
            if reason is None:
                raise
            raise reason from error

    async def why(self) -> str:
        """Why an answer was cut short, as the end of a sentence; empty where ssh has not ended."""
        reason = await self._way.why(0)
        return "" if reason is None else f": {reason}"

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
