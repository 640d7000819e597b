"""Conversion between JSON values and models.

API classes are read and written by generated straight-line code, one function per class. Other types are converted by a
`cattrs.Converter`, which has this code registered as hooks, so that users' classes may contain API classes.
"""

import datetime
from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING, Any, TypeVar

from .._wire.json_text import dumps
from ..errors import InvalidArgument, InvalidArgumentType
from ..models._fields import Model
from .cattrs_types import Mismatch, adds_hooks
from .fields import fields_of, is_model, model_inside
from .json_bodies import decode, decoder
from .structuring import hook_for, locate
from .unstructuring import to_json, writer_for

if TYPE_CHECKING:
    from cattrs import Converter

__all__ = [
    "body_in_wire_form",
    "decode",
    "decoder",
    "encode_json",
    "fields_of",
    "is_model",
    "model_inside",
    "prepare_writing",
    "structure",
    "unstructure",
]

T = TypeVar("T")


def structure(raw: Any, cls: type[T]) -> T:
    """Convert a JSON value to a model.

    :param raw: a value as returned by `json.loads`; it is not changed. Free-form parts (unknown properties, and properties
        typed `Any`) are used as they are, without copying.
    :param cls: a class of `aiodockerapi.models`, or a type made of such classes, for example ``list[ContainerSummary]``.
    :raises DecodingError: if a value has the wrong JSON type; the error includes its path.
    """
    return decoder(cls)(raw)


def unstructure(obj: Any) -> Any:
    """Convert a model, or any value made of models, lists and mappings, to a JSON value.

    Properties that were never set are left out; unknown properties that were read are included. `obj` is not changed.

    :raises InvalidArgument: if a value in it has no JSON form.
    """
    return _plain(obj)


def _plain(value: Any) -> Any:
    try:
        return to_json(value)
    except RecursionError as error:
        raise InvalidArgument("the value contains itself, or is nested too deeply") from error


def prepare_writing(classes: Iterable[type[Model]]) -> None:
    """Generate the code that writes these classes, for which the first body would have to wait otherwise."""
    for cls in classes:
        writer_for(cls)


def body_in_wire_form(body: Any, cls: type[Model]) -> dict[str, Any]:
    """Return the JSON object of a request body: a model of class `cls`, or a mapping in wire form.

    :raises InvalidArgument: if `body` is neither, or if a value in it has no JSON form.
    """
    if not isinstance(body, cls | Mapping):
        # Without the value, which may be a password.
        raise InvalidArgumentType(f"expected {cls.__name__} or a mapping in wire form, not {type(body).__name__}")
    raw: dict[str, Any] = _plain(body)
    return raw


def encode_json(value: Any) -> bytes:
    """Encode a value made of models, lists and mappings as JSON."""
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


@adds_hooks
def _add_hooks(converter: "Converter") -> None:
    converter.register_structure_hook_factory(is_model, _structure_hook)
    converter.register_unstructure_hook_factory(is_model, writer_for)
    converter.register_structure_hook(datetime.datetime, lambda value, cls: hook_for(cls)(value))
