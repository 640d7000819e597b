"""JSON in headers: credentials for registries, and what a path in a container is."""

import base64
import json
from typing import Any

from ..errors import MalformedStream
from .json_text import loads

__all__ = ["decode_header_json", "encode_header_json"]


def encode_header_json(value: Any) -> str:
    """JSON in padded, URL-safe base64: ``X-Registry-Auth`` and ``X-Registry-Config``."""
    return base64.urlsafe_b64encode(json.dumps(value, separators=(",", ":")).encode()).decode("ascii")


def decode_header_json(text: str, header: str) -> Any:
    """JSON in standard base64, as in ``X-Docker-Container-Path-Stat``."""
    try:
        return loads(base64.b64decode(text, validate=True))
    except ValueError as error:
        raise MalformedStream(f"the daemon's header {header} cannot be read: {text!r:.200}") from error
