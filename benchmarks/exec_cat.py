"""128 MB sent to `exec cat` and received back, with stdin ended by half-closing the connection.

Each byte passes through five processes (daemon, shim, cat, shim, daemon), which limit the rate. The figure is therefore
megabytes per second of wall time; a client is slower where it makes these processes wait. aiodocker cannot half-close the
connection, so it counts the bytes until all have been received. The docker CLI is measured twice: as the child process of a
program that uses pipes, and from file to file, which is faster.
"""

from __future__ import annotations

import asyncio
import hashlib
import subprocess
import tempfile
import threading
from io import RawIOBase
from pathlib import Path
from typing import cast

from benchmarks._containers import busybox, call
from benchmarks._harness import Case, Goal, Meter, Size, run

_IDLE = ["sleep", "1000"]
_CAT = {"AttachStdin": True, "AttachStdout": True, "AttachStderr": True, "Cmd": ["cat"]}


def block(size: Size) -> bytes:
    """Return the block that is sent ``count`` times; each of its lines is different."""
    return b"".join(b"%015d\n" % number for number in range(size["block"] // 16))


def total(size: Size) -> int:
    return int(size["block"] * size["count"])


class Target:
    """A buffer for the received data, allocated in advance so that the allocation is not measured."""

    def __init__(self, size: Size) -> None:
        self.view = memoryview(bytearray(b"-") * total(size))
        self.length = 0

    def put(self, piece: bytes) -> None:
        """Append the next bytes."""
        self.view[self.length : self.length + len(piece)] = piece
        self.length += len(piece)

    def outcome(self, meter: Meter) -> object:
        """Record the rate in the meter; return the length and digest of the received data for the comparison."""
        meter.extra["mb_per_s"] = self.length / meter.wall / 1e6
        meter.extra["cpu_per_gb"] = meter.cpu * 1e9 / self.length
        return {"bytes": self.length, "sha256": hashlib.sha256(self.view[: self.length]).hexdigest()}


async def ours(host: str, size: Size, meter: Meter) -> object:
    from aiodockerapi import Docker
    from aiodockerapi.models import ExecConfig

    data, target = block(size), Target(size)
    with busybox(host, _IDLE) as container:
        async with Docker(host) as docker:
            config = ExecConfig(cmd=["cat"], attach_stdin=True, attach_stdout=True, attach_stderr=True)
            created = await docker.exec.create(container, config)
            with meter:
                async with docker.exec.start(created.id) as stream:

                    async def send() -> None:
                        for _ in range(size["count"]):
                            await stream.send(data)
                        await stream.send_eof()

                    async with asyncio.TaskGroup() as tasks:
                        tasks.create_task(send())
                        async for frame in stream:
                            target.put(frame.data)
    return target.outcome(meter)


async def floor(host: str, size: Size, meter: Meter) -> object:
    data, target = block(size), Target(size)
    with busybox(host, _IDLE) as container:
        exec_id = call(host, "POST", f"/containers/{container}/exec", _CAT)["Id"]
        with meter:
            reader, writer = await asyncio.open_unix_connection(host.removeprefix("unix://"), limit=1 << 18)
            head = (
                f"POST /exec/{exec_id}/start HTTP/1.1\r\nHost: docker\r\nConnection: Upgrade\r\nUpgrade: tcp\r\n"
                "Content-Type: application/json\r\nContent-Length: 2\r\n\r\n{}"
            )
            writer.write(head.encode())
            assert b" 101 " in (await reader.readuntil(b"\r\n\r\n")).partition(b"\r\n")[0]

            async def send() -> None:
                for _ in range(size["count"]):
                    writer.write(data)
                    await writer.drain()
                writer.write_eof()

            sending = asyncio.create_task(send())
            rest = b""
            while received := await reader.read(1 << 18):
                received = rest + received if rest else received
                position, end = 0, len(received)
                while position + 8 <= end:
                    stop = position + 8 + int.from_bytes(received[position + 4 : position + 8], "big")
                    if stop > end:
                        break
                    target.put(received[position + 8 : stop])
                    position = stop
                rest = received[position:]
            await sending
            writer.close()
    return target.outcome(meter)


async def aiodocker(host: str, size: Size, meter: Meter) -> object:
    from aiodocker import Docker

    data, target = block(size), Target(size)
    with busybox(host, _IDLE) as container:
        async with Docker(url=host) as docker:
            created = await docker.containers.container(container).exec(["cat"], stdin=True)
            with meter:
                async with created.start() as stream:

                    async def send() -> None:
                        for _ in range(size["count"]):
                            await stream.write_in(data)

                    sending = asyncio.create_task(send())
                    while target.length < total(size) and (message := await stream.read_out()) is not None:
                        target.put(message.data)
                    await sending
    return target.outcome(meter)


def docker_py(host: str, size: Size, meter: Meter) -> object:
    import socket

    import docker
    from docker.utils.socket import frames_iter

    data, target = block(size), Target(size)
    with busybox(host, _IDLE) as container:
        client = docker.DockerClient(base_url=host, version="auto")
        exec_id = client.api.exec_create(container, ["cat"], stdin=True)["Id"]
        with meter:
            # docker-py returns only the socket; the caller reads and writes it.
            raw = client.api.exec_start(exec_id, socket=True)
            connection = raw._sock  # noqa: SLF001 - the only way to end stdin with docker-py

            def send() -> None:
                for _ in range(size["count"]):
                    connection.sendall(data)
                connection.shutdown(socket.SHUT_WR)

            sending = threading.Thread(target=send)
            sending.start()
            for _, piece in frames_iter(raw, tty=False):
                target.put(piece)
            sending.join()
            raw.close()
        client.close()
    return target.outcome(meter)


def docker_cli(host: str, size: Size, meter: Meter) -> object:
    """Run the CLI as a child process, with the data in the memory of the parent."""
    data, target = block(size), Target(size)
    with busybox(host, _IDLE) as container:
        command = ["docker", "--host", host, "exec", "--interactive", container, "cat"]
        with meter, subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, bufsize=0) as process:
            stdin, stdout = cast("RawIOBase", process.stdin), cast("RawIOBase", process.stdout)

            def send() -> None:
                for _ in range(size["count"]):
                    rest = memoryview(data)
                    while rest:
                        rest = rest[stdin.write(rest) :]
                stdin.close()

            sending = threading.Thread(target=send)
            sending.start()
            while count := stdout.readinto(target.view[target.length :]):
                target.length += count
            sending.join()
    return target.outcome(meter)


def docker_cli_files(host: str, size: Size, meter: Meter) -> object:
    """Run the CLI from file to file, without pipes to the parent."""
    data, target = block(size), Target(size)
    with busybox(host, _IDLE) as container, tempfile.TemporaryDirectory() as folder:
        before, after = Path(folder, "before"), Path(folder, "after")
        with before.open("wb") as file:
            for _ in range(size["count"]):
                file.write(data)
        with before.open("rb") as stdin, after.open("wb") as stdout, meter:
            command = ["docker", "--host", host, "exec", "--interactive", container, "cat"]
            subprocess.run(command, stdin=stdin, stdout=stdout, check=True)
        target.put(after.read_bytes())
    return target.outcome(meter)


CASE = Case(
    name="exec_cat",
    title="128 MB through exec cat",
    server="engine",
    size={"block": 1 << 20, "count": 128},
    quick={"block": 1 << 16, "count": 16},
    clients={
        "aiodockerapi": ours,
        "aiodockerapi+uvloop": ours,
        "floor": floor,
        "aiodocker": aiodocker,
        "docker-py": docker_py,
        "docker CLI": docker_cli,
        "docker CLI, files": docker_cli_files,
    },
    unit="MB/s",
    figure="mb_per_s",
    better="higher",
    extras={"cpu_per_gb": "CPU s/GB"},
    goal=Goal("docker CLI", 1.2),
)

if __name__ == "__main__":
    run(CASE)
