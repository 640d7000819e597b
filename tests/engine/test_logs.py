"""Logs of containers, on a real engine."""

from __future__ import annotations

import asyncio
import datetime
import hashlib
from typing import TYPE_CHECKING, Any

import pytest

from aiodockerapi import Docker, Frame, Line, NotFound, NotImplementedByDaemon
from tests.support.containers import ended, started

if TYPE_CHECKING:
    from tests.support.names import Names

TWO_STREAMS = "echo out; echo err >&2"
THREE_LINES = "echo one; sleep 0.05; echo two; sleep 0.05; echo three"


async def test_awaited_it_returns_both_streams(docker: Docker, name: Names) -> None:
    output = await docker.containers.logs(await ended(docker, name, TWO_STREAMS))
    assert (output.stdout, output.stderr) == (b"out\n", b"err\n")


async def test_entered_it_yields_frames_with_their_stream(docker: Docker, name: Names) -> None:
    container = await ended(docker, name, TWO_STREAMS)
    async with docker.containers.logs(container) as log:
        assert {frame async for frame in log} == {Frame("stdout", b"out\n"), Frame("stderr", b"err\n")}


async def test_lines_have_their_stream_and_no_line_ending(docker: Docker, name: Names) -> None:
    container = await ended(docker, name, "echo out; echo err >&2; printf unfinished")
    async with docker.containers.logs(container) as log:
        lines = {line async for line in log.lines()}  # the daemon does not preserve the order between the streams
    assert lines == {Line("stdout", "out"), Line("stderr", "err"), Line("stdout", "unfinished")}


@pytest.mark.parametrize(("wanted", "expected"), [("stdout", (b"out\n", b"")), ("stderr", (b"", b"err\n"))])
async def test_a_single_stream_can_be_selected(
    docker: Docker, name: Names, wanted: str, expected: tuple[bytes, bytes]
) -> None:
    container = await ended(docker, name, TWO_STREAMS)
    output = await docker.containers.logs(container, stdout=wanted == "stdout", stderr=wanted == "stderr")
    assert (output.stdout, output.stderr) == expected


async def test_with_a_terminal_all_output_is_stdout(docker: Docker, name: Names) -> None:
    container = await ended(docker, name, TWO_STREAMS, Tty=True)
    output = await docker.containers.logs(container)
    assert (output.stdout, output.stderr) == (b"out\r\nerr\r\n", b"")
    async with docker.containers.logs(container) as log:
        assert [line async for line in log.lines()] == [Line("stdout", "out"), Line("stdout", "err")]


async def test_the_log_of_an_unstarted_container_is_empty(docker: Docker, name: Names) -> None:
    made = await docker.containers.create({"Image": "busybox", "Labels": name.labels})
    output = await docker.containers.logs(made.id)
    assert (output.stdout, output.stderr) == (b"", b"")


@pytest.mark.parametrize(
    ("tail", "expected"),
    [(0, b""), (1, b"three\n"), (2, b"two\nthree\n"), (9, b"one\ntwo\nthree\n"), ("all", b"one\ntwo\nthree\n")],
)
async def test_tail_counts_lines_from_the_end(docker: Docker, name: Names, tail: Any, expected: bytes) -> None:
    container = await ended(docker, name, THREE_LINES)
    assert (await docker.containers.logs(container, tail=tail)).stdout == expected


async def _stamped(docker: Docker, container: str) -> list[tuple[str, str]]:
    """Return the time and text of each line."""
    output = await docker.containers.logs(container, timestamps=True)
    return [(stamp, text) for stamp, _, text in (line.partition(" ") for line in output.stdout.decode().splitlines())]


async def test_timestamps_precede_each_line_and_increase(docker: Docker, name: Names) -> None:
    before = datetime.datetime.now(datetime.UTC)
    stamped = await _stamped(docker, await ended(docker, name, THREE_LINES))
    times = [datetime.datetime.fromisoformat(stamp) for stamp, _ in stamped]
    assert [text for _, text in stamped] == ["one", "two", "three"]
    assert before < times[0] < times[1] < times[2] < datetime.datetime.now(datetime.UTC)


