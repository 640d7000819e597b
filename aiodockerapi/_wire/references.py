"""References of images: ``[registry/]name[:tag][@digest]``."""

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
_LONGEST_NAME: Final = 255


class Reference(NamedTuple):
    """A reference in its parts; an empty string where there is none."""

    name: str
    tag: str
    digest: str

    @property
    def version(self) -> str:
        """What the daemon is asked for besides the name: the digest, the tag, or ``latest``, never all tags."""
        return self.digest or self.tag or "latest"


def parse_reference(value: str, kind: str = "image") -> Reference:
    """Take a reference apart; `kind` is what it refers to.

    :raises InvalidArgument: it is malformed.
    """
    match = _REFERENCE.fullmatch(text(value, f"the {kind} reference"))
    if match is None or len(match["name"]) > _LONGEST_NAME:
        hint = "; names are in lower case" if value != value.lower() else ""
        raise InvalidArgument(
            f"{value!r} is no {kind} reference such as busybox, repo/name:tag or name@sha256:...{hint}"
        )
    return Reference(match["name"], match["tag"] or "", match["digest"] or "")
