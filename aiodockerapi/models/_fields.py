"""How a model declares its properties: the wire name, what stands in for an absent value, and the API versions that know it."""

from typing import Any, Final, TypeVar

import attrs
from attrs import define

__all__ = ["ABSENT_INT", "ABSENT_STR", "AbsentDict", "AbsentInt", "AbsentList", "AbsentStr", "Model", "define", "wire"]

_K = TypeVar("_K")
_V = TypeVar("_V")


class AbsentList(list[_V]):
    """An empty list that nobody set: left out of a request for as long as it stays empty."""

    __slots__ = ()


class AbsentDict(dict[_K, _V]):
    """An empty mapping that nobody set: left out of a request for as long as it stays empty."""

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

_EMPTY: dict[type | None, dict[str, Any]] = {
    None: {"default": None},
    str: {"default": ABSENT_STR},
    int: {"default": ABSENT_INT},
    bool: {"default": False},
    list: {"factory": AbsentList},
    dict: {"factory": AbsentDict},
}


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
    :param empty: what an absent or null property reads as: nothing (None, the field's type ends in ``| None``), or the
        empty ``str``, ``int``, ``bool``, ``list`` or ``dict``. What was not set is not sent, whichever it is; an explicit
        empty value is. (``bool`` cannot tell the two apart and is always sent: for answers only.)
    :param since: the first API version that knows the property, where that is newer than v1.41.
    :param until: the last API version that knows it, where a newer one has dropped it.
    :param sent_since: the first API version that heeds the property in a request, where engines sent it earlier than that.
    :param unix: the number on the wire counts seconds since 1970; the field is a `datetime.datetime`.
    :param secret: the value is a credential and is kept out of the model's repr.
    """
    metadata = {"wire": name, "since": since, "until": until, "sent_since": sent_since, "unix": unix}
    return attrs.field(metadata=metadata, repr=not secret, **_EMPTY[empty])


def _or_none(value: dict[str, Any] | None) -> dict[str, Any] | None:
    return value or None


@attrs.define(kw_only=True)
class Model:
    """What every class of the API's data has in common.

    Models are plain, mutable attrs classes: `attrs.evolve` and `attrs.asdict` work on them, two are equal when their fields
    are. Properties that the class does not know are kept in `extra` and sent back where the model is sent.
    """

    _extra: dict[str, Any] | None = attrs.field(default=None, alias="extra", repr=False, eq=_or_none)
    # Known properties whose wire value reads as nothing (null, the zero time): restored on the way back while unchanged.
    _blank: dict[str, Any] | None = attrs.field(default=None, init=False, repr=False, eq=False)

    @property
    def extra(self) -> dict[str, Any]:
        """Properties that this class does not know, by their names in JSON."""
        if self._extra is None:
            self._extra = {}
        return self._extra
