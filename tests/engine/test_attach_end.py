"""Sending to a container that has stopped."""

from __future__ import annotations

import asyncio

import pytest

from aiodockerapi import Docker, TransportError
from tests.support.containers import started
from tests.support.names import Names

OPEN = {"OpenStdin": True, "StdinOnce": True}


async def test_a_blocked_send_is_an_error_once_the_process_has_exited(docker: Docker, name: Names) -> None:
    container = await started(docker, name, "sleep 0.5", **OPEN)
    async with asyncio.timeout(30), docker.containers.attach(container, stdin=True) as attached:
        with pytest.raises(TransportError, match="closed the stream"):
            await attached.send(b"x" * 10_000_000)


async def test_sending_after_the_end_is_an_error(docker: Docker, name: Names) -> None:
    container = await started(docker, name, "read line; echo $line", **OPEN)
    async with asyncio.timeout(30), docker.containers.attach(container, stdin=True) as attached:
        await attached.send("it\n")
        assert [line.text async for line in attached.lines()] == ["it"]
        with pytest.raises(TransportError, match="has ended"):
            await attached.send("more\n")
