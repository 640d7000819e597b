"""Logs of containers, services and tasks, and the decoders for their output."""

from collections.abc import Awaitable, Callable
from typing import Literal, TypeAlias

from .._engine import Engine, Request, request
from .._streams import FrameStream, Output, StreamCall, collect
from .._transport import StreamAnswer
from .._wire.arguments import QueryValue, When, integer, optional_bool, timestamp
from .._wire.frames import FrameDecoder, RawDecoder
from .._wire.versions import ApiVersion
from ..errors import InvalidArgument
from ._common import MULTIPLEXED_TYPE_SINCE, frame_decoder

__all__ = ["Tail", "log_call", "log_request", "output_decoder", "remember_terminal", "version_and_terminal"]

Tail: TypeAlias = int | Literal["all"]
"""A number of lines from the end of a log, or all."""

_MAX_TERMINALS = 4096


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
    """Build the request for a log.

    :raises InvalidArgument: if an argument is invalid.
    """
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
        raise InvalidArgument("neither stdout nor stderr is requested")
    return request("GET", path, parameters)


def log_call(
    name: str, engine: Engine, call: Request, has_terminal: Callable[[], Awaitable[bool]]
) -> StreamCall[FrameStream, Output]:
    """Create the call that reads a log.

    :param has_terminal: asks the engine whether the output is that of a terminal; used before API 1.42 only.
    """

    async def enter() -> FrameStream:
        version, tty = await version_and_terminal(engine, has_terminal)
        answer = await engine.stream(call)
        return FrameStream(answer, await output_decoder(answer, version, has_terminal, tty=tty))

    return StreamCall(name, enter, collect)


async def version_and_terminal(engine: Engine, has_terminal: Callable[[], Awaitable[bool]]) -> tuple[ApiVersion, bool]:
    """Return the API version in use, and whether the output is that of a terminal.

    The latter is only determined before API 1.42, where the content type of the output does not state its format.
    """
    version = await engine.version()
    return version, version < MULTIPLEXED_TYPE_SINCE and await has_terminal()


async def output_decoder(
    answer: StreamAnswer, version: ApiVersion, has_terminal: Callable[[], Awaitable[bool]], *, tty: bool
) -> FrameDecoder | RawDecoder:
    """Return the decoder for output; `version` and `tty` are the results of `version_and_terminal` before the request."""
    if answer.request.version < MULTIPLEXED_TYPE_SINCE <= version:  # meanwhile, an older engine has replaced the engine
        try:
            tty = await has_terminal()
        except BaseException:
            answer.close()
            raise
    return frame_decoder(answer, answer.request.version, tty=tty)


def remember_terminal(engine: Engine, container_id: str, *, tty: bool) -> None:
    """Cache whether a container has a terminal, for engines before API 1.42.

    An entry never becomes outdated: a container keeps its terminal setting, and ids are not reused.
    """
    terminals, version = engine.terminals, engine.known_version
    if version is None or version >= MULTIPLEXED_TYPE_SINCE:
        return
    if len(terminals) >= _MAX_TERMINALS:
        del terminals[next(iter(terminals))]
    terminals[container_id] = tty


def _tail(tail: Tail | None) -> str | None:
    if tail is None:
        return None
    if isinstance(tail, str):
        if tail == "all":
            return tail
        raise InvalidArgument(f"tail must be a number of lines or 'all', not {tail!r}")
    return str(integer(tail, "tail", least=0))
