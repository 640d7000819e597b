"""The server at the other end, and the ends of a connection."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.support.server import serving

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from tests.support.server import Server


@pytest.fixture(scope="session", params=[False, True], ids=["asyncio", "uvloop"])
def anyio_backend(request: pytest.FixtureRequest) -> tuple[str, dict[str, bool]]:
    """Both loops: sockets are where they differ."""
    return "asyncio", {"use_uvloop": request.param}


@pytest.fixture
async def server() -> AsyncIterator[Server]:
    """A web server in the daemon's place."""
    async with serving() as running:
        yield running
