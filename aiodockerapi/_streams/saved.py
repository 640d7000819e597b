"""Images as a tar archive."""

from typing import Final

from .._transport import Download
from .._wire.json_text import loads
from ..errors import TruncatedStream
from .download import DownloadStream
from .json_values import reported_error

__all__ = ["SavedImages"]

_MAX_ERROR: Final = 1 << 14
_ERROR: Final = b'{"errorDetail":'


class SavedImages(DownloadStream):
    """The images of ``images.save`` as a tar archive.

    Iterating yields chunks of bytes, and ends with the archive.

    :raises OperationFailed: if the daemon failed while it saved the images.
    :raises TruncatedStream: if the connection ended before the archive did, or the archive is incomplete.
    """

    # A daemon that fails in the middle of the archive appends the error as JSON and ends the response normally. The end of a
    # complete archive consists of zeros.

    def __init__(self, download: Download) -> None:
        super().__init__(download)
        self._end = b""

    async def _receive(self) -> bytes:
        chunk = await super()._receive()
        if chunk:
            self._end = (self._end + chunk)[-_MAX_ERROR:] if len(chunk) < _MAX_ERROR else chunk[-_MAX_ERROR:]
        else:
            self._check()
        return chunk

    def _check(self) -> None:
        """Raise the error at the end of the archive, if any."""
        text = self._end.rstrip(b"\r\n")
        if text.endswith(b"\0"):
            return
        start = text.rfind(_ERROR)
        try:
            message = loads(text[start:]) if start >= 0 else None
        except ValueError:
            message = None
        if isinstance(message, dict):
            raise self._download.request.annotate(reported_error(message))
        raise self._download.request.annotate(TruncatedStream("the archive of the saved images is incomplete"))
