"""Responses of something that is not a Docker daemon: web servers, proxies, registries, and servers of other protocols."""

import re
from collections.abc import Mapping
from typing import Final
from urllib.parse import urlsplit

from ...errors import ConnectFailed, TransportError

__all__ = [
    "authentication_required",
    "check_address",
    "content_encoding",
    "error",
    "expects_tls",
    "has_html_type",
    "is_plain_http_refusal",
    "is_tls_record",
    "is_web_page",
    "not_http",
    "other_server",
    "ping_forbidden",
    "ping_missing",
    "redirect",
    "web_page",
]

_TITLE: Final = rb"(?i)<title[^>]*>\s*([^<]{1,200})"
_PAGE: Final = rb"(?i)\s*<(!doctype|html|head|body|\?xml)"
_MAIL: Final = r"\b[12]20[ -]|\+OK |\* OK "
_TLS: Final = rb"[\x14-\x17]\x03[\x00-\x04]"
_GATEWAY_ERRORS: Final = (502, 503, 504)
_TOO_LARGE: Final = 413
# What Go, nginx and Apache respond to plain HTTP on a TLS port.
_PLAIN_HTTP_REFUSAL: Final = (
    "Client sent an HTTP request to an HTTPS server"
    "|plain HTTP request was sent to HTTPS port"
    "|speaking plain HTTP to an SSL"
)
_HTTP2_SETTINGS: Final = "x04\\x00\\x00\\x00\\x00\\x00"  # the first frame of HTTP/2, in the form of repr()


def error(endpoint: object, reason: str) -> TransportError:
    """Return the error for a peer that is not a Docker daemon; `reason` says what shows that."""
    return TransportError(f"{endpoint} does not respond as a Docker daemon: {reason}")


def check_address(peer: object = "") -> str:
    """Return the advice for most of these failures; `peer` is the address if the message does not contain it otherwise."""
    return f"Check the address {peer}".strip()


def has_html_type(headers: Mapping[str, str]) -> bool:
    """Return whether the headers announce a web page."""
    return headers.get("content-type", "").lower().startswith("text/html")


def content_encoding(headers: Mapping[str, str]) -> str:
    """Return the compression of the body; empty if it is not compressed."""
    found = headers.get("content-encoding", "").strip().lower()
    return "" if found == "identity" else found


def is_web_page(body: bytes) -> bool:
    """Return whether the body is a web page, judging by its beginning."""
    return re.match(_PAGE, body) is not None


def web_page(body: bytes, status: int = 200, peer: object = "") -> str:
    """Return the reason for a web page in place of a response; `peer` as for `check_address`."""
    found = re.search(_TITLE, body[:4096])
    title = " ".join(found[1].decode("utf-8", "replace").split()) if found else ""
    named = f" ({title!r})" if title else ""
    remedy = ""
    if status in _GATEWAY_ERRORS:
        remedy = "Is the daemon behind it running? "
    if status == _TOO_LARGE:
        remedy = "It limits the size of bodies: raise its limit. "
    return (
        f"the response is a web page{named} of a web server or of a proxy in front of the daemon. "
        f"{remedy}{check_address(peer)}"
    )


def redirect(headers: Mapping[str, str], peer: object = "") -> str:
    """Return the reason for a redirect; without the query, which may hold secrets."""
    location = headers.get("location", "")
    tls = ""
    try:
        parts, here = urlsplit(location), urlsplit(str(peer))
        if parts.scheme == "https" != here.scheme and parts.hostname == here.hostname:
            tls = "Use TLS: tls=, DOCKER_TLS_VERIFY or https://. "
        location = f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}{parts.path}" if parts.netloc else parts.path
    except ValueError:
        location = ""
    to = f" to {location[:200]}" if location else ""
    return f"unexpected redirect{to}: is there a proxy in front of the daemon? {tls}{check_address(peer)}"


def other_server(headers: Mapping[str, str], value: object, peer: object = "") -> str:
    """Return the reason for a server known by its headers or by the JSON of its response; empty if it is not known."""
    if "docker-distribution-api-version" in headers:
        return f"this is an image registry, not a Docker daemon. {check_address(peer)}"
    if isinstance(value, dict) and value.get("kind") == "Status" and "apiVersion" in value:
        message = str(value.get("message") or value.get("reason") or "").strip().rstrip(".")
        return f"{message or 'refused'}. This is a Kubernetes API server, not a Docker daemon. {check_address(peer)}"
    return ""


def authentication_required(headers: Mapping[str, str]) -> str:
    """Return the reason for a server that requires HTTP authentication, which a daemon never does; empty if it does not."""
    required = (headers.get("www-authenticate") or headers.get("proxy-authenticate") or "").split(maxsplit=1)
    if not required:
        return ""
    scheme = required[0].rstrip(",")[:20]
    return f"It requires HTTP authentication ({scheme}): set HttpHeaders in config.json, or DOCKER_CUSTOM_HEADERS"


def ping_missing(peer: object = "") -> str:
    """Return the reason for a server without ``/_ping``."""
    return f"/_ping does not exist, so this is not a Docker daemon. {check_address(peer)}"


def ping_forbidden(message: str) -> str:
    """Return the reason for a ping that is not permitted; `message` is that of the response."""
    return (
        f"{message.rstrip('.')}. Version negotiation requires GET /_ping: permit it, or pin a version with api_version= or "
        "DOCKER_API_VERSION"
    )


def is_tls_record(data: bytes) -> bool:
    """Return whether the data begins with a TLS record."""
    return re.match(_TLS, data) is not None


def is_plain_http_refusal(message: str) -> bool:
    """Return whether the message is that of a server that expects TLS."""
    return re.search(_PLAIN_HTTP_REFUSAL, message) is not None


def expects_tls(peer: object) -> ConnectFailed:
    """Return the error for a daemon that expects TLS and received plain HTTP; the request has had no effect."""
    return ConnectFailed(
        f"cannot connect to {peer}: the daemon expects TLS on this port. Use TLS: tls=, DOCKER_TLS_VERIFY or https://"
    )


def not_http(beginning: str) -> str:
    """Return the reason for a server of another protocol; `beginning` is the `repr` of its first bytes."""
    if "SSH-" in beginning:
        return "it is an SSH server. For a daemon behind it, use ssh://user@host"
    if re.search(_MAIL, beginning):
        return "it is a mail or FTP server. Check the host and port"
    if _HTTP2_SETTINGS in beginning:
        return f"it supports HTTP/2 only, like containerd and other gRPC servers. {check_address()}"
    return f"it sent {beginning}. {check_address()}"
