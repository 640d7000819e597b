"""The docker CLI's JSON files, which users edit by hand: errors name the file and the place in it."""

import json
from collections.abc import Iterator
from errno import ENOTDIR
from pathlib import Path
from stat import S_ISDIR
from typing import Any, Final, NoReturn

import attrs

from ..errors import ConfigurationError

__all__ = ["Document", "directory_exists", "file_exists", "read_document"]

_OR_OTHER_DIRECTORY: Final = "or set DOCKER_CONFIG to another directory"
_REMEDIES: Final[dict[type[Exception], str]] = {
    PermissionError: "Make it readable for the current user",
    IsADirectoryError: "Replace it with a file",
    NotADirectoryError: "Replace it with a directory",
}
_FIX_FILE: Final = f"Fix the file, {_OR_OTHER_DIRECTORY}"
_NOT_UTF8: Final = f"the encoding must be UTF-8 without a byte order mark. Convert the file, {_OR_OTHER_DIRECTORY}"
_UNSUPPORTED_JSON: Final = f"it is nested too deeply or contains an invalid number. {_FIX_FILE}"


class _Object(tuple[tuple[str, Any], ...]):
    """The members of a JSON object in their order; a name may occur more than once."""

    __slots__ = ()


_JSON_NAMES: Final = {_Object: "an object", list: "a list", str: "a string", bool: "true or false", type(None): "null"}


@attrs.frozen
class Document:
    """A JSON object in a file.

    Member names are case-insensitive, as in the CLI. As in Go, the last of several strings or booleans with the same name
    applies, and several objects with the same name are merged. Null is treated as absent.

    :ivar path: the path of the file, for errors.
    :ivar members: the members; not in the repr, since they may be secrets.
    :ivar place: the place in the file: member names with a final dot; empty for the outermost object.
    """

    path: Path
    members: tuple[tuple[str, Any], ...] = attrs.field(repr=False)
    place: str = ""

    def get_string(self, name: str) -> str:
        """Return a string; empty if it is absent.

        :raises ConfigurationError: if the member has another type.
        """
        return str(self._last(name, str) or "")

    def get_bool(self, name: str) -> bool:
        """Return a boolean; False if it is absent.

        :raises ConfigurationError: if the member has another type.
        """
        return bool(self._last(name, bool))

    def get_object(self, name: str) -> "Document":
        """Return a nested object; empty if it is absent.

        :raises ConfigurationError: if the member has another type.
        """
        merged: tuple[tuple[str, Any], ...] = ()
        for key, value in self._named(name):
            merged = () if value is None else (*merged, *self._check(key, value, _Object))
        return Document(self.path, merged, f"{self.place}{name}.")

    def objects(self) -> Iterator[tuple[str, "Document"]]:
        """Iterate over all members, which must be objects, with their names as written in the file."""
        for name, value in self.members:
            yield name, Document(self.path, self._check(name, value, _Object) or (), f"{self.place}{name}.")

    def strings(self) -> dict[str, str]:
        """Return all members, which must be strings, by their names as written in the file."""
        return {name: self._check(name, value, str) or "" for name, value in self.members}

    def _last(self, name: str, kind: type) -> Any:
        found = None
        for key, value in self._named(name):
            if value is not None:
                found = self._check(key, value, kind)
        return found

    def _named(self, name: str) -> Iterator[tuple[str, Any]]:
        return ((key, value) for key, value in self.members if key.casefold() == name.casefold())

    def _check(self, name: str, value: Any, kind: type) -> Any:
        if value is None or isinstance(value, kind):
            return value
        expected, actual = _JSON_NAMES[kind], _JSON_NAMES.get(type(value), "a number")
        raise ConfigurationError(f"{self.path}: {self.place}{name} must be {expected}, not {actual}. {_FIX_FILE}")


def read_document(path: Path) -> Document | None:
    """Read a file that contains a JSON object; None if the file does not exist. An empty file counts as an empty object.

    :raises ConfigurationError: if the file cannot be read, or contains something else.
    """
    try:
        text = path.read_bytes().decode()
        value = json.loads(text, object_pairs_hook=_Object, parse_constant=_reject) if text.strip() else _Object()
    except FileNotFoundError:
        return None
    except NotADirectoryError as error:
        raise ConfigurationError(
            f"{path} cannot be read: {path.parent} is not a directory. "
            "Set DOCKER_CONFIG to the directory that contains config.json, not to the file"
        ) from error
    except OSError as error:
        remedy = f"{_REMEDIES.get(type(error), 'Fix the file')}, {_OR_OTHER_DIRECTORY}"
        raise ConfigurationError(f"{path} cannot be read: {error.strerror or error}. {remedy}") from error
    except json.JSONDecodeError as error:
        has_bom = error.doc.startswith("\ufeff")
        reason = f"{error.msg} in line {error.lineno}, column {error.colno}. {_FIX_FILE}"
        raise ConfigurationError(
            f"{path} is not valid JSON: {_NOT_UTF8 if has_bom else reason}"
        ) from None  # `error.doc` is the whole text, which may contain credentials
    except UnicodeDecodeError as error:
        raise ConfigurationError(f"{path} is not valid JSON: {_NOT_UTF8}") from error
    except (ValueError, RecursionError) as error:
        raise ConfigurationError(f"{path} is not valid JSON: {_UNSUPPORTED_JSON}") from error
    if value is not None and not isinstance(value, _Object):
        actual = _JSON_NAMES.get(type(value), "a number")
        raise ConfigurationError(f"{path} must contain a JSON object, not {actual}. {_FIX_FILE}")
    return Document(path, value or ())


def _reject(constant: str) -> NoReturn:
    """Raise ValueError for NaN and Infinity, which Python's parser would accept."""
    raise ValueError(constant)


def file_exists(path: Path) -> bool:
    """Return whether a file exists.

    :raises ConfigurationError: if it exists but cannot be opened, or is a link to a file that does not exist.
    """
    try:
        with path.open("rb"):
            return True
    except (FileNotFoundError, NotADirectoryError):
        _check_link(path)
        return False
    except (OSError, ValueError) as error:  # ValueError for an invalid path
        raise _unreadable(path, error) from error


def directory_exists(path: Path) -> bool:
    """Return whether a directory exists.

    :raises ConfigurationError: if it is not a directory, cannot be accessed, or is a link to a path that does not exist.
    """
    try:
        if S_ISDIR(path.stat().st_mode):  # newer versions of Path.is_dir() return False if it cannot be accessed
            return True
        raise NotADirectoryError(ENOTDIR, "Not a directory")
    except FileNotFoundError:
        _check_link(path.parent)
        _check_link(path)
        return False
    except (OSError, ValueError) as error:
        raise _unreadable(path, error) from error


def _check_link(path: Path) -> None:
    """Raise ConfigurationError for a broken link: ignoring it would silently drop certificates that are configured."""
    if path.is_symlink() and not path.exists():
        raise ConfigurationError(
            f"{path} is a link to {path.readlink()}, which does not exist. Fix the link, or remove it"
        )


def _unreadable(path: Path, error: OSError | ValueError) -> ConfigurationError:
    remedy = _REMEDIES.get(type(error), "Fix the file or its path")
    return ConfigurationError(f"{path} cannot be read: {getattr(error, 'strerror', None) or error}. {remedy}")
