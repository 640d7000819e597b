"""JSON in headers: credentials in requests, file properties in responses."""

import base64
import json
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aiodockerapi._wire.json_text import decode_header_json, encode_header_json
from aiodockerapi.errors import MalformedStream

HEADER = "X-Docker-Container-Path-Stat"


def standard(text: str) -> str:
    return base64.b64encode(text.encode()).decode()


def test_encoded_as_padded_url_safe_base64() -> None:
    assert encode_header_json({}) == "e30="
    encoded = encode_header_json({"username": "u", "password": "\u00ff?>~~~"})
    assert len(encoded) % 4 == 0
    assert json.loads(base64.urlsafe_b64decode(encoded)) == {"username": "u", "password": "\u00ff?>~~~"}


@given(value=st.dictionaries(st.text(), st.text(), max_size=4))
def test_round_trip_of_credentials(value: dict[str, str]) -> None:
    encoded = encode_header_json(value)
    assert encoded.isascii()
    assert not set(encoded) & set("+/ \r\n")
    assert json.loads(base64.urlsafe_b64decode(encoded)) == value


@pytest.mark.parametrize("value", [{}, {"name": "caf\u00e9", "size": 1 << 40, "linkTarget": ""}, [1], None])
def test_decoded_from_standard_base64(value: Any) -> None:
    assert decode_header_json(standard(json.dumps(value)), HEADER) == value
    assert decode_header_json(standard(json.dumps(value, ensure_ascii=False)), HEADER) == value


INVALID = ["", "{", "x", "[" * 100_000, "1" * 5000]


@pytest.mark.parametrize("name", ["why?", "\u00fcbung.csv", "a>b~c", "plain"])
@pytest.mark.parametrize("encode", [base64.b64encode, base64.urlsafe_b64encode])
def test_both_alphabets_are_accepted(encode: Callable[[bytes], bytes], name: str) -> None:
    value = {"name": name, "linkTarget": "??>>"}
    text = encode(json.dumps(value, ensure_ascii=False).encode()).decode()
    assert decode_header_json(text, "X-Docker-Container-Path-Stat") == value


@pytest.mark.parametrize(
    "text",
    ["", "{}", "e30", "e30=\n", "e3 0=", "caf\u00e9", "____", "/////w==", *map(standard, INVALID)],
    ids=lambda text: ascii(text)[:20],
)
def test_invalid_headers_are_errors_with_their_name(text: str) -> None:
    with pytest.raises(MalformedStream, match=HEADER) as caught:
        decode_header_json(text, HEADER)
    assert len(str(caught.value)) < 400
