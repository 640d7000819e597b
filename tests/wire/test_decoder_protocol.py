"""The contract of `Decoder`, tested with all decoders and arbitrary bytes."""

from collections.abc import Callable
from struct import pack
from typing import NamedTuple

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aiodockerapi._wire.frames import FrameDecoder, RawDecoder
from aiodockerapi._wire.http_bodies import ChunkedDecoder, LengthDecoder, UntilCloseDecoder
from aiodockerapi._wire.json_stream import JSONStreamDecoder
from aiodockerapi._wire.layered import ChunkedFrameDecoder
from aiodockerapi.errors import StreamError
from tests.wire.splits import POSITIONS, AnyDecoder, Outcome, decode, single_bytes, split


class Kind(NamedTuple):
    make: Callable[[], AnyDecoder]
    parts: st.SearchStrategy[bytes]
    """Bytes with a meaning in its format."""
    whole_items: bool = True
    """Whether the items do not depend on the sizes of the parts that are fed."""


ANY = st.binary(max_size=9)
FRAME = st.builds(
    lambda number, size, payload: pack(">II", number, size) + payload,
    st.sampled_from([0, 1 << 24, 2 << 24, 3 << 24, 4 << 24, 1]),
    st.integers(0, 6),
    st.binary(max_size=6),
)
JSON = st.one_of(
    st.sampled_from([b"{", b"}", b"[", b"]", b'"', b"\\", b'\\"', b",", b":", b"-", b"12", b"null", b'"k":', b"{}"]),
    st.sampled_from([b'{"a":1}', b'{"a":"}"}', "€".encode()]),
    st.sampled_from([b"\n", b"\r\n", b" ", b"\x1e", b"\xff", b"\xe2\x82", b"[1,\n2]\n", b'{"b":"x"}\r\n']),
)
CHUNK = st.sampled_from([b"0", b"3", b"3\r\nabc\r\n", b"A", b";x=y", b"\r\n", b"\n", b"abc", b"0\r\n\r\n", b"T: v\r\n"])
CHUNKED_FRAME = FRAME.map(lambda frame: b"%x\r\n%s\r\n" % (len(frame), frame))

KINDS = {
    "frames": Kind(FrameDecoder, st.one_of(FRAME, ANY)),
    "raw": Kind(RawDecoder, ANY, whole_items=False),
    "json": Kind(JSONStreamDecoder, JSON),
    "chunked": Kind(ChunkedDecoder, st.one_of(CHUNK, ANY), whole_items=False),
    "chunked frames": Kind(
        lambda: ChunkedFrameDecoder(ChunkedDecoder(), FrameDecoder()), st.one_of(CHUNKED_FRAME, CHUNK, ANY)
    ),
    "length": Kind(lambda: LengthDecoder(10), ANY, whole_items=False),
    "until close": Kind(UntilCloseDecoder, ANY, whole_items=False),
}
every_kind = pytest.mark.parametrize("kind", KINDS.values(), ids=list(KINDS))


def summary(kind: Kind, outcome: Outcome) -> object:
    if kind.whole_items:
        return outcome
    return b"".join(item[1] if isinstance(item, tuple) else item for item in outcome.items), outcome.error


@every_kind
@given(data=st.data(), positions=POSITIONS)
def test_any_split_gives_the_same_items_and_error(kind: Kind, data: st.DataObject, positions: list[int]) -> None:
    stream = b"".join(data.draw(st.lists(kind.parts, max_size=12)))
    whole = summary(kind, decode(kind.make(), [stream]))
    assert summary(kind, decode(kind.make(), split(stream, positions))) == whole
    assert summary(kind, decode(kind.make(), single_bytes(stream))) == whole


@every_kind
@given(stream=st.binary(), positions=POSITIONS)
def test_errors_are_not_raised(kind: Kind, stream: bytes, positions: list[int]) -> None:
    decoder = kind.make()
    decode(decoder, split(stream, positions))
    assert decoder.error is None or isinstance(decoder.error, StreamError)


@every_kind
def test_a_new_decoder_has_no_error(kind: Kind) -> None:
    assert kind.make().error is None


@every_kind
def test_empty_data_is_ignored(kind: Kind) -> None:
    decoder = kind.make()
    assert decoder.feed(b"") == []
    assert decoder.error is None


@pytest.mark.parametrize("name", ["frames", "raw", "json", "until close"])
def test_an_empty_stream_is_valid(name: str) -> None:
    assert decode(KINDS[name].make(), []) == ([], None)
