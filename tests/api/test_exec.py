"""The calls of `docker.exec`: requests and results."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest

from aiodockerapi import (
    Conflict,
    Docker,
    ExecResult,
    Frame,
    InvalidArgument,
    InvalidArgumentType,
    Output,
    TransportError,
    UnsupportedFeature,
)
from aiodockerapi.models import ExecConfig, ExecInspectResponse, IDResponse, ProcessConfig
from tests.support.calls import Case, check, drained, frame
from tests.support.server import Peer, RawServer, Reply, json_reply, raw_serving
from tests.support.versions import NEWEST

if TYPE_CHECKING:
    from tests.support.server import Server

STATE = {
    "ID": "e1",
    "Running": False,
    "ExitCode": 3,
    "ProcessConfig": {"entrypoint": "ls", "arguments": [], "tty": False},
    "Pid": 7,
}
TABLE = [
    Case(
        "create",
        lambda d: d.exec.create("web", ExecConfig(cmd=["ls"], attach_stdout=True, tty=False, env=[])),
        "POST /containers/web/exec",
        body={"AttachStdout": True, "Tty": False, "Env": [], "Cmd": ["ls"]},
        reply=json_reply({"Id": "e1"}, 201),
        result=IDResponse(id="e1"),
    ),
    Case(
        "create from a mapping",
        lambda d: d.exec.create("/web", {"Cmd": ["ls"], "Later": 1}),
        "POST /containers/web/exec",
        body={"Cmd": ["ls"], "Later": 1},
        reply=json_reply({"Id": "e1"}, 201),
        result=IDResponse(id="e1"),
    ),
    Case(
        "start detached",
        lambda d: d.exec.start("e1", detach=True),
        "POST /exec/e1/start",
        body={"Detach": True, "Tty": False},
        reply=Reply(200),
        result=Output(b"", b""),
    ),
    Case(
        "resize",
        lambda d: d.exec.resize("e1", 0, 80),
        "POST /exec/e1/resize",
        {"h": "0", "w": "80"},
        reply=Reply(201),
    ),
    Case(
        "inspect",
        lambda d: d.exec.inspect("e1"),
        "GET /exec/e1/json",
        reply=json_reply(STATE),
        result=ExecInspectResponse(
            id="e1",
            running=False,
            exit_code=3,
            pid=7,
            process_config=ProcessConfig(entrypoint="ls", arguments=[], tty=False),
        ),
    ),
]


@pytest.mark.parametrize("version", ["1.41", "1.44", NEWEST])
@pytest.mark.parametrize("case", TABLE, ids=str)
async def test_call(case: Case, version: str, server: Server) -> None:
    await check(case, server, version)


@pytest.mark.parametrize("version", ["1.42", "1.44", NEWEST])
@pytest.mark.parametrize("size", [(24, 80), (0, 0)])
async def test_start_with_console_size(size: tuple[int, int], version: str, server: Server) -> None:
    case = Case(
        "start with console_size",
        lambda d: d.exec.start("e1", detach=True, tty=True, console_size=size),
        "POST /exec/e1/start",
        body={"Detach": True, "Tty": True, "ConsoleSize": list(size)},
        reply=Reply(200),
        result=Output(b"", b""),
    )
    await check(case, server, version)


async def test_console_size_is_not_sent_before_api_1_42(server: Server) -> None:
    async with Docker(server.host, api_version="1.41") as docker:
        with pytest.raises(UnsupportedFeature, match=r"exec\.start\.console_size requires API version 1\.42"):
            await docker.exec.start("e1", tty=True, console_size=(24, 80))
    assert server.received == []


@pytest.mark.parametrize(
    ("call", "error", "message"),
    [
        (lambda d: d.exec.create("web", ["ls"]), InvalidArgumentType, "ExecConfig or a mapping"),
        (lambda d: d.exec.inspect(""), InvalidArgument, "exec instance must be a name or ID"),
        (lambda d: d.exec.resize("e1", "24", 80), InvalidArgumentType, "height must be an integer"),
        (lambda d: d.exec.run("web", "ls -l"), InvalidArgumentType, "must be a list of strings"),
        (lambda d: d.exec.run("web", ["ls", 1]), InvalidArgumentType, "each item of command must be a string"),
        (lambda d: d.exec.run("web", ["ls"], on_cancel="flee"), InvalidArgument, "on_cancel must be one of"),
        (lambda d: d.exec.run("web", ["ls"], config=["A=1"]), InvalidArgumentType, "expected ExecConfig"),
        (lambda d: drained(d.exec.start("e1", detach=True)), InvalidArgument, "no stream to enter"),
    ],
)
async def test_what_cannot_be_sent_is_refused(
    call: Callable[[Docker], Any], error: type[Exception], message: str, server: Server
) -> None:
    async with Docker(server.host, api_version="1.44") as docker:
        with pytest.raises(error, match=message):
            await call(docker)
    assert server.received == []


@pytest.mark.parametrize(
    ("size", "message"), [((24,), "pair of height and width"), ("24", "pair"), ((-1, 80), "at least 0")]
)
def test_an_invalid_console_size_is_refused(size: Any, message: str) -> None:
    with pytest.raises(InvalidArgument, match=message):
        Docker("unix:///nonexistent.sock").exec.start("e1", console_size=size)


# -- attached

MULTIPLEXED = b"application/vnd.docker.multiplexed-stream"
RAW = b"application/vnd.docker.raw-stream"


def upgraded(media_type: bytes) -> bytes:
    return b"HTTP/1.1 101 UPGRADED\r\nConnection: Upgrade\r\nUpgrade: tcp\r\nContent-Type: %s\r\n\r\n" % media_type


@pytest.mark.parametrize(
    ("version", "media_type", "tty", "expected"),
    [
        ("1.41", RAW, False, Output(b"out", b"err")),
        ("1.41", RAW, True, Output(frame(1, b"out") + frame(2, b"err"), b"")),
        ("1.44", MULTIPLEXED, True, Output(b"out", b"err")),
        (NEWEST, RAW, False, Output(frame(1, b"out") + frame(2, b"err"), b"")),
    ],
)
async def test_the_content_type_or_before_api_1_42_the_terminal_determines_the_format(
    version: str, media_type: bytes, tty: bool, expected: Output
) -> None:
    answer = upgraded(media_type) + frame(1, b"out") + frame(2, b"err")
    async with raw_serving(answer) as server, Docker(server.host, api_version=version) as docker:
        assert await docker.exec.start("e1", tty=tty) == expected
    [request] = server.received
    assert request.line == f"POST /v{version}/exec/e1/start"
    assert request.json() == {"Detach": False, "Tty": tty}
    assert {name: request.headers[name] for name in ("connection", "upgrade", "content-type")} == {
        "connection": "Upgrade",
        "upgrade": "tcp",
        "content-type": "application/json",
    }


async def echo(peer: Peer) -> None:
    await peer.send(upgraded(MULTIPLEXED))
    await peer.send(frame(1, await peer.reader.read()))


async def test_stdin_and_output() -> None:
    async with raw_serving(echo) as server, Docker(server.host, api_version="1.44") as docker:
        async with docker.exec.start("e1") as attached:
            await attached.send_all("hello")
            assert [one async for one in attached] == [Frame("stdout", b"hello")]
        assert await docker.exec.start("e1") == Output(b"", b"")


async def test_a_refused_upgrade_raises_the_daemons_message(server: Server) -> None:
    server.default = json_reply({"message": "Container 4fa6 is not running"}, 409)
    async with Docker(server.host, api_version="1.44") as docker:
        with pytest.raises(Conflict, match="Container 4fa6 is not running"):
            await docker.exec.start("e1")


# -- run


def running(*states: dict[str, Any], output: bytes = frame(1, b"out")) -> Callable[[Peer], Any]:
    """Respond to create, start (with stdin as stderr, if there is any) and inspect, which returns one state after the other."""
    remaining = list(states)

    async def script(peer: Peer) -> None:
        if peer.request.path.endswith("/start"):
            await peer.send(upgraded(MULTIPLEXED) + output)
            stdin = await peer.reader.read()
            await peer.send(frame(2, stdin) if stdin else b"")
            return
        body = json.dumps({"Id": "e1"} if peer.request.method == "POST" else remaining.pop(0)).encode()
        await peer.send(b"HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: %d\r\n\r\n" % len(body) + body)

    return script


def lines(server: RawServer) -> list[str]:
    return [one.line.removeprefix("POST ").removeprefix("GET ") for one in server.received]


ENDED = {"ID": "e1", "Running": False, "ExitCode": 3}


async def test_run_creates_starts_and_inspects() -> None:
    script = running({"Running": True}, {"Running": False, "ExitCode": None}, ENDED)
    async with raw_serving(script) as server, Docker(server.host, api_version="1.44") as docker:
        result = await docker.exec.run("web", ("ls", "-l"), config=ExecConfig(user="nobody"), stdin=b"")
    assert result == ExecResult(b"out", b"", 3, "e1")
    assert lines(server) == ["/v1.44/containers/web/exec", "/v1.44/exec/e1/start", *["/v1.44/exec/e1/json"] * 3]
    assert server.received[0].json() == {
        "Cmd": ["ls", "-l"],
        "User": "nobody",
        "AttachStdin": True,
        "AttachStdout": True,
        "AttachStderr": True,
    }


async def test_run_writes_stdin() -> None:
    async with raw_serving(running(ENDED)) as server, Docker(server.host, api_version="1.44") as docker:
        result = await docker.exec.run("web", ["cat"], stdin="hello")
    assert result.stderr == b"hello"


@pytest.mark.parametrize(
    ("message", "reported", "code"),
    [
        (b'exec: "nope": executable file not found in $PATH: unknown', 126, 127),
        (b'exec: "/etc": permission denied: unknown', 126, 126),
        (b"something else", 127, 127),
    ],
)
async def test_run_distinguishes_not_found_from_not_executable(message: bytes, reported: int, code: int) -> None:
    output = b"OCI runtime exec failed: " + message
    script = running(ENDED | {"ExitCode": reported}, output=frame(1, output))

    async def without_stdin(peer: Peer) -> None:
        if peer.request.path.endswith("/start"):
            await peer.send(upgraded(MULTIPLEXED) + frame(1, output))
        else:
            await script(peer)

    async with raw_serving(without_stdin) as server, Docker(server.host, api_version="1.44") as docker:
        result = await docker.exec.run("web", ["nope"])
    assert (result.exit_code, result.error, result.stdout) == (code, output.decode(), output)


@pytest.mark.parametrize(
    ("line", "code", "error"),
    [
        (b"Error: runc: exec: OCI runtime attempted to invoke a command that was not found", 127, True),
        (b'Error: crun: exec: "/etc": OCI permission denied', 126, True),
        (b"Error: the command's own", 127, False),
    ],
)
async def test_run_recognizes_podmans_message_on_stderr(line: bytes, code: int, error: bool) -> None:
    output = line + b"\nError: read unixpacket: connection reset by peer\n"

    async def without_stdin(peer: Peer) -> None:
        if peer.request.path.endswith("/start"):
            await peer.send(upgraded(MULTIPLEXED) + frame(2, output))
        else:
            await running(ENDED | {"ExitCode": code})(peer)

    async with raw_serving(without_stdin) as server, Docker(server.host, api_version="1.44") as docker:
        result = await docker.exec.run("web", ["nope"])
    assert (result.exit_code, result.error, result.stderr) == (code, line.decode() if error else "", output)


async def test_without_upgrade_the_terminal_determines_the_format() -> None:
    answer = b"HTTP/1.1 200 OK\r\nContent-Type: application/vnd.docker.raw-stream\r\n\r\n" + frame(1, b"out")
    async with raw_serving(answer) as server, Docker(server.host, api_version="1.44") as docker:
        async with docker.exec.start("abc") as process:
            assert [item async for item in process] == [("stdout", b"out")]
        async with docker.exec.start("abc", tty=True) as process:
            assert b"".join([item.data async for item in process]) == frame(1, b"out")


async def test_concurrent_reads_of_one_stream_are_an_error() -> None:
    async def silent(peer: Peer) -> None:
        await peer.send(b"HTTP/1.1 101 UPGRADED\r\nConnection: Upgrade\r\nUpgrade: tcp\r\n\r\n")
        await peer.reader.read()

    async with (
        raw_serving(silent) as server,
        Docker(server.host, api_version="1.41") as docker,
        docker.exec.start("abc") as process,
    ):
        first = asyncio.ensure_future(anext(process))
        await asyncio.sleep(0)
        with pytest.raises(TransportError, match="two tasks read"):
            await anext(process)
        first.cancel()
        await asyncio.wait([first])
