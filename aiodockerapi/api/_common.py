"""What the methods of all groups share."""

import datetime
import math
from collections.abc import Mapping, Sequence
from typing import Any, TypeAlias

from .._engine import Engine, Feature, LazyBodyType, Request, request
from .._transport import StreamAnswer
from .._wire.arguments import QueryValue, integer, path_segment
from .._wire.frames import FrameDecoder, RawDecoder
from .._wire.json_text import dumps
from .._wire.versions import ApiVersion
from ..errors import InvalidArgument, InvalidArgumentType

__all__ = [
    "CONTENT_TYPES_TELL",
    "Body",
    "Group",
    "Seconds",
    "characters",
    "container_path",
    "frame_decoder",
    "json_request",
    "require_name",
    "seconds",
    "sized",
    "wire_request",
]

Body: TypeAlias = Mapping[str, Any]
"""A request's body in wire form, for what the models do not know yet."""

Seconds: TypeAlias = int | float | datetime.timedelta
"""A length of time: seconds, or a `timedelta`."""

_MULTIPLEXED = "application/vnd.docker.multiplexed-stream"
CONTENT_TYPES_TELL = ApiVersion(1, 42)
"""From here on the content type of output says whether it comes in frames; before that only the terminal tells."""


class Group:
    """A group of calls to one engine."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def __repr__(self) -> str:
        return f"<{type(self).__name__} of {self._engine.transport}>"


def container_path(container: str, action: str = "") -> str:
    """The path of a container, by its name or id; the slash that inspect and list put before names is taken off."""
    if isinstance(container, str) and container.startswith("/"):
        container = container[1:]
    return f"/containers/{path_segment(container, 'container')}{action}"


async def json_request(
    call: str,
    method: str,
    path: str,
    body: object,
    lazy: LazyBodyType,
    parameters: Mapping[str, QueryValue] | None = None,
    *,
    features: tuple[Feature, ...] = (),
    headers: Mapping[str, str] | None = None,
) -> Request:
    """Build a request whose body is given as a model or as a mapping in wire form.

    :param call: the name of the call, under which `UnsupportedFeature` names gated fields of the body.
    :raises InvalidArgument: if the body is neither, or a value in it has no JSON form.
    """
    raw = await lazy.wire_form(body)
    return wire_request(call, method, path, raw, lazy, parameters, features=features, headers=headers)


def wire_request(
    call: str,
    method: str,
    path: str,
    raw: dict[str, Any],
    lazy: LazyBodyType,
    parameters: Mapping[str, QueryValue] | None = None,
    *,
    features: tuple[Feature, ...] = (),
    headers: Mapping[str, str] | None = None,
) -> Request:
    """Build a request like `json_request` from a body that is already in wire form."""
    return request(
        method,
        path,
        parameters,
        body=_written(raw),
        content_type="application/json",
        headers=headers,
        features=(*features, *lazy.features(call, raw)),
    )


def require_name(raw: Mapping[str, Any], noun: str) -> None:
    """Check that a body contains a name.

    :raises InvalidArgument: if it does not.
    """
    if not raw.get("Name"):
        raise InvalidArgument(f"a {noun} requires a name: name= of the model, 'Name' of the mapping")


def _written(raw: dict[str, Any]) -> bytes:
    try:
        return dumps(raw)
    except (ValueError, TypeError) as error:
        raise InvalidArgument(f"the body cannot be written as JSON: {error}") from error


def seconds(value: Seconds | None, noun: str, *, least: int = -1) -> int | None:
    """A length of time in whole seconds, rounded up, as the daemon takes it; -1 is forever."""
    if isinstance(value, datetime.timedelta):
        value = value.total_seconds()
    if isinstance(value, float):
        if not math.isfinite(value):
            raise InvalidArgument(f"{noun} must be a number of seconds, not {value}; -1 waits forever")
        value = math.ceil(value)
    return integer(value, noun, least=least)


def sized(value: tuple[int, int] | None, noun: str) -> list[int] | None:
    """Height and width of a terminal."""
    if value is None:
        return None
    if not isinstance(value, Sequence) or isinstance(value, str | bytes) or len(value) != 2:
        raise InvalidArgumentType(f"{noun} must be a pair of height and width, not {value!r:.80}")
    return [characters(side, noun) for side in value]


def characters(value: int, noun: str) -> int:
    """One side of a terminal; the daemon needs both."""
    count = integer(value, noun, least=0)
    if count is None:
        raise InvalidArgumentType(f"{noun} must be a number of characters, not None")
    return count


def frame_decoder(answer: StreamAnswer, version: ApiVersion, *, tty: bool) -> FrameDecoder | RawDecoder:
    """The decoder for output: from API 1.42 on the content type tells, before that only whether there is a terminal."""
    if version >= CONTENT_TYPES_TELL:
        return FrameDecoder() if answer.head.content_type == _MULTIPLEXED else RawDecoder()
    return RawDecoder() if tty else FrameDecoder()
