"""Images and tar archives for tests."""

from __future__ import annotations

import io
import tarfile
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from aiodockerapi import Docker
    from tests.support.names import Names

__all__ = ["context", "imported", "tar"]


def tar(files: dict[str, bytes]) -> bytes:
    """Return a tar archive of files, given by name."""
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w") as archive:
        for name, data in files.items():
            info = tarfile.TarInfo(name)
            info.size = len(data)
            archive.addfile(info, io.BytesIO(data))
    return buffer.getvalue()


def context(dockerfile: str, files: dict[str, bytes] | None = None) -> bytes:
    """Return a build context as a tar archive."""
    return tar({"Dockerfile": dockerfile.encode(), **(files or {})})


async def imported(docker: Docker, names: Names, repository: str | None = None) -> str:
    """Import an image with a single file of unique content, and return its name; its tag is `latest`."""
    repository = repository or names("image")
    label = " ".join(f"{key}={value}" for key, value in names.labels.items())
    files = tar({"file": names("content").encode()})
    await docker.images.import_image(files, repository=repository, changes=[f"LABEL {label}", 'CMD ["/file"]'])
    return repository
