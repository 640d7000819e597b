"""Images: from a registry and back, built, kept and removed."""

from .transfer import PullResult, TransferCalls

__all__ = ["Images", "PullResult"]


class Images(TransferCalls):
    """Images of one engine: ``docker.images``.

    An image is named by a reference (``busybox``, ``127.0.0.1:5000/web:1.2``), a digest, or its id.
    """
