"""JSON text to values and back: the one place that knows which library does it."""

import json
from typing import Any

__all__ = ["dumps", "loads"]

_encode = json.JSONEncoder(ensure_ascii=False, allow_nan=False, separators=(",", ":")).encode

loads = json.loads


def dumps(value: Any) -> bytes:
    """Compact JSON in UTF-8."""
    return _encode(value).encode()
