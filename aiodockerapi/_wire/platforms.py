"""Image platforms: as text (``linux/arm64/v8``), and as the JSON that some operations require."""

import re
from collections.abc import Mapping
from typing import Any, Final

from ..errors import InvalidArgument, InvalidArgumentType
from .arguments import text
from .json_text import dumps

__all__ = ["platform_json", "platform_text"]

_PLATFORM: Final = re.compile(
    r"(?P<os>[A-Za-z0-9_.-]+)(?:\((?P<version>[A-Za-z0-9_.-]*)\))?"
    r"(?:/(?P<architecture>[A-Za-z0-9_.-]+)(?:/(?P<variant>[A-Za-z0-9_.-]+))?)?"
)
_KEYS: Final = {"os": "os", "architecture": "architecture", "variant": "variant", "os.version": "version"}


def platform_text(value: str | Mapping[str, Any]) -> str:
    """Return a platform as ``os[/arch[/variant]]``. An empty string, the platform of the daemon, is returned unchanged.

    :raises InvalidArgument: if it is malformed, or without ``os``.
    """
    if value == "":
        return ""
    parts = _parts(value)
    version = parts.get("os.version")
    result = f"{parts['os']}({version})" if version else str(parts["os"])
    for key in ("architecture", "variant"):
        if not parts.get(key):
            break
        result += f"/{parts[key]}"
    return result


def platform_json(value: str | Mapping[str, Any]) -> str:
    """Return a platform as JSON, for which the daemon requires the architecture.

    :raises InvalidArgument: if it is malformed, or without ``os`` or ``architecture``.
    """
    parts = _parts(value)
    if not parts.get("architecture"):
        raise InvalidArgument(f"platform {value!r:.80} must include the architecture, such as linux/amd64")
    ordered = {key: parts[key] for key in _KEYS if key in parts}
    try:
        return dumps(ordered | parts).decode()
    except (ValueError, TypeError) as error:
        raise InvalidArgumentType(f"platform cannot be encoded as JSON: {error}") from error


def _parts(value: str | Mapping[str, Any]) -> dict[str, Any]:
    """Return the parts of a platform by their OCI names."""
    if isinstance(value, str):
        match = _PLATFORM.fullmatch(value)
        if match is None:
            raise InvalidArgument(f"platform must be os[/arch[/variant]], such as linux/arm64/v8, not {value!r:.80}")
        return {key: match[group] for key, group in _KEYS.items() if match[group]}
    if not isinstance(value, Mapping):
        raise InvalidArgumentType(f"platform must be a string, an OCIPlatform or a mapping, not {type(value).__name__}")
    for key in _KEYS:
        if value.get(key) is not None:
            text(value[key], f"{key!r} of the platform")
    if not value.get("os"):
        raise InvalidArgument(f"platform {dict(value)!r:.80} must include 'os'")
    return dict(value)
