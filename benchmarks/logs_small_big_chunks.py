"""Logs in frames of 100 bytes, many per chunk: like `logs_small`, but as a proxy might forward them."""

from benchmarks._harness import run
from benchmarks._logs import case

CASE = case(
    "logs_small_big_chunks",
    "Logs in frames of 100 bytes, chunks of 64 KiB",
    frames=200_000,
    repeat=2,
    frame=100,
    chunk=1 << 16,
    goal=1.5,
)

if __name__ == "__main__":
    run(CASE)
