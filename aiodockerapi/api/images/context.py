"""A directory as a build context: which of its files are sent, and where its Dockerfile is."""

import os
import secrets
from collections.abc import AsyncIterable
from functools import partial
from pathlib import Path
from typing import Final

from ..._transport import ThreadedBlocks, upload
from ..._transport.upload.packing import BuildContext, packed
from ..._wire.ignore_patterns import IgnorePatterns, read_patterns
from ...errors import BuildContextError, InvalidArgument

__all__ = ["local_context"]

_IGNORE: Final = ".dockerignore"


def local_context(
    path: str | os.PathLike[str], dockerfile: str | None, *, buildkit: bool
) -> tuple[bytes | AsyncIterable[bytes], str | None]:
    """What is sent of that path, a directory or an archive, and where the Dockerfile is in it. Blocking.

    :raises InvalidArgument: there is no such Dockerfile, or a pattern cannot be followed.
    :raises BuildContextError: a file that decides over the context cannot be read.
    :raises OSError: the path leads nowhere.
    """
    root = Path(path).resolve(strict=True)
    if not root.is_dir():
        return upload(root, "context"), dockerfile
    try:
        context, name = _opened(root, _dockerfile(root, dockerfile), buildkit=buildkit)
    except OSError as error:
        raise BuildContextError(str(error.filename or root), error.strerror or str(error)) from error
    return ThreadedBlocks(partial(packed, context), "packing the context"), name


def _dockerfile(root: Path, given: str | None) -> Path:
    """Where the Dockerfile is, as it is written: links are followed later."""
    if given:
        path = root / given
        if not path.is_file():
            raise InvalidArgument(f"there is no Dockerfile at {path}")
        return path
    for path in (root / "Dockerfile", root / "dockerfile"):
        if os.path.lexists(path):
            break
    else:
        raise InvalidArgument(f"{root} has no Dockerfile; if it bears another name: dockerfile=")
    if not path.is_file():
        raise InvalidArgument(f"{path} is no file, or a link that leads to none")
    return path


def _opened(root: Path, written: Path, *, buildkit: bool) -> tuple[BuildContext, str]:
    """The context, and the Dockerfile's path in it."""
    ignore = _content(root / _IGNORE)
    own = _content(written.with_name(f"{written.name}{_IGNORE}")) if buildkit else None
    ignored = IgnorePatterns(read_patterns(os.fsdecode((ignore if own is None else own) or b"")))
    dockerfile = written.resolve()
    if dockerfile.is_relative_to(root):
        name = dockerfile.relative_to(root).as_posix()
        return BuildContext(str(root), ignored, kept=frozenset({_IGNORE, name})), name
    # It goes along under a name that nothing else has, and is ignored there: the daemon keeps it from the image then.
    name = f".dockerfile.{secrets.token_hex(10)}"
    ignore = (_IGNORE.encode() if ignore is None else ignore) + f"\n{name}\n".encode()
    added = {name: dockerfile.read_bytes(), _IGNORE: ignore}
    return BuildContext(str(root), ignored, kept=frozenset({_IGNORE}), added=added), name


def _content(path: Path) -> bytes | None:
    try:
        return path.read_bytes()
    except FileNotFoundError:
        return None
