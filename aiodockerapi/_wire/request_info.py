"""What errors and streams report about the request that they belong to."""

from typing import NamedTuple, TypeVar

from ..errors import DecodingError, DockerError, StreamError
from .versions import OLDEST, ApiVersion

__all__ = ["NO_REQUEST", "RequestInfo"]

ErrorT = TypeVar("ErrorT", bound=DockerError)


class RequestInfo(NamedTuple):
    """A request without its query, headers and body, all of which may hold secrets.

    :ivar path: the path without the version prefix.
    :ivar reference: the image or plugin that the request is about, where the path does not name it.
    :ivar version: the API version in which the request was sent.
    """

    method: str
    path: str = ""
    reference: str = ""
    version: ApiVersion = OLDEST

    def annotate(self, error: ErrorT) -> ErrorT:
        """Return the error after adding the request to it, unless it already names one."""
        if isinstance(error, StreamError) and not error.path:
            error.method, error.path, error.reference = self.method, self.path, self.reference
        elif isinstance(error, DecodingError) and not error.call:
            error.call = f"{self.method} {self.path}".strip()
        return error


NO_REQUEST = RequestInfo("")
