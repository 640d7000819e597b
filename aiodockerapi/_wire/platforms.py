"""Platforms of images: ``linux/arm64/v8`` as people write it, and the JSON that half of the operations want instead."""

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
    """A platform as ``os[/arch[/variant]]``; an empty string stays one: it is the daemon's own platform."""
    if value == "":
        return ""
    parts = _parts(value)
    version = parts.get("os.version")
    spelt = f"{parts['os']}({version})" if version else str(parts["os"])
    for key in ("architecture", "variant"):
        if not parts.get(key):
            break
        spelt += f"/{parts[key]}"
    return spelt


def platform_json(value: str | Mapping[str, Any]) -> str:
    """A platform as an object; the daemon wants system and architecture then."""
    parts = _parts(value)
    if not parts.get("architecture"):
        raise InvalidArgument(f"platform {value!r:.80} lacks the architecture: linux/amd64, for example, has one")
    ordered = {key: parts[key] for key in _KEYS if key in parts}
    try:
        return dumps(ordered | parts).decode()
    except (ValueError, TypeError) as error:
        raise InvalidArgumentType(f"the platform cannot be written as JSON: {error}") from error


def _parts(value: str | Mapping[str, Any]) -> dict[str, Any]:
    """By the names that an OCI platform has in JSON."""
    if isinstance(value, str):
        match = _PLATFORM.fullmatch(value)
        if match is None:
            raise InvalidArgument(
                f"platform {value!r:.80} is not of the form os[/arch[/variant]], such as linux/arm64/v8"
            )
        return {key: match[group] for key, group in _KEYS.items() if match[group]}
    if not isinstance(value, Mapping):
        raise InvalidArgumentType(f"platform must be a string, an OCIPlatform or a mapping, not {type(value).__name__}")
    for key in _KEYS:
        if value.get(key) is not None:
            text(value[key], f"{key!r} of a platform")
    if not value.get("os"):
        raise InvalidArgument(f"platform {dict(value)!r:.80} lacks the system: 'os'")
    return dict(value)
