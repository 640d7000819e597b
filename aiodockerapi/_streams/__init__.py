"""Streaming calls, which are awaited or entered, and their streams."""

from .archive import ArchiveStream
from .call import StreamCall
from .container_wait import Waiting
from .download import DownloadStream
from .duplex import ByteStream
from .items import ItemStream, LineStream
from .json_values import ValueStream
from .output import AttachedStream, FrameStream, Output, WebSocketStream, collect
from .progress import ProgressReducer, ProgressStream, progress_call
from .saved import SavedImages

__all__ = [
    "ArchiveStream",
    "AttachedStream",
    "ByteStream",
    "DownloadStream",
    "FrameStream",
    "ItemStream",
    "LineStream",
    "Output",
    "ProgressReducer",
    "ProgressStream",
    "SavedImages",
    "StreamCall",
    "ValueStream",
    "Waiting",
    "WebSocketStream",
    "collect",
    "progress_call",
]
