"""Fixtures for tests of swarms. A swarm is only created on private engines."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

from aiodockerapi import Docker
from tests.support import engine as engines
from tests.support.swarm import single_node_swarm

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator


@pytest.fixture
async def manager(spare_engine: engines.Engine) -> AsyncIterator[Docker]:
    """A client of an engine that is the only node of a swarm until the end of the test."""
    async with Docker(spare_engine.host) as docker, single_node_swarm(docker):
        yield docker


@pytest.fixture
def members() -> Iterator[list[engines.Member]]:
    """Three engines with separate network namespaces that can reach each other and are not in a swarm."""
    suite = os.environ.get("ENGINE_SUITE", "")
    with engines.apart(3, engines.Spec("apart", suite=suite)) as members:
        yield members
