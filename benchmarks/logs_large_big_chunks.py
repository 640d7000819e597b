"""Logs in frames of 16 KiB, many per chunk; see `logs_small_big_chunks`."""

from benchmarks._harness import run
from benchmarks._logs import case

CASE = case(
    "logs_large_big_chunks",
    "Logs in frames of 16 KiB, chunks of 256 KiB",
    frames=4000,
    repeat=10,
    frame=1 << 14,
    chunk=1 << 18,
    goal=1.1,
)

if __name__ == "__main__":
    run(CASE)
