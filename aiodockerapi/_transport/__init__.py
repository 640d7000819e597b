"""Bytes over a socket: a connection pool for calls, and separate connections for streams."""

from .diagnostics.api_errors import ErrorResponse, read_error
from .pool import Answer, Download
from .stream import StreamAnswer
from .tls_contexts import SSLContext
from .transport import Transport
from .upload import ThreadedBlocks, Upload, upload_body
from .websocket import WebSocket, WebSocketRefused

__all__ = [
    "Answer",
    "Download",
    "ErrorResponse",
    "SSLContext",
    "StreamAnswer",
    "ThreadedBlocks",
    "Transport",
    "Upload",
    "WebSocket",
    "WebSocketRefused",
    "read_error",
    "upload_body",
]
