"""JSON values to models and back.

cattrs is the door: one `cattrs.Converter` serves models and users' own types alike. For the API's classes a hook factory is
registered with it that writes straight-line code per class.
"""

import datetime
import functools
from collections.abc import Callable, Mapping
from typing import Any, TypeVar, cast

from .._wire.json_text import dumps, loads
from ..errors import DecodingError, InvalidArgument, InvalidArgumentType
from ..models._fields import Model
from .converter import CONVERTER
from .fields import Hook, is_model
from .foreign import Mismatch
from .gating import field_feature, gated_fields
from .reading import hook_for, item_hook, locate
from .writing import to_json, writer_for

__all__ = [
    "CONVERTER",
    "body_in_wire_form",
    "decode",
    "decoder",
    "encode_json",
    "field_feature",
    "gated_fields",
    "is_model",
    "structure",
    "unstructure",
]

T = TypeVar("T")


def structure(raw: Any, cls: type[T]) -> T:
    """Read a JSON value as a model.

    :param raw: what `json.loads` gives; it is not changed. Free-form parts (what a class does not know, or types as `Any`)
        are taken over and not copied.
    :param cls: a class of `aiodockerapi.models`, or any type made of them, such as ``list[ContainerSummary]``.
    :raises DecodingError: a value has the wrong JSON type; the error tells where.
    """
    return decoder(cls)(raw)


def unstructure(obj: Any) -> Any:
    """The JSON value of a model, or of anything made of models, lists and mappings.

    What was never set is left out; properties that the classes do not know are there again. `obj` is not changed.

    :raises InvalidArgument: something in it has no JSON form.
    """
    return _plain(obj)


def _plain(value: Any) -> Any:
    try:
        return to_json(value)
    except RecursionError as error:
        raise InvalidArgument("the value contains itself, or is nested too deeply") from error


def decoder(cls: type[T]) -> Callable[[Any], T]:
    """The function that reads JSON values as `cls`: look it up once, call it often."""
    return cast("Callable[[Any], T]", _decoder(cls))


def _make_decoder(cls: Any) -> Hook:
    hook = hook_for(cls) if is_model(cls) else item_hook(cls)  # Go writes null for an empty list, at the top too

    def decode_value(raw: Any) -> Any:
        try:
            return hook(raw)
        except Mismatch as mismatch:
            found = locate(cls, raw, mismatch)
            raise DecodingError(str(found), found.path.lstrip(".")) from None

    return decode_value


_decoder: Callable[[Any], Hook] = functools.cache(_make_decoder)


def decode(body: bytes, cls: type[T]) -> T:
    """Read a body of JSON as a model."""
    try:
        raw = loads(body)
    except ValueError as error:
        raise DecodingError(f"the daemon's answer is not JSON: {body[:200]!r}") from error
    return decoder(cls)(raw)


def body_in_wire_form(body: Any, cls: type[Model]) -> dict[str, Any]:
    """The JSON object of a request's body: a model of class `cls`, or a mapping in wire form.

    :raises InvalidArgument: it is neither, or something in it has no JSON form.
    """
    if not isinstance(body, cls | Mapping):
        raise InvalidArgumentType(
            f"expected {cls.__name__} or a mapping in wire form, not {type(body).__name__}"  # which may be a password
        )
    raw: dict[str, Any] = _plain(body)
    return raw


def encode_json(value: Any) -> bytes:
    """The JSON of anything made of models, lists and mappings."""
    try:
        return dumps(_plain(value))
    except InvalidArgument:
        raise
    except (ValueError, TypeError) as error:
        raise InvalidArgument(f"the body cannot be written as JSON: {error}") from error


def _structure_hook(cls: type[Model]) -> Callable[[Any, Any], Any]:
    hook = hook_for(cls)

    def read(value: Any, _: Any) -> Any:
        try:
            return hook(value)
        except Mismatch as mismatch:
            raise locate(cls, value, mismatch) from None

    return read


CONVERTER.register_structure_hook_factory(is_model, _structure_hook)
CONVERTER.register_unstructure_hook_factory(is_model, writer_for)
CONVERTER.register_structure_hook(datetime.datetime, lambda value, cls: hook_for(cls)(value))
