"""Log frames of 100 bytes and 16 KiB out of bytes in memory: frames, lines, and frames in chunks of their own.

python -m benchmarks.frames
"""

from __future__ import annotations

from collections.abc import Callable

from aiodockerapi._wire.bodies import ChunkedDecoder
from aiodockerapi._wire.frames import FrameDecoder
from aiodockerapi._wire.lines import LineDecoder
from benchmarks._measure import compare

TOTAL = 20_000_000
BLOCK = 1 << 18


def frame(size: int) -> bytes:
    """A frame of stdout with a line in it."""
    return bytes([1, 0, 0, 0]) + size.to_bytes(4, "big") + b"x" * (size - 1) + b"\n"


def blocks(data: bytes) -> list[bytes]:
    """As a socket would hand it over."""
    return [data[start : start + BLOCK] for start in range(0, len(data), BLOCK)]


def count(received: list[bytes], *, chunked: bool, lines: bool) -> int:
    """Decode everything; how many items that was."""
    body, frames, text = ChunkedDecoder(), FrameDecoder(), LineDecoder()
    items = 0
    for block in received:
        payload = b"".join(body.feed(block)) if chunked else block
        found = frames.feed(payload)
        items += len(text.feed(found)) if lines else len(found)
    return items


def main() -> None:
    """Compare, after making sure that every item comes out."""
    cases: dict[str, Callable[[], object]] = {}
    for size in (100, 16384):
        number = TOTAL // size
        plain = blocks(frame(size) * number)
        chunk = b"%x\r\n%s\r\n" % (size + 8, frame(size))
        chunked = blocks(chunk * number)
        assert count(plain, chunked=False, lines=True) == number
        assert count(chunked, chunked=True, lines=False) == number
        cases[f"{size}-byte frames"] = lambda r=plain: count(r, chunked=False, lines=False)
        cases[f"{size}-byte frames, as lines"] = lambda r=plain: count(r, chunked=False, lines=True)
        cases[f"{size}-byte frames, a chunk each"] = lambda r=chunked: count(r, chunked=True, lines=False)
    compare(cases, rounds=5, unit=TOTAL / 1e9, label="s per GB")


if __name__ == "__main__":
    main()