@pytest.mark.parametrize("kind", ["datetime", "text", "float", "seconds as text"])
async def test_since_and_until_select_by_time(docker: Docker, name: Names, kind: str) -> None:
    container = await ended(docker, name, THREE_LINES)
    second = datetime.datetime.fromisoformat((await _stamped(docker, container))[1][0])
    moment: Any = {
        "datetime": second,
        "text": second.isoformat(),
        "float": second.timestamp(),
        "seconds as text": f"{second.timestamp():.6f}",
    }[kind]
    # The daemon has nanoseconds: the second line was written up to a microsecond after this moment.
    assert (await docker.containers.logs(container, since=moment)).stdout == b"two\nthree\n"
    assert (await docker.containers.logs(container, until=moment)).stdout == b"one\n"


async def test_since_accepts_a_timedelta_before_now(docker: Docker, name: Names) -> None:
    container = await ended(docker, name, THREE_LINES)
    output = await docker.containers.logs(container, since=datetime.timedelta(hours=1))
    assert output.stdout == b"one\ntwo\nthree\n"
    assert (await docker.containers.logs(container, until=datetime.timedelta(hours=1))).stdout == b""


async def test_follow_yields_each_line_when_written_and_ends_with_the_container(docker: Docker, name: Names) -> None:
    container = await started(docker, name, "cat", OpenStdin=True, StdinOnce=True)
    async with (
        docker.containers.attach(container, stdin=True, stdout=False, stderr=False) as attached,
        docker.containers.logs(container, follow=True) as log,
    ):
        lines = log.lines()
        for text in ("one", "two", "three"):
            await attached.send(f"{text}\n")
            assert await anext(lines) == Line("stdout", text)
        await attached.send_eof()
        assert [line async for line in lines] == []


async def test_follow_with_tail_0_yields_new_output_only(docker: Docker, name: Names) -> None:
    container = await started(docker, name, "echo old; cat", OpenStdin=True, StdinOnce=True)
    async with docker.containers.attach(container, stdin=True, stdout=False, stderr=False) as attached:
        async with docker.containers.logs(container, follow=True) as log:
            assert await anext(log.lines()) == Line("stdout", "old")
        async with docker.containers.logs(container, follow=True, tail=0) as log:
            await attached.send("new\n")
            assert await anext(log.lines()) == Line("stdout", "new")


@pytest.mark.parametrize("driver", ["json-file", "local"])
async def test_follow_neither_loses_nor_reorders_output(docker: Docker, name: Names, driver: str) -> None:
    # The container keeps running: 20.10 may end a followed log early when the container stops.
    script = "seq 20000; seq 500 >&2; exec sleep 1000"
    container = await started(docker, name, script, HostConfig={"LogConfig": {"Type": driver, "Config": {}}})
    texts: dict[str, list[str]] = {"stdout": [], "stderr": []}
    async with docker.containers.logs(container, follow=True) as log, asyncio.timeout(60):
        async for line in log.lines():
            texts[line.stream].append(line.text)
            if len(texts["stdout"]) == 20000 and len(texts["stderr"]) == 500:
                break
    assert texts["stdout"] == [str(number) for number in range(1, 20001)]
    assert texts["stderr"] == [str(number) for number in range(1, 501)]


# Writes random data to both streams; each begins with the checksum of the rest.
BIG = """
head -c 4000000 /dev/urandom | base64 {wrap} > /tmp/out; head -c 2000000 /dev/urandom | base64 {wrap} > /tmp/err
sha256sum < /tmp/out; sha256sum < /tmp/err >&2
cat /tmp/out & cat /tmp/err >&2; wait
"""


