"""A daemon that is replaced by another release at the same address while a client is in use."""

from __future__ import annotations

import asyncio
import io
import os
import tarfile
import tempfile
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from aiodockerapi import Docker, Output
from tests.support import engine as engines
from tests.support.proxy import proxied

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterator

OWN = engines.Spec("change-own")
OLDER = engines.Spec("change-older", suite="bookworm")  # 20.10, if the engine of this machine is that of trixie
NEWER = engines.Spec("change-newer", suite="trixie")  # 26.1
OUTPUT = Output(b"out\n", b"err\n")


async def plainly(docker: Docker) -> Output:
    """Make a plain call, which has no output."""
    assert (await docker.containers.inspect("web")).name == "/web"
    return OUTPUT


async def with_head(docker: Docker) -> Output:
    """Make a HEAD request, whose refusal has no message."""
    assert (await docker.containers.archive_info("web", "/etc/passwd")).name == "passwd"
    return OUTPUT


async def uploaded(docker: Docker) -> Output:
    """Upload a file that is larger than the socket buffers."""
    with tempfile.NamedTemporaryFile() as file:
        with tarfile.open(fileobj=file, mode="w") as archive:
            entry = tarfile.TarInfo("zeros")
            entry.size = 8 << 20
            archive.addfile(entry, io.BytesIO(bytes(entry.size)))
        file.flush()
        await docker.containers.put_archive("web", "/tmp", Path(file.name))
    assert (await docker.containers.archive_info("web", "/tmp/zeros")).size == 8 << 20
    return OUTPUT


async def over_websocket(docker: Docker) -> Output:
    """Open a WebSocket, of whose refusal only the headers are available."""
    async with docker.containers.attach_websocket("web", logs=True, stream=False) as attached:
        assert b"out" in b"".join([frame.data async for frame in attached])
    return OUTPUT


# Each is the first call after a change once; both engines have a container of that name.
FIRST: list[Callable[[Docker], Awaitable[Output]]] = [
    plainly,
    with_head,
    uploaded,
    over_websocket,
    lambda docker: docker.containers.logs("web"),
    lambda docker: docker.containers.attach("web", logs=True, stream=False),
]


def version(host: str) -> tuple[int, ...]:
    """Return the newest version that an engine supports."""
    return tuple(map(int, engines.request_json(host, "/version")["ApiVersion"].split(".")))


@contextmanager
def alone(spec: engines.Spec) -> Iterator[str]:
    """Reserve an engine, and return its address."""
    try:
        with engines.alone(os.getpid(), spec) as engine:
            yield engine.host
    finally:
        engines.release(os.getpid(), spec)


@contextmanager
def both() -> Iterator[list[str]]:
    """Start an older and a newer engine, and return their addresses; another release is downloaded once."""
    with ExitStack() as stack:
        hosts = [stack.enter_context(alone(spec)) for spec in (OWN, NEWER)]
        if version(hosts[0]) == version(hosts[1]):
            hosts[0] = stack.enter_context(alone(OLDER))
        yield sorted(hosts, key=version)


async def run_web(host: str) -> None:
    """Create a container that has written output and exited."""
    command = ["sh", "-c", "echo out; echo err >&2"]
    config = {"Image": "busybox", "Cmd": command, "HostConfig": {"NetworkMode": "none"}}
    async with Docker(host) as docker:
        await docker.containers.create(config, name="web")
        await docker.containers.start("web")
        await docker.containers.wait("web")


async def use(docker: Docker) -> None:
    """Make a plain call, a stream and a hijack with stdin; then remove the container."""
    config = {
        "Image": "busybox",
        "Cmd": ["sh", "-c", "echo out; echo err >&2; cat"],
        "OpenStdin": True,
        "StdinOnce": True,
        "HostConfig": {"NetworkMode": "none"},
    }
    container = (await docker.containers.create(config)).id
    try:
        async with docker.containers.attach(container, stdin=True) as attached:
            await docker.containers.start(container)
            await attached.send(b"in")
            await attached.send_eof()
            frames = [frame async for frame in attached]
        assert b"".join(frame.data for frame in frames if frame.stream == "stdout") == b"out\nin"
        assert await docker.containers.logs(container) == Output(b"out\nin", b"err\n")
    finally:
        await docker.containers.remove(container, force=True)


async def test_one_client_through_upgrades_and_downgrades() -> None:
    with both() as hosts:
        versions = [".".join(map(str, version(host))) for host in hosts]
        assert versions[0] != versions[1]
        async with asyncio.timeout(300), proxied(hosts[0]) as proxy, Docker(proxy.host) as docker:
            for host in hosts:
                await run_web(host)
            assert await docker.negotiate() == versions[0]
            for first in FIRST:
                await proxy.switch_to(hosts[1])
                # In a thread, so that the client detects the closed connections in the meantime.
                assert await asyncio.to_thread(engines.answers, proxy.host)
                assert await first(docker) == OUTPUT, "the newer engine supports the older version"
                for _ in range(2):  # the response to a WebSocket does not report the version
                    await docker.containers.list()
                assert docker.api_version == versions[1], "any response reports the newer version"
                await use(docker)

                await proxy.switch_to(hosts[0])
                assert await asyncio.to_thread(engines.answers, proxy.host)
                assert await first(docker) == OUTPUT
                assert docker.api_version == versions[0], "the older engine refuses the newer version"
                await use(docker)


async def test_a_restart_of_the_daemon_affects_no_later_call(spare_engine: engines.Engine) -> None:
    async with asyncio.timeout(120), Docker(spare_engine.host) as docker:
        await run_web(spare_engine.host)
        try:
            await asyncio.gather(*(plainly(docker) for _ in range(20)))  # to fill the pool
            await asyncio.to_thread(engines.restart, spare_engine.host)
            at_once = [first(docker) for first in FIRST for _ in range(8)]
            assert await asyncio.gather(*at_once) == [OUTPUT] * len(at_once)
            assert await asyncio.gather(*(docker.images.tag("busybox", f"other:{i}") for i in range(20))) == [None] * 20
        finally:
            await docker.containers.remove("web", force=True)
            for i in range(20):
                await docker.images.remove(f"other:{i}")
