"""``.dockerignore``: what of a directory stays out of a build context, decided as the docker command decides it.

The last pattern that matches a path, or a directory above it, decides; one that begins with ``!`` is an exception and takes
the path in again. Patterns are anchored at the context, match whole paths, and know:

* ``*`` and ``?``, which match anything but a slash; ``[a-z]`` and ``[^a-z]``;
* ``**``, which matches any number of directories, none too;
* ``\\``, which takes the next character for itself.

Docker makes regular expressions of Go's kind of them, in a way that shows in rare cases: ``**`` is a plain comparison of
endings at the beginning of a pattern and of beginnings at its end, and what stands in brackets is translated as well, so that
``[*]`` is no class with a star. All of that is followed, since a file that one client sends should not be missed by another.
"""

import posixpath
import re
from collections.abc import Callable, Iterable, Sequence
from typing import Final

from ..errors import InvalidArgument

__all__ = ["IgnorePatterns", "read_patterns"]

# What Go takes for space; Python would strip four control characters more.
_SPACE: Final = "\t\n\v\f\r \x85\xa0\u1680\u2028\u2029\u202f\u205f\u3000" + "".join(map(chr, range(0x2000, 0x200B)))

_ITEM: Final = r"(?:\\.|[^\\\-\]])"
_WELL_FORMED: Final = re.compile(rf"(?:[^\\\[]|\\.|\[\^?(?:{_ITEM}(?:-{_ITEM})?)+\])*", re.DOTALL)

_ESCAPED: Final = frozenset(".+()|{}$")
_MEANT_BY_LETTERS: Final = frozenset("dDsSwWafnrtv")  # after a backslash, in regular expressions of both languages
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
"""Which of the patterns match a directory; what is in it is matched by them too."""


def read_patterns(text: str) -> list[str]:
    """The patterns of a ``.dockerignore`` file: without comments, spaces around them, and slashes that mean nothing."""
    patterns = []
    for number, line in enumerate(text.split("\n")):
        pattern = (line.removeprefix("\ufeff") if number == 0 else line).removesuffix("\r")
        if pattern.startswith("#"):
            continue
        pattern = pattern.strip(_SPACE)
        if not pattern:
            continue
        mark = "!" if pattern.startswith("!") else ""
        pattern = pattern.removeprefix(mark).strip(_SPACE)
        if pattern:
            pattern = _clean(pattern)
            pattern = pattern.removeprefix("/") or pattern
        patterns.append(mark + pattern)
    return patterns


class IgnorePatterns:
    """Patterns in their order, ready to be asked.

    :raises InvalidArgument: one of them is malformed.
    """

    def __init__(self, patterns: Iterable[str]) -> None:
        rules: list[tuple[bool, Callable[[str], object]]] = []
        exceptions: list[str] = []
        for written in patterns:
            pattern = written.strip(_SPACE)
            if not pattern:
                continue
            pattern = _clean(pattern)
            is_exception = pattern.startswith("!")
            pattern = pattern.removeprefix("!")
            if not pattern or not _WELL_FORMED.fullmatch(pattern):
                raise _malformed(written)
            rules.append((is_exception, _matcher(pattern)))
            if is_exception:
                exceptions.append(f"{pattern}/")
        self._rules = rules
        self._exceptions = tuple(exceptions)

    def __bool__(self) -> bool:
        return bool(self._rules)

    def match(self, path: str, above: Matched | None = None) -> tuple[bool, Matched]:
        """Whether a path is ignored, and what to pass as `above` for what lies in it.

        :param path: relative to the context, with slashes, without a last one.
        :param above: what this gave for the directory that the path lies in; None at the top.
        """
        ignored = False
        found: list[bool] = []
        for number, (is_exception, matches) in enumerate(self._rules):
            hit = above is not None and above[number]
            if not hit and is_exception == ignored:
                hit = bool(matches(path))
            if hit:
                ignored = not is_exception
            found.append(hit)
        return ignored, found

    def may_except_below(self, folder: str) -> bool:
        """Whether an exception names something in an ignored directory. One that only a wildcard leads to does not count."""
        return any(exception.startswith(f"{folder}/") for exception in self._exceptions)


def _clean(path: str) -> str:
    """The shortest way to say a path."""
    clean = posixpath.normpath(path)
    return clean[1:] if clean.startswith("//") else clean


def _malformed(pattern: str) -> InvalidArgument:
    return InvalidArgument(f"{pattern!r:.80} is no pattern that a .dockerignore can have")


def _matcher(pattern: str) -> Callable[[str], object]:
    """What tells whether a path matches, by the plainest comparison that does."""
    regex, kind = _translated(pattern)
    if kind == "exact":
        return pattern.__eq__
    if kind == "prefix":
        prefix = pattern[:-2]
        return lambda path: path.startswith(prefix)
    if kind == "suffix":
        suffix = pattern[2:]
        return lambda path: path.endswith(suffix) or f"/{path}" == suffix
    try:
        return re.compile(_python(regex), re.ASCII).fullmatch
    except (re.error, ValueError, LookupError) as error:
        raise _malformed(pattern) from error


def _translated(pattern: str) -> tuple[str, str]:
    """The regular expression of a pattern, as Docker makes it, and how it is compared."""
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


def _python(regex: str) -> str:
    """A regular expression of Go's that `_translated` can make, in Python's terms."""
    parts, position = [], 0
    while position < len(regex):
        char = regex[position]
        if char == "[":
            part, position = _class(regex, position + 1)
        elif char == "\\":
            part, position = _literal(regex, position)
        else:
            part, position = char if char in "^.*?()" else re.escape(char), position + 1
        parts.append(part)
    return "".join(parts)


def _class(regex: str, position: int) -> tuple[str, int]:
    """A class, from behind its bracket, and where it ends. A bracket at its beginning is one of its characters."""
    opening = "[^" if regex[position] == "^" else "["
    position += len(opening) - 1
    parts: list[str] = []
    while regex[position] != "]" or not parts:
        if named := _NAMED_CLASS.match(regex, position):
            parts.append(_NAMED_CLASSES[named[1]])
            position = named.end()
            continue
        part, position = _literal(regex, position)
        if regex[position] == "-" and regex[position + 1] != "]":
            last, position = _literal(regex, position + 1)
            part = f"{part}-{last}"
        parts.append(part)
    return f"{opening}{''.join(parts)}]", position + 1


def _literal(regex: str, position: int) -> tuple[str, int]:
    """One character, with what escapes it if anything does, and where the next one stands."""
    char = regex[position]
    if char != "\\":
        return re.escape(char), position + 1
    char = regex[position + 1]
    if char in _MEANT_BY_LETTERS:
        return f"\\{char}", position + 2
    if char.isalnum() or not char.isascii():
        raise ValueError
    return re.escape(char), position + 2
