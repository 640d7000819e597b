"""The calls of `docker.containers` that stream: requests and results."""

from __future__ import annotations

import datetime
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Any

import pytest

from aiodockerapi import (
    Docker,
    Frame,
    FrameStream,
    InvalidArgument,
    Line,
    MalformedStream,
    OperationFailed,
    Output,
    TruncatedStream,
)
from aiodockerapi.models import ContainerStatsResponse, ContainerWaitResponse
from tests.support.calls import Case, check, drained, frame
from tests.support.server import Peer, Reply, json_reply, raw_serving
from tests.support.versions import NEWEST

if TYPE_CHECKING:
    from tests.support.server import Server

MULTIPLEXED = {"Content-Type": "application/vnd.docker.multiplexed-stream"}
RAW = {"Content-Type": "application/vnd.docker.raw-stream"}
FRAMES = frame(1, b"out\n") + frame(2, b"err\n")
MOMENT = datetime.datetime(2024, 5, 1, 12, tzinfo=datetime.UTC)

LOGS = [
    Case(
        "logs",
        lambda d: d.containers.logs("web"),
        "GET /containers/web/logs",
        {"stdout": "true", "stderr": "true"},
        reply=Reply(200, FRAMES, MULTIPLEXED),
        result=Output(b"out\n", b"err\n"),
    ),
    Case(
        "frames of logs",
        lambda d: drained(d.containers.logs("web", follow=True)),
        "GET /containers/web/logs",
        {"follow": "true", "stdout": "true", "stderr": "true"},
        reply=Reply(200, FRAMES, MULTIPLEXED),
        result=[Frame("stdout", b"out\n"), Frame("stderr", b"err\n")],
    ),
    Case(
        "logs of a terminal",
        lambda d: d.containers.logs("web", stderr=False, tail="all", since=0),
        "GET /containers/web/logs",
        {"stdout": "true", "stderr": "false", "since": "0", "tail": "all"},
        reply=Reply(200, b"\x01raw", RAW),
        result=Output(b"\x01raw", b""),
    ),
    Case(
        "part of the logs",
        lambda d: d.containers.logs(
            "web", follow=False, stdout=False, since=MOMENT, until="1714564800.5", timestamps=False, tail=0
        ),
        "GET /containers/web/logs",
        {
            "follow": "false",
            "stdout": "false",
            "stderr": "true",
            "since": "1714564800.000000000",
            "until": "1714564800.5",
            "timestamps": "false",
            "tail": "0",
        },
        reply=Reply(200, b"", MULTIPLEXED),
        result=Output(b"", b""),
    ),
]


@pytest.mark.parametrize("version", ["1.42", "1.44", NEWEST])
@pytest.mark.parametrize("case", LOGS, ids=str)
async def test_logs(case: Case, version: str, server: Server) -> None:
    await check(case, server, version)


@pytest.mark.parametrize(
    ("tty", "body", "expected"),
    [(False, FRAMES, Output(b"out\n", b"err\n")), (True, b"\x01raw", Output(b"\x01raw", b""))],
)
async def test_before_api_1_42_the_container_is_inspected_for_a_terminal(
    tty: bool, body: bytes, expected: Output, server: Server
) -> None:
    server.routes = {
        "GET /v1.41/containers/web/json": json_reply({"Id": "1", "Config": {"Tty": tty}}),
        "GET /v1.41/containers/web/logs": Reply(200, body, RAW),
    }
    async with Docker(server.host, api_version="1.41") as docker:
        assert await docker.containers.logs("web") == expected
    assert [one.path for one in server.received] == ["/v1.41/containers/web/json", "/v1.41/containers/web/logs"]


async def test_lines_of_logs(server: Server) -> None:
    body = frame(1, b"on") + frame(2, b"two\n") + frame(1, b"e\r\nlast")
    server.default = Reply(200, body, MULTIPLEXED)
    async with Docker(server.host, api_version="1.44") as docker, docker.containers.logs("web") as log:
        lines = [line async for line in log.lines()]
    assert lines == [Line("stderr", "two"), Line("stdout", "one"), Line("stdout", "last")]


@pytest.mark.parametrize("named", [{"encoding": "utf-99"}, {"errors": "hope"}])
async def test_an_unknown_encoding_is_refused(named: dict[str, str], server: Server) -> None:
    server.default = Reply(200, FRAMES, MULTIPLEXED)
    async with Docker(server.host) as docker, docker.containers.logs("web") as log:
        with pytest.raises(InvalidArgument, match="cannot decode text"):
            log.lines(**named)
        assert [frame async for frame in log]


