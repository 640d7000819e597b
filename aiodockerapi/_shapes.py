"""The types of bodies and answers, and the codec for them, loaded when a call first needs them.

Loading the classes of a large answer and writing the code that reads it takes tens of milliseconds; a program that only
imports this library needs none of it. So whatever calls name their types by a `Shape` or `BodyShape`, and have that prepared,
in a thread, before they use it.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final, Generic, TypeVar

from ._wire.features import Feature
from ._wire.json_text import LARGE

if TYPE_CHECKING:
    from .models._fields import Model

__all__ = ["FAST_JSON", "BodyShape", "Shape", "encode_json", "structure", "unstructure"]

T = TypeVar("T")

_MANY_BYTES: Final = 1 << 18


class _LargeBodies:
    """The way to read large bodies of one type, which has code of its own."""

    def __init__(self, shape: Shape[Any]) -> None:
        self._shape = shape
        self.ready: bool = False

    def prepare(self) -> None:
        from ._codec.typed import typed_reader

        typed_reader(self._shape.cls)
        self.ready = True


class _FastJSON:
    """Reading JSON with msgspec, where it is installed. Loading it takes as long as reading 300 KB of JSON without."""

    def __init__(self) -> None:
        self.bytes_read = 0
        self.ready: bool = False

    def prepare(self) -> None:
        from ._codec import typed

        self.ready = bool(typed)


FAST_JSON: Final = _FastJSON()
"""To be prepared before a stream of JSON. For other bodies it is prepared when enough of them have been read."""


class Shape(Generic[T]):
    """The type of an answer: a model, or something made of models.

    :param load: gives the type, and loads its modules.
    """

    def __init__(self, load: Callable[[], type[T]]) -> None:
        self._load = load
        self._large_bodies = _LargeBodies(self)
        self.ready: bool = False
        """Whether it can be used without taking long."""

    @cached_property
    def cls(self) -> type[T]:
        """The type itself."""
        return self._load()

    def prepare(self) -> None:
        """Load the classes, and write the code that reads them."""
        _ = self._structure, self._decode
        self.ready = True

    @cached_property
    def _structure(self) -> Callable[[Any], T]:
        from ._codec import decoder

        return decoder(self.cls)

    @cached_property
    def _decode(self) -> Callable[[bytes, type[T]], T]:
        from ._codec import decode

        return decode

    def lacks(self, body: bytes) -> Shape[T] | _LargeBodies | _FastJSON | None:
        """What is to be prepared before `decode` can read that body without taking long."""
        if not self.ready:
            return self
        if len(body) >= LARGE:
            return None if self._large_bodies.ready else self._large_bodies
        if not FAST_JSON.ready:
            FAST_JSON.bytes_read += len(body)
            if FAST_JSON.bytes_read >= _MANY_BYTES:
                return FAST_JSON
        return None

    def structure(self, raw: Any) -> T:
        """Read a JSON value.

        :raises DecodingError: a value in it has the wrong JSON type.
        """
        return self._structure(raw)

    def decode(self, body: bytes) -> T:
        """Read a body of JSON.

        :raises DecodingError: it is none, or a value in it has the wrong JSON type.
        """
        return self._decode(body, self.cls)


class BodyShape:
    """The type of a request's body.

    :param load: gives the model, and loads its modules.
    """

    def __init__(self, load: Callable[[], type[Model]]) -> None:
        self._load = load
        self.ready: bool = False
        """Whether it can be used without taking long."""

    @cached_property
    def cls(self) -> type[Model]:
        """The model itself."""
        return self._load()

    def prepare(self) -> None:
        """Load the classes, and write the code that spells them."""
        from ._codec import prepare_writing

        prepare_writing(self.cls)
        self.ready = True

    def in_wire_form(self, body: Any) -> dict[str, Any]:
        """The JSON object of a body: of the model, or of a mapping in wire form.

        :raises InvalidArgument: it is neither, or something in it has no JSON form.
        """
        from ._codec import body_in_wire_form

        return body_in_wire_form(body, self.cls)

    def features(self, call: str, raw: Any) -> tuple[Feature, ...]:
        """What a body in wire form asks of the engine that not every one knows; named by `call` and the path of the field."""
        from ._codec import gated_fields

        return gated_fields(call, raw, self.cls)


def encode_json(value: Any) -> bytes:
    """The JSON of anything made of models, lists and mappings."""
    from . import _codec

    return _codec.encode_json(value)


def structure(raw: Any, cls: type[T]) -> T:
    """Read a JSON value as a model."""
    from . import _codec

    return _codec.structure(raw, cls)


def unstructure(value: Any) -> Any:
    """The JSON value of a model, or of anything made of models, lists and mappings."""
    from . import _codec

    return _codec.unstructure(value)
