"""Patterns of ``.dockerignore`` files, with the semantics of the docker CLI.

The last pattern that matches a path or one of its parent directories decides; one with a leading ``!`` is an exception, which
includes the path again. Patterns are relative to the context, match whole paths, and support:

* ``*`` and ``?``, which do not match a slash; ``[a-z]`` and ``[^a-z]``;
* ``**``, which matches any number of directories, including none;
* ``\\``, which escapes the next character.

Docker translates patterns into regular expressions of Go, which has visible effects in rare cases: a leading ``**`` compares
suffixes, a trailing one compares prefixes, and the content of brackets is translated too, so that ``[*]`` does not
match a star. This module reproduces these effects, so that the same files are sent as with the docker CLI.
"""

import posixpath
import re
from collections.abc import Callable, Iterable, Sequence
from typing import Final

from ..errors import InvalidArgument

__all__ = ["IgnorePatterns", "read_patterns"]

# The whitespace of Go; Python's also includes four control characters.
_WHITESPACE: Final = "\t\n\v\f\r \x85\xa0\u1680\u2028\u2029\u202f\u205f\u3000" + "".join(
    map(chr, range(0x2000, 0x200B))
)

_ITEM: Final = r"(?:\\.|[^\\\-\]])"
_WELL_FORMED: Final = re.compile(rf"(?:[^\\\[]|\\.|\[\^?(?:{_ITEM}(?:-{_ITEM})?)+\])*", re.DOTALL)

_ESCAPED: Final = frozenset(".+()|{}$")
_ESCAPE_LETTERS: Final = frozenset("dDsSwWafnrtv")  # have a meaning after a backslash in Go and Python
_NAMED_CLASS: Final = re.compile(r"\[:(\^?[a-z]+):\]")
_NAMED_CLASSES: Final = {
    "alnum": "0-9A-Za-z",
    "alpha": "A-Za-z",
    "ascii": r"\x00-\x7f",
    "blank": r"\t ",
    "cntrl": r"\x00-\x1f\x7f",
    "digit": "0-9",
    "graph": "!-~",
    "lower": "a-z",
    "print": " -~",
    "punct": r"!-/:-@\[-`{-~",
    "space": r"\t-\r ",
    "upper": "A-Z",
    "word": "0-9A-Za-z_",
    "xdigit": "0-9A-Fa-f",
}

Matched = Sequence[bool]
"""Whether each pattern matches a directory, and therefore everything in it."""


def read_patterns(text: str) -> list[str]:
    """Return the patterns of a ``.dockerignore`` file, without comments, surrounding whitespace and redundant slashes."""
    patterns = []
    for number, line in enumerate(text.split("\n")):
        pattern = (line.removeprefix("\ufeff") if number == 0 else line).removesuffix("\r")
        if pattern.startswith("#"):
            continue
        pattern = pattern.strip(_WHITESPACE)
        if not pattern:
            continue
        mark = "!" if pattern.startswith("!") else ""
        pattern = pattern.removeprefix(mark).strip(_WHITESPACE)
        if pattern:
            pattern = _normalized(pattern)
            pattern = pattern.removeprefix("/") or pattern
        patterns.append(mark + pattern)
    return patterns


class IgnorePatterns:
    """Compiled patterns, in order; false if there are none.

    :raises InvalidArgument: if a pattern is malformed.
    """

    def __init__(self, patterns: Iterable[str]) -> None:
        rules: list[tuple[bool, Callable[[str], object]]] = []
        exceptions: list[str] = []
        for text in patterns:
            pattern = text.strip(_WHITESPACE)
            if not pattern:
                continue
            pattern = _normalized(pattern)
            is_exception = pattern.startswith("!")
            pattern = pattern.removeprefix("!")
            if not pattern or not _WELL_FORMED.fullmatch(pattern):
                raise _malformed(text)
            rules.append((is_exception, _compile(pattern)))
            if is_exception:
                exceptions.append(f"{pattern}/")
        self._rules = rules
        self._exceptions = tuple(exceptions)

    def __bool__(self) -> bool:
        return bool(self._rules)

    def match(self, path: str, parent: Matched | None = None) -> tuple[bool, Matched]:
        """Return whether a path is ignored, and the value of `parent` for paths in it.

        :param path: the path relative to the context, with slashes, without a trailing one.
        :param parent: the second result for the parent directory; None at the top level.
        """
        ignored = False
        matched: list[bool] = []
        for number, (is_exception, matches) in enumerate(self._rules):
            hit = parent is not None and parent[number]
            if not hit and is_exception == ignored:
                hit = bool(matches(path))
            if hit:
                ignored = not is_exception
            matched.append(hit)
        return ignored, matched

    def has_exception_below(self, folder: str) -> bool:
        """Return whether an exception starts with the path of a directory; wildcards in exceptions are not considered."""
        return any(exception.startswith(f"{folder}/") for exception in self._exceptions)


