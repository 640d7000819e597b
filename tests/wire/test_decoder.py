"""The contract of `Decoder`, held against each of them, with bytes of every kind."""

from collections.abc import Callable
from struct import pack
from typing import NamedTuple

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aiodockerapi._wire.bodies import ChunkedDecoder, LengthDecoder, UntilEndDecoder
from aiodockerapi._wire.frames import FrameDecoder, RawDecoder
from aiodockerapi._wire.json_stream import JSONStreamDecoder
from aiodockerapi._wire.layered import ChunkedFrames
from aiodockerapi.errors import StreamError
from tests.wire.splits import CUTS, AnyDecoder, Outcome, cut, decode, single_bytes


class Kind(NamedTuple):
    make: Callable[[], AnyDecoder]
    parts: st.SearchStrategy[bytes]
    """What mean something to it, alone or together."""
    whole_items: bool = True
    """Whether an item is a thing of its own, or a piece as long as what was fed."""


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
        lambda: ChunkedFrames(ChunkedDecoder(), FrameDecoder()), st.one_of(CHUNKED_FRAME, CHUNK, ANY)
    ),
    "length": Kind(lambda: LengthDecoder(10), ANY, whole_items=False),
    "until end": Kind(UntilEndDecoder, ANY, whole_items=False),
}
every_kind = pytest.mark.parametrize("kind", KINDS.values(), ids=list(KINDS))


def summary(kind: Kind, outcome: Outcome) -> object:
    if kind.whole_items:
        return outcome
    return b"".join(item[1] if isinstance(item, tuple) else item for item in outcome.items), outcome.error


@every_kind
@given(data=st.data(), cuts=CUTS)
def test_any_split_gives_the_same_items_and_the_same_error(kind: Kind, data: st.DataObject, cuts: list[int]) -> None:
    stream = b"".join(data.draw(st.lists(kind.parts, max_size=12)))
    whole = summary(kind, decode(kind.make(), [stream]))
    assert summary(kind, decode(kind.make(), cut(stream, cuts))) == whole
    assert summary(kind, decode(kind.make(), single_bytes(stream))) == whole


@every_kind
@given(stream=st.binary(), cuts=CUTS)
def test_errors_are_kept_and_not_raised(kind: Kind, stream: bytes, cuts: list[int]) -> None:
    decoder = kind.make()
    decode(decoder, cut(stream, cuts))
    assert decoder.error is None or isinstance(decoder.error, StreamError)


@every_kind
def test_a_new_decoder_has_no_error(kind: Kind) -> None:
    assert kind.make().error is None


@every_kind
def test_empty_pieces_change_nothing(kind: Kind) -> None:
    decoder = kind.make()
    assert decoder.feed(b"") == []
    assert decoder.error is None


@pytest.mark.parametrize("name", ["frames", "raw", "json", "until end"])
def test_nothing_at_all_is_an_empty_stream(name: str) -> None:
    assert decode(KINDS[name].make(), []) == ([], None)