async def test_lines_returns_the_same_iterator(server: Server) -> None:
    server.default = Reply(200, frame(1, b"one\ntwo\nthree\n"), MULTIPLEXED)
    async with Docker(server.host, api_version="1.44") as docker, docker.containers.logs("web") as log:
        lines = log.lines()
        assert await anext(lines) == Line("stdout", "one")
        assert log.lines(encoding="UTF8") is lines
        assert [line.text async for line in log.lines()] == ["two", "three"]


@pytest.mark.parametrize("options", [{"encoding": "latin-1"}, {"errors": "strict"}])
async def test_lines_have_one_encoding(options: dict[str, str], server: Server) -> None:
    server.default = Reply(200, frame(1, b"one\ntwo\n"), MULTIPLEXED)
    async with Docker(server.host, api_version="1.44") as docker, docker.containers.logs("web") as log:
        lines = log.lines()
        with pytest.raises(RuntimeError, match="read as lines with encoding='utf-8', errors='replace'"):
            log.lines(**options)
        assert [line.text async for line in lines] == ["one", "two"]


@pytest.mark.parametrize("read", [anext, FrameStream.batch])
async def test_frames_cannot_be_read_after_lines(
    read: Callable[[FrameStream], Awaitable[object]], server: Server
) -> None:
    server.default = Reply(200, frame(1, b"one\ntwo\n"), MULTIPLEXED)
    async with Docker(server.host, api_version="1.44") as docker, docker.containers.logs("web") as log:
        lines = log.lines()
        for _ in range(2):
            with pytest.raises(RuntimeError, match="this stream is being read as lines"):
                await read(log)
            assert (await anext(lines)).text in ("one", "two")
        assert await lines.batch() == []


@pytest.mark.parametrize("read", [anext, FrameStream.batch])
async def test_lines_cannot_be_read_after_frames(
    read: Callable[[FrameStream], Awaitable[object]], server: Server
) -> None:
    server.default = Reply(200, FRAMES, MULTIPLEXED)
    async with Docker(server.host, api_version="1.44") as docker, docker.containers.logs("web") as log:
        assert await read(log)
        with pytest.raises(RuntimeError, match=r"read as frames: call lines\(\) before reading any frame"):
            log.lines()
        assert len([frame async for frame in log]) == (1 if read is anext else 0)


async def test_frames_before_a_truncation_are_returned(server: Server) -> None:
    server.default = Reply(200, FRAMES + frame(1, b"cut")[:-1], MULTIPLEXED)
    found: list[Frame] = []
    async with Docker(server.host, api_version="1.44") as docker:
        with pytest.raises(TruncatedStream):
            await drained(docker.containers.logs("web"), found)
    assert found == [Frame("stdout", b"out\n"), Frame("stderr", b"err\n"), Frame("stdout", b"cu")]


async def test_an_error_inside_the_stream_is_raised(server: Server) -> None:
    server.default = Reply(200, frame(1, b"x") + frame(3, b"Error grabbing logs: disk\n"), MULTIPLEXED)
    async with Docker(server.host, api_version="1.44") as docker:
        with pytest.raises(OperationFailed, match="Error grabbing logs: disk"):
            await docker.containers.logs("web")


STATS = json_reply({"id": "4fa6", "name": "/web"})
SAMPLE = ContainerStatsResponse(id="4fa6", name="/web")
MEASURES = [
    Case(
        "stats",
        lambda d: d.containers.stats("web"),
        "GET /containers/web/stats",
        {"stream": "false"},
        reply=STATS,
        result=SAMPLE,
    ),
    Case(
        "one shot",
        lambda d: d.containers.stats("web", one_shot=True),
        "GET /containers/web/stats",
        {"stream": "false", "one-shot": "true"},
        reply=STATS,
        result=SAMPLE,
    ),
    Case(
        "samples",
        lambda d: drained(d.containers.stats("web")),
        "GET /containers/web/stats",
        {"stream": "true"},
        reply=Reply(200, b'{"id":"4fa6","name":"/web"}\n' * 2),
        result=[SAMPLE, SAMPLE],
    ),
    Case(
        "a single sample, entered",
        lambda d: drained(d.containers.stats("web", stream=False, one_shot=False)),
        "GET /containers/web/stats",
        {"stream": "false", "one-shot": "false"},
        reply=STATS,
        result=[SAMPLE],
    ),
    Case(
        "wait",
        lambda d: d.containers.wait("web"),
        "POST /containers/web/wait",
        reply=json_reply({"StatusCode": 3}),
        result=ContainerWaitResponse(status_code=3),
    ),
    Case(
        "wait for removal",
        lambda d: d.containers.wait("web", condition="removed"),
        "POST /containers/web/wait",
        {"condition": "removed"},
        reply=json_reply({"StatusCode": 0, "Error": None}),
        result=ContainerWaitResponse(status_code=0),
    ),
]