def _normalized(path: str) -> str:
    """Return a normalized path."""
    clean = posixpath.normpath(path)
    return clean[1:] if clean.startswith("//") else clean


def _malformed(pattern: str) -> InvalidArgument:
    return InvalidArgument(f"invalid .dockerignore pattern: {pattern!r:.80}")


def _compile(pattern: str) -> Callable[[str], object]:
    """Return a function that matches paths, without a regular expression if possible."""
    regex, kind = _translate(pattern)
    if kind == "exact":
        return pattern.__eq__
    if kind == "prefix":
        prefix = pattern[:-2]
        return lambda path: path.startswith(prefix)
    if kind == "suffix":
        suffix = pattern[2:]
        return lambda path: path.endswith(suffix) or f"/{path}" == suffix
    try:
        return re.compile(_to_python(regex), re.ASCII).fullmatch
    except (re.error, ValueError, LookupError) as error:
        raise _malformed(pattern) from error


def _translate(pattern: str) -> tuple[str, str]:
    """Translate a pattern as Docker does; return the regular expression of Go, and the kind of comparison."""
    regex, kind, position = "", "exact", 0
    while position < len(pattern):
        start, char = position, pattern[position]
        position += 1
        if pattern.startswith("**", start):
            position = start + (3 if pattern.startswith("/", start + 2) else 2)
            if position < len(pattern):
                regex, kind = f"{regex}(.*/)?", "regex"
            elif kind == "exact":
                kind = "prefix"
            else:
                regex, kind = f"{regex}.*", "regex"
            if start == 0:
                kind = "suffix"
        elif char in "*?":
            regex, kind = regex + ("[^/]*" if char == "*" else "[^/]"), "regex"
        elif char == "\\":
            regex, kind = f"{regex}\\{pattern[position]}", "regex"
            position += 1
        elif char in "[]":
            regex, kind = regex + char, "regex"
        else:
            regex += f"\\{char}" if char in _ESCAPED else char
    return regex, kind


def _to_python(regex: str) -> str:
    """Convert a regular expression of Go, as returned by `_translate`, to Python's syntax."""
    parts, position = [], 0
    while position < len(regex):
        char = regex[position]
        if char == "[":
            part, position = _convert_class(regex, position + 1)
        elif char == "\\":
            part, position = _convert_character(regex, position)
        else:
            part, position = char if char in "^.*?()" else re.escape(char), position + 1
        parts.append(part)
    return "".join(parts)


def _convert_class(regex: str, position: int) -> tuple[str, int]:
    """Convert a character class, given the position after its bracket; return it, and the position after it.

    A closing bracket at its beginning is one of its characters.
    """
    opening = "[^" if regex[position] == "^" else "["
    position += len(opening) - 1
    parts: list[str] = []
    while regex[position] != "]" or not parts:
        if named := _NAMED_CLASS.match(regex, position):
            parts.append(_NAMED_CLASSES[named[1]])
            position = named.end()
            continue
        part, position = _convert_character(regex, position)
        if regex[position] == "-" and regex[position + 1] != "]":
            last, position = _convert_character(regex, position + 1)
            part = f"{part}-{last}"
        parts.append(part)
    return f"{opening}{''.join(parts)}]", position + 1


def _convert_character(regex: str, position: int) -> tuple[str, int]:
    """Convert a character, which may be escaped; return it, and the position after it."""
    char = regex[position]
    if char != "\\":
        return re.escape(char), position + 1
    char = regex[position + 1]
    if char in _ESCAPE_LETTERS:
        return f"\\{char}", position + 2
    if char.isalnum() or not char.isascii():
        raise ValueError
    return re.escape(char), position + 2
