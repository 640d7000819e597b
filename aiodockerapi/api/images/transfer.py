"""Images from and to registries and archives."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from ... import models
from ..._engine import LazyType, request, required_features
from ..._streams import ProgressStream, SavedImages, StreamCall, progress_call
from ..._transport import Upload, upload
from ..._wire.arguments import optional_bool, optional_str, strings, text
from ..._wire.references import parse_reference
from ...errors import InvalidArgument
from .._common import Body, Group
from .._registry import (
    PlatformLike,
    auth_headers,
    image_path,
    platform_json,
    platform_list,
    platform_text,
    tagged,
)
from .results import (
    ImportFolder,
    ImportResult,
    LoadFolder,
    LoadResult,
    PullFolder,
    PullResult,
    PushFolder,
    PushResult,
)

__all__ = ["TransferCalls"]

_TAR = "application/x-tar"

_PULLED: Final = LazyType(lambda: models.CreateImageInfo)
_PUSHED: Final = LazyType(lambda: models.PushImageInfo)
_MESSAGE: Final = LazyType(lambda: models.BuildInfo)


class TransferCalls(Group):
    """Pull and push images, save and load them."""

    def pull(
        self, reference: str, *, auth: models.AuthConfig | Body | None = None, platform: PlatformLike | None = None
    ) -> StreamCall[ProgressStream[models.CreateImageInfo, PullResult], PullResult]:
        """Fetch an image from its registry.

        Engine API: POST /images/create

        Await the call: it is done then, or raises what the daemon reports. Enter it with ``async with`` for the messages, and
        ``await progress.result()`` after them. Cancelling the call, or leaving the block, calls the pull off.

        :param reference: the image; without a tag or digest ``latest``, never all tags.
        :param auth: credentials for the registry, for an image that is not public.
        :param platform: which variant of the image, as ``os[/arch[/variant]]``; the daemon's own platform by default.
        :returns: the digest, and whether anything new came.
        :raises NotFound: there is no such image, or it is not for everybody: the daemon does not tell the two apart.
        :raises OperationFailed: the pull failed after it had begun.
        :raises ServerError: the registry cannot be reached, or refuses the credentials.
        """
        parts = parse_reference(reference)
        parameters = {"fromImage": parts.name, "tag": parts.version, "platform": platform_text(platform)}
        whole = f"{parts.name}@{parts.digest}" if parts.digest else f"{parts.name}:{parts.version}"
        call = request("POST", "/images/create", parameters, headers=auth_headers(auth), reference=whole)
        return progress_call("images.pull", self._engine, call, _PULLED, lambda: PullFolder(whole, parts.digest))

    def push(
        self,
        image: str,
        *,
        tag: str | None = None,
        all_tags: bool = False,
        auth: models.AuthConfig | Body | None = None,
        platform: PlatformLike | None = None,
    ) -> StreamCall[ProgressStream[models.PushImageInfo, PushResult], PushResult]:
        """Send an image to its registry.

        Engine API: POST /images/{name}/push

        Await the call: it is done then, or raises what the daemon reports. Enter it with ``async with`` for the messages, and
        ``await progress.result()`` after them. Cancelling the call, or leaving the block, calls the push off.

        :param image: its name there, with the registry: ``127.0.0.1:5000/web:1.2``. See `tag` for giving it such a name.
        :param tag: which tag, where the name does not say; ``latest`` by default.
        :param all_tags: every tag of that name that is on this host, instead of one.
        :param auth: credentials for the registry.
        :param platform: only this variant of the image; by default everything that is here. Since API 1.46.
        :returns: tag and digest in the registry.
        :raises OperationFailed: there is no such image, or the registry cannot be reached or refuses it.
        :raises APIError: the daemon refuses it from the start: where `platform` is given, also for an image that is not here.
        :raises UnsupportedFeature: `platform` is given, and the engine is older than API 1.46.
        """
        parts = tagged(image, tag)
        if optional_bool(all_tags, "all_tags") and parts.tag:
            raise InvalidArgument(f"all_tags does not go with the tag {parts.tag!r}")
        wanted = None if all_tags else parts.version
        parameters = {"tag": wanted, "platform": platform_json(platform)}
        call = request(
            "POST",
            image_path(parts.name, "/push"),
            parameters,
            headers=auth_headers(auth or {}),  # 20.10 insists on the header
            features=required_features(images__push__platform=platform),
            reference=f"{parts.name}:{wanted}" if wanted else parts.name,
        )
        folder = PushFolder(parts.name, wanted)
        return progress_call("images.push", self._engine, call, _PUSHED, lambda: folder)

    def save(
        self, images: str | Iterable[str], *, platform: PlatformLike | Iterable[PlatformLike] | None = None
    ) -> StreamCall[SavedImages, bytes]:
        """Images as one tar archive, for `load`.

        Engine API: GET /images/{name}/get for one image, GET /images/get for several

        Await the call for the bytes; enter it with ``async with`` for chunks, or to write them to a file.

        :param images: which; those that are given by their names have their names in the archive too.
        :param platform: only this variant; by default everything that is here. Since API 1.48; several since API 1.52.
        :raises NotFound: there is no such image.
        :raises OperationFailed: the daemon failed in the middle.
        :raises TruncatedStream: the connection ended before the archive did.
        :raises UnsupportedFeature: `platform` is given, and the engine is older than API 1.48.
        """
        parameters = {"platform": platform_list(platform)}
        features = required_features(images__save__platform=platform)
        if isinstance(images, str):
            call = request("GET", image_path(images, "/get"), parameters, features=features)
        else:
            call = request("GET", "/images/get", {"names": _names(images), **parameters}, features=features)

        async def enter() -> SavedImages:
            return SavedImages(await self._engine.download(call))

        return StreamCall("images.save", enter, SavedImages.read)

    def load(
        self,
        archive: Upload,
        *,
        quiet: bool | None = None,
        platform: PlatformLike | Iterable[PlatformLike] | None = None,
    ) -> StreamCall[ProgressStream[models.BuildInfo, LoadResult], LoadResult]:
        """Take in images from a tar archive that `save` has made.

        Engine API: POST /images/load

        Await the call: it is done then, or raises what the daemon reports. Enter it with ``async with`` for the messages, and
        ``await progress.result()`` after them.

        :param archive: as it is or compressed with gzip, bzip2, xz or (newer engines) zstd; as bytes, an open file, a path, or
            an async iterator of bytes. It is streamed.
        :param quiet: no messages but the images' names, which is what daemons do by default; False tells of the layers too.
        :param platform: only this variant; by default everything in the archive. Since API 1.48; several since API 1.52.
        :returns: the names of the images.
        :raises OperationFailed: the bytes are no such archive.
        :raises UnsupportedFeature: `platform` is given, and the engine is older than API 1.48.
        """
        parameters = {"quiet": optional_bool(quiet, "quiet"), "platform": platform_list(platform)}
        body, features = upload(archive, "archive"), required_features(images__load__platform=platform)
        call = request("POST", "/images/load", parameters, body=body, content_type=_TAR, features=features)
        return progress_call("images.load", self._engine, call, _MESSAGE, LoadFolder)

    def import_image(
        self,
        source: Upload | str,
        *,
        repository: str | None = None,
        tag: str | None = None,
        message: str | None = None,
        changes: Iterable[str] | str | None = None,
        platform: PlatformLike | None = None,
    ) -> StreamCall[ProgressStream[models.CreateImageInfo, ImportResult], ImportResult]:
        """Make an image of one layer out of a tar archive of its files.

        Engine API: POST /images/create

        Await the call: it is done then, or raises what the daemon reports. Enter it with ``async with`` for the messages, and
        ``await progress.result()`` after them.

        :param source: the archive, as it is or compressed with gzip, bzip2 or xz; as bytes, an open file, a path, or an async
            iterator of bytes. It is streamed. A string is an address from which the daemon fetches it.
        :param repository: a name for the image, maybe with its tag; it has none by default.
        :param tag: its tag, where the name does not say; ``latest`` by default.
        :param message: a word on it, for its history.
        :param changes: Dockerfile instructions to apply, such as ``CMD ["sh"]``.
        :param platform: what the files are made for, as ``os[/arch[/variant]]``; the daemon's own platform by default.
        :returns: the image's id.
        :raises NotFound: the address leads nowhere.
        :raises OperationFailed: the import failed after it had begun.
        :raises APIError: an instruction is none, or cannot be applied.
        """
        if tag is not None and repository is None:
            raise InvalidArgument("a tag needs a repository")
        parts = None if repository is None else tagged(repository, tag)
        # The tag goes with the name, as the docker CLI has it: Podman does not look at one beside it.
        named = parts and (f"{parts.name}:{parts.tag}" if parts.tag else parts.name)
        address = _address(source) if isinstance(source, str) else "-"
        parameters = {
            "fromSrc": address,
            "repo": named,
            "message": optional_str(message, "message"),
            "changes": strings(changes, "changes"),
            "platform": platform_text(platform),
        }
        body = None if isinstance(source, str) else upload(source, "source")
        content_type = None if body is None else _TAR
        call = request(
            "POST", "/images/create", parameters, body=body, content_type=content_type, reference=named or ""
        )
        return progress_call("images.import_image", self._engine, call, _PULLED, ImportFolder)


def _names(images: Iterable[str]) -> list[str]:
    names = strings(images, "images") or []
    for name in names:
        parse_reference(name)
    if not names:
        raise InvalidArgument("no image is named")  # the daemon would answer with an archive of nothing
    return names


def _address(source: str) -> str:
    if "://" not in source:
        raise InvalidArgument(
            f"{source!r} is not an address such as http://host/files.tar; for a file use pathlib.Path"
        )
    return text(source, "source")
