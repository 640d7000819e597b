"""Regular expressions that cost nothing until they are used: compiling them all would take a good part of the import."""

import re
from collections.abc import Callable, Iterator
from functools import cached_property
from typing import AnyStr, Generic

__all__ = ["Pattern"]


class Pattern(Generic[AnyStr]):
    """A regular expression, compiled when it is first used. What it can do is what `re.Pattern` does under that name."""

    def __init__(self, pattern: AnyStr, flags: re.RegexFlag = re.NOFLAG) -> None:
        self._pattern: AnyStr = pattern
        self._flags = flags

    @cached_property
    def _compiled(self) -> re.Pattern[AnyStr]:
        return re.compile(self._pattern, self._flags)

    @cached_property
    def fullmatch(self) -> Callable[..., re.Match[AnyStr] | None]:
        """All of a text."""
        return self._compiled.fullmatch

    @cached_property
    def match(self) -> Callable[..., re.Match[AnyStr] | None]:
        """The beginning of a text."""
        return self._compiled.match

    @cached_property
    def search(self) -> Callable[..., re.Match[AnyStr] | None]:
        """The first place in a text."""
        return self._compiled.search

    @cached_property
    def findall(self) -> Callable[..., list[AnyStr]]:
        """What stands in all places of a text."""
        return self._compiled.findall

    @cached_property
    def finditer(self) -> Callable[..., Iterator[re.Match[AnyStr]]]:
        """All places in a text."""
        return self._compiled.finditer
