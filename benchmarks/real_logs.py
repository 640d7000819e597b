"""30 MB of logs of a real container: 300,000 lines of 20 to 180 bytes, a quarter of them on stderr.

The daemon reads its log file line by line and sends each line as a frame in a separate HTTP chunk. It is slower than all
clients, so the clients differ in processor time only. aiodocker and docker-py do not report the stream of a piece; each line
contains the name of its stream, so that the results of all clients can be compared.
"""

from __future__ import annotations

import hashlib
import subprocess
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from benchmarks._containers import busybox
from benchmarks._harness import Case, Goal, Meter, Size, run

_WRITER = """BEGIN {
    x = "the quick brown fox jumps over the lazy dog; "
    x = x x x x
    for (i = 0; i < %d; i++) {
        text = substr(x, 1, 9 + (i * 37) %% 160)
        if (i %% 4 == 3) printf "err %%06d %%s\\n", i, text > "/dev/stderr"
        else printf "out %%06d %%s\\n", i, text
    }
}"""


@contextmanager
def written(host: str, size: Size) -> Iterator[str]:
    """Yield the id of a container that has written its log and exited."""
    with busybox(host, ["awk", _WRITER % size["lines"]], ended=True) as container:
        yield container


def digest(stdout: bytes, stderr: bytes) -> dict[str, object]:
    """Return the result for the comparison: the number of lines and a digest of each stream."""
    return {
        "lines": stdout.count(b"\n") + stderr.count(b"\n"),
        "stdout": hashlib.sha256(stdout).hexdigest(),
        "stderr": hashlib.sha256(stderr).hexdigest(),
    }


def separated(pieces: Iterable[bytes]) -> dict[str, object]:
    """Return the result of a client that does not separate the streams."""
    lines = b"".join(pieces).splitlines(keepends=True)
    stderr = [line for line in lines if line.startswith(b"err")]
    return digest(b"".join(line for line in lines if not line.startswith(b"err")), b"".join(stderr))


def joined(lines: list[str]) -> bytes:
    """Return the lines as the original bytes."""
    return "".join(f"{line}\n" for line in lines).encode()


async def ours(host: str, size: Size, meter: Meter) -> object:
    from aiodockerapi import Docker

    stdout: list[bytes] = []
    stderr: list[bytes] = []
    with written(host, size) as container:
        async with Docker(host) as docker:
            await docker.system.ping()
            with meter:
                async with docker.containers.logs(container) as log:
                    async for stream, data in log:
                        (stdout if stream == "stdout" else stderr).append(data)
    return digest(b"".join(stdout), b"".join(stderr))


async def ours_lines(host: str, size: Size, meter: Meter) -> object:
    from aiodockerapi import Docker

    stdout: list[str] = []
    stderr: list[str] = []
    with written(host, size) as container:
        async with Docker(host) as docker:
            await docker.system.ping()
            with meter:
                async with docker.containers.logs(container) as log:
                    async for stream, text in log.lines():
                        (stdout if stream == "stdout" else stderr).append(text)
    return digest(joined(stdout), joined(stderr))


async def floor(host: str, size: Size, meter: Meter) -> object:
    from struct import Struct

    import aiohttp

    header = Struct(">BxxxI")
    found: dict[int, list[bytes]] = {1: [], 2: []}
    with written(host, size) as container:
        connector = aiohttp.UnixConnector(host.removeprefix("unix://"))
        async with aiohttp.ClientSession("http://docker", connector=connector) as session:
            await (await session.get("/_ping")).read()
            with meter:
                rest = b""
                async with session.get(f"/containers/{container}/logs", params={"stdout": 1, "stderr": 1}) as answer:
                    async for block in answer.content.iter_any():
                        data = rest + block if rest else block
                        position, end = 0, len(data)
                        while position + 8 <= end:
                            stream, length = header.unpack_from(data, position)
                            stop = position + 8 + length
                            if stop > end:
                                break
                            found[stream].append(data[position + 8 : stop])
                            position = stop
                        rest = data[position:]
    return digest(b"".join(found[1]), b"".join(found[2]))


async def aiodocker(host: str, size: Size, meter: Meter) -> object:
    from aiodocker import Docker

    pieces: list[str] = []
    with written(host, size) as container:
        async with Docker(url=host) as docker:
            await docker.version()
            with meter:
                # With follow=False it returns a list, which is not faster.
                async for text in docker.containers.container(container).log(stdout=True, stderr=True, follow=True):
                    pieces.append(text)  # noqa: PERF401
    return separated(text.encode() for text in pieces)


def docker_py(host: str, size: Size, meter: Meter) -> object:
    import docker

    with written(host, size) as container:
        client = docker.DockerClient(base_url=host, version="auto")
        client.ping()
        with meter:
            pieces = list(client.api.logs(container, stdout=True, stderr=True, stream=True, follow=False))
        client.close()
    return separated(pieces)


def docker_cli(host: str, size: Size, meter: Meter) -> object:
    with written(host, size) as container, tempfile.TemporaryDirectory() as folder:
        stdout, stderr = Path(folder, "stdout"), Path(folder, "stderr")
        with stdout.open("wb") as out, stderr.open("wb") as err, meter:
            subprocess.run(["docker", "--host", host, "logs", container], stdout=out, stderr=err, check=True)
        return digest(stdout.read_bytes(), stderr.read_bytes())


CASE = Case(
    name="real_logs",
    title="30 MB of container logs, 300,000 lines",
    server="engine",
    size={"lines": 300_000},
    quick={"lines": 2_000},
    clients={
        "aiodockerapi": ours,
        "aiodockerapi, lines": ours_lines,
        "floor": floor,
        "aiodocker": aiodocker,
        "docker-py": docker_py,
        "docker CLI": docker_cli,
    },
    unit="s",
    scale=1.0,
    figure="cpu",
    better="lower",
    goal=Goal("floor", 1.0),
)

if __name__ == "__main__":
    run(CASE)
