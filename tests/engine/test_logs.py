"""What containers have written, and what they write while we look."""

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


async def test_awaited_it_gives_each_stream_for_itself(docker: Docker, name: Names) -> None:
    output = await docker.containers.logs(await ended(docker, name, TWO_STREAMS))
    assert (output.stdout, output.stderr) == (b"out\n", b"err\n")


async def test_entered_it_gives_frames_that_name_their_stream(docker: Docker, name: Names) -> None:
    container = await ended(docker, name, TWO_STREAMS)
    async with docker.containers.logs(container) as log:
        assert {frame async for frame in log} == {Frame("stdout", b"out\n"), Frame("stderr", b"err\n")}


async def test_lines_name_their_stream_and_have_no_end(docker: Docker, name: Names) -> None:
    container = await ended(docker, name, "echo out; echo err >&2; printf unfinished")
    async with docker.containers.logs(container) as log:
        lines = {line async for line in log.lines()}  # the daemon keeps no order between the two
    assert lines == {Line("stdout", "out"), Line("stderr", "err"), Line("stdout", "unfinished")}


@pytest.mark.parametrize(("wanted", "expected"), [("stdout", (b"out\n", b"")), ("stderr", (b"", b"err\n"))])
async def test_one_of_the_streams_can_be_left_out(
    docker: Docker, name: Names, wanted: str, expected: tuple[bytes, bytes]
) -> None:
    container = await ended(docker, name, TWO_STREAMS)
    output = await docker.containers.logs(container, stdout=wanted == "stdout", stderr=wanted == "stderr")
    assert (output.stdout, output.stderr) == expected


async def test_with_a_terminal_all_is_stdout_as_it_was_written(docker: Docker, name: Names) -> None:
    container = await ended(docker, name, TWO_STREAMS, Tty=True)
    output = await docker.containers.logs(container)
    assert (output.stdout, output.stderr) == (b"out\r\nerr\r\n", b"")
    async with docker.containers.logs(container) as log:
        assert [line async for line in log.lines()] == [Line("stdout", "out"), Line("stdout", "err")]


async def test_a_container_that_never_ran_has_written_nothing(docker: Docker, name: Names) -> None:
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
    """Time and text of each line."""
    output = await docker.containers.logs(container, timestamps=True)
    return [(stamp, text) for stamp, _, text in (line.partition(" ") for line in output.stdout.decode().splitlines())]


async def test_timestamps_stand_before_each_line_and_rise(docker: Docker, name: Names) -> None:
    before = datetime.datetime.now(datetime.UTC)
    stamped = await _stamped(docker, await ended(docker, name, THREE_LINES))
    times = [datetime.datetime.fromisoformat(stamp) for stamp, _ in stamped]
    assert [text for _, text in stamped] == ["one", "two", "three"]
    assert before < times[0] < times[1] < times[2] < datetime.datetime.now(datetime.UTC)


@pytest.mark.parametrize("kind", ["datetime", "text", "float", "seconds as text"])
async def test_since_and_until_cut_at_a_moment(docker: Docker, name: Names, kind: str) -> None:
    container = await ended(docker, name, THREE_LINES)
    second = datetime.datetime.fromisoformat((await _stamped(docker, container))[1][0])
    moment: Any = {
        "datetime": second,
        "text": second.isoformat(),
        "float": second.timestamp(),
        "seconds as text": f"{second.timestamp():.6f}",
    }[kind]
    # The daemon counts nanoseconds, and the second line came some after this moment.
    assert (await docker.containers.logs(container, since=moment)).stdout == b"two\nthree\n"
    assert (await docker.containers.logs(container, until=moment)).stdout == b"one\n"


async def test_since_takes_a_span_before_now(docker: Docker, name: Names) -> None:
    container = await ended(docker, name, THREE_LINES)
    output = await docker.containers.logs(container, since=datetime.timedelta(hours=1))
    assert output.stdout == b"one\ntwo\nthree\n"
    assert (await docker.containers.logs(container, until=datetime.timedelta(hours=1))).stdout == b""


