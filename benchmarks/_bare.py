"""The floor of most cases: bare aiohttp with only the features that the case needs."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import aiohttp

__all__ = ["BASE", "session"]

BASE = "http://docker/v1.45"


def session(host: str, *, limit: int = 0) -> aiohttp.ClientSession:
    """Return a session for the daemon at a Unix socket, without timeouts and cookies.

    :param host: address of the daemon, ``unix://PATH``.
    :param limit: maximum number of connections; 0 means unlimited.
    """
    import aiohttp

    return aiohttp.ClientSession(
        connector=aiohttp.UnixConnector(host.removeprefix("unix://"), limit=limit),
        timeout=aiohttp.ClientTimeout(total=None, sock_connect=None),
        cookie_jar=aiohttp.DummyCookieJar(),
        auto_decompress=False,
    )
