"""Logs in frames of 100 bytes, each in a chunk of its own, as dockerd sends what a program writes line by line.

The floor is bare aiohttp: its reader of chunked bodies, and a loop that takes frames out of each block with ``struct``,
in place and without handing them to anybody. Our frames are handed out one by one by ``async for``; "lines" are
``log.lines()``, decoded text. aiodocker gives decoded text without saying of which stream, docker-py bytes, likewise.
"""

from benchmarks._harness import run
from benchmarks._logs import case

CASE = case("logs_small", "Logs in frames of 100 bytes, a chunk each", frames=200_000, repeat=2, frame=100, goal=0.6)

if __name__ == "__main__":
    run(CASE)
