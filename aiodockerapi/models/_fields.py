"""Declaration of model fields: names in JSON, values of absent properties, and the API versions that have them."""

from typing import Any, Final, TypeVar

import attrs

__all__ = ["ABSENT_INT", "ABSENT_STR", "AbsentDict", "AbsentInt", "AbsentList", "AbsentStr", "Model", "wire"]

_K = TypeVar("_K")
_V = TypeVar("_V")


class AbsentList(list[_V]):
    """The default of list fields: a list that was not set and is omitted from requests as long as it is empty."""

    __slots__ = ()


class AbsentDict(dict[_K, _V]):
    """The default of dict fields: a dict that was not set and is omitted from requests as long as it is empty."""

    __slots__ = ()


class AbsentStr(str):
    """The type of `ABSENT_STR`; copying and unpickling return the same object."""

    __slots__ = ()

    def __copy__(self) -> "AbsentStr":
        return self

    def __deepcopy__(self, memo: object) -> "AbsentStr":
        return self

    def __reduce__(self) -> str:
        return "ABSENT_STR"


class AbsentInt(int):
    """The type of `ABSENT_INT`; copying and unpickling return the same object."""

    __slots__ = ()

    def __copy__(self) -> "AbsentInt":
        return self

    def __deepcopy__(self, memo: object) -> "AbsentInt":
        return self

    def __reduce__(self) -> str:
        return "ABSENT_INT"


ABSENT_STR: Final = AbsentStr()
"""The default of ``str`` fields: an empty string that was not set and is omitted from requests."""
ABSENT_INT: Final = AbsentInt()
"""The default of ``int`` fields: a 0 that was not set and is omitted from requests."""

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
    """Declare a field of a model.

    :param name: name of the property in JSON.
    :param empty: value of an absent or null property: None (the field's type ends in ``| None``), or the empty ``str``,
        ``int``, ``bool``, ``list`` or ``dict``. A field that is not set is omitted from requests, an explicit empty
        value is sent. Exception: ``bool`` does not distinguish the two and is always sent, so it is for responses only.
    :param since: first API version that has the property, if newer than v1.41.
    :param until: last API version that has the property, if a newer version has removed it.
    :param sent_since: first API version that uses the property in requests, if older versions only report it.
    :param unix: whether the JSON value is a number of seconds since 1970; the field is a `datetime.datetime`.
    :param secret: whether the value is a credential; it is omitted from the model's repr.
    """
    metadata = {"wire": name, "since": since, "until": until, "sent_since": sent_since, "unix": unix}
    return attrs.field(metadata=metadata, repr=not secret, **_EMPTY[empty])


def _or_none(value: dict[str, Any] | None) -> dict[str, Any] | None:
    return value or None


@attrs.define(kw_only=True)
class Model:
    """The base class of all models.

    Models are plain, mutable attrs classes: `attrs.evolve` and `attrs.asdict` work on them, and two models are equal if
    their fields are equal. Properties that the class does not define are kept in `extra` and are sent back with the
    model.
    """

    _extra: dict[str, Any] | None = attrs.field(default=None, alias="extra", repr=False, eq=_or_none)
    # JSON values of defined properties that are read as None or empty (null, the zero time). They are sent back as they
    # were received as long as the field is unchanged.
    _blank: dict[str, Any] | None = attrs.field(default=None, init=False, repr=False, eq=False)

    @property
    def extra(self) -> dict[str, Any]:
        """Properties that this class does not define, by their names in JSON."""
        if self._extra is None:
            self._extra = {}
        return self._extra
