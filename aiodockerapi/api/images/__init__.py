"""Images: pull, push, build, save, load, list, tag, remove and prune."""

from .build import BuildCalls
from .results import BuildResult, ImportResult, LoadResult, PullResult, PushResult
from .store import StoreCalls
from .transfer import TransferCalls

__all__ = ["BuildResult", "Images", "ImportResult", "LoadResult", "PullResult", "PushResult"]


class Images(StoreCalls, TransferCalls, BuildCalls):
    """Images of one engine: ``docker.images``.

    An image is given by its reference (``busybox``, ``127.0.0.1:5000/web:1.2``), its digest, or its id.
    """
