"""The files of a container."""

from __future__ import annotations

from contextlib import aclosing
from typing import Final

from ... import models
from ..._engine import LazyType, Request, request
from ..._streams import ArchiveStream, DownloadStream, StreamCall
from ..._transport import Upload, upload
from ..._wire.arguments import optional_bool, text
from ..._wire.json_text import decode_header_json
from ..._wire.versions import OLDEST
from ...errors import DockerError, InvalidArgument, MalformedStream
from .._common import Group, container_path

__all__ = ["ArchiveCalls"]

_HEADER = "X-Docker-Container-Path-Stat"
_STAT: Final = LazyType(lambda: models.ContainerPathStat)


class ArchiveCalls(Group):
    """Copy files out of a container and into it."""

    def export(self, container: str) -> StreamCall[DownloadStream, bytes]:
        """All files of a container, as a tar archive.

        Engine API: GET /containers/{id}/export

        Await the call for the bytes; enter it with ``async with`` for chunks, or to write them to a file.

        :raises NotFound: no such container.
        :raises TruncatedStream: the connection ended before the archive did.
        """
        call = request("GET", container_path(container, "/export"))

        async def enter() -> DownloadStream:
            return DownloadStream(await self._engine.download(call))

        return StreamCall("containers.export", enter, DownloadStream.read)

    def get_archive(self, container: str, path: str) -> StreamCall[ArchiveStream, bytes]:
        """A file or directory of a container, as a tar archive.

        Engine API: GET /containers/{id}/archive

        Await the call for the bytes; enter it with ``async with`` for its ``stat``, for chunks, or to ``extract()`` them.

        :param path: where it is in the container; relative to the root.
        :raises NotFound: no such container, or no such path in it.
        :raises TruncatedStream: the connection ended before the archive did.
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
        """Unpack a tar archive into a directory of a container.

        Engine API: PUT /containers/{id}/archive

        :param path: the directory; it must exist.
        :param archive: the archive, as it is or compressed with gzip, bzip2 or xz; as bytes, an open file, a path, or an
            async iterator of bytes. It is streamed.
        :param no_overwrite_dir_non_dir: refuse to put a directory in a file's place, or a file in a directory's; the daemon
            does by default.
        :param copy_uid_gid: give everything to the user whom the container runs as, if it was created with one; by default
            the owners that the archive names are kept.
        :raises NotFound: no such container, or no such path in it.
        :raises APIError: the path is no directory, the bytes are no archive, or something stands in the way of a file; 20.10
            answers with 500, `ServerError`, newer engines with 400, `BadRequest`, where it is the path.
        :raises ServerError: the file system is read-only (20.10; newer engines say `Forbidden`).
        """
        parameters = {
            "path": _path(path),
            "noOverwriteDirNonDir": optional_bool(no_overwrite_dir_non_dir, "no_overwrite_dir_non_dir"),
            "copyUIDGID": optional_bool(copy_uid_gid, "copy_uid_gid"),
        }
        body = upload(archive, "archive")
        url = container_path(container, "/archive")
        await self._engine.empty(request("PUT", url, parameters, body=body, content_type="application/x-tar"))

    async def archive_info(self, container: str, path: str) -> models.ContainerPathStat:
        """What is at a path in a container: name, size, permissions, time, and where a link leads.

        Engine API: HEAD /containers/{id}/archive

        :param path: where it is in the container; relative to the root.
        :raises NotFound: no such container, or no such path in it. The answer has no body, so it does not say which.
        """
        call = request("HEAD", container_path(container, "/archive"), {"path": _path(path)})
        answer = await self._engine.answer(call)
        return await _stat(answer.headers.get(_HEADER), call)


def _path(path: str) -> str:
    if not text(path, "path"):
        raise InvalidArgument("the path is empty")
    return path


async def _stat(header: str | None, call: Request) -> models.ContainerPathStat:
    try:
        if header is None:
            raise MalformedStream(f"the daemon's answer lacks the header {_HEADER}")
        return await _STAT.structure(decode_header_json(header, _HEADER))
    except DockerError as error:
        call.info(OLDEST).annotate(error)
        raise
