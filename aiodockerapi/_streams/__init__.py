"""What a call that streams gives: one object that can be awaited or entered, and the streams behind it."""

from .archive import ArchiveStream
from .call import StreamCall
from .download import DownloadStream
from .duplex import ByteStream
from .items import ItemStream, LineStream
from .output import AttachedStream, FrameStream, Output, WebSocketStream, collect
from .progress import Folder, ProgressStream, progress_call
from .saved import SavedImages
from .values import ValueStream
from .waiting import Waiting

__all__ = [
    "ArchiveStream",
    "AttachedStream",
    "ByteStream",
    "DownloadStream",
    "Folder",
    "FrameStream",
    "ItemStream",
    "LineStream",
    "Output",
    "ProgressStream",
    "SavedImages",
    "StreamCall",
    "ValueStream",
    "Waiting",
    "WebSocketStream",
    "collect",
    "progress_call",
]
