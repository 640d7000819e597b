"""The docker CLI's files: JSON that people edit by hand, read with errors that say where to look."""

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final

import attrs

from ..errors import ConfigurationError

__all__ = ["Document", "is_readable", "read_document"]

_MEND: Final = "Mend the file, or have DOCKER_CONFIG name another directory"
_JSON_NAMES: Final = {dict: "an object", list: "a list", str: "a string", bool: "true or false", type(None): "null"}


@attrs.frozen
class Document:
    """One JSON object of a file.

    Its members are found in any spelling, as the CLI finds them; of two the last one counts. Null is the same as absent.

    :ivar path: the file, for errors.
    :ivar members: what it holds; never in a repr, for much of it is secret.
    :ivar place: where in the file, empty or with a final dot.
    """

    path: Path
    members: Mapping[str, Any] = attrs.field(repr=False)
    place: str = ""

    def text(self, name: str) -> str:
        """A string; empty when it is absent."""
        return str(self._member(name, str) or "")

    def flag(self, name: str) -> bool:
        """Whether something is so; not when it is absent."""
        return bool(self._member(name, bool))

    def inner(self, name: str) -> "Document":
        """An object in this one; empty when it is absent."""
        return Document(self.path, self._member(name, dict) or {}, f"{self.place}{name}.")

    def items(self) -> Iterator[tuple[str, "Document"]]:
        """The objects in this one, by their names as they are spelled."""
        for name in self.members:
            yield name, Document(self.path, self._checked(name, self.members[name], dict) or {}, f"{self.place}{name}.")

    def texts(self) -> dict[str, str]:
        """The strings in this object, by their names as they are spelled."""
        return {name: self._checked(name, value, str) or "" for name, value in self.members.items()}

    def _member(self, name: str, kind: type) -> Any:
        found = None
        for key, value in self.members.items():
            if key.casefold() == name.casefold() and value is not None:
                found = self._checked(key, value, kind)
        return found

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
        value = json.loads(text) if text.strip() else {}
    except FileNotFoundError:
        return None
    except NotADirectoryError as error:
        raise ConfigurationError(
            f"{path} cannot be: {path.parent} is not a directory. "
            "DOCKER_CONFIG names the directory that holds config.json, not the file itself"
        ) from error
    except OSError as error:
        raise ConfigurationError(f"{path} cannot be read: {error.strerror or error}. {_MEND}") from error
    except json.JSONDecodeError as error:
        where = f"{error.msg} in line {error.lineno}, column {error.colno}"
        raise ConfigurationError(
            f"{path} is not JSON: {where}. {_MEND}"
        ) from None  # the error would hold the whole text
    except (ValueError, RecursionError) as error:
        raise ConfigurationError(f"{path} is not JSON: it is no text in UTF-8, or nests too deep. {_MEND}") from error
    if value is not None and not isinstance(value, dict):
        raise ConfigurationError(
            f"{path} must hold a JSON object, not {_JSON_NAMES.get(type(value), 'a number')}. {_MEND}"
        )
    return Document(path, value or {})


def is_readable(path: Path) -> bool:
    """Whether there is such a file.

    :raises ConfigurationError: there is one, but it cannot be opened.
    """
    try:
        with path.open("rb"):
            return True
    except (FileNotFoundError, NotADirectoryError):
        return False
    except OSError as error:
        raise ConfigurationError(
            f"{path} cannot be read: {error.strerror or error}. Make it readable for the user who runs this"
        ) from error
