"""The docker CLI's files: JSON that people edit by hand, read with errors that say where to look."""

import json
from collections.abc import Iterator
from errno import ENOTDIR
from pathlib import Path
from stat import S_ISDIR
from typing import Any, Final, NoReturn

import attrs

from ..errors import ConfigurationError

__all__ = ["Document", "is_folder", "is_readable", "read_document"]

_OTHERWISE: Final = "or have DOCKER_CONFIG name another directory"
_REMEDIES: Final[dict[type[Exception], str]] = {
    PermissionError: "Make it readable for the user who runs this",
    IsADirectoryError: "Put a file in its place",
    NotADirectoryError: "Put a directory in its place",
}
_NO_TEXT: Final = "it is no text in UTF-8 without a byte order mark. Save it as that"
_NO_JSON: Final = "it nests too deep, or holds a number that is none"
_MEND: Final = f"Mend the file, {_OTHERWISE}"


class _Object(tuple[tuple[str, Any], ...]):
    """A JSON object as it is written: a name may be there twice."""

    __slots__ = ()


_JSON_NAMES: Final = {_Object: "an object", list: "a list", str: "a string", bool: "true or false", type(None): "null"}


@attrs.frozen
class Document:
    """One JSON object of a file.

    Its members are found in any spelling, as the CLI finds them. Of two strings or flags the last one counts, two objects are
    one, as Go has it. Null is the same as absent.

    :ivar path: the file, for errors.
    :ivar members: what it holds; never in a repr, for much of it is secret.
    :ivar place: where in the file, empty or with a final dot.
    """

    path: Path
    members: tuple[tuple[str, Any], ...] = attrs.field(repr=False)
    place: str = ""

    def text(self, name: str) -> str:
        """A string; empty when it is absent."""
        return str(self._member(name, str) or "")

    def flag(self, name: str) -> bool:
        """Whether something is so; not when it is absent."""
        return bool(self._member(name, bool))

    def inner(self, name: str) -> "Document":
        """An object in this one; empty when it is absent."""
        found: tuple[tuple[str, Any], ...] = ()
        for key, value in self._members(name):
            found = () if value is None else (*found, *self._checked(key, value, _Object))
        return Document(self.path, found, f"{self.place}{name}.")

    def items(self) -> Iterator[tuple[str, "Document"]]:
        """The objects in this one, by their names as they are spelled."""
        for name, value in self.members:
            yield name, Document(self.path, self._checked(name, value, _Object) or (), f"{self.place}{name}.")

    def texts(self) -> dict[str, str]:
        """The strings in this object, by their names as they are spelled."""
        return {name: self._checked(name, value, str) or "" for name, value in self.members}

    def _member(self, name: str, kind: type) -> Any:
        found = None
        for key, value in self._members(name):
            if value is not None:
                found = self._checked(key, value, kind)
        return found

    def _members(self, name: str) -> Iterator[tuple[str, Any]]:
        return ((key, value) for key, value in self.members if key.casefold() == name.casefold())

    def _checked(self, name: str, value: Any, kind: type) -> Any:
        if value is None or isinstance(value, kind):
            return value
        wanted, got = _JSON_NAMES[kind], _JSON_NAMES.get(type(value), "a number")
        raise ConfigurationError(f"{self.path}: {self.place}{name} must be {wanted}, not {got}. {_MEND}")


def read_document(path: Path) -> Document | None:
    """Read a file that holds one JSON object; None if there is no such file. An empty file is an empty object.

    :raises ConfigurationError: it cannot be read, or is something else.
    """
    try:
        text = path.read_bytes().decode()
        value = json.loads(text, object_pairs_hook=_Object, parse_constant=_no_number) if text.strip() else _Object()
    except FileNotFoundError:
        return None
    except NotADirectoryError as error:
        raise ConfigurationError(
            f"{path} cannot be: {path.parent} is not a directory. "
            "DOCKER_CONFIG names the directory that holds config.json, not the file itself"
        ) from error
    except OSError as error:
        remedy = f"{_REMEDIES.get(type(error), 'Mend the file')}, {_OTHERWISE}"
        raise ConfigurationError(f"{path} cannot be read: {error.strerror or error}. {remedy}") from error
    except json.JSONDecodeError as error:
        marked = error.doc.startswith("\ufeff")
        where = f"{error.msg} in line {error.lineno}, column {error.colno}. {_MEND}"
        raise ConfigurationError(
            f"{path} is not JSON: {f'{_NO_TEXT}, {_OTHERWISE}' if marked else where}"
        ) from None  # the error would hold the whole text
    except UnicodeDecodeError as error:
        raise ConfigurationError(f"{path} is not JSON: {_NO_TEXT}, {_OTHERWISE}") from error
    except (ValueError, RecursionError) as error:
        raise ConfigurationError(f"{path} is not JSON: {_NO_JSON}. {_MEND}") from error
    if value is not None and not isinstance(value, _Object):
        raise ConfigurationError(
            f"{path} must hold a JSON object, not {_JSON_NAMES.get(type(value), 'a number')}. {_MEND}"
        )
    return Document(path, value or ())


def _no_number(word: str) -> NoReturn:
    """Refuse NaN and its like, which Python would take."""
    raise ValueError(word)


def is_readable(path: Path) -> bool:
    """Whether there is such a file.

    :raises ConfigurationError: there is one, but it cannot be opened; or a link to one that is not there.
    """
    try:
        with path.open("rb"):
            return True
    except (FileNotFoundError, NotADirectoryError):
        _hold_no_link(path)
        return False
    except (OSError, ValueError) as error:  # the latter for a path that cannot be one
        raise _unreadable(path, error) from error


def is_folder(path: Path) -> bool:
    """Whether there is such a directory.

    :raises ConfigurationError: there is something else, or a link to one that is not there; or that must not be known.
    """
    try:
        if S_ISDIR(path.stat().st_mode):  # newer Pythons' is_dir() says no where it cannot tell
            return True
        raise NotADirectoryError(ENOTDIR, "Not a directory")
    except FileNotFoundError:
        _hold_no_link(path.parent)
        _hold_no_link(path)
        return False
    except (OSError, ValueError) as error:
        raise _unreadable(path, error) from error


def _hold_no_link(path: Path) -> None:
    """Hold that what seems to be absent is not a link to what is: somebody has put it there, and means it."""
    if path.is_symlink() and not path.exists():
        raise ConfigurationError(
            f"{path} is a link to {path.readlink()}, which is not there. Mend the link, or take it away"
        )


def _unreadable(path: Path, error: OSError | ValueError) -> ConfigurationError:
    remedy = _REMEDIES.get(type(error), "Put it in order")
    return ConfigurationError(f"{path} cannot be read: {getattr(error, 'strerror', None) or error}. {remedy}")
