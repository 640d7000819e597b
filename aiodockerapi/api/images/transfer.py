"""Images from a registry."""

import attrs

from ..._codec import unstructure
from ..._streams import StreamCall, ValueStream
from ..._wire.header_json import encode_header_json
from ..._wire.references import parse_reference
from ..._wire.request import request
from ...errors import InvalidArgumentType
from ...models.image.progress import CreateImageInfo
from ...models.system.auth import AuthConfig
from .._common import Body, Group

__all__ = ["PullResult", "TransferCalls", "auth_headers"]

_DIGEST = "Digest: "


@attrs.frozen
class PullResult:
    """What a pull has brought.

    :ivar reference: what was asked for, with the tag or digest that it stands for.
    :ivar digest: the manifest's digest; empty where the daemon did not tell.
    :ivar status: the daemon's last words, such as ``Status: Image is up to date for busybox:latest``.
    """

    reference: str
    digest: str
    status: str


class TransferCalls(Group):
    """Pull images."""

    def pull(
        self, reference: str, *, auth: AuthConfig | Body | None = None, platform: str | None = None
    ) -> StreamCall[ValueStream[CreateImageInfo], PullResult]:
        """Fetch an image from its registry.

        Engine API: POST /images/create

        Await the call: it is done then, or raises what the daemon reports. Enter it with ``async with`` for the messages.

        :param reference: the image; without a tag or digest ``latest``, never all tags.
        :param auth: credentials for the registry, for an image that is not public.
        :param platform: which variant of the image, as ``os[/arch[/variant]]``; the daemon's own platform by default.
        :raises NotFound: there is no such image, or it is not for everybody: the daemon does not tell the two apart.
        :raises OperationFailed: the pull failed after it had begun.
        :raises ServerError: the registry cannot be reached, or refuses the credentials.
        """
        parts = parse_reference(reference)
        parameters = {"fromImage": parts.name, "tag": parts.version, "platform": platform}
        call = request("POST", "/images/create", parameters, headers=auth_headers(auth))
        whole = f"{parts.name}@{parts.digest}" if parts.digest else f"{parts.name}:{parts.version}"

        async def enter() -> ValueStream[CreateImageInfo]:
            return ValueStream(await self._engine.download(call), CreateImageInfo)

        async def run() -> PullResult:
            stream = await enter()
            digest = status = ""
            try:
                async for message in stream:
                    status = message.status or status
                    if status.startswith(_DIGEST):
                        digest = status.removeprefix(_DIGEST)
            finally:
                await stream.aclose()
            return PullResult(whole, digest, status)

        return StreamCall("images.pull", enter, run)


def auth_headers(auth: AuthConfig | Body | None) -> dict[str, str] | None:
    """The header that carries credentials for one registry."""
    if auth is None:
        return None
    raw = unstructure(auth)
    if not isinstance(raw, dict):
        raise InvalidArgumentType(f"auth must be an AuthConfig or a mapping, not {type(auth).__name__}")
    return {"X-Registry-Auth": encode_header_json(raw)}
