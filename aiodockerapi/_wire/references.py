"""Image references: ``[registry/]name[:tag][@digest]``."""

import re
from typing import Final, NamedTuple

from ..errors import InvalidArgument
from .arguments import text

__all__ = ["Reference", "parse_reference"]

_LABEL: Final = r"[a-zA-Z0-9](?:[a-zA-Z0-9-]*[a-zA-Z0-9])?"
_HOST: Final = rf"(?:{_LABEL}(?:\.{_LABEL})*|\[[a-fA-F0-9:]+\])(?::[0-9]+)?"
_PART: Final = r"[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*"
_REFERENCE: Final = re.compile(
    rf"(?P<name>(?:{_HOST}/)?{_PART}(?:/{_PART})*)"
    r"(?::(?P<tag>[\w][\w.-]{0,127}))?"
    r"(?:@(?P<digest>[A-Za-z][A-Za-z0-9]*(?:[-_+.][A-Za-z][A-Za-z0-9]*)*:[0-9a-fA-F]{32,}))?",
    re.ASCII,
)
_MAX_NAME: Final = 255


class Reference(NamedTuple):
    """The parts of a reference; a missing part is an empty string."""

    name: str
    tag: str
    digest: str

    @property
    def version(self) -> str:
        """The digest, else the tag, else ``latest``: a pull without a tag would pull all tags."""
        return self.digest or self.tag or "latest"


def parse_reference(value: str, kind: str = "image") -> Reference:
    """Parse a reference.

    :param kind: the kind of object that it refers to, for the error.
    :raises InvalidArgument: if it is malformed.
    """
    match = _REFERENCE.fullmatch(text(value, f"the {kind} reference"))
    if match is None or len(match["name"]) > _MAX_NAME:
        hint = "; names must be lowercase" if value != value.lower() else ""
        raise InvalidArgument(
            f"invalid {kind} reference {value!r}: expected NAME[:TAG][@DIGEST], such as repo/name:tag{hint}"
        )
    return Reference(match["name"], match["tag"] or "", match["digest"] or "")
