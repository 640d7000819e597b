"""Bytes over a socket: the pool for calls, and connections of their own for streams."""

from .lasting import in_thread, to_the_end
from .pool import Answer, Download
from .stream import StreamAnswer
from .transport import Transport
from .upload import Upload, upload
from .websocket import WebSocket

__all__ = [
    "Answer",
    "Download",
    "StreamAnswer",
    "Transport",
    "Upload",
    "WebSocket",
    "in_thread",
    "to_the_end",
    "upload",
]
