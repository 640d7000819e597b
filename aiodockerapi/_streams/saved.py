"""Images as a tar archive."""

from typing import Final

from .._transport import Download
from .._wire.json_text import loads
from ..errors import TruncatedStream
from .download import DownloadStream
from .values import reported

__all__ = ["SavedImages"]

_LONGEST_ERROR: Final = 1 << 14
_ERROR: Final = b'{"errorDetail":'


class SavedImages(DownloadStream):
    """The bytes of saved images as they come.

    A daemon that fails while it saves can only say so in the middle of the archive, as JSON, and ends the answer as if nothing
    had happened. An archive ends in zeros, so the end tells the two apart.
    """

    def __init__(self, download: Download) -> None:
        super().__init__(download)
        self._end = b""

    async def _receive(self) -> bytes:
        chunk = await super()._receive()
        if chunk:
            self._end = (
                (self._end + chunk)[-_LONGEST_ERROR:] if len(chunk) < _LONGEST_ERROR else chunk[-_LONGEST_ERROR:]
            )
        else:
            self._check()
        return chunk

    def _check(self) -> None:
        text = self._end.rstrip(b"\r\n")
        if text.endswith(b"\0"):
            return
        start = text.rfind(_ERROR)
        try:
            message = loads(text[start:]) if start >= 0 else None
        except ValueError:
            message = None
        if isinstance(message, dict):
            raise self._download.request.annotate(reported(message))
        raise self._download.request.annotate(TruncatedStream("the archive of the saved images has no end"))
