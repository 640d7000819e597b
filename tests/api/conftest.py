"""Fixtures: a web server in place of the daemon."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.support.server import serving

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from tests.support.server import Server


@pytest.fixture(autouse=True)
def plain_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """Remove environment variables that configure the daemon."""
    for name in ("DOCKER_HOST", "DOCKER_API_VERSION", "DOCKER_CONTEXT", "DOCKER_TLS", "DOCKER_TLS_VERIFY"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
async def server() -> AsyncIterator[Server]:
    """Start a web server in place of the daemon."""
    async with serving() as running:
        yield running
