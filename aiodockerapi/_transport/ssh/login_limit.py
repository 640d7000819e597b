"""How many calls are let go at once, where each connection takes a login."""

import asyncio
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Final

__all__ = ["LOGINS", "LoginLimiter"]

LOGINS: Final = 4
"""Logins under way at once: sshd turns further ones away (MaxStartups)."""


class LoginLimiter:
    """As many calls as there are connections, and logins that may be under way besides.

    A hundred calls at once would make a hundred connections, though the first of them are free again before the last have
    logged in. So most calls wait until a connection is free. None waits for another call's end alone: with each
    connection that is made one more is let go, so that there are as many in the end as calls that take long. The first goes
    alone: if that is not let in, the others need not try.
    """

    def __init__(self, logins: int) -> None:
        self._logins = logins
        self.connections = 0
        """How many there are that calls share."""
        self._under_way = 0
        self._waiting: deque[asyncio.Future[None]] = deque()

    async def __aenter__(self) -> None:
        if not self._waiting and self._has_room():
            self._under_way += 1
            return
        turn = asyncio.get_running_loop().create_future()
        self._waiting.append(turn)
        try:
            await turn
        except asyncio.CancelledError:
            if turn.cancelled():
                with suppress(ValueError):  # whoever let others go just now has passed over it
                    self._waiting.remove(turn)
            else:  # it was let go, and does not go
                await self.__aexit__()
            raise

    async def __aexit__(self, *_: object) -> None:
        self._under_way -= 1
        self._let_go()

    @contextmanager
    def connection(self) -> Iterator[None]:
        """For as long as there is one more connection, which calls share."""
        self.connections += 1
        self._let_go()
        try:
            yield
        finally:
            self.connections -= 1

    def _has_room(self) -> bool:
        return self._under_way < self.connections + (self._logins if self.connections else 1)

    def _let_go(self) -> None:
        while self._waiting and self._has_room():
            turn = self._waiting.popleft()
            if not turn.done():
                self._under_way += 1
                turn.set_result(None)
