"""Types of bodies and answers that load, with the code that reads and writes them, when a call first needs them.

Importing the classes of a large answer and generating the code that reads it takes tens of milliseconds, which a program that
only imports this library does not need. Calls therefore refer to types by a `LazyType` or `LazyBodyType`, which is prepared in
a thread before its first use.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final, Generic, TypeVar

from .._concurrency import prepared
from .._wire.json_text import LARGE_BODY_SIZE
from .features import Feature, gated_fields, models_within

if TYPE_CHECKING:
    from ..models._fields import Model

__all__ = ["LazyBodyType", "LazyType", "encode_json", "structure", "unstructure"]

T = TypeVar("T")


class _FastJSON:
    """Parsing JSON with msgspec, if it is installed. Loading it takes as long as parsing 300 KB of JSON without it."""

    def __init__(self) -> None:
        self.bytes_read = 0
        self.ready: bool = False

    def prepare(self) -> None:
        from .._codec import msgspec_bodies

        self.ready = bool(msgspec_bodies)


_FAST_JSON: Final = _FastJSON()
_MANY_BYTES: Final = 1 << 18


class _LargeBodyReader:
    """The reader for large bodies of one type, which has generated code of its own."""

    def __init__(self, lazy: LazyType[Any]) -> None:
        self._lazy = lazy
        self.ready: bool = False

    def prepare(self) -> None:
        from .._codec.msgspec_bodies import typed_reader

        typed_reader(self._lazy.cls)
        self.ready = True


class LazyType(Generic[T]):
    """The type of an answer: a model, or a type made of models.

    :param load: imports the modules of the type and returns it.
    """

    def __init__(self, load: Callable[[], type[T]]) -> None:
        self._load = load
        self._large_bodies = _LargeBodyReader(self)
        self.ready: bool = False
        """Whether the type can be used without a long wait."""

    @cached_property
    def cls(self) -> type[T]:
        """The type itself."""
        return self._load()

    async def loaded(self, *, stream: bool = False) -> type[T]:
        """Return the type, prepared; `stream` prepares for a stream of JSON values as well."""
        if stream and not _FAST_JSON.ready:
            await prepared(self, _FAST_JSON)
        elif not self.ready:
            await prepared(self)
        return self.cls

    def prepare(self) -> None:
        """Import the classes and generate the code that reads them."""
        _ = self._structure, self._decode
        self.ready = True

    @cached_property
    def _structure(self) -> Callable[[Any], T]:
        from .._codec import decoder

        return decoder(self.cls)

    @cached_property
    def _decode(self) -> Callable[[bytes, type[T]], T]:
        from .._codec import decode

        return decode

    async def structure(self, raw: Any) -> T:
        """Convert a JSON value.

        :raises DecodingError: if a value in it has the wrong JSON type.
        """
        if not self.ready:
            await prepared(self)
        return self._structure(raw)

    async def decode(self, body: bytes) -> T:
        """Decode a JSON body.

        :raises DecodingError: if it is not JSON, or a value in it has the wrong JSON type.
        """
        if not self.ready:
            await prepared(self)
        if len(body) >= LARGE_BODY_SIZE:
            if not self._large_bodies.ready:
                await prepared(self._large_bodies)
        elif not _FAST_JSON.ready:
            _FAST_JSON.bytes_read += len(body)
            if _FAST_JSON.bytes_read >= _MANY_BYTES:
                await prepared(_FAST_JSON)
        return self._decode(body, self.cls)


class LazyBodyType:
    """The type of a request body.

    :param load: imports the modules of the model and returns it.
    """

    def __init__(self, load: Callable[[], type[Model]]) -> None:
        self._load = load
        self.ready: bool = False
        """Whether the type can be used without a long wait."""

    @cached_property
    def cls(self) -> type[Model]:
        """The model itself."""
        return self._load()

    async def load(self) -> None:
        """Prepare the type, before its model is instantiated."""
        if not self.ready:
            await prepared(self)

    def prepare(self) -> None:
        """Import the classes and generate the code that writes them."""
        from .._codec import prepare_writing

        prepare_writing(models_within(self.cls))
        self.ready = True

    async def wire_form(self, body: Any) -> dict[str, Any]:
        """Return the JSON object of a body, given as the model or as a mapping in wire form.

        :raises InvalidArgument: if it is neither, or a value in it has no JSON form.
        """
        if not self.ready:
            await prepared(self)
        return self.convert(body)

    def convert(self, body: Any) -> dict[str, Any]:
        """Return the same as `wire_form`, without preparation: the first body may block the event loop for a moment."""
        from .._codec import body_in_wire_form

        return body_in_wire_form(body, self.cls)

    def features(self, call: str, raw: Any) -> tuple[Feature, ...]:
        """Return the features that a body in wire form requires, named by `call` and the path of the field."""
        return gated_fields(call, raw, self.cls)


def encode_json(value: Any) -> bytes:
    """Return the JSON of a value made of models, lists and mappings."""
    from .. import _codec

    return _codec.encode_json(value)


def structure(raw: Any, cls: type[T]) -> T:
    """Convert a JSON value to a model."""
    from .. import _codec

    return _codec.structure(raw, cls)


def unstructure(value: Any) -> Any:
    """Return the JSON value of a model, or of a value made of models, lists and mappings."""
    from .. import _codec

    return _codec.unstructure(value)
