"""The floor of most cases: aiohttp itself, with nothing switched on that the case does not need."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import aiohttp

__all__ = ["BASE", "session"]

BASE = "http://docker/v1.45"


def session(host: str, *, limit: int = 0) -> aiohttp.ClientSession:
    """A session for the daemon at that Unix socket, without timeouts and cookies; 0 is no limit of connections."""
    import aiohttp

    return aiohttp.ClientSession(
        connector=aiohttp.UnixConnector(host.removeprefix("unix://"), limit=limit),
        timeout=aiohttp.ClientTimeout(total=None, sock_connect=None),
        cookie_jar=aiohttp.DummyCookieJar(),
        auto_decompress=False,
    )
