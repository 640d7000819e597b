"""The first call of a client: version negotiation, failed connections; and closing the client."""

from __future__ import annotations

import asyncio
import errno
import gc
import os
import socket
import tempfile
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web

from aiodockerapi import (
    APIError,
    ConnectFailed,
    Docker,
    InvalidArgument,
    RequestTimeout,
    TransportError,
    Unauthorized,
    UnsupportedVersion,
)
from tests.support.calls import drained
from tests.support.server import Handler, Peer, Reply, Server, json_reply, raw_serving, serving
from tests.support.versions import NEWEST

# A call over the pool, and one over a dedicated connection.
CALLS: list[Callable[[Docker], Awaitable[Any]]] = [
    lambda docker: docker.containers.pause("web"),
    lambda docker: drained(docker.containers.wait("web")),
]


@pytest.fixture(autouse=True)
def plain_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """Unset the environment variables that select a daemon."""
    for name in ("DOCKER_HOST", "DOCKER_API_VERSION", "DOCKER_CONTEXT", "DOCKER_TLS", "DOCKER_TLS_VERIFY"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
async def server() -> AsyncIterator[Server]:
    """A web server in place of a daemon."""
    async with serving("1.44") as running:
        yield running


@pytest.fixture
def folder() -> Iterator[Path]:
    """A directory with a path short enough for a socket."""
    with tempfile.TemporaryDirectory(prefix="aiodockerapi-") as path:
        yield Path(path)


# -- version negotiation


@pytest.mark.parametrize(
    ("engine", "negotiated"), [("1.41", "1.41"), ("1.44", "1.44"), (NEWEST, NEWEST), ("1.999", NEWEST), ("2.3", NEWEST)]
)
async def test_the_newest_common_version_is_used(engine: str, negotiated: str, server: Server) -> None:
    server.api_version = engine
    async with Docker(server.host) as docker:
        assert docker.api_version is None
        await docker.containers.pause("web")
        assert docker.api_version == negotiated
        assert await docker.negotiate() == negotiated
    assert [one.line for one in server.received] == ["HEAD /_ping", f"POST /v{negotiated}/containers/web/pause"]


async def test_a_pinned_version_is_not_negotiated(server: Server) -> None:
    async with Docker(server.host, api_version="1.43") as docker:
        assert await docker.negotiate() == docker.api_version == "1.43"
        await docker.containers.pause("web")
    assert [one.line for one in server.received] == ["POST /v1.43/containers/web/pause"]


async def test_get_is_used_if_head_is_refused(server: Server) -> None:
    server.routes["HEAD /_ping"] = Reply(405)
    async with Docker(server.host) as docker:
        assert await docker.negotiate() == "1.44"
    assert server.pings == ["HEAD", "GET"]


async def test_a_failed_ping_raises_its_error(server: Server) -> None:
    server.routes |= {"HEAD /_ping": Reply(401), "GET /_ping": json_reply({"message": "who are you?"}, 401)}
    async with Docker(server.host) as docker:
        with pytest.raises(Unauthorized, match=r"who are you\? \(GET /_ping\)"):
            await docker.containers.pause("web")
    assert server.calls == []


@pytest.mark.parametrize("version", ["1.24", "1.40", "0.9"])
async def test_an_engine_that_is_too_old_is_refused(version: str, server: Server) -> None:
    server.api_version = version
    async with Docker(server.host) as docker:
        with pytest.raises(UnsupportedVersion, match=f"supports API version {version} at most"):
            await docker.containers.pause("web")
    assert server.calls == []


async def test_a_ping_without_a_version_is_followed_by_get_version(server: Server) -> None:
    server.api_version = None
    server.routes["GET /version"] = json_reply({"ApiVersion": "1.47"})
    async with Docker(server.host) as docker:
        assert await docker.negotiate() == "1.47"
    assert [one.line for one in server.received] == ["HEAD /_ping", "GET /version"]


@pytest.mark.parametrize(
    "reply",
    [
        Reply(200, b"<html>It works!</html>", {"Content-Type": "text/html"}),
        json_reply({"Version": "7"}),
        json_reply({"ApiVersion": "new"}),
        Reply(404, b"not here"),
    ],
    ids=["html", "no version", "no number", "404"],
)
async def test_a_server_that_is_not_a_daemon_is_refused(reply: Reply, server: Server) -> None:
    server.api_version = None
    server.routes["GET /version"] = reply
    async with Docker(server.host) as docker:
        with pytest.raises(TransportError, match="does not respond as a Docker daemon"):
            await docker.containers.pause("web")
    assert server.calls[-1].line == "GET /version"


def delayed_ping(server: Server, release: asyncio.Event, arrived: asyncio.Event) -> Handler:
    """Return a handler that responds to pings once `release` is set."""

    async def answer(request: web.BaseRequest) -> web.Response:
        arrived.set()
        await release.wait()
        return web.Response(headers={"Api-Version": "1.44"})

    return answer


async def test_concurrent_first_calls_negotiate_once(server: Server) -> None:
    release, arrived = asyncio.Event(), asyncio.Event()
    server.routes["HEAD /_ping"] = delayed_ping(server, release, arrived)
    async with Docker(server.host) as docker:
        calls = [asyncio.ensure_future(docker.containers.pause(f"c{i}")) for i in range(50)]
        await arrived.wait()
        assert server.calls == []
        release.set()
        await asyncio.gather(*calls)
    assert server.pings == ["HEAD"]
    assert len(server.calls) == 50


async def test_the_next_call_repeats_a_failed_negotiation(server: Server) -> None:
    server.routes |= {"HEAD /_ping": Reply(500), "GET /_ping": Reply(500)}
    async with Docker(server.host) as docker:
        with pytest.raises(APIError):
            await docker.containers.pause("web")
        assert docker.api_version is None
        server.routes.clear()
        await docker.containers.pause("web")
        assert docker.api_version == "1.44"


async def test_cancelling_the_first_call_does_not_affect_others(server: Server) -> None:
    release, arrived = asyncio.Event(), asyncio.Event()
    server.routes["HEAD /_ping"] = delayed_ping(server, release, arrived)
    async with Docker(server.host) as docker:
        first = asyncio.ensure_future(docker.containers.pause("first"))
        others = [asyncio.ensure_future(docker.containers.pause(f"c{i}")) for i in range(5)]
        await arrived.wait()
        first.cancel()
        release.set()
        await asyncio.gather(*others)
        with pytest.raises(asyncio.CancelledError):
            await first
    assert len(server.calls) == 5


async def test_supports_negotiates_the_version(server: Server) -> None:
    async with Docker(server.host) as docker:
        assert await docker.supports("containers.stop.signal")
        assert not await docker.supports("system.disk_usage.verbose")
        with pytest.raises(InvalidArgument, match=r"containers\.stop\.nothing"):
            await docker.supports("containers.stop.nothing")
    assert server.pings == ["HEAD"]


# -- failed connections


@pytest.mark.parametrize("call", CALLS, ids=["pooled", "stream"])
@pytest.mark.parametrize("version", [None, "1.44"])
class TestConnectFailed:
    """Connecting fails; the error states the reason and the remedy."""

    async def failure(self, host: str, call: Callable[[Docker], Awaitable[Any]], version: str | None) -> ConnectFailed:
        async with Docker(host, api_version=version, connect_timeout=30) as docker:
            with pytest.raises(ConnectFailed) as caught:
                await call(docker)
        assert isinstance(caught.value.__cause__, OSError)
        assert str(caught.value).startswith(f"cannot connect to {host} (the argument host): ")
        return caught.value

    async def test_no_such_socket(self, folder: Path, call: Any, version: str | None) -> None:
        error = await self.failure(f"unix://{folder}/none.sock", call, version)
        assert "Is the Docker daemon running?" in str(error)

    async def test_a_path_through_a_file(self, folder: Path, call: Any, version: str | None) -> None:
        (folder / "file").touch()
        error = await self.failure(f"unix://{folder}/file/docker.sock", call, version)
        assert "no such socket" in str(error)

    async def test_a_socket_without_a_listener(self, folder: Path, call: Any, version: str | None) -> None:
        with socket.socket(socket.AF_UNIX) as unused:
            unused.bind(str(folder / "unused.sock"))
        error = await self.failure(f"unix://{folder}/unused.sock", call, version)
        assert "nothing listens on the socket" in str(error)
        assert isinstance(error.__cause__, ConnectionRefusedError), "the error of the system, pooled or not"
        assert error.errno == errno.ECONNREFUSED

    async def test_a_file_that_is_not_a_socket(self, folder: Path, call: Any, version: str | None) -> None:
        (folder / "file").touch()
        error = await self.failure(f"unix://{folder}/file", call, version)
        assert "the path is a file, not a socket. Set DOCKER_HOST or host= to the path" in str(error)

    async def test_a_directory(self, folder: Path, call: Any, version: str | None) -> None:
        error = await self.failure(f"unix://{folder}", call, version)
        assert "the path is a directory, not a socket" in str(error)

    async def test_a_datagram_socket(self, folder: Path, call: Any, version: str | None) -> None:
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as other:
            other.bind(str(folder / "log.sock"))
            error = await self.failure(f"unix://{folder}/log.sock", call, version)
        assert "not a stream socket" in str(error)

    async def test_a_path_that_is_too_long(self, folder: Path, call: Any, version: str | None) -> None:
        error = await self.failure(f"unix://{folder}/{'x' * 120}.sock", call, version)
        assert "the path is longer than 107 bytes" in str(error)

    async def test_no_permission_for_the_directory(
        self, folder: Path, call: Any, version: str | None, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def refuse(*arguments: Any, **named: Any) -> Any:
            raise PermissionError(13, "Permission denied")

        for owner, name in ((socket.socket, "connect"), (asyncio.get_running_loop(), "create_unix_connection")):
            monkeypatch.setattr(owner, name, refuse)
        monkeypatch.setattr(Path, "stat", refuse)
        error = await self.failure(f"unix://{folder}/docker.sock", call, version)
        assert "permission denied for the socket's directory" in str(error)

    @pytest.mark.parametrize("code", [errno.EHOSTUNREACH, errno.ENETUNREACH])
    async def test_an_unreachable_host(
        self, call: Any, version: str | None, code: int, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        async def fail(*arguments: Any, **named: Any) -> Any:
            raise OSError(code, "Connect call failed ('10.0.0.7', 2375)")

        monkeypatch.setattr(asyncio.get_running_loop(), "sock_connect", fail)
        error = await self.failure("tcp://127.0.0.1:9", call, version)
        assert f"host unreachable ({os.strerror(code)}). Are the machine and the network" in str(error)
        assert error.errno == code

    async def test_no_permission(
        self, folder: Path, call: Any, version: str | None, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def refuse(*arguments: Any, **named: Any) -> Any:
            raise PermissionError(13, "Permission denied")  # raised here, because root has every permission

        monkeypatch.setattr(socket.socket, "connect", refuse)
        monkeypatch.setattr(asyncio.get_running_loop(), "create_unix_connection", refuse)
        error = await self.failure(f"unix://{folder}/docker.sock", call, version)
        assert "join the socket's group (usually docker)" in str(error)

    async def test_a_closed_port(self, call: Any, version: str | None) -> None:
        with socket.socket() as reserved:
            reserved.bind(("127.0.0.1", 0))
            error = await self.failure(f"tcp://127.0.0.1:{reserved.getsockname()[1]}", call, version)
        assert "connection refused. Is the Docker daemon running, and does it listen on this port?" in str(error)

    async def test_an_unknown_host_name(self, call: Any, version: str | None, monkeypatch: pytest.MonkeyPatch) -> None:
        async def fail(*arguments: Any, **named: Any) -> Any:
            raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

        monkeypatch.setattr(asyncio.get_running_loop(), "getaddrinfo", fail)
        error = await self.failure("tcp://no-such-host.invalid:2375", call, version)
        assert "cannot resolve the host name 'no-such-host.invalid'" in str(error)

    async def test_a_daemon_that_does_not_accept_connections(
        self, folder: Path, call: Any, version: str | None
    ) -> None:
        with socket.socket() as listening:
            listening.bind(("127.0.0.1", 0))
            listening.listen(0)
            pending = [_connecting(listening) for _ in range(4)]
            host = "tcp://{}:{}".format(*listening.getsockname())
            try:
                async with Docker(host, api_version=version, connect_timeout=0.2) as docker:
                    with pytest.raises(RequestTimeout, match=r"within 0\.2 seconds \(connect_timeout=\)") as caught:
                        await call(docker)
            finally:
                for sock in pending:
                    sock.close()
        assert isinstance(caught.value, TimeoutError)


def _connecting(listening: socket.socket) -> socket.socket:
    sock = socket.socket()
    sock.setblocking(False)
    sock.connect_ex(listening.getsockname())
    return sock


# -- TCP, and closing the client


async def test_tcp_with_a_base_path(server: Server) -> None:
    server.default = Reply(200, headers={"Api-Version": "1.44"})
    async with Docker(f"{server.tcp}/some/where/") as docker:
        assert await docker.containers.export("web") == b""
        async with docker.containers.wait("web"):
            pass
    assert [one.line for one in server.received] == [
        "HEAD /some/where/_ping",
        "GET /some/where/v1.44/containers/web/export",
        "POST /some/where/v1.44/containers/web/wait",
    ]
    assert {one.headers["host"] for one in server.received} == {f"127.0.0.1:{server.port}"}


async def test_a_client_that_is_not_closed_warns(server: Server) -> None:
    clients = [Docker(server.host)]
    transport = clients[0]._transport
    await clients[0].system.ping()
    with pytest.warns(ResourceWarning, match="unclosed <Docker .*>: use 'async with', or await aclose"):
        clients.clear()
    await transport.aclose()


async def test_a_client_that_was_never_used_does_not_warn() -> None:
    docker = Docker("unix:///nonexistent.sock")
    del docker
    gc.collect()


@pytest.mark.parametrize("call", CALLS, ids=["pooled", "stream"])
async def test_a_closed_client_refuses_calls(call: Callable[[Docker], Awaitable[Any]], server: Server) -> None:
    docker = Docker(server.host, api_version="1.44")
    await docker.aclose()
    await docker.aclose()
    with pytest.raises(TransportError, match="this Docker client is closed"):
        await call(docker)
    assert server.received == []


async def test_closing_the_client_closes_its_streams() -> None:
    async def silent(peer: Peer) -> None:
        await peer.send(b"HTTP/1.1 200 OK\r\n\r\n")
        await peer.reader.read()

    async with raw_serving(silent) as server:
        docker = Docker(server.host, api_version="1.44")
        async with docker.system.events() as events:
            reading = asyncio.ensure_future(anext(events))
            await asyncio.sleep(0)
            await docker.aclose()
            with pytest.raises(TransportError, match="closed by the client"):
                await asyncio.wait_for(reading, 30)


def test_a_client_belongs_to_one_event_loop() -> None:
    async def main() -> None:
        docker = Docker("unix:///nonexistent.sock", api_version="1.44")
        with pytest.raises(ConnectFailed):
            await docker.containers.pause("web")

        def in_other_loop() -> None:
            async def call() -> None:
                with pytest.raises(TransportError, match="another event loop"):
                    await docker.containers.pause("web")

            asyncio.run(call())

        await asyncio.to_thread(in_other_loop)
        await docker.aclose()

    asyncio.run(main())
