"""Patterns of ``.dockerignore``. `tests/transport/test_ignored.py` compares them with the docker CLI."""

from __future__ import annotations

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aiodockerapi._wire.ignore_patterns import IgnorePatterns, read_patterns
from aiodockerapi.errors import InvalidArgument


def is_ignored(text: str, path: str) -> bool:
    """Match a path directory by directory, as a walk does."""
    patterns = IgnorePatterns(read_patterns(text))
    ignored, parent = False, None
    parts = path.split("/")
    for count in range(1, len(parts) + 1):
        ignored, parent = patterns.match("/".join(parts[:count]), parent)
    return ignored


@pytest.mark.parametrize(
    ("text", "patterns"),
    [
        ("", []),
        ("\n\n", []),
        ("a\nb", ["a", "b"]),
        ("a\r\nb\r\n", ["a", "b"]),
        ("# a\n#b\na#c", ["a#c"]),
        (" # a", ["# a"]),
        ("\ufeffa\n\ufeffb", ["a", "\ufeffb"]),
        ("\ufeff# a", []),
        ("  a b\t\n\v\f", ["a b"]),
        ("\xa0a\u3000", ["a"]),
        ("\x1fa", ["\x1fa"]),
        ("/a", ["a"]),
        ("//a", ["a"]),
        ("/", ["/"]),
        ("a/", ["a"]),
        ("a//b/./c/../d", ["a/b/d"]),
        ("./a", ["a"]),
        ("../a", ["../a"]),
        ("/../a", ["a"]),
        ("!a\n! a\n!/a\n! /a/", ["!a"] * 4),
        ("!", ["!"]),
        ("!!a", ["!!a"]),
        ("**/", ["**"]),
        ("\\#a", ["\\#a"]),
    ],
)
def test_read_patterns(text: str, patterns: list[str]) -> None:
    assert read_patterns(text) == patterns


@pytest.mark.parametrize(
    ("text", "ignored", "sent"),
    [
        ("a", ["a", "a/b", "a/b/c"], ["b/a", "aa", "A"]),
        ("a/b", ["a/b", "a/b/c"], ["a", "b", "c/a/b"]),
        ("*", ["a", ".a", "a/b"], []),
        ("*.md", ["a.md", ".md", "a.md/b"], ["a/b.md", "a.mdx"]),
        ("a*", ["a", "ab", "ab/c"], ["ba"]),
        ("*/b", ["a/b", "a/b/c"], ["b", "a/c/b"]),
        ("a/*", ["a/b", "a/b/c"], ["a"]),
        ("a?c", ["abc", "a☺c"], ["ac", "a/c", "abbc"]),
        ("[a-c]", ["a", "c"], ["d", "-"]),
        ("[^a-c]", ["d", "☺"], ["a", "c"]),
        ("[!a]", ["!", "a"], ["b"]),
        ("[é-ü]", ["ö"], ["o"]),
        (r"\*", ["*"], ["a"]),
        (r"[\]]", ["]"], ["\\"]),
        (r"[\^a]", ["^", "a"], ["b"]),
        ("a.b", ["a.b"], ["axb"]),
        ("a.?", ["a.b"], ["axb"]),
        ("(a|b)?", ["(a|b)c"], ["a", "ac"]),
        ("a+?", ["a+b"], ["aab"]),
        ("$?", ["$a"], [""]),
        ("a{2}*", ["a{2}b"], ["aab"]),
        ("a\n*?", ["a", "ab"], []),
        ("*\n!a", ["b"], ["a", "a/b"]),
        ("!a\n*", ["a", "b"], []),
        ("*\n!a\na/b", ["b", "a/b"], ["a", "a/c"]),
        ("a\n!a/b", ["a", "a/c"], ["a/b", "a/b/c"]),
        ("a\n!a/*.md\na/x*", ["a/b", "a/x.md"], ["a/b.md"]),
        ("**", ["a", "a/b"], []),
        ("**/a", ["a", "b/a", "b/c/a", "b/a/c"], ["ba", "b/ca"]),
        ("**a", ["a", "ba", "b/ca"], ["ab"]),
        ("**/a/b", ["a/b", "c/a/b"], ["a", "b"]),
        ("a/**", ["a/b", "a/b/c"], ["a"]),
        ("a**", ["a", "ab", "ab/c"], ["ba"]),
        ("a/**/b", ["a/b", "a/c/b", "a/c/d/b"], ["ab", "b"]),
        ("**/*.md", ["a.md", "b/c/a.md"], ["a.mdx"]),
        ("**/a*/**/b", ["a/b", "x/ay/z/b"], ["a", "x/b"]),
        ("**/**/a", ["a", "b/a"], ["ab"]),
        ("***", ["a", "a/b"], []),
        ("[*]", [], ["*", "a"]),
        ("[[:digit:][:punct:]]", ["1", "!", "~"], ["a"]),
        (r"\d", ["1"], ["d", "\u0661"]),
    ],
)
def test_match(text: str, ignored: list[str], sent: list[str]) -> None:
    assert [path for path in ignored if not is_ignored(text, path)] == []
    assert [path for path in sent if is_ignored(text, path)] == []


@pytest.mark.parametrize(
    "text",
    ["[", "[]", "[^]", "[a", "[-a]", "[a-]", "[]a]", "a\\", "[a\\", "!", "! ", "!/", "[b-a]", r"\x", r"\é", "[[:no:]]"],
)
def test_malformed_patterns(text: str) -> None:
    with pytest.raises(InvalidArgument, match=r"invalid \.dockerignore pattern"):
        IgnorePatterns(read_patterns(f"a\n{text}"))


def test_no_patterns() -> None:
    patterns = IgnorePatterns(["", "  "])
    assert not patterns
    assert patterns.match("a") == (False, [])


@pytest.mark.parametrize(
    ("text", "folder", "expected"),
    [
        ("a\n!a/b", "a", True),
        ("a\n!a/b/c", "a/b", True),
        ("a\n!a/b/c", "a/c", False),
        ("a\n!ab", "a", False),
        ("a\n!a", "a", True),
        ("a\n!*/b", "a", False),
        ("a\n!**/b", "a", False),
        ("a/b", "a", False),
    ],
)
def test_has_exception_below(text: str, folder: str, expected: bool) -> None:
    assert IgnorePatterns(read_patterns(text)).has_exception_below(folder) is expected


@given(st.text("ab*?[]^-\\/!.#:é \t", max_size=12), st.text("ab/é.^-", min_size=1, max_size=8))
def test_any_text_is_accepted_or_rejected(text: str, path: str) -> None:
    with suppress(InvalidArgument):
        is_ignored(text, path)
