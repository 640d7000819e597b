"""Large request bodies: their sources, the thread that reads them, and the payloads that aiohttp sends."""

from .sources import Upload, upload_body
from .threaded_blocks import ThreadedBlocks

__all__ = ["ThreadedBlocks", "Upload", "upload_body"]
