"""Images from and to registries and archives: pull, push, save, load and import them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from ... import models
from ..._engine import LazyType, request, required_features
from ..._streams import ProgressStream, SavedImages, StreamCall, progress_call
from ..._transport import Upload, upload_body
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
    ImportReducer,
    ImportResult,
    LoadReducer,
    LoadResult,
    PullReducer,
    PullResult,
    PushReducer,
    PushResult,
)

__all__ = ["TransferCalls"]

_TAR = "application/x-tar"

_PULLED: Final = LazyType(lambda: models.CreateImageInfo)
_PUSHED: Final = LazyType(lambda: models.PushImageInfo)
_MESSAGE: Final = LazyType(lambda: models.BuildInfo)


class TransferCalls(Group):
    """The calls of ``docker.images`` that pull, push, save, load and import."""

    def pull(
        self, reference: str, *, auth: models.AuthConfig | Body | None = None, platform: PlatformLike | None = None
    ) -> StreamCall[ProgressStream[models.CreateImageInfo, PullResult], PullResult]:
        """Pull an image from its registry.

        Engine API: POST /images/create

        Await the call to wait for the pull; an error that the daemon reports is raised. Enter the call with ``async with`` to
        read the progress messages, then use ``await progress.result()``. Cancelling the call, or leaving the block, cancels the
        pull.

        :param reference: reference of the image. Without a tag or digest, only the tag ``latest`` is pulled.
        :param auth: credentials for the registry, for a private image.
        :param platform: the variant to pull, as ``os[/arch[/variant]]``; the daemon's own platform by default.
        :returns: the reference, its digest, and the final status, which states whether anything new was pulled.
        :raises NotFound: if the image does not exist, or is private (the daemon does not distinguish these cases).
        :raises OperationFailed: if the pull fails after it has started.
        :raises ServerError: if the registry cannot be reached, or rejects the credentials.
        """
        parts = parse_reference(reference)
        parameters = {"fromImage": parts.name, "tag": parts.version, "platform": platform_text(platform)}
        full = f"{parts.name}@{parts.digest}" if parts.digest else f"{parts.name}:{parts.version}"
        call = request("POST", "/images/create", parameters, headers=auth_headers(auth), reference=full)
        return progress_call("images.pull", self._engine, call, _PULLED, lambda: PullReducer(full, parts.digest))

    def push(
        self,
        image: str,
        *,
        tag: str | None = None,
        all_tags: bool = False,
        auth: models.AuthConfig | Body | None = None,
        platform: PlatformLike | None = None,
    ) -> StreamCall[ProgressStream[models.PushImageInfo, PushResult], PushResult]:
        """Push an image to its registry.

        Engine API: POST /images/{name}/push

        Await the call to wait for the push; an error that the daemon reports is raised. Enter the call with ``async with`` to
        read the progress messages, then use ``await progress.result()``. Cancelling the call, or leaving the block, cancels the
        push.

        :param image: the name of the image, with the address of the registry: ``127.0.0.1:5000/web:1.2``. Use `Images.tag` to
            add such a name to an image.
        :param tag: the tag to push, if `image` does not contain one; ``latest`` by default.
        :param all_tags: push every local tag of that name instead of one.
        :param auth: credentials for the registry.
        :param platform: push only the variant for this platform; by default all local variants. Since API 1.46.
        :returns: the tags and digests in the registry.
        :raises OperationFailed: if the image does not exist, or the registry cannot be reached or rejects the push.
        :raises APIError: if the daemon rejects the request before the push starts; with `platform`, also if the image does not
            exist.
        :raises UnsupportedFeature: if `platform` is given and the engine is older than API 1.46.
        """
        parts = tagged(image, tag)
        if optional_bool(all_tags, "all_tags") and parts.tag:
            raise InvalidArgument(f"all_tags cannot be combined with the tag {parts.tag!r}")
        pushed_tag = None if all_tags else parts.version
        parameters = {"tag": pushed_tag, "platform": platform_json(platform)}
        call = request(
            "POST",
            image_path(parts.name, "/push"),
            parameters,
            headers=auth_headers(auth or {}),  # 20.10 requires the header
            features=required_features(images__push__platform=platform),
            reference=f"{parts.name}:{pushed_tag}" if pushed_tag else parts.name,
        )
        folder = PushReducer(parts.name, pushed_tag)
        return progress_call("images.push", self._engine, call, _PUSHED, lambda: folder)

    def save(
        self, images: str | Iterable[str], *, platform: PlatformLike | Iterable[PlatformLike] | None = None
    ) -> StreamCall[SavedImages, bytes]:
        """Save images as a tar archive for `load`.

        Engine API: GET /images/{name}/get for one image, GET /images/get for several

        Await the call to get the bytes; enter it with ``async with`` to read chunks or write the archive to a file.

        :param images: one or several images, each by reference or id; those given by name keep their names in the archive.
        :param platform: save only the variants for these platforms; by default all local variants. One platform since API 1.48,
            several since API 1.52.
        :returns: the archive.
        :raises NotFound: if an image does not exist.
        :raises OperationFailed: if the daemon fails while it saves the images.
        :raises TruncatedStream: if the connection ends before the archive does.
        :raises UnsupportedFeature: if `platform` is given and the engine is older than API 1.48.
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
        """Load images from a tar archive that was created by `save`.

        Engine API: POST /images/load

        Await the call to wait for the images to be loaded; an error that the daemon reports is raised. Enter the call with
        ``async with`` to read the progress messages, then use ``await progress.result()``.

        :param archive: a tar archive, plain or compressed with gzip, bzip2, xz or (newer engines) zstd: as bytes, an open
            file, a path, or an async iterator of bytes. It is streamed.
        :param quiet: report only the names of the images, which is the daemon's default; False also reports the layers.
        :param platform: load only the variants for these platforms; by default everything in the archive. One platform since
            API 1.48, several since API 1.52.
        :returns: the names of the images.
        :raises OperationFailed: if the archive is invalid.
        :raises UnsupportedFeature: if `platform` is given and the engine is older than API 1.48.
        """
        parameters = {"quiet": optional_bool(quiet, "quiet"), "platform": platform_list(platform)}
        body, features = upload_body(archive, "archive"), required_features(images__load__platform=platform)
        call = request("POST", "/images/load", parameters, body=body, content_type=_TAR, features=features)
        return progress_call("images.load", self._engine, call, _MESSAGE, LoadReducer)

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
        """Create an image with a single layer from a tar archive of a file system.

        Engine API: POST /images/create

        Await the call to wait for the import; an error that the daemon reports is raised. Enter the call with ``async with`` to
        read the progress messages, then use ``await progress.result()``.

        :param source: a tar archive, plain or compressed with gzip, bzip2 or xz: as bytes, an open file, a path, or an async
            iterator of bytes. It is streamed. A string is a URL from which the daemon downloads the archive.
        :param repository: a name for the image, with an optional tag; none by default.
        :param tag: the tag, if `repository` does not contain one; ``latest`` by default.
        :param message: commit message for the history of the image.
        :param changes: Dockerfile instructions to apply, such as ``CMD ["sh"]``.
        :param platform: the platform of the files, as ``os[/arch[/variant]]``; the daemon's own platform by default.
        :returns: the id of the image.
        :raises NotFound: if the URL does not exist.
        :raises OperationFailed: if the import fails after it has started.
        :raises APIError: if an instruction in `changes` is invalid or cannot be applied.
        """
        if tag is not None and repository is None:
            raise InvalidArgument("tag= requires repository=")
        parts = None if repository is None else tagged(repository, tag)
        # The tag is sent in the name, as by the docker command: Podman ignores the separate parameter.
        name = parts and (f"{parts.name}:{parts.tag}" if parts.tag else parts.name)
        address = _address(source) if isinstance(source, str) else "-"
        parameters = {
            "fromSrc": address,
            "repo": name,
            "message": optional_str(message, "message"),
            "changes": strings(changes, "changes"),
            "platform": platform_text(platform),
        }
        body = None if isinstance(source, str) else upload_body(source, "source")
        content_type = None if body is None else _TAR
        call = request("POST", "/images/create", parameters, body=body, content_type=content_type, reference=name or "")
        return progress_call("images.import_image", self._engine, call, _PULLED, ImportReducer)


def _names(images: Iterable[str]) -> list[str]:
    names = strings(images, "images") or []
    for name in names:
        parse_reference(name)
    if not names:
        raise InvalidArgument(
            "images is empty: at least one image is required"
        )  # the daemon would return an empty archive
    return names


def _address(source: str) -> str:
    if "://" not in source:
        raise InvalidArgument(
            f"{source!r} must be a URL such as http://host/files.tar; for a file, pass a pathlib.Path"
        )
    return text(source, "source")
