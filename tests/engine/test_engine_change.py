"""A daemon that is replaced by one of another release, at the same address, while a client lives on."""

from __future__ import annotations

import asyncio
import os
from contextlib import contextmanager
from typing import TYPE_CHECKING

from aiodockerapi import Docker, Output
from tests.support import engine as engines
from tests.support.proxy import proxied

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterator

# This machine's own engine, and that of the Debian release that has 26.1.
RELEASES = (engines.Spec("change-old"), engines.Spec("change-new", suite="trixie"))
OUTPUT = Output(b"out\n", b"err\n")


async def plainly(docker: Docker) -> Output:
    """A plain call, which tells nothing of the output."""
    assert (await docker.containers.inspect("web")).name == "/web"
    return OUTPUT


# Each of them is the first call after a change once; all find a container of that name on either engine.
FIRST: list[Callable[[Docker], Awaitable[Output]]] = [
    plainly,
    lambda docker: docker.containers.logs("web"),
    lambda docker: docker.containers.attach("web", logs=True, stream=False),
]


@contextmanager
def both() -> Iterator[list[str]]:
    """The addresses of an older and a newer engine; the newer one is fetched at the first time."""
    holder = os.getpid()
    with engines.alone(holder, RELEASES[0]) as old, engines.alone(holder, RELEASES[1]) as new:
        try:
            yield [old.host, new.host]
        finally:
            for spec in RELEASES:
                engines.release(holder, spec)


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
        versions = [engines.request_json(host, "/version")["ApiVersion"] for host in hosts]
        assert versions[0] != versions[1]
        async with asyncio.timeout(300), proxied(hosts[0]) as place, Docker(place.host) as docker:
            for host in hosts:
                await run_web(host)
            assert await docker.negotiate() == versions[0]
            for first in FIRST:
                await place.lead_to(hosts[1])
                assert await first(docker) == OUTPUT
                assert docker.api_version == versions[0], "the newer engine takes the older version"
                await docker.system.ping()
                assert docker.api_version == versions[1]
                await use(docker)

                await place.lead_to(hosts[0])
                assert await first(docker) == OUTPUT
                assert docker.api_version == versions[0], "the older engine refuses the newer version"
                await use(docker)
