"""The end of connections over a tunnel: the daemon's, or that of ssh, which may exit some time after it closed them."""

from __future__ import annotations

import asyncio
import os
import sys
from contextlib import asynccontextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from aiodockerapi import SSH, TransportError
from aiodockerapi._settings import Endpoint
from aiodockerapi._transport.ssh import SSHConnector, tunnel
from tests.support.leaks import nothing_left

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from aiodockerapi._transport.connection import Duplex

TIMEOUT = 20.0
MESSAGE = "Connection to lab closed by remote host."

# In place of ssh: it responds itself on the forwarded socket, to one command per connection. Like ssh, it closes the listening
# socket first when it ends, then the connections, and then prints a message and exits.
SSH_PROGRAM = """#!{python}
import socket, sys, time
if "-G" in sys.argv:
    sys.exit()
listener = socket.socket(socket.AF_UNIX)
listener.bind(sys.argv[sys.argv.index("-L") + 1].partition(":")[0])
listener.listen()
accepted = 0
while True:
    connection, _ = listener.accept()
    accepted += 1
    command = connection.recv(4)
    if command == b"GET ":  # the ping
        connection.sendall(b"HTTP/1.1 200 OK")
    elif command == b"coun":
        connection.sendall(b"%d" % accepted)
    elif command == b"end.":  # the daemon closes the connection
        connection.sendall(b"output")
    else:  # ssh ends; data that it has not read makes the end of the connection a reset
        connection.sendall(b"output")
        time.sleep(0.2)
        listener.close()
        connection.close()
        time.sleep({delay})
        print("{message}", file=sys.stderr, flush=True)
        sys.exit(255)
    connection.close()
"""


@asynccontextmanager
async def tunneled(folder: Path, patch: pytest.MonkeyPatch, *, delay: float = 0.5) -> AsyncIterator[SSHConnector]:
    """Run a tunnel through the program above.

    :param delay: seconds from the end of its connections to its exit.
    """
    program = folder / "ssh"
    program.write_text(SSH_PROGRAM.format(python=sys.executable, delay=delay, message=MESSAGE))
    program.chmod(0o755)
    patch.setenv("PATH", os.pathsep.join([str(folder), os.environ.get("PATH", os.defpath)]))
    async with nothing_left():
        connector = SSHConnector(Endpoint("ssh", host="lab"), SSH(mode="tunnel"), TIMEOUT)
        try:
            async with asyncio.timeout(TIMEOUT):
                yield connector
        finally:
            await connector.aclose()


async def opened(connector: SSHConnector, command: bytes) -> Duplex:
    """Return a connection after its command and the output."""
    connection = await connector.connect()
    await connection.send(command)
    assert await connection.receive() == b"output"
    return connection


async def count(connector: SSHConnector) -> int:
    """Return the number of connections so far, including this one."""
    connection = await connector.connect()
    await connection.send(b"coun")
    try:
        return int(await connection.receive())
    finally:
        connection.abort()


@pytest.mark.parametrize("command", [b"exit", b"exit with unread data"], ids=["end", "reset"])
async def test_ssh_that_exits_late_is_reported(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, command: bytes) -> None:
    async with tunneled(tmp_path, monkeypatch) as connector:
        connection = await opened(connector, command)
        with pytest.raises(TransportError, match=f"ssh ended with status 255; ssh reported: {MESSAGE}"):
            await connection.receive()
        connection.abort()


async def test_ssh_that_exits_late_explains_a_truncated_response(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with tunneled(tmp_path, monkeypatch) as connector:
        await connector.ready()
        explain = connector.explainer()
        connection = await opened(connector, b"exit")
        with pytest.raises(TransportError):
            await connection.receive()
        assert (await explain()).endswith(f"ssh ended with status 255; ssh reported: {MESSAGE}")
        connection.abort()


async def test_a_call_that_ssh_interrupts_reports_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async with tunneled(tmp_path, monkeypatch) as connector:
        connection = await opened(connector, b"exit")

        async def call() -> None:
            await asyncio.sleep(0.3)  # ssh has closed its sockets, but still runs
            raise TransportError("no response")

        with pytest.raises(TransportError, match=f"ssh ended with status 255; ssh reported: {MESSAGE}"):
            await connector.run(call)
        connection.abort()


async def test_ssh_that_does_not_exit_in_time_is_reported(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tunnel, "_EXIT_LIMIT", 0.1)
    async with tunneled(tmp_path, monkeypatch, delay=1000) as connector:
        connection = await opened(connector, b"exit")
        with pytest.raises(TransportError, match=r"broke: ssh ended$"):
            await connection.receive()
        connection.abort()


async def test_the_end_of_a_stream_does_not_wait_for_ssh(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tunnel, "_EXIT_LIMIT", 1000)
    async with tunneled(tmp_path, monkeypatch) as connector:
        connection = await opened(connector, b"end.")
        before = await count(connector)
        assert await connection.receive() == b""
        assert await count(connector) == before + 1  # the check opened no connection to the daemon
        connection.abort()


async def test_a_removed_socket_is_not_taken_for_the_end_of_ssh(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tunnel, "_EXIT_LIMIT", 1000)
    async with tunneled(tmp_path, monkeypatch) as connector:
        connection = await opened(connector, b"end.")
        os.unlink(connector.local.socket)  # noqa: PTH108 - a pathlib.Path blocks just as long
        assert await connection.receive() == b""
        connection.abort()
