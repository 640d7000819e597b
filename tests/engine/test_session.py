"""Sessions: on the connection that the library opens, the daemon is the HTTP/2 client."""

from __future__ import annotations

from typing import TYPE_CHECKING

import anyio

if TYPE_CHECKING:
    from aiodockerapi import Docker

PREFACE = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"
SETTINGS = bytes([0, 0, 0, 4, 0, 0, 0, 0, 0])
"""An HTTP/2 SETTINGS frame without settings."""


async def test_the_daemon_uses_http2_on_the_connection(docker: Docker) -> None:
    headers = {"X-Docker-Expose-Session-Uuid": "b1", "X-Docker-Expose-Session-Name": "tests"}
    async with docker.system.session(headers=headers) as session:
        received = b""
        with anyio.fail_after(60):
            while len(received) < len(PREFACE) + len(SETTINGS):
                received += await session.receive()
            assert received.startswith(PREFACE)
            await session.send(SETTINGS)
            answer = await session.receive()
    # It acknowledges the settings: a SETTINGS frame with the ACK flag.
    assert answer[3:5] == bytes([4, 1])


async def test_it_ends_after_a_half_close(docker: Docker) -> None:
    async with docker.system.session() as session:
        assert (await session.receive()).startswith(PREFACE)
        await session.send_eof()
        with anyio.fail_after(60):
            async for _ in session:
                pass
    await docker.system.ping()
