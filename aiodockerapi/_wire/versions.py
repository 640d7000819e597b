"""API versions: parsing, comparing, and the range that this library knows."""

import re
from typing import NamedTuple

from ..errors import ConfigurationError

__all__ = ["NEWEST", "OLDEST", "ApiVersion"]

_PATTERN = re.compile(r"v?(\d{1,4})\.(\d{1,4})", re.ASCII)


class ApiVersion(NamedTuple):
    """A version of the Engine API; versions compare as numbers, so 1.9 is older than 1.41."""

    major: int
    minor: int

    @classmethod
    def parse(cls, text: str, *, source: str = "API version") -> "ApiVersion":
        """Read ``1.41`` or ``v1.41``; `source` names in the error where the text came from."""
        match = _PATTERN.fullmatch(text.strip()) if isinstance(text, str) else None
        if match is None:
            raise ConfigurationError(f"{source} {text!r} is not of the form MAJOR.MINOR, such as 1.41")
        return cls(int(match[1]), int(match[2]))

    def __str__(self) -> str:
        return f"{self.major}.{self.minor}"


OLDEST = ApiVersion(1, 41)
NEWEST = ApiVersion(1, 55)
