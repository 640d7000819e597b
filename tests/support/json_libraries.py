"""What depends on the library that reads JSON is tested with each of them."""

from collections.abc import Iterator
from contextlib import contextmanager

import msgspec
import pytest

from aiodockerapi._wire import json_text

__all__ = ["LIBRARIES", "json_library", "reading_with"]

LIBRARIES = {"json": None, "msgspec": msgspec.json.Decoder()}


@contextmanager
def reading_with(library: str) -> Iterator[str]:
    """Inside of this, that library reads."""
    before = json_text._msgspec_decoder
    json_text.set_decoder(LIBRARIES[library])
    try:
        yield library
    finally:
        json_text.set_decoder(before)


@pytest.fixture(scope="module", params=list(LIBRARIES))
def json_library(request: pytest.FixtureRequest) -> Iterator[str]:
    """Each of them in turn. A whole module at a time, since hypothesis wants no fixture of one test only."""
    with reading_with(request.param) as library:
        yield library
