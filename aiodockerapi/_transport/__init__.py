"""Bytes over a socket: the pool for calls, and connections of their own for streams."""

from .ahead import Ahead
from .lasting import in_thread, shielded, to_the_end
from .pool import Answer, Download
from .preparing import begin, prepared
from .stream import StreamAnswer
from .transport import Transport
from .trust import SSLContext
from .upload import Upload, upload
from .websocket import WebSocket, WebSocketRefused

__all__ = [
    "Ahead",
    "Answer",
    "Download",
    "SSLContext",
    "StreamAnswer",
    "Transport",
    "Upload",
    "WebSocket",
    "WebSocketRefused",
    "begin",
    "in_thread",
    "prepared",
    "shielded",
    "to_the_end",
    "upload",
]
