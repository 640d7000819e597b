"""What the objects of a swarm have in common."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final, TypeAlias, Union

from .. import models
from .._engine import Engine, LazyType, Request
from .._wire.arguments import integer
from ..errors import InvalidArgument

__all__ = ["Version", "created", "named", "object_version"]

Version: TypeAlias = Union[int, "models.ObjectVersion", None]
"""The revision that an update is made from, as the inspected object has it in its ``version``.

None is only there to spare an ``assert``: models may lack a version, and such an update is refused.
"""

_RAW: Final = LazyType(lambda: dict[str, Any])
_MADE: Final = LazyType(lambda: models.IDResponse)


def object_version(value: Version, noun: str) -> int:
    """The number of a revision."""
    index = value.index if isinstance(value, models.ObjectVersion) else integer(value, "version", least=0)
    if index is None:
        raise InvalidArgument(f"version is None: an update needs the version of the {noun} as it was inspected")
    return index


def named(raw: Mapping[str, Any], noun: str) -> None:
    """Refuse a body that lacks a name."""
    if not raw.get("Name"):
        raise InvalidArgument(f"a {noun} needs a name: name= of the model, 'Name' of the mapping")


async def created(engine: Engine, call: Request) -> models.IDResponse:
    """Make an object. Engines answer with an ``ID`` where the API's definitions say ``Id``."""
    raw = await engine.json(call, _RAW)
    return await _MADE.structure({"Id" if key == "ID" else key: value for key, value in raw.items()})
