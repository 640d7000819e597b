"""Run tests with each supported JSON library."""

from collections.abc import Iterator
from contextlib import contextmanager

import msgspec
import pytest

from aiodockerapi._wire import json_text

__all__ = ["LIBRARIES", "json_library", "reading_with"]

LIBRARIES = {"json": None, "msgspec": msgspec.json.Decoder()}


@contextmanager
def reading_with(library: str) -> Iterator[str]:
    """Decode JSON with the given library until the end of the block."""
    before = json_text._msgspec_decoder
    json_text.set_decoder(LIBRARIES[library])
    try:
        yield library
    finally:
        json_text.set_decoder(before)


@pytest.fixture(scope="module", params=list(LIBRARIES))
def json_library(request: pytest.FixtureRequest) -> Iterator[str]:
    """Each JSON library in turn. The scope is the module: hypothesis does not accept function-scoped fixtures."""
    with reading_with(request.param) as library:
        yield library
