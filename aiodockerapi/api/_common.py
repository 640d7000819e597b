"""Helpers for all groups of calls: paths, requests with a JSON body, and checks of arguments."""

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
    "MULTIPLEXED_TYPE_SINCE",
    "Body",
    "Group",
    "Seconds",
    "characters",
    "container_path",
    "frame_decoder",
    "json_request",
    "require_name",
    "seconds",
    "terminal_size",
    "wire_request",
]

Body: TypeAlias = Mapping[str, Any]
"""A request body in wire form (the API's own JSON names), for settings that the models do not have yet."""

Seconds: TypeAlias = int | float | datetime.timedelta
"""A duration: seconds, or a `timedelta`."""

_MULTIPLEXED = "application/vnd.docker.multiplexed-stream"
MULTIPLEXED_TYPE_SINCE = ApiVersion(1, 42)
"""The API version since which the content type of output states whether it is multiplexed into frames.

In older versions, output is raw if the container or command has a terminal, and multiplexed otherwise.
"""


class Group:
    """A group of calls to one engine."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def __repr__(self) -> str:
        return f"<{type(self).__name__} of {self._engine.transport}>"


def container_path(container: str, action: str = "") -> str:
    """Return the path of a container, given by its name or id.

    A leading slash is removed: the names that list and inspect return have one.

    :raises InvalidArgument: if the name or id is invalid.
    """
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
        body=_encode(raw),
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


def _encode(raw: dict[str, Any]) -> bytes:
    try:
        return dumps(raw)
    except (ValueError, TypeError) as error:
        raise InvalidArgument(f"the body cannot be encoded as JSON: {error}") from error


def seconds(value: Seconds | None, noun: str, *, least: int = -1) -> int | None:
    """Return a duration in whole seconds, rounded up, as the daemon expects it.

    :param noun: the name of the argument, for errors.
    :param least: the smallest value allowed; -1 stands for no limit.
    :raises InvalidArgument: if it is not a number of seconds, or less than `least`.
    """
    if isinstance(value, datetime.timedelta):
        value = value.total_seconds()
    if isinstance(value, float):
        if not math.isfinite(value):
            raise InvalidArgument(f"{noun} must be a number of seconds, not {value}; -1 waits indefinitely")
        value = math.ceil(value)
    return integer(value, noun, least=least)


def terminal_size(value: tuple[int, int] | None, noun: str) -> list[int] | None:
    """Return the height and width of a terminal in wire form, or None, which is not sent.

    :param noun: the name of the argument, for errors.
    :raises InvalidArgument: if it is not a pair of non-negative integers.
    """
    if value is None:
        return None
    if not isinstance(value, Sequence) or isinstance(value, str | bytes) or len(value) != 2:
        raise InvalidArgumentType(f"{noun} must be a pair of height and width, not {value!r:.80}")
    return [characters(side, noun) for side in value]


def characters(value: int, noun: str) -> int:
    """Return the height or width of a terminal.

    :param noun: the name of the argument, for errors.
    :raises InvalidArgument: if it is not an integer, or negative.
    """
    count = integer(value, noun, least=0)
    if count is None:
        raise InvalidArgumentType(f"{noun} must be a number of characters, not None")
    return count


def frame_decoder(answer: StreamAnswer, version: ApiVersion, *, tty: bool) -> FrameDecoder | RawDecoder:
    """Return the decoder for output: by the content type since API 1.42, before that by whether there is a terminal."""
    if version >= MULTIPLEXED_TYPE_SINCE:
        return FrameDecoder() if answer.head.content_type == _MULTIPLEXED else RawDecoder()
    return RawDecoder() if tty else FrameDecoder()
