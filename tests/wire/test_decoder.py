"""The contract of `Decoder`, held against each of them, with bytes of every kind."""

from collections.abc import Callable
from struct import pack

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aiodockerapi._wire.bodies import ChunkedDecoder, LengthDecoder, UntilEndDecoder
from aiodockerapi._wire.frames import FrameDecoder, RawDecoder
from aiodockerapi._wire.json_stream import JSONStreamDecoder
from aiodockerapi.errors import StreamError
from tests.wire.splits import CUTS, AnyDecoder, Outcome, cut, decode, single_bytes

# Bytes that mean something to one decoder or another, so that chance leads everywhere.
FRAME = st.builds(
    lambda number, size, payload: pack(">II", number, size) + payload,
    st.sampled_from([0, 1 << 24, 2 << 24, 3 << 24, 4 << 24, 1]),
    st.integers(0, 6),
    st.binary(max_size=6),
)
JSON = st.sampled_from(
    [b"{", b"}", b"[", b"]", b'"', b"\\", b"\n", b"\r\n", b"\x1e", b" ", b"12", b"-", b"null", b",", b":", b'{"a":1}']
    + [b'"k":', "€".encode(), b"\xff", b"\xe2\x82", b'{"a":"}"}', b'"\\""']
)
CHUNK = st.sampled_from([b"0", b"3", b"3\r\nabc\r\n", b"A", b";x=y", b"\r\n", b"\n", b"abc", b"0\r\n\r\n", b"T: v\r\n"])
BYTES = st.lists(st.one_of(FRAME, JSON, CHUNK, st.binary(max_size=9)), max_size=16).map(b"".join)

DECODERS: dict[str, Callable[[], AnyDecoder]] = {
    "frames": FrameDecoder,
    "raw": RawDecoder,
    "json": JSONStreamDecoder,
    "chunked": ChunkedDecoder,
    "length": lambda: LengthDecoder(10),
    "until end": UntilEndDecoder,
}
# The pieces that these hand over are as long as what they are fed; only all of them together mean something.
CONTINUOUS = {"raw", "chunked", "length", "until end"}

every_decoder = pytest.mark.parametrize("name", DECODERS)


def summary(name: str, outcome: Outcome) -> object:
    if name not in CONTINUOUS:
        return outcome
    items = outcome.items
    return b"".join(item.data if name == "raw" else item for item in items), outcome.error


@every_decoder
@given(data=BYTES, cuts=CUTS)
def test_any_split_gives_the_same_items_and_the_same_error(name: str, data: bytes, cuts: list[int]) -> None:
    whole = summary(name, decode(DECODERS[name](), [data]))
    assert summary(name, decode(DECODERS[name](), cut(data, cuts))) == whole
    assert summary(name, decode(DECODERS[name](), single_bytes(data))) == whole


@every_decoder
@given(data=BYTES, cuts=CUTS)
def test_errors_are_kept_and_not_raised(name: str, data: bytes, cuts: list[int]) -> None:
    decoder = DECODERS[name]()
    decode(decoder, cut(data, cuts))
    assert decoder.error is None or isinstance(decoder.error, StreamError)


@every_decoder
def test_a_new_decoder_has_no_error(name: str) -> None:
    assert DECODERS[name]().error is None


@every_decoder
def test_empty_pieces_change_nothing(name: str) -> None:
    decoder = DECODERS[name]()
    assert decoder.feed(b"") == []
    assert decoder.error is None


@pytest.mark.parametrize("name", ["frames", "raw", "json", "until end"])
def test_nothing_at_all_is_an_empty_stream(name: str) -> None:
    assert decode(DECODERS[name](), []) == ([], None)
