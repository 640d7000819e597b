"""Helpers for calls about images and registries: image names in paths, tags, platforms, credentials."""

from __future__ import annotations

import base64
from collections.abc import Iterable, Mapping
from typing import Any, Final, TypeAlias, Union
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
    """Return the path of an image, given by its reference or id.

    The daemon expects unencoded slashes. A valid reference cannot lead to another endpoint.
    """
    parse_reference(image)
    return f"/{group}/{quote(image, safe='/:@')}{action}"


def tagged(reference: str, tag: str | None) -> Reference:
    """Parse a name whose tag is in the reference or given separately.

    :raises InvalidArgument: if there are two different tags, or the reference contains a digest.
    """
    parts = parse_reference(reference)
    if parts.digest:
        raise InvalidArgument(f"{reference!r} contains a digest: a name with an optional tag is required")
    if tag is None:
        return parts
    if not text(tag, "tag") or parse_reference(f"{parts.name}:{tag}").tag != tag:
        raise InvalidArgument(f"{tag!r} is not a tag")
    if parts.tag and parts.tag != tag:
        raise InvalidArgument(f"{reference!r} already has a tag, which differs from tag={tag!r}")
    return parts._replace(tag=tag)


def platform_text(platform: PlatformLike | None) -> str | None:
    """Return a platform in the form of pulls and builds: ``os[/arch[/variant]]``."""
    return None if platform is None else platforms.platform_text(_wire_form(platform))


def platform_json(platform: PlatformLike | None) -> str | None:
    """Return a platform in the form of all other calls: JSON."""
    return None if platform is None else platforms.platform_json(_wire_form(platform))


def platform_list(platform: PlatformLike | Iterable[PlatformLike] | None) -> list[str] | None:
    """Return one or several platforms as JSON."""
    if platform is None:
        return None
    single = isinstance(platform, str | Mapping) or not isinstance(platform, Iterable)
    found: Iterable[PlatformLike] = [platform] if single else platform  # type: ignore[assignment,list-item]
    return [platforms.platform_json(_wire_form(item)) for item in found]


def _wire_form(platform: PlatformLike) -> Any:
    if isinstance(platform, str | Mapping) or not isinstance(platform, models.OCIPlatform):
        return platform
    return unstructure(platform)


def auth_headers(auth: models.AuthConfig | Body | None) -> dict[str, str] | None:
    """Return the header that contains credentials for one registry."""
    return None if auth is None else {"X-Registry-Auth": encode_header_json(_credentials(auth, "auth"))}


def registry_config_headers(auth: Mapping[str, models.AuthConfig | Body] | None) -> dict[str, str] | None:
    """Return the header that contains credentials for several registries."""
    if auth is None:
        return None
    if not isinstance(auth, Mapping):
        raise InvalidArgumentType(f"auth must be a mapping of registries to AuthConfigs, not {type(auth).__name__}")
    found = {text(host, "each registry of auth"): _credentials(one, f"auth[{host!r}]") for host, one in auth.items()}
    return {"X-Registry-Config": encode_header_json(found)}


def _credentials(auth: models.AuthConfig | Body, noun: str) -> dict[str, Any]:
    """Return credentials in wire form. Error messages never contain them."""
    if not isinstance(auth, Mapping) and not isinstance(auth, models.AuthConfig):
        raise InvalidArgumentType(f"{noun} must be an AuthConfig or a mapping, not {type(auth).__name__}")
    try:
        raw: dict[str, Any] = unstructure(auth)
    except InvalidArgument:
        raise InvalidArgumentType(f"{noun} contains a value that has no JSON form") from None
    for key, value in raw.items():
        if value is not None and not isinstance(value, str):
            raise InvalidArgumentType(f"{noun}: {key} must be a string, not {type(value).__name__}")
    if isinstance(auth, Mapping):
        return _from_config_file(raw, noun)
    return raw


_CREDENTIAL_KEYS: Final = ("username", "password", "serveraddress", "identitytoken", "registrytoken", "email")


def _from_config_file(raw: dict[str, Any], noun: str) -> dict[str, Any]:
    """Return credentials with ``auth`` decoded, which ``config.json`` has in place of the user name and password.

    The daemon ignores unknown keys, so that the request would be anonymous.
    """
    encoded = raw.pop("auth", None)
    unknown = [key for key in raw if key not in _CREDENTIAL_KEYS]
    if unknown:
        raise InvalidArgument(
            f"{noun} contains the unknown key {', '.join(map(repr, unknown))}; known are {', '.join(_CREDENTIAL_KEYS)}, and "
            "auth: username:password in base64"
        )
    if not encoded:
        return raw
    try:
        user, colon, password = base64.b64decode(encoded, validate=True).decode().partition(":")
    except ValueError:
        user = colon = password = ""
    if not colon:
        raise InvalidArgument(f"{noun}: auth must be username:password in base64")
    return {"username": user, "password": password.rstrip("\0"), **raw}
