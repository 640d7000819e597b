"""Logs in frames of 100 bytes, one per chunk, as dockerd sends the output of a program that writes line by line.

The floor is bare aiohttp: its reader of chunked bodies, and a loop that parses the frames of each block in place with
``struct`` and discards them. aiodockerapi yields the frames one by one to ``async for``; "lines" is ``log.lines()``, which
yields decoded text. aiodocker yields decoded text and docker-py yields bytes, both without the name of the stream.
"""

from benchmarks._harness import run
from benchmarks._logs import case

CASE = case("logs_small", "Logs in frames of 100 bytes, one per chunk", frames=200_000, repeat=2, frame=100, goal=0.6)

if __name__ == "__main__":
    run(CASE)
