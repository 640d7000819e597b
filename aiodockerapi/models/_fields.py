"""How a model declares its properties: the JSON name, the value of an absent property, and the API versions that have it."""

import threading
from collections.abc import Callable
from reprlib import recursive_repr
from typing import TYPE_CHECKING, Any, ClassVar, Final, NamedTuple, TypeVar

import attrs

if TYPE_CHECKING:
    from attrs import define  # type checkers see the attrs classes that the models are

__all__ = [
    "ABSENT_INT",
    "ABSENT_STR",
    "AbsentDict",
    "AbsentInt",
    "AbsentList",
    "AbsentStr",
    "Model",
    "WireField",
    "define",
    "wire",
]

_C = TypeVar("_C", bound="type[Model]")
_K = TypeVar("_K")
_V = TypeVar("_V")


class AbsentList(list[_V]):
    """An empty list that was never set. It is left out of a request for as long as it stays empty."""

    __slots__ = ()


class AbsentDict(dict[_K, _V]):
    """An empty mapping that was never set. It is left out of a request for as long as it stays empty."""

    __slots__ = ()


class AbsentStr(str):
    """The type of `ABSENT_STR`."""

    __slots__ = ()

    def __copy__(self) -> "AbsentStr":
        return self

    def __deepcopy__(self, memo: object) -> "AbsentStr":
        return self

    def __reduce__(self) -> str:
        return "ABSENT_STR"


class AbsentInt(int):
    """The type of `ABSENT_INT`."""

    __slots__ = ()

    def __copy__(self) -> "AbsentInt":
        return self

    def __deepcopy__(self, memo: object) -> "AbsentInt":
        return self

    def __reduce__(self) -> str:
        return "ABSENT_INT"


ABSENT_STR: Final = AbsentStr()
ABSENT_INT: Final = AbsentInt()

_EMPTY: Final[dict[type | None, Any]] = {
    None: None,
    str: ABSENT_STR,
    int: ABSENT_INT,
    bool: False,
    list: AbsentList,
    dict: AbsentDict,
}


class WireField(NamedTuple):
    """A property as declared by `wire`, whose parameters these are.

    :ivar empty: the value of an absent property, or a class to call for it.
    """

    wire: str
    empty: Any
    since: str | None
    until: str | None
    sent_since: str | None
    unix: bool
    secret: bool

    def attribute(self) -> Any:
        """Return the attrs field for this property."""
        metadata = {
            "wire": self.wire,
            "since": self.since,
            "until": self.until,
            "sent_since": self.sent_since,
            "unix": self.unix,
        }
        default = attrs.Factory(self.empty) if isinstance(self.empty, type) else self.empty
        return attrs.field(default=default, metadata=metadata, repr=not self.secret)


def wire(
    name: str,
    *,
    empty: type | None = None,
    since: str | None = None,
    until: str | None = None,
    sent_since: str | None = None,
    unix: bool = False,
    secret: bool = False,
) -> Any:
    """Declare one property of a model.

    :param name: the property's name in JSON.
    :param empty: the value of an absent or null property: None (the field's type ends in ``| None``), or the empty ``str``,
        ``int``, ``bool``, ``list`` or ``dict``. A property that was never set is not sent; one that was explicitly set to an
        empty value is. (``bool`` cannot distinguish the two and is always sent: for responses only.)
    :param since: the first API version with the property, if newer than v1.41.
    :param until: the last API version with the property, if a newer version has removed it.
    :param sent_since: the first API version that honors the property in a request, if engines returned it earlier than that.
    :param unix: whether the JSON number counts seconds since 1970; the field is a `datetime.datetime`.
    :param secret: whether the value is a credential, which the model's repr leaves out.
    """
    return WireField(name, _EMPTY[empty], since, until, sent_since, unix, secret)


def _or_none(value: dict[str, Any] | None) -> dict[str, Any] | None:
    return value or None


