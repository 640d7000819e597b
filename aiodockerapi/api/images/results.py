"""Results of pulls, pushes, builds, loads and imports, and the reducers that extract them from progress messages."""

import re
from collections.abc import Mapping
from typing import Any, Final, NamedTuple

from ... import models
from ..._streams import ProgressReducer

__all__ = [
    "BuildReducer",
    "BuildResult",
    "ImportReducer",
    "ImportResult",
    "LoadReducer",
    "LoadResult",
    "PullReducer",
    "PullResult",
    "PushReducer",
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
    """The result of `Images.pull`."""

    reference: str
    """The requested reference, with its tag (``latest`` by default) or digest."""
    digest: str
    """The digest of the manifest; empty if the daemon did not report it (Podman) and the reference has none."""
    status: str
    """The daemon's last status, such as ``Status: Image is up to date for busybox:latest``."""


class PullReducer(ProgressReducer["models.CreateImageInfo", PullResult]):
    """Extracts the digest from the messages of a pull."""

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
    """The result of `Images.push`."""

    repository: str
    """The repository that was pushed to."""
    tag: str
    """The pushed tag; the last one if all were pushed."""
    digest: str
    """The digest of the manifest in the registry, which identifies exactly this image; empty if not reported."""
    size: int
    """The size of the manifest, in bytes."""
    digests: Mapping[str, str]
    """The digest of every pushed tag."""


class PushReducer(ProgressReducer["models.PushImageInfo", PushResult]):
    """Extracts tags and digests from the messages of a push."""

    def __init__(self, repository: str, tag: str | None) -> None:
        self._repository = repository
        self._tag = tag or ""
        self._size = 0
        self._digests: dict[str, str] = {}

    def add(self, message: "models.PushImageInfo") -> None:
        match = _PUSHED.fullmatch(message.status or "")
        found: Any = message.aux if message.aux is not None else match and match.groupdict()
        if isinstance(found, dict) and found.get("Digest"):
            self._tag = str(found.get("Tag") or self._tag)
            self._size = _number(found.get("Size"))
            self._digests[self._tag] = str(found["Digest"])

    def result(self) -> PushResult:
        digest = self._digests.get(self._tag, "")
        return PushResult(self._repository, self._tag, digest, self._size, self._digests)


class BuildResult(NamedTuple):
    """The result of `Images.build`."""

    image_id: str
    """The id of the image; empty if the outputs of the build do not include one."""
    log: str
    """The output of the build, at most the last 1,048,576 characters. BuildKit (version 2) sends the output of its steps
    in ``aux`` instead, in its own format."""

    def __repr__(self) -> str:
        return f"BuildResult(image_id={self.image_id!r})"


class BuildReducer(ProgressReducer["models.BuildInfo", BuildResult]):
    """Extracts the id of the image from the messages of a build, and collects its output."""

    def __init__(self) -> None:
        self._id = self._printed_id = ""
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
        if built or _ID.fullmatch(line):  # a quiet build prints the id only
            self._printed_id = built[1] if built else line
        self._log.append(message.stream)
        self._size += len(message.stream)
        if self._size > 2 * _LONGEST_LOG:
            self._log = [self.log]
            self._size = _LONGEST_LOG

    def result(self) -> BuildResult:
        log = self.log
        if not self._id and not self._printed_id and _BARE_ID.fullmatch(log):  # Podman's quiet build
            self._printed_id = f"sha256:{log.strip()}"
        return BuildResult(self._id or self._printed_id, log)


class LoadResult(NamedTuple):
    """The result of `Images.load`."""

    images: tuple[str, ...]
    """The name of each image in the archive, or its id if it has no name."""


class LoadReducer(ProgressReducer["models.BuildInfo", LoadResult]):
    """Extracts image names from the messages of a load."""

    def __init__(self) -> None:
        self._images: list[str] = []

    def add(self, message: "models.BuildInfo") -> None:
        for names in _LOADED.findall(message.stream or ""):
            self._images += names.split(",")  # Podman reports all of them in one line

    def result(self) -> LoadResult:
        return LoadResult(tuple(self._images))


class ImportResult(NamedTuple):
    """The result of `Images.import_image`."""

    image_id: str
    """The id of the image."""


class ImportReducer(ProgressReducer["models.CreateImageInfo", ImportResult]):
    """Extracts the id of the image from the messages of an import."""

    def __init__(self) -> None:
        self._id = ""

    def add(self, message: "models.CreateImageInfo") -> None:
        status = (message.status or "").strip()
        if _ID.fullmatch(status):
            self._id = status

    def result(self) -> ImportResult:
        return ImportResult(self._id)


def _number(value: Any) -> int:
    """Parse a size from the daemon; 0 if it is not a number."""
    return int(value) if isinstance(value, int) or (isinstance(value, str) and value.isdigit()) else 0
