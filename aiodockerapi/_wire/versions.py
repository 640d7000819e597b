"""API versions, and the range that this library supports."""

import re
from typing import NamedTuple

from ..errors import ConfigurationError

__all__ = ["NEWEST", "OLDEST", "ApiVersion"]

_PATTERN = re.compile(r"v?(\d{1,4})\.(\d{1,4})", re.ASCII)


class ApiVersion(NamedTuple):
    """A version of the Engine API. Versions compare numerically: 1.9 is older than 1.41."""

    major: int
    minor: int

    @classmethod
    def parse(cls, text: str, *, source: str = "API version") -> "ApiVersion":
        """Parse ``1.41`` or ``v1.41``.

        :param source: where the text comes from, for the error.
        :raises ConfigurationError: if it is malformed.
        """
        match = _PATTERN.fullmatch(text.strip()) if isinstance(text, str) else None
        if match is None:
            raise ConfigurationError(f"{source} must be MAJOR.MINOR, such as 1.41, not {text!r}")
        return cls(int(match[1]), int(match[2]))

    def __str__(self) -> str:
        return f"{self.major}.{self.minor}"


OLDEST = ApiVersion(1, 41)
NEWEST = ApiVersion(1, 55)
