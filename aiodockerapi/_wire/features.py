"""Options and operations that not every engine from v1.41 on knows, as data.

An older daemon mostly ignores what it does not know without a word. So an option that is given and is newer than the
engine is an error before anything is sent.
"""

import attrs

from ..errors import InvalidArgument
from .versions import ApiVersion

__all__ = ["FEATURES", "Feature", "feature", "given"]


@attrs.frozen
class Feature:
    """An option or operation by its Python name, and the first API version that has it."""

    name: str
    since: ApiVersion


def _table(rows: dict[str, tuple[str, ...]]) -> dict[str, Feature]:
    return {name: Feature(name, ApiVersion.parse(since)) for since, names in rows.items() for name in names}


FEATURES = _table(
    {
        "1.42": (
            "containers.stop.signal",
            "containers.restart.signal",
            "containers.attach_websocket.stdin",
            "containers.attach_websocket.stdout",
            "containers.attach_websocket.stderr",
            "exec.start.console_size",
            "system.disk_usage.type",
        ),
        "1.52": ("system.disk_usage.verbose",),
    }
)
"""Every gated option and operation."""


def feature(name: str) -> Feature:
    """The gated option or operation of that name."""
    try:
        return FEATURES[name]
    except KeyError:
        raise InvalidArgument(f"{name!r} is not an option or operation that only some engines have") from None


def given(**values: object) -> tuple[Feature, ...]:
    """The features of those options that are set; keywords are feature names with ``__`` for the dots."""
    return tuple(FEATURES[name.replace("__", ".")] for name, value in values.items() if value is not None)
