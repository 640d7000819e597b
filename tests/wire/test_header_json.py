"""JSON in headers: credentials going out, facts about files coming in."""

import base64
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aiodockerapi._wire.header_json import decode_header_json, encode_header_json
from aiodockerapi.errors import MalformedStream

HEADER = "X-Docker-Container-Path-Stat"


def standard(text: str) -> str:
    return base64.b64encode(text.encode()).decode()


def test_credentials_go_out_in_padded_url_safe_base64() -> None:
    assert encode_header_json({}) == "e30="
    encoded = encode_header_json({"username": "u", "password": "\u00ff?>~~~"})
    assert len(encoded) % 4 == 0
    assert json.loads(base64.urlsafe_b64decode(encoded)) == {"username": "u", "password": "\u00ff?>~~~"}


@given(value=st.dictionaries(st.text(), st.text(), max_size=4))
def test_whatever_the_credentials_are_they_fit_into_a_header(value: dict[str, str]) -> None:
    encoded = encode_header_json(value)
    assert encoded.isascii()
    assert not set(encoded) & set("+/ \r\n")
    assert json.loads(base64.urlsafe_b64decode(encoded)) == value


@pytest.mark.parametrize("value", [{}, {"name": "caf\u00e9", "size": 1 << 40, "linkTarget": ""}, [1], None])
def test_facts_come_in_standard_base64(value: Any) -> None:
    assert decode_header_json(standard(json.dumps(value)), HEADER) == value
    assert decode_header_json(standard(json.dumps(value, ensure_ascii=False)), HEADER) == value


UNREADABLE = ["", "{", "x", "[" * 100_000, "1" * 5000]


@pytest.mark.parametrize(
    "text",
    ["", "{}", "e30", "e30=\n", "e3 0=", "caf\u00e9", "____", "/////w==", *map(standard, UNREADABLE)],
    ids=lambda text: ascii(text)[:20],
)
def test_a_header_that_cannot_be_read_is_an_error_that_names_it(text: str) -> None:
    with pytest.raises(MalformedStream, match=HEADER) as caught:
        decode_header_json(text, HEADER)
    assert len(str(caught.value)) < 400
