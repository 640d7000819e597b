"""A probe of a daemon that closed a connection: the sender of a large body may not get to read why."""

from typing import Final

import aiohttp

from ..._concurrency import ANYIO, prepared
from ..._settings import Endpoint
from ..._wire.request_info import RequestInfo
from ...errors import ConnectFailed, DockerError
from ..dial import dial
from ..stream import open_stream
from ..tls_contexts import TLSContexts
from .api_errors import ErrorResponse
from .tls import client_certificate_error

__all__ = ["raise_if_tls_refused"]

_LIMIT: Final = 5.0  # seconds; the call has already failed
_PING: Final = RequestInfo("GET", "/_ping")


async def raise_if_tls_refused(endpoint: Endpoint, tls: TLSContexts | None, error: Exception) -> None:
    """Find out with a second connection whether the daemon accepts connections of this kind.

    :param error: how the first connection ended, without a response.
    :raises ConnectFailed: if it requires TLS or another certificate; then it has not accepted the first request either.
    """
    if isinstance(error, aiohttp.ClientConnectorError) or client_certificate_error(error):
        return  # the reason is known
    await prepared(ANYIO)
    import anyio

    found: DockerError | None = None
    with anyio.move_on_after(_LIMIT):
        found = await _ping(endpoint, tls)
    if isinstance(found, ConnectFailed) and (found.__cause__ is None or client_certificate_error(found.__cause__)):
        raise found from found.__cause__ or error


async def _ping(endpoint: Endpoint, tls: TLSContexts | None) -> DockerError | None:
    headers = {"Host": endpoint.authority, "Connection": "close"}
    try:
        answer = await open_stream(
            lambda: dial(endpoint, _LIMIT, tls), endpoint, _PING, endpoint.base_path + _PING.path, headers, b""
        )
        try:
            body = await answer.receive()
        finally:
            answer.close()
    except DockerError as error:
        return error
    return ErrorResponse(answer.head.status, answer.head.headers, body).error(_PING, endpoint)
