"""Connecting: a daemon that accepts late, and a host name that does not exist."""

from __future__ import annotations

import asyncio
import socket
import tempfile
from pathlib import Path

import pytest

from aiodockerapi import ConnectFailed, Docker

EMPTY = b"HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 0\r\n\r\n"


def accept_all(listening: socket.socket, number: int) -> None:
    for _ in range(number):
        peer, _ = listening.accept()
        with peer:
            peer.recv(1 << 16)
            peer.sendall(EMPTY)


@pytest.mark.parametrize("kind", ["streams", "calls"])
async def test_connections_beyond_the_backlog_wait_until_they_are_accepted(kind: str) -> None:
    number = 20
    with tempfile.TemporaryDirectory() as folder, socket.socket(socket.AF_UNIX) as listening:
        path = Path(folder, "docker.sock")
        listening.bind(str(path))
        listening.settimeout(30)
        listening.listen(1)

        async def follow(docker: Docker) -> None:
            async with docker.system.events() as events:
                assert [event async for event in events] == []

        async def stop(docker: Docker) -> None:
            assert await docker.containers.stop("web")

        call = {"streams": follow, "calls": stop}[kind]
        async with Docker(f"unix://{path}", api_version="1.44") as docker:
            followers = [asyncio.ensure_future(call(docker)) for _ in range(number)]
            await asyncio.sleep(0)  # all have made their first attempt
            await asyncio.gather(asyncio.to_thread(accept_all, listening, number), *followers)


async def test_a_host_name_that_does_not_exist_is_a_connection_failure() -> None:
    async with Docker("tcp://missing.invalid:2375", api_version="1.44") as docker:
        for call in (docker.system.version(), docker.system.events().__aenter__()):
            with pytest.raises(ConnectFailed, match=r"cannot resolve the host name 'missing\.invalid'"):
                await call
