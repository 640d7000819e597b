"""What pulls, pushes, builds, loads and imports come to, and how that is found in their messages."""

import re
from collections.abc import Mapping
from typing import Any, Final, NamedTuple

from ... import models
from ..._streams import ProgressReducer

__all__ = [
    "BuildFolder",
    "BuildResult",
    "ImportFolder",
    "ImportResult",
    "LoadFolder",
    "LoadResult",
    "PullFolder",
    "PullResult",
    "PushFolder",
    "PushResult",
]

_DIGEST: Final = "Digest: "
_PUSHED: Final = re.compile(r"(?P<Tag>\S+): digest: (?P<Digest>\S+) size: (?P<Size>\d+)")
_LOADED: Final = re.compile(r"Loaded image(?: ID)?: (\S+)")
_ID: Final = re.compile(r"sha256:[0-9a-f]{64}")
_BARE_ID: Final = re.compile(r"\s*[0-9a-f]{64}\s*")
_BUILT: Final = re.compile(r"Successfully built ([0-9a-f]{12,64})")
_LONGEST_LOG: Final = 1 << 20


class PullResult(NamedTuple):
    """What a pull has brought."""

    reference: str
    """What was asked for, with the tag or digest that it stands for."""
    digest: str
    """The manifest's digest; empty where the daemon did not tell, as Podman does not, and none was asked for."""
    status: str
    """The daemon's last words, such as ``Status: Image is up to date for busybox:latest``."""


class PullFolder(ProgressReducer["models.CreateImageInfo", PullResult]):
    """Finds the digest among the messages of a pull."""

    def __init__(self, reference: str, digest: str = "") -> None:
        self._reference = reference
        self._digest, self._status = digest, ""

    def add(self, message: "models.CreateImageInfo") -> None:
        self._status = message.status or self._status
        if self._status.startswith(_DIGEST):
            self._digest = self._status.removeprefix(_DIGEST)

    def result(self) -> PullResult:
        return PullResult(self._reference, self._digest, self._status)


class PushResult(NamedTuple):
    """What a push has sent."""

    repository: str
    """Where to."""
    tag: str
    """The tag; the last one, where all were pushed."""
    digest: str
    """The manifest's digest in the registry, to pull exactly this image by; empty where the daemon did not tell."""
    size: int
    """Of the manifest, in bytes."""
    digests: Mapping[str, str]
    """The digest of every tag that was pushed."""


class PushFolder(ProgressReducer["models.PushImageInfo", PushResult]):
    """Finds tags and digests among the messages of a push."""

    def __init__(self, repository: str, tag: str | None) -> None:
        self._repository = repository
        self._tag = tag or ""
        self._size = 0
        self._digests: dict[str, str] = {}

    def add(self, message: "models.PushImageInfo") -> None:
        told = _PUSHED.fullmatch(message.status or "")
        found: Any = message.aux if message.aux is not None else told and told.groupdict()
        if isinstance(found, dict) and found.get("Digest"):
            self._tag = str(found.get("Tag") or self._tag)
            self._size = _number(found.get("Size"))
            self._digests[self._tag] = str(found["Digest"])

    def result(self) -> PushResult:
        digest = self._digests.get(self._tag, "")
        return PushResult(self._repository, self._tag, digest, self._size, self._digests)


class BuildResult(NamedTuple):
    """What a build has made."""

    image_id: str
    """The image's id; empty where the build was not to make one."""
    log: str
    """What the build has printed, the last million characters at most. BuildKit (version 2) puts the output of its steps
    into ``aux`` instead, in a form of its own."""

    def __repr__(self) -> str:
        return f"BuildResult(image_id={self.image_id!r})"


class BuildFolder(ProgressReducer["models.BuildInfo", BuildResult]):
    """Finds the image's id among the messages of a build, and keeps what it prints."""

    def __init__(self) -> None:
        self._id = self._said = ""
        self._log: list[str] = []
        self._size = 0

    @property
    def log(self) -> str:
        return "".join(self._log)[-_LONGEST_LOG:]

    def add(self, message: "models.BuildInfo") -> None:
        if isinstance(message.aux, dict) and message.aux.get("ID"):
            self._id = str(message.aux["ID"])
        if not message.stream:
            return
        line = message.stream.strip()
        built = _BUILT.fullmatch(line)
        if built or _ID.fullmatch(line):  # the latter is all that a quiet build says
            self._said = built[1] if built else line
        self._log.append(message.stream)
        self._size += len(message.stream)
        if self._size > 2 * _LONGEST_LOG:
            self._log = [self.log]
            self._size = _LONGEST_LOG

    def result(self) -> BuildResult:
        log = self.log
        if not self._id and not self._said and _BARE_ID.fullmatch(log):  # Podman's quiet build
            self._said = f"sha256:{log.strip()}"
        return BuildResult(self._id or self._said, log)


class LoadResult(NamedTuple):
    """What a load has brought."""

    images: tuple[str, ...]
    """The name of each image in the archive, or its id where it has no name."""


class LoadFolder(ProgressReducer["models.BuildInfo", LoadResult]):
    """Finds names among the messages of a load."""

    def __init__(self) -> None:
        self._images: list[str] = []

    def add(self, message: "models.BuildInfo") -> None:
        for names in _LOADED.findall(message.stream or ""):
            self._images += names.split(",")  # Podman tells of all in one line

    def result(self) -> LoadResult:
        return LoadResult(tuple(self._images))


class ImportResult(NamedTuple):
    """What an import has made."""

    image_id: str
    """The image's id."""


class ImportFolder(ProgressReducer["models.CreateImageInfo", ImportResult]):
    """Finds the image's id among the messages of an import."""

    def __init__(self) -> None:
        self._id = ""

    def add(self, message: "models.CreateImageInfo") -> None:
        status = (message.status or "").strip()
        if _ID.fullmatch(status):
            self._id = status

    def result(self) -> ImportResult:
        return ImportResult(self._id)


def _number(value: Any) -> int:
    """A size as the daemon tells it; 0 where it is none."""
    return int(value) if isinstance(value, int) or (isinstance(value, str) and value.isdigit()) else 0
