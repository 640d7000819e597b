"""The clients of the cases with logs: each reads the complete output of a container; every fourth frame belongs to stderr.

Each client first reads the last 200 frames and computes their digest, which is not measured. Then it reads all frames and
counts the bytes.
"""

from __future__ import annotations

from hashlib import sha256
from struct import Struct
from typing import Any

from benchmarks._bare import BASE, session
from benchmarks._harness import Case, Client, Goal, Meter, Size

__all__ = ["case"]

_TAIL = 200
_HEADER = Struct(">BxxxL")


async def ours(host: str, size: Size, meter: Meter) -> object:
    from aiodockerapi import Docker

    digest, length, errors = sha256(), 0, 0
    async with Docker(host) as docker:
        async with docker.containers.logs("logs", tail=_TAIL) as log:
            async for frame in log:
                digest.update(frame.data)
        with meter:
            async with docker.containers.logs("logs") as log:
                async for stream, data in log:
                    length += len(data)
                    errors += stream == "stderr"
    assert errors == size["frames"] // 4
    return [length, digest.hexdigest()]


async def our_lines(host: str, size: Size, meter: Meter) -> object:
    from aiodockerapi import Docker

    digest, length, errors = sha256(), 0, 0
    async with Docker(host) as docker:
        async with docker.containers.logs("logs", tail=_TAIL) as log:
            async for line in log.lines():
                digest.update(f"{line.text}\n".encode())
        with meter:
            async with docker.containers.logs("logs") as log:
                async for stream, text in log.lines():
                    length += len(text) + 1
                    errors += stream == "stderr"
    assert errors == size["frames"] // 4
    return [length, digest.hexdigest()]


async def floor(host: str, size: Size, meter: Meter) -> object:
    digest, length, errors = sha256(), 0, 0
    url = f"{BASE}/containers/logs/logs?stdout=1&stderr=1"
    header = _HEADER.unpack_from
    async with session(host) as bare:
        async with bare.get(f"{url}&tail={_TAIL}") as response:
            body = await response.read()
            while body:
                _, payload = header(body)
                digest.update(body[8 : 8 + payload])
                body = body[8 + payload :]
        with meter:
            rest = b""
            async with bare.get(url) as response:
                while block := await response.content.readany():
                    data, position = rest + block, 0
                    last = len(data) - 8
                    while position <= last:
                        stream, payload = header(data, position)
                        end = position + 8 + payload
                        if end > last + 8:
                            break
                        length += len(data[position + 8 : end])
                        errors += stream == 2
                        position = end
                    rest = data[position:]
    assert errors == size["frames"] // 4
    return [length, digest.hexdigest()]


async def aiodocker(host: str, size: Size, meter: Meter) -> object:
    from aiodocker import Docker

    digest, length = sha256(), 0
    async with Docker(host) as docker:
        container: Any = docker.containers.container("logs")
        async for text in container.log(stdout=True, stderr=True, follow=True, tail=_TAIL):
            digest.update(text.encode())
        with meter:
            async for text in container.log(stdout=True, stderr=True, follow=True):
                length += len(text)
    return [length, digest.hexdigest()]


def docker_py(host: str, size: Size, meter: Meter) -> object:
    from docker import APIClient

    client: Any = APIClient(base_url=host)
    digest, length = sha256(), 0
    with client:
        for data in client.logs("logs", stream=True, tail=_TAIL):
            digest.update(data)
        with meter:
            for data in client.logs("logs", stream=True):
                length += len(data)
    return [length, digest.hexdigest()]


_CLIENTS: dict[str, Client] = {
    "aiodockerapi": ours,
    "floor": floor,
    "aiodocker": aiodocker,
    "docker-py": docker_py,
    "aiodockerapi lines": our_lines,
    "aiodockerapi+uvloop": ours,
    "floor+uvloop": floor,
}


def case(name: str, title: str, *, frames: int, repeat: int, frame: int, chunk: int | None = None, goal: float) -> Case:
    """Return a case with logs.

    :param frames: number of different frames.
    :param repeat: number of times that these frames are sent.
    :param frame: size of the payload of a frame, in bytes.
    :param chunk: minimum size of an HTTP chunk, in bytes; None sends each frame in a separate chunk.
    :param goal: maximum ratio to the floor.
    """
    size = {"frames": frames * repeat, "repeat": repeat, "frame": frame}
    if chunk is not None:
        size["chunk"] = chunk
    return Case(
        name=name,
        title=title,
        server="synthetic",
        size=size,
        quick={**size, "frames": 400, "repeat": 2},
        clients=_CLIENTS,
        unit="s of CPU per GB",
        scale=lambda size: 1e9 / (size["frames"] * size["frame"]),
        goal=Goal("floor", goal),
    )
