"""JSON values to models and back.

cattrs is the door: one `cattrs.Converter` serves models and users' own types alike. For the API's classes a hook factory is
registered with it that writes straight-line code per class.
"""

import datetime
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, TypeVar

from .._wire.json_text import dumps
from ..errors import InvalidArgument, InvalidArgumentType
from ..models._fields import Model
from .decoding import decode, decoder
from .fields import is_model
from .foreign import Mismatch, adds_hooks
from .gating import field_feature, gated_fields, models_within
from .reading import hook_for, locate
from .writing import to_json, writer_for

if TYPE_CHECKING:
    from cattrs import Converter

__all__ = [
    "body_in_wire_form",
    "decode",
    "decoder",
    "encode_json",
    "field_feature",
    "gated_fields",
    "is_model",
    "prepare_writing",
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


def prepare_writing(cls: type[Model]) -> None:
    """Write the code for bodies of class `cls`, which the first of them would have to wait for."""
    for one in models_within(cls):
        writer_for(one)


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


@adds_hooks
def _add_hooks(converter: "Converter") -> None:
    converter.register_structure_hook_factory(is_model, _structure_hook)
    converter.register_unstructure_hook_factory(is_model, writer_for)
    converter.register_structure_hook(datetime.datetime, lambda value, cls: hook_for(cls)(value))
