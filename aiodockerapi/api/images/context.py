"""A directory as a build context: selects the files to send, and locates the Dockerfile."""

import os
import secrets
from collections.abc import AsyncIterable
from functools import partial
from pathlib import Path
from typing import Final

from ..._transport import ThreadedBlocks, upload_body
from ..._transport.upload.packing import BuildContext, packed
from ..._wire.ignore_patterns import IgnorePatterns, read_patterns
from ...errors import BuildContextError, InvalidArgument

__all__ = ["local_context"]

_IGNORE: Final = ".dockerignore"


def local_context(
    path: str | os.PathLike[str], dockerfile: str | None, *, buildkit: bool
) -> tuple[bytes | AsyncIterable[bytes], str | None]:
    """Return the body for the directory or archive at that path, and the path of the Dockerfile in it. Blocking.

    :raises InvalidArgument: if the Dockerfile does not exist, or an ignore pattern is invalid.
    :raises BuildContextError: if the Dockerfile or an ignore file cannot be read.
    :raises OSError: if the path does not exist.
    """
    root = Path(path).resolve(strict=True)
    if not root.is_dir():
        return upload_body(root, "context"), dockerfile
    try:
        context, name = _build_context(root, _dockerfile(root, dockerfile), buildkit=buildkit)
    except OSError as error:
        raise BuildContextError(str(error.filename or root), error.strerror or str(error)) from error
    return ThreadedBlocks(partial(packed, context), "packing the context"), name


def _dockerfile(root: Path, given: str | None) -> Path:
    """Return the path of the Dockerfile, with symbolic links not yet resolved."""
    if given:
        path = root / given
        if not path.is_file():
            raise InvalidArgument(f"Dockerfile not found: {path}")
        return path
    for path in (root / "Dockerfile", root / "dockerfile"):
        if os.path.lexists(path):
            break
    else:
        raise InvalidArgument(f"{root} does not contain a Dockerfile; pass dockerfile= if it has another name")
    if not path.is_file():
        raise InvalidArgument(f"{path} is not a file or a link to one")
    return path


def _build_context(root: Path, given: Path, *, buildkit: bool) -> tuple[BuildContext, str]:
    """Return the context, and the path of the Dockerfile in it."""
    ignore = _content(root / _IGNORE)
    own = _content(given.with_name(f"{given.name}{_IGNORE}")) if buildkit else None
    ignored = IgnorePatterns(read_patterns(os.fsdecode((ignore if own is None else own) or b"")))
    dockerfile = given.resolve()
    if dockerfile.is_relative_to(root):
        name = dockerfile.relative_to(root).as_posix()
        return BuildContext(str(root), ignored, kept=frozenset({_IGNORE, name})), name
    # A Dockerfile outside of the directory is sent under a unique name that the sent .dockerignore excludes from the image.
    name = f".dockerfile.{secrets.token_hex(10)}"
    ignore = (_IGNORE.encode() if ignore is None else ignore) + f"\n{name}\n".encode()
    added = {name: dockerfile.read_bytes(), _IGNORE: ignore}
    return BuildContext(str(root), ignored, kept=frozenset({_IGNORE}), added=added), name


def _content(path: Path) -> bytes | None:
    try:
        return path.read_bytes()
    except FileNotFoundError:
        return None
