"""Why a daemon broke a connection off, where that was not heard: who sends much may find it closed before reading why."""

from typing import Final

import aiohttp

from .._settings import Endpoint
from .._wire.failures import failure
from ..errors import ConnectFailed, DockerError
from .dial import dial
from .preparing import ANYIO, prepared
from .stream import open_stream
from .tls_failures import refused_certificate
from .trust import Trust

__all__ = ["explain"]

_PATIENCE: Final = 5.0  # seconds; the call has failed already
_PING: Final = "/_ping"


async def explain(endpoint: Endpoint, trust: Trust | None, error: Exception) -> None:
    """Ask on a connection of its own whether the daemon takes connections of this kind at all.

    :param error: how a connection ended on which nothing had been answered yet.
    :raises ConnectFailed: it does not: it wants TLS, or another certificate. Then it has not taken that one either.
    """
    if isinstance(error, aiohttp.ClientConnectorError) or refused_certificate(error):
        return  # it has been heard
    await prepared(ANYIO)
    import anyio

    found: DockerError | None = None
    with anyio.move_on_after(_PATIENCE):
        found = await _asked(endpoint, trust)
    if isinstance(found, ConnectFailed) and (found.__cause__ is None or refused_certificate(found.__cause__)):
        raise found from found.__cause__ or error


async def _asked(endpoint: Endpoint, trust: Trust | None) -> DockerError | None:
    headers = {"Host": endpoint.authority, "Connection": "close"}
    try:
        answer = await open_stream(
            lambda: dial(endpoint, _PATIENCE, trust), endpoint, "GET", endpoint.base_path + _PING, headers, b""
        )
        try:
            body = await answer.receive()
        finally:
            answer.close()
    except DockerError as error:
        return error
    return failure(answer.head.status, body, method="GET", path=_PING, headers=answer.head.headers, peer=endpoint)
