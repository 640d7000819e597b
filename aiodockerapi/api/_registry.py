"""What calls about images and registries have in common: names in paths, tags, platforms, credentials."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, TypeAlias, Union
from urllib.parse import quote

from .. import models
from .._engine import unstructure
from .._wire import platforms
from .._wire.arguments import text
from .._wire.json_text import encode_header_json
from .._wire.references import Reference, parse_reference
from ..errors import InvalidArgument, InvalidArgumentType
from ._common import Body

__all__ = [
    "PlatformLike",
    "auth_headers",
    "image_path",
    "platform_json",
    "platform_list",
    "platform_text",
    "registry_config_headers",
    "tagged",
]

PlatformLike: TypeAlias = Union[str, "models.OCIPlatform", Body]
"""A platform: ``os[/arch[/variant]]``, or an OCI platform as a model or in wire form."""


def image_path(image: str, action: str = "", *, group: str = "images") -> str:
    """The path of an image, by its reference or id.

    The daemon takes its slashes as they are; what a reference may hold leads to no other endpoint.
    """
    parse_reference(image)
    return f"/{group}/{quote(image, safe='/:@')}{action}"


def tagged(reference: str, tag: str | None) -> Reference:
    """A name with its tag, be that in the reference or beside it."""
    parts = parse_reference(reference)
    if parts.digest:
        raise InvalidArgument(f"{reference!r} names a digest: a name with or without a tag is needed here")
    if tag is None:
        return parts
    if not text(tag, "tag") or parse_reference(f"{parts.name}:{tag}").tag != tag:
        raise InvalidArgument(f"{tag!r} is not a tag")
    if parts.tag and parts.tag != tag:
        raise InvalidArgument(f"{reference!r} and tag={tag!r} name two tags")
    return parts._replace(tag=tag)


def platform_text(platform: PlatformLike | None) -> str | None:
    """A platform as pulls and builds take it."""
    return None if platform is None else platforms.platform_text(_in_wire_form(platform))


def platform_json(platform: PlatformLike | None) -> str | None:
    """A platform as all other calls take it."""
    return None if platform is None else platforms.platform_json(_in_wire_form(platform))


def platform_list(platform: PlatformLike | Iterable[PlatformLike] | None) -> list[str] | None:
    """One or several platforms as all other calls take them."""
    if platform is None:
        return None
    one = isinstance(platform, str | Mapping) or not isinstance(platform, Iterable)
    found: Iterable[PlatformLike] = [platform] if one else platform  # type: ignore[assignment,list-item]
    return [platforms.platform_json(_in_wire_form(item)) for item in found]


def _in_wire_form(platform: PlatformLike) -> Any:
    if isinstance(platform, str | Mapping) or not isinstance(platform, models.OCIPlatform):
        return platform
    return unstructure(platform)


def auth_headers(auth: models.AuthConfig | Body | None) -> dict[str, str] | None:
    """The header that carries credentials for one registry."""
    return None if auth is None else {"X-Registry-Auth": encode_header_json(_credentials(auth, "auth"))}


def registry_config_headers(auth: Mapping[str, models.AuthConfig | Body] | None) -> dict[str, str] | None:
    """The header that carries credentials for several registries."""
    if auth is None:
        return None
    if not isinstance(auth, Mapping):
        raise InvalidArgumentType(f"auth must be a mapping of registries to AuthConfigs, not {type(auth).__name__}")
    found = {text(host, "each registry of auth"): _credentials(one, f"auth[{host!r}]") for host, one in auth.items()}
    return {"X-Registry-Config": encode_header_json(found)}


def _credentials(auth: models.AuthConfig | Body, noun: str) -> dict[str, Any]:
    """Credentials in wire form. No error shows them."""
    if not isinstance(auth, Mapping) and not isinstance(auth, models.AuthConfig):
        raise InvalidArgumentType(f"{noun} must be an AuthConfig or a mapping, not {type(auth).__name__}")
    try:
        raw: dict[str, Any] = unstructure(auth)
    except InvalidArgument:
        raise InvalidArgumentType(f"{noun} holds what has no JSON form") from None
    for key, value in raw.items():
        if value is not None and not isinstance(value, str):
            raise InvalidArgumentType(f"{noun}: {key} must be a string, not {type(value).__name__}")
    return raw
