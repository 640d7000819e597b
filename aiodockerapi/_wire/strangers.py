"""What is no Docker daemon, and what it seems to be: web servers, proxies, registries, and servers that speak no HTTP."""

import re
from collections.abc import Mapping
from urllib.parse import urlsplit

from ..errors import ConnectFailed, TransportError
from .patterns import Pattern

__all__ = [
    "check",
    "encoding",
    "expects_tls",
    "forbidden_ping",
    "foreign",
    "is_html",
    "is_page",
    "no_http",
    "no_ping",
    "page",
    "redirected",
    "speaks_tls",
    "stranger",
    "wants_credentials",
    "wants_tls",
]

_TITLE = Pattern(rb"<title[^>]*>\s*([^<]{1,200})", re.IGNORECASE)
_PAGE = Pattern(rb"\s*<(!doctype|html|head|body|\?xml)", re.IGNORECASE)
_MAIL = Pattern(r"\b[12]20[ -]|\+OK |\* OK ")
_TLS = Pattern(rb"[\x14-\x17]\x03[\x00-\x04]")
_UNREACHED = (502, 503, 504)
_TOO_LARGE = 413
# What servers say who expect TLS, by their authors: Go, nginx, Apache.
_NOT_TLS = Pattern(
    "Client sent an HTTP request to an HTTPS server|plain HTTP request was sent to HTTPS port|speaking plain HTTP to an SSL"
)
_HTTP2 = "x04\\x00\\x00\\x00\\x00\\x00"  # as repr shows it: its first frame is one of settings


def stranger(endpoint: object, what: str) -> TransportError:
    """The error for what answers there, and is no Docker daemon; `what` says how that is known."""
    return TransportError(f"{endpoint} does not answer as a Docker daemon does: {what}")


def check(peer: object = "") -> str:
    """What helps against nearly all of this; `peer` is the address, where the rest does not name it."""
    return f"Check the address {peer}".strip()


def is_html(headers: Mapping[str, str]) -> bool:
    """Whether the answer is a web page, going by its headers."""
    return headers.get("content-type", "").lower().startswith("text/html")


def encoding(headers: Mapping[str, str]) -> str:
    """How the answer is compressed; empty where it is not, as it should be: nobody asks for it."""
    found = headers.get("content-encoding", "").strip().lower()
    return "" if found == "identity" else found


def is_page(body: bytes) -> bool:
    """Whether this is a web page, or begins as one does."""
    return _PAGE.match(body) is not None


def page(body: bytes, status: int = 200, peer: object = "") -> str:
    """What is to be said of a web page in an answer's place; `peer` as for `check`."""
    found = _TITLE.search(body[:4096])
    title = " ".join(found[1].decode("utf-8", "replace").split()) if found else ""
    named = f" ({title!r})" if title else ""
    remedy = ""
    if status in _UNREACHED:
        remedy = "Is the daemon behind it running? "
    if status == _TOO_LARGE:
        remedy = "It takes no body of that size: raise its limit. "
    return (
        f"it is a web page{named}: a web server, or a proxy in front of the daemon, answers here. {remedy}{check(peer)}"
    )


def redirected(headers: Mapping[str, str], peer: object = "") -> str:
    """What is to be said of a redirection; without its query, which may hold secrets."""
    where = headers.get("location", "")
    tls = ""
    try:
        parts, here = urlsplit(where), urlsplit(str(peer))
        if parts.scheme == "https" != here.scheme and parts.hostname == here.hostname:
            tls = "Ask for TLS: tls=, DOCKER_TLS_VERIFY or https://. "
        where = f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}{parts.path}" if parts.netloc else parts.path
    except ValueError:
        where = ""
    to = f" to {where[:200]}" if where else ""
    return f"the daemon redirects this request{to}, which no daemon does: is something else in front of it? {tls}{check(peer)}"


def foreign(headers: Mapping[str, str], value: object, peer: object = "") -> str:
    """What is to be said of a server of another kind that is known by its headers, or by the JSON of its answer; or nothing."""
    if "docker-distribution-api-version" in headers:
        return f"this is a registry, which holds images, and no Docker daemon. {check(peer)}"
    if isinstance(value, dict) and value.get("kind") == "Status" and "apiVersion" in value:
        said = str(value.get("message") or value.get("reason") or "").strip().rstrip(".")
        return f"{said or 'no'}. This is a Kubernetes API server, and no Docker daemon. {check(peer)}"
    return ""


def wants_credentials(headers: Mapping[str, str]) -> str:
    """What is to be said of a server that asks for credentials by HTTP, which no daemon does; or nothing."""
    wanted = headers.get("www-authenticate") or headers.get("proxy-authenticate") or ""
    if not wanted:
        return ""
    scheme = wanted.split(maxsplit=1)[0].rstrip(",")[:20]
    return f"It wants credentials of its own ({scheme}): HttpHeaders of config.json or DOCKER_CUSTOM_HEADERS can carry them"


def no_ping(peer: object = "") -> str:
    """What is to be said of a server that does not know the ping."""
    return f"there is no /_ping, which every Docker daemon has: something else answers here. {check(peer)}"


def forbidden_ping(message: str) -> str:
    """What is to be said where a ping is not permitted; `message` is what was said there."""
    return (
        f"{message.rstrip('.')}. The API version is agreed on by a ping. "
        "Permit GET /_ping there, or pin a version: api_version= or DOCKER_API_VERSION"
    )


def speaks_tls(data: bytes) -> bool:
    """Whether this is how an answer in TLS begins."""
    return _TLS.match(data) is not None


def wants_tls(message: str) -> bool:
    """Whether these are the words of a server that expects TLS."""
    return _NOT_TLS.search(message) is not None


def expects_tls(peer: object) -> ConnectFailed:
    """The error for a daemon that is spoken to without TLS, and expects it: nothing can have been done."""
    return ConnectFailed(
        f"cannot connect to {peer}: the daemon expects TLS on this port, and was spoken to without. "
        "Ask for TLS: tls=, DOCKER_TLS_VERIFY or https://"
    )


def no_http(beginning: str) -> str:
    """What is to be said of a server that does not speak HTTP; its first bytes are given as `repr` shows them."""
    if "SSH-" in beginning:
        return "an SSH server answers there: for a daemon behind it, write ssh://user@host"
    if _MAIL.search(beginning):
        return "a mail or file server answers there: check host and port"
    if _HTTP2 in beginning:
        return f"it speaks HTTP/2 only, as containerd and other gRPC servers do, and no Docker daemon does. {check()}"
    return f"it says {beginning}. {check()}"
