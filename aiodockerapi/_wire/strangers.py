"""What is no Docker daemon, and what it seems to be: web servers, proxies, registries, and servers that speak no HTTP."""

import re
from collections.abc import Mapping
from urllib.parse import urlsplit

from ..errors import TransportError
from .patterns import Pattern

__all__ = ["banner", "is_html", "is_page", "no_ping", "page", "redirected", "stranger"]

_TITLE = Pattern(rb"<title[^>]*>\s*([^<]{1,200})", re.IGNORECASE)
_PAGE = Pattern(rb"\s*<(!doctype|html|head|body|\?xml)", re.IGNORECASE)
_MAIL = Pattern(r"\b[12]20[ -]|\+OK |\* OK ")
_CHECK = "Check the address"


def stranger(endpoint: object, what: str) -> TransportError:
    """The error for what answers there, and is no Docker daemon; `what` says how that is known."""
    return TransportError(f"{endpoint} does not answer as a Docker daemon does: {what}")


def is_html(headers: Mapping[str, str]) -> bool:
    """Whether the answer is a web page, going by its headers."""
    return headers.get("content-type", "").startswith("text/html")


def is_page(body: bytes) -> bool:
    """Whether this is a web page, or begins as one does."""
    return _PAGE.match(body) is not None


def page(body: bytes) -> str:
    """What is to be said of a web page in an answer's place."""
    found = _TITLE.search(body[:4096])
    title = " ".join(found[1].decode("utf-8", "replace").split()) if found else ""
    named = f" ({title!r})" if title else ""
    return f"it is a web page{named}: a web server, or a proxy in front of the daemon, answers here. {_CHECK}"


def redirected(headers: Mapping[str, str]) -> str:
    """What is to be said of a redirection; without its query, which may hold secrets."""
    where = headers.get("location", "")
    try:
        parts = urlsplit(where)
        where = f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}{parts.path}" if parts.netloc else parts.path
    except ValueError:
        where = ""
    to = f" to {where[:200]}" if where else ""
    return f"the daemon redirects this request{to}, which no daemon does: is something else in front of it? {_CHECK}"


def no_ping(headers: Mapping[str, str]) -> str:
    """What is to be said of a server that does not know the ping."""
    if "docker-distribution-api-version" in headers:
        return f"this is a registry, which holds images, and no Docker daemon. {_CHECK}"
    return f"there is no /_ping, which every Docker daemon has: something else answers here. {_CHECK}"


def banner(text: str) -> str:
    """What a server that does not speak HTTP seems to be; empty if that cannot be told."""
    if "SSH-" in text:
        return "an SSH server answers there: for a daemon behind it, write ssh://user@host"
    if _MAIL.search(text):
        return "a mail or file server answers there: check host and port"
    return ""