async def test_follow_gives_each_line_when_it_is_written_and_ends_with_the_container(
    docker: Docker, name: Names
) -> None:
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


async def test_follow_with_tail_begins_with_what_comes_next(docker: Docker, name: Names) -> None:
    container = await started(docker, name, "echo old; cat", OpenStdin=True, StdinOnce=True)
    async with docker.containers.attach(container, stdin=True, stdout=False, stderr=False) as attached:
        async with docker.containers.logs(container, follow=True) as log:
            assert await anext(log.lines()) == Line("stdout", "old")
        async with docker.containers.logs(container, follow=True, tail=0) as log:
            await attached.send("new\n")
            assert await anext(log.lines()) == Line("stdout", "new")


@pytest.mark.parametrize("driver", ["json-file", "local"])
async def test_follow_loses_and_mixes_up_nothing_while_the_container_writes(
    docker: Docker, name: Names, driver: str
) -> None:
    # The container lives on: 20.10 may end a log early when the container ends while it is followed.
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


# Two files whose bytes only the container knows; each stream begins with the sum of what follows in it.
BIG = """
head -c 4000000 /dev/urandom | base64 {wrap} > /tmp/out; head -c 2000000 /dev/urandom | base64 {wrap} > /tmp/err
sha256sum < /tmp/out; sha256sum < /tmp/err >&2
cat /tmp/out & cat /tmp/err >&2; wait
"""


def _holds_its_sum(data: bytes, least: int) -> bool:
    line, _, rest = data.partition(b"\n")
    assert len(rest) >= least
    return hashlib.sha256(rest).hexdigest().encode() == line.split()[0]


@pytest.mark.parametrize("driver", ["json-file", "local"])
@pytest.mark.parametrize("wrap", ["-w 76", "-w 0"], ids=["short lines", "one endless line"])
async def test_megabytes_come_complete_and_unchanged(docker: Docker, name: Names, driver: str, wrap: str) -> None:
    script = BIG.format(wrap=wrap)
    container = await ended(docker, name, script, HostConfig={"LogConfig": {"Type": driver, "Config": {}}})
    output = await docker.containers.logs(container)
    assert _holds_its_sum(output.stdout, 5_300_000)
    assert _holds_its_sum(output.stderr, 2_600_000)


async def test_bytes_that_are_no_text_come_unchanged(docker: Docker, name: Names) -> None:
    script = "head -c 300000 /dev/urandom > /tmp/out; sha256sum < /tmp/out; cat /tmp/out"
    container = await ended(docker, name, script, HostConfig={"LogConfig": {"Type": "local", "Config": {}}})
    assert _holds_its_sum((await docker.containers.logs(container)).stdout, 300_000)


async def test_characters_that_the_daemon_cuts_in_two_are_whole_in_lines(docker: Docker, name: Names) -> None:
    # 60,000 bytes in one line, in characters of three: the daemon cuts it every 16 KiB, which three does not divide.
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


async def test_a_loop_over_lines_goes_on_in_the_next_loop(docker: Docker, name: Names) -> None:
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
            raise AssertionError("there is no such log")


async def test_a_driver_that_keeps_nothing_cannot_be_read(docker: Docker, name: Names) -> None:
    container = await ended(docker, name, TWO_STREAMS, HostConfig={"LogConfig": {"Type": "none"}})
    with pytest.raises(NotImplementedByDaemon, match="does not support reading"):
        await docker.containers.logs(container)


async def test_a_follower_of_a_removed_container_comes_to_an_end(docker: Docker, name: Names) -> None:
    container = await started(docker, name, "echo here; exec sleep 1000")
    async with docker.containers.logs(container, follow=True) as log:
        assert await anext(log) == Frame("stdout", b"here\n")
        await docker.containers.remove(container, force=True)
        async with asyncio.timeout(20):
            assert [frame async for frame in log] == []
