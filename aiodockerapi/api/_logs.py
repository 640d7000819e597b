"""Logs, which read the same way wherever they come from."""

from collections.abc import Awaitable, Callable
from typing import Literal, TypeAlias

from .._engine import Engine, Request, request
from .._streams import FrameStream, Output, StreamCall, collect
from .._transport import StreamAnswer
from .._wire.arguments import QueryValue, When, integer, optional_bool, timestamp
from .._wire.frames import FrameDecoder, RawDecoder
from .._wire.versions import ApiVersion
from ..errors import InvalidArgument
from ._common import CONTENT_TYPES_TELL, frame_decoder

__all__ = ["Tail", "log_call", "log_request", "output_decoder", "remember_terminal", "terminal"]

Tail: TypeAlias = int | Literal["all"]
"""How many of the last lines."""

_MOST_TERMINALS = 4096


def log_request(
    path: str,
    *,
    follow: bool | None,
    stdout: bool,
    stderr: bool,
    since: When | None,
    timestamps: bool | None,
    tail: Tail | None,
    until: When | None = None,
    details: bool | None = None,
) -> Request:
    """The request for a log, its arguments checked."""
    parameters: dict[str, QueryValue] = {
        "details": optional_bool(details, "details"),
        "follow": optional_bool(follow, "follow"),
        "stdout": optional_bool(stdout, "stdout"),
        "stderr": optional_bool(stderr, "stderr"),
        "since": timestamp(since, "since"),
        "until": timestamp(until, "until"),
        "timestamps": optional_bool(timestamps, "timestamps"),
        "tail": _tail(tail),
    }
    if not (stdout or stderr):
        raise InvalidArgument("neither stdout nor stderr is asked for")
    return request("GET", path, parameters)


def log_call(
    name: str, engine: Engine, call: Request, has_terminal: Callable[[], Awaitable[bool]]
) -> StreamCall[FrameStream, Output]:
    """The call of a log."""

    async def enter() -> FrameStream:
        version, tty = await terminal(engine, has_terminal)
        answer = await engine.stream(call)
        return FrameStream(answer, await output_decoder(answer, version, has_terminal, tty=tty))

    return StreamCall(name, enter, collect)


async def terminal(engine: Engine, has_terminal: Callable[[], Awaitable[bool]]) -> tuple[ApiVersion, bool]:
    """The version in use, and whether output comes from a terminal: asked only where the answer will not tell."""
    version = await engine.version()
    return version, version < CONTENT_TYPES_TELL and await has_terminal()


async def output_decoder(
    answer: StreamAnswer, version: ApiVersion, has_terminal: Callable[[], Awaitable[bool]], *, tty: bool
) -> FrameDecoder | RawDecoder:
    """The decoder for output; `version` and `tty` are what `terminal` told before the call."""
    if (
        answer.request.version < CONTENT_TYPES_TELL <= version
    ):  # an older engine has come in between, which has to be asked
        try:
            tty = await has_terminal()
        except BaseException:
            answer.close()
            raise
    return frame_decoder(answer, answer.request.version, tty=tty)


def remember_terminal(engine: Engine, container_id: str, *, tty: bool) -> None:
    """Spare later calls the question: a container keeps what it was created with, and no id is ever used twice."""
    known, version = engine.terminals, engine.known_version
    if version is None or version >= CONTENT_TYPES_TELL:
        return
    if len(known) >= _MOST_TERMINALS:
        del known[next(iter(known))]
    known[container_id] = tty


def _tail(tail: Tail | None) -> str | None:
    if tail is None:
        return None
    if isinstance(tail, str):
        if tail == "all":
            return tail
        raise InvalidArgument(f"tail must be a number of lines or 'all', not {tail!r}")
    return str(integer(tail, "tail", least=0))