@attrs.define(kw_only=True, eq=False, repr=False, getstate_setstate=False)
class Model:
    """The base class of all API data.

    Models are plain, mutable attrs classes: `attrs.evolve` and `attrs.asdict` work on them, and two models are equal if their
    fields are. Properties that the class does not know are kept in `extra` and sent back with the model.
    """

    __wire_fields__: ClassVar[dict[str, WireField]] = {}

    _extra: dict[str, Any] | None = attrs.field(default=None, alias="extra", repr=False, eq=_or_none)
    # Known properties whose JSON value reads as empty (null, the zero time): restored on writing while unchanged.
    _blank: dict[str, Any] | None = attrs.field(default=None, init=False, repr=False, eq=False)

    @property
    def extra(self) -> dict[str, Any]:
        """Properties that this class does not know, by their names in JSON."""
        if self._extra is None:
            self._extra = {}
        return self._extra

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Model) or other.__class__ is not self.__class__:
            return NotImplemented
        if _or_none(self._extra) != _or_none(other._extra):
            return False
        return all(getattr(self, name) == getattr(other, name) for name in self.__wire_fields__)

    @recursive_repr()
    def __repr__(self) -> str:
        shown = (name for name, field in self.__wire_fields__.items() if not field.secret)
        fields = ", ".join(f"{name}={getattr(self, name)!r}" for name in shown)
        return f"{type(self).__qualname__.rpartition('>.')[2]}({fields})"


# --- classes
#
# attrs generates and compiles methods for each class, which takes half a millisecond. The modules that a single call loads may
# have fifty classes, and the decoder needs none of these methods. So a model is created with its slots only; attrs
# completes it when its constructor or its list of fields is first used.

_lock: Final = threading.RLock()


class _Completing:
    """An attribute of a class that attrs sets; reading it completes the class."""

    __slots__ = ("_cls", "_name", "_own")

    def __init__(self, cls: type[Model], name: str, own: dict[str, WireField]) -> None:
        self._cls = cls
        self._name = name
        self._own = own

    def __get__(self, instance: object, owner: type | None = None) -> Any:
        cls = self._cls
        with _lock:
            if cls.__dict__[self._name] is self:
                _complete(cls, self._own)
        value = cls.__dict__[self._name]
        return value.__get__(instance, owner) if hasattr(value, "__get__") else value


def _complete(cls: type[Model], own: dict[str, WireField]) -> None:
    these = {name: field.attribute() for name, field in own.items()}
    properties = cls.__dict__.get("__attrs_props__")
    # The class is changed in place, where it has its slots already.
    attrs.define(
        cls, these=these, kw_only=True, slots=False, init=True, eq=False, repr=False, getstate_setstate=False,
        auto_attribs=True,
    )  # fmt: skip
    if properties is not None:
        type.__setattr__(cls, "__attrs_props__", properties)


def _slotted(cls: _C) -> _C:
    """Return the class with slots instead of the declarations of its fields."""
    own = {name: value for name, value in cls.__dict__.items() if isinstance(value, WireField)}
    namespace = {name: value for name, value in cls.__dict__.items() if name not in own}
    for name in ("__dict__", "__weakref__"):
        namespace.pop(name, None)
    namespace["__qualname__"] = cls.__qualname__
    namespace["__slots__"] = tuple(own)
    namespace["__wire_fields__"] = {**cls.__wire_fields__, **own}
    if "__attrs_props__" in Model.__dict__:  # since attrs 25.4
        namespace["__attrs_props__"] = Model.__dict__["__attrs_props__"]
    metaclass: Any = type(cls)
    made: _C = metaclass(cls.__name__, cls.__bases__, namespace)
    for name in ("__attrs_attrs__", "__init__"):
        setattr(made, name, _Completing(made, name, own))
    return made


if not TYPE_CHECKING:

    def define(*, kw_only: bool) -> Callable[[_C], _C]:
        """Make a class a model: what ``attrs.define(kw_only=True)`` does, at a fraction of the cost."""
        if not kw_only:
            raise ValueError("the fields of a model are keyword-only")
        return _slotted
