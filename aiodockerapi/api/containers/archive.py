"""Files of a container."""

from __future__ import annotations

from contextlib import aclosing
from typing import Final

from ... import models
from ..._engine import LazyType, Request, request
from ..._streams import ArchiveStream, DownloadStream, StreamCall
from ..._transport import Upload, upload_body
from ..._wire.arguments import optional_bool, text
from ..._wire.json_text import decode_header_json
from ..._wire.versions import OLDEST
from ...errors import DockerError, InvalidArgument, MalformedStream
from .._common import Group, container_path

__all__ = ["ArchiveCalls"]

_HEADER = "X-Docker-Container-Path-Stat"
_STAT: Final = LazyType(lambda: models.ContainerPathStat)


class ArchiveCalls(Group):
    """Copy files from and to a container."""

    def export(self, container: str) -> StreamCall[DownloadStream, bytes]:
        """Return the file system of a container as a tar archive.

        Engine API: GET /containers/{id}/export

        Await the call to get the bytes; enter it with ``async with`` to read chunks or write the archive to a file.

        :returns: the uncompressed archive.
        :raises NotFound: if the container does not exist.
        :raises TruncatedStream: if the connection ends before the archive does.
        """
        call = request("GET", container_path(container, "/export"))

        async def enter() -> DownloadStream:
            return DownloadStream(await self._engine.download(call))

        return StreamCall("containers.export", enter, DownloadStream.read)

    def get_archive(self, container: str, path: str) -> StreamCall[ArchiveStream, bytes]:
        """Return a file or directory of a container as a tar archive.

        Engine API: GET /containers/{id}/archive

        Await the call to get the bytes; enter it with ``async with`` to read chunks, to get the ``stat`` of the path, or to
        unpack the archive with ``extract()``.

        :param path: path in the container; a relative one starts at the root directory.
        :returns: the uncompressed archive.
        :raises NotFound: if the container or the path does not exist.
        :raises TruncatedStream: if the connection ends before the archive does.
        """
        call = request("GET", container_path(container, "/archive"), {"path": _path(path)})

        async def enter() -> ArchiveStream:
            download = await self._engine.download(call)
            try:
                return ArchiveStream(download, await _stat(download.headers.get(_HEADER), call))
            except BaseException:
                download.close()
                raise

        async def run() -> bytes:
            async with aclosing(DownloadStream(await self._engine.download(call))) as archive:
                return await archive.read()

        return StreamCall("containers.get_archive", enter, run=run)

    async def put_archive(
        self,
        container: str,
        path: str,
        archive: Upload,
        *,
        no_overwrite_dir_non_dir: bool | None = None,
        copy_uid_gid: bool | None = None,
    ) -> None:
        """Extract a tar archive into a directory of a container.

        Engine API: PUT /containers/{id}/archive

        :param path: the directory; it must exist.
        :param archive: the archive, uncompressed or compressed with gzip, bzip2 or xz; as bytes, an open file, a path, or an
            asynchronous iterator of bytes. It is streamed.
        :param no_overwrite_dir_non_dir: refuse to replace a file with a directory, or a directory with a file; False by
            default.
        :param copy_uid_gid: change the owner of all files to the user that the container was created with, if any; by default
            the owners in the archive are kept.
        :raises NotFound: if the container or the path does not exist.
        :raises APIError: if the path is not a directory, the archive is invalid, or it conflicts with an existing file or
            directory. 20.10 responds with 500, `ServerError`; newer engines respond with 400, `BadRequest`, if the path is not
            a directory.
        :raises ServerError: if the file system is read-only (20.10; newer engines respond with 403, `Forbidden`).
        """
        parameters = {
            "path": _path(path),
            "noOverwriteDirNonDir": optional_bool(no_overwrite_dir_non_dir, "no_overwrite_dir_non_dir"),
            "copyUIDGID": optional_bool(copy_uid_gid, "copy_uid_gid"),
        }
        body = upload_body(archive, "archive")
        url = container_path(container, "/archive")
        await self._engine.empty(request("PUT", url, parameters, body=body, content_type="application/x-tar"))

    async def archive_info(self, container: str, path: str) -> models.ContainerPathStat:
        """Return the name, size, mode, modification time and link target of a file or directory of a container.

        Engine API: HEAD /containers/{id}/archive

        :param path: path in the container; a relative one starts at the root directory.
        :raises NotFound: if the container or the path does not exist; the error does not state which,
            because the response has no body.
        """
        call = request("HEAD", container_path(container, "/archive"), {"path": _path(path)})
        answer = await self._engine.answer(call)
        return await _stat(answer.headers.get(_HEADER), call)


def _path(path: str) -> str:
    if not text(path, "path"):
        raise InvalidArgument("path must not be empty")
    return path


async def _stat(header: str | None, call: Request) -> models.ContainerPathStat:
    try:
        if header is None:
            raise MalformedStream(f"the response has no header {_HEADER}")
        return await _STAT.structure(decode_header_json(header, _HEADER))
    except DockerError as error:
        call.info(OLDEST).annotate(error)
        raise
