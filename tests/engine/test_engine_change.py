"""A daemon that is replaced by one of another release, at the same address, while a client lives on."""

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
OLDER = engines.Spec("change-older", suite="bookworm")  # 20.10, where this machine's own engine is that of trixie
NEWER = engines.Spec("change-newer", suite="trixie")  # 26.1
OUTPUT = Output(b"out\n", b"err\n")


async def plainly(docker: Docker) -> Output:
    """A plain call, which tells nothing of the output."""
    assert (await docker.containers.inspect("web")).name == "/web"
    return OUTPUT


async def asked_by_head(docker: Docker) -> Output:
    """A call whose refusal has no words."""
    assert (await docker.containers.archive_info("web", "/etc/passwd")).name == "passwd"
    return OUTPUT


async def uploaded(docker: Docker) -> Output:
    """An upload that is larger than what the sockets hold, out of a file."""
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
    """A refusal of which nothing but its headers comes through."""
    async with docker.containers.attach_websocket("web", logs=True, stream=False) as attached:
        assert b"out" in b"".join([frame.data async for frame in attached])
    return OUTPUT


# Each of them is the first call after a change once; all find a container of that name on either engine.
FIRST: list[Callable[[Docker], Awaitable[Output]]] = [
    plainly,
    asked_by_head,
    uploaded,
    over_websocket,
    lambda docker: docker.containers.logs("web"),
    lambda docker: docker.containers.attach("web", logs=True, stream=False),
]


def version(host: str) -> tuple[int, ...]:
    """The newest version that an engine speaks."""
    return tuple(map(int, engines.request_json(host, "/version")["ApiVersion"].split(".")))


@contextmanager
def alone(spec: engines.Spec) -> Iterator[str]:
    """The address of an engine that is ours until the end."""
    try:
        with engines.alone(os.getpid(), spec) as engine:
            yield engine.host
    finally:
        engines.release(os.getpid(), spec)


@contextmanager
def both() -> Iterator[list[str]]:
    """The addresses of an older and a newer engine; what is not this machine's own is fetched at the first time."""
    with ExitStack() as stack:
        hosts = [stack.enter_context(alone(spec)) for spec in (OWN, NEWER)]
        if version(hosts[0]) == version(hosts[1]):
            hosts[0] = stack.enter_context(alone(OLDER))
        yield sorted(hosts, key=version)


async def run_web(host: str) -> None:
    """Leave a container that has written something and ended."""
    command = ["sh", "-c", "echo out; echo err >&2"]
    config = {"Image": "busybox", "Cmd": command, "HostConfig": {"NetworkMode": "none"}}
    async with Docker(host) as docker:
        await docker.containers.create(config, name="web")
        await docker.containers.start("web")
        await docker.containers.wait("web")


async def use(docker: Docker) -> None:
    """Make a plain call, a stream and a hijack with stdin; the container goes with it."""
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
        async with asyncio.timeout(300), proxied(hosts[0]) as place, Docker(place.host) as docker:
            for host in hosts:
                await run_web(host)
            assert await docker.negotiate() == versions[0]
            for first in FIRST:
                await place.lead_to(hosts[1])
                assert await asyncio.to_thread(engines.answers, place.host)  # the client sees meanwhile what was closed
                assert await first(docker) == OUTPUT, "the newer engine takes the older version"
                for _ in range(2):  # a WebSocket has told nothing
                    await docker.containers.list()
                assert docker.api_version == versions[1], "any answer tells of the newer engine"
                await use(docker)

                await place.lead_to(hosts[0])
                assert await asyncio.to_thread(engines.answers, place.host)
                assert await first(docker) == OUTPUT
                assert docker.api_version == versions[0], "the older engine refuses the newer version"
                await use(docker)


async def test_a_restart_of_the_daemon_fails_no_call_that_comes_after_it(spare_engine: engines.Engine) -> None:
    async with asyncio.timeout(120), Docker(spare_engine.host) as docker:
        await run_web(spare_engine.host)
        try:
            await asyncio.gather(*(plainly(docker) for _ in range(20)))  # so many kept connections
            await asyncio.to_thread(engines.restart, spare_engine.host)
            at_once = [first(docker) for first in FIRST for _ in range(8)]
            assert await asyncio.gather(*at_once) == [OUTPUT] * len(at_once)
            assert await asyncio.gather(*(docker.images.tag("busybox", f"other:{i}") for i in range(20))) == [None] * 20
        finally:
            await docker.containers.remove("web", force=True)
            for i in range(20):
                await docker.images.remove(f"other:{i}")
