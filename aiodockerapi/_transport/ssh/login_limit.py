"""A limit for calls that start at once in a mode where each connection requires a login."""

import asyncio
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Final

__all__ = ["LOGINS", "LoginLimiter"]

LOGINS: Final = 4
"""The limit of concurrent logins: sshd drops further ones (MaxStartups)."""


class LoginLimiter:
    """Admits as many calls as there are connections, plus the number of concurrent logins.

    A hundred calls at once would make a hundred connections, although the first ones become free before the last ones have
    logged in. So most calls wait for a free connection. A call never waits only for the end of another one: each new connection
    admits one more call, so that long-running calls get as many connections as they need. Before the first connection only one
    call is admitted: if its login is refused, the others need not try.
    """

    def __init__(self, logins: int) -> None:
        self._logins = logins
        self.connections = 0
        """The number of open connections that calls share."""
        self._admitted = 0
        self._waiting: deque[asyncio.Future[None]] = deque()

    async def __aenter__(self) -> None:
        if not self._waiting and self._below_limit():
            self._admitted += 1
            return
        admission = asyncio.get_running_loop().create_future()
        self._waiting.append(admission)
        try:
            await admission
        except asyncio.CancelledError:
            if admission.cancelled():
                with suppress(ValueError):  # `_admit` may have removed it already
                    self._waiting.remove(admission)
            else:  # admitted and cancelled at once
                await self.__aexit__()
            raise

    async def __aexit__(self, *_: object) -> None:
        self._admitted -= 1
        self._admit()

    @contextmanager
    def connection(self) -> Iterator[None]:
        """Count one more connection that calls share, for the duration of the block."""
        self.connections += 1
        self._admit()
        try:
            yield
        finally:
            self.connections -= 1

    def _below_limit(self) -> bool:
        return self._admitted < self.connections + (self._logins if self.connections else 1)

    def _admit(self) -> None:
        while self._waiting and self._below_limit():
            admission = self._waiting.popleft()
            if not admission.done():
                self._admitted += 1
                admission.set_result(None)