@pytest.mark.parametrize("version", ["1.41", "1.44", NEWEST])
@pytest.mark.parametrize("case", MEASURES, ids=str)
async def test_stats_and_wait(case: Case, version: str, server: Server) -> None:
    await check(case, server, version)


@pytest.mark.parametrize(
    ("body", "error", "message"),
    [
        (b'{"StatusCode":-1,"Error":{"Message":"removal failed"}}', OperationFailed, "removal failed"),
        (b"<html>bad gateway</html>", MalformedStream, "bad gateway"),
        (b"", MalformedStream, "not an exit"),
    ],
)
async def test_a_failed_wait_is_an_error(body: bytes, error: type[Exception], message: str, server: Server) -> None:
    server.default = Reply(200, body)
    async with Docker(server.host, api_version="1.44") as docker:
        with pytest.raises(error, match=message):
            await docker.containers.wait("web")


async def test_a_wait_is_armed_once_it_is_entered() -> None:
    async def script(peer: Peer) -> None:
        await peer.send(b"HTTP/1.1 200 OK\r\n\r\n")
        await peer.reader.read()  # until the client closes the connection: no exit is reported

    async with raw_serving(script) as server, Docker(server.host, api_version="1.44") as docker:
        async with docker.containers.wait("web", condition="next-exit"):
            [request] = server.calls
        assert (request.line, request.query) == ("POST /v1.44/containers/web/wait", [("condition", "next-exit")])


# -- attach

UPGRADED = b"HTTP/1.1 101 UPGRADED\r\nConnection: Upgrade\r\nUpgrade: tcp\r\nContent-Type: %s\r\n\r\n"
ATTACHED = UPGRADED % MULTIPLEXED["Content-Type"].encode()


async def echo(peer: Peer) -> None:
    """Upgrade, and send stdin back as a frame of stdout once it is closed."""
    await peer.send(ATTACHED + frame(2, b"hello"))  # together with the head
    await peer.send(frame(1, await peer.reader.read()))


async def test_attach_sends_and_receives() -> None:
    async with (
        raw_serving(echo) as server,
        Docker(server.host, api_version="1.44") as docker,
        docker.containers.attach("web", stdin=True, detach_keys="", logs=False) as attached,
    ):
        await attached.send("text, ")
        await attached.send(b"bytes, ")
        await attached.send_all(memoryview(b"more"))
        assert [one async for one in attached] == [Frame("stderr", b"hello"), Frame("stdout", b"text, bytes, more")]
    [request] = server.calls
    assert request.line == "POST /v1.44/containers/web/attach"
    assert dict(request.query) == {
        "detachKeys": "",
        "logs": "false",
        "stream": "true",
        "stdin": "true",
        "stdout": "true",
        "stderr": "true",
    }
    upgrade = {name: request.headers.get(name) for name in ("connection", "upgrade", "content-type", "content-length")}
    assert upgrade == {
        "connection": "Upgrade",
        "upgrade": "tcp",
        "content-type": "text/plain",
        "content-length": "0",
    }


async def test_awaited_attach_returns_all_output() -> None:
    async def silent(peer: Peer) -> None:
        await peer.send(ATTACHED + frame(1, b"x"))

    async with raw_serving(silent) as server, Docker(server.host, api_version="1.44") as docker:
        assert await docker.containers.attach("web", stdout=False) == Output(b"x", b"")
    assert dict(server.calls[0].query) == {"stream": "true", "stdout": "false", "stderr": "true"}


async def test_a_response_without_upgrade_is_read_as_a_stream() -> None:
    answer = b"HTTP/1.1 200 OK\r\nContent-Type: application/vnd.docker.raw-stream\r\n\r\nraw"
    async with raw_serving(answer) as server, Docker(server.host, api_version="1.44") as docker:
        assert await docker.containers.attach("web") == Output(b"raw", b"")


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda d: d.containers.logs("web", stdout=False, stderr=False), "neither stdout nor stderr"),
        (lambda d: d.containers.logs("web", tail="ten"), "tail must be a number of lines or 'all'"),
        (lambda d: d.containers.logs("web", tail=-1), "tail must be at least 0"),
        (lambda d: d.containers.logs("web", since=datetime.datetime(2024, 5, 1)), "with a time zone"),  # noqa: DTZ001
        (lambda d: d.containers.stats("web", stream=True, one_shot=True), "cannot be combined with stream=True"),
        (lambda d: d.containers.wait("web", condition="soon"), "condition must be one of"),
        (lambda d: d.containers.get_archive("web", ""), "path must not be empty"),
    ],
)
def test_invalid_arguments_are_refused_before_the_call_is_awaited(call: Callable[[Docker], Any], message: str) -> None:
    with pytest.raises(InvalidArgument, match=message):
        call(Docker("unix:///nonexistent.sock"))