def _checksum_matches(data: bytes, least: int) -> bool:
    line, _, rest = data.partition(b"\n")
    assert len(rest) >= least
    return hashlib.sha256(rest).hexdigest().encode() == line.split()[0]


@pytest.mark.parametrize("driver", ["json-file", "local"])
@pytest.mark.parametrize("wrap", ["-w 76", "-w 0"], ids=["short lines", "one long line"])
async def test_megabytes_are_complete_and_unchanged(docker: Docker, name: Names, driver: str, wrap: str) -> None:
    script = BIG.format(wrap=wrap)
    container = await ended(docker, name, script, HostConfig={"LogConfig": {"Type": driver, "Config": {}}})
    output = await docker.containers.logs(container)
    assert _checksum_matches(output.stdout, 5_300_000)
    assert _checksum_matches(output.stderr, 2_600_000)


async def test_binary_output_is_unchanged(docker: Docker, name: Names) -> None:
    script = "head -c 300000 /dev/urandom > /tmp/out; sha256sum < /tmp/out; cat /tmp/out"
    container = await ended(docker, name, script, HostConfig={"LogConfig": {"Type": "local", "Config": {}}})
    assert _checksum_matches((await docker.containers.logs(container)).stdout, 300_000)


async def test_characters_split_by_the_daemon_are_joined_in_lines(docker: Docker, name: Names) -> None:
    # 60,000 bytes in one line, three per character: the daemon splits it every 16 KiB, which is not divisible by three.
    script = "yes € | head -n 20000 | tr -d '\\n'"
    container = await ended(docker, name, script, HostConfig={"LogConfig": {"Type": "local", "Config": {}}})
    async with docker.containers.logs(container) as log:
        frames = [frame async for frame in log]
    async with docker.containers.logs(container) as log:
        texts = [line.text async for line in log.lines()]
    with pytest.raises(UnicodeDecodeError):
        [frame.data.decode() for frame in frames]
    assert texts == ["€" * 20000]


async def test_after_some_frames_a_loop_continues_with_the_next_one(docker: Docker, name: Names) -> None:
    container = await ended(docker, name, "seq 3000")
    async with docker.containers.logs(container) as log:
        first = [(await anext(log)).data for _ in range(100)]
        rest = [frame.data async for frame in log]
    texts = b"".join(first + rest).decode().split()
    assert texts == [str(number) for number in range(1, 3001)]


async def test_a_second_loop_over_lines_continues(docker: Docker, name: Names) -> None:
    container = await ended(docker, name, "seq 3000")
    texts: list[str] = []
    async with docker.containers.logs(container) as log:
        async for line in log.lines():
            texts.append(line.text)
            if line.text == "1000":
                break
        texts += [line.text async for line in log.lines()]
    assert texts == [str(number) for number in range(1, 3001)]


@pytest.mark.parametrize("follow", [False, True])
async def test_a_missing_container_is_not_found(docker: Docker, name: Names, follow: bool) -> None:
    missing = name("missing")
    with pytest.raises(NotFound, match=missing):
        await docker.containers.logs(missing, follow=follow)
    with pytest.raises(NotFound, match=missing):
        async with docker.containers.logs(missing, follow=follow):
            raise AssertionError("entered although the container does not exist")


async def test_a_log_driver_without_reading_is_an_error(docker: Docker, name: Names) -> None:
    container = await ended(docker, name, TWO_STREAMS, HostConfig={"LogConfig": {"Type": "none"}})
    with pytest.raises(NotImplementedByDaemon, match="does not support reading"):
        await docker.containers.logs(container)


async def test_follow_ends_when_the_container_is_removed(docker: Docker, name: Names) -> None:
    container = await started(docker, name, "echo here; exec sleep 1000")
    async with docker.containers.logs(container, follow=True) as log:
        assert await anext(log) == Frame("stdout", b"here\n")
        await docker.containers.remove(container, force=True)
        async with asyncio.timeout(20):
            assert [frame async for frame in log] == []
