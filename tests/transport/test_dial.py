"""Connecting: a daemon that accepts late, and a host name that does not exist."""

from __future__ import annotations

import asyncio
import os
import socket
import tempfile
from collections.abc import Iterator
from contextlib import suppress
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


def client_sockets(port: int) -> Iterator[socket.socket]:
    """Yield duplicates of the sockets of this process that are connected to a port."""
    for entry in list(Path("/proc/self/fd").iterdir()):
        try:
            found = socket.socket(fileno=os.dup(int(entry.name)))
        except OSError:
            continue
        with found:
            try:
                connected = found.family == socket.AF_INET and found.getpeername()[1] == port
            except OSError:
                continue
            if connected:
                yield found


async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    with suppress(asyncio.IncompleteReadError, ConnectionError):
        while await reader.readuntil(b"\r\n\r\n"):
            writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nOK")
    writer.close()


async def test_every_tcp_connection_has_keep_alive() -> None:
    async with await asyncio.start_server(answer, "127.0.0.1", 0) as server:
        port = server.sockets[0].getsockname()[1]
        async with Docker(f"tcp://127.0.0.1:{port}", api_version="1.44") as docker:
            await docker.containers.stop("web")
            async with docker.containers.wait("web"):
                found = [
                    (
                        sock.getsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE),
                        sock.getsockopt(socket.IPPROTO_TCP, socket.TCP_KEEPIDLE),
                        sock.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY),
                    )
                    for sock in client_sockets(port)
                ]
        assert found == [(1, 30, 1)] * 2, "one connection of the pool, and that of the stream"
