"""What tests of swarms ask for. A swarm is only ever founded on an engine of the tests' own."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from aiodockerapi import Docker
from tests.support.swarm import founded

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from tests.support.engine import Engine


@pytest.fixture
async def manager(spare_engine: Engine) -> AsyncIterator[Docker]:
    """A client of an engine that is the only node of a swarm, which ends with the test."""
    async with Docker(spare_engine.host) as docker, founded(docker):
        yield docker
