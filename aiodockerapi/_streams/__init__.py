"""What a call that streams gives: one object that can be awaited or entered, and the streams behind it."""

from .archive import ArchiveStream
from .call import StreamCall
from .download import DownloadStream
from .items import ItemStream, LineStream
from .output import AttachedStream, FrameStream, Output, WebSocketStream, collect, collected
from .values import ValueStream
from .waiting import Waiting

__all__ = [
    "ArchiveStream",
    "AttachedStream",
    "DownloadStream",
    "FrameStream",
    "ItemStream",
    "LineStream",
    "Output",
    "StreamCall",
    "ValueStream",
    "Waiting",
    "WebSocketStream",
    "collect",
    "collected",
]
