"""Logs in frames of 16 KiB, one per chunk, as dockerd sends output written in large blocks; see `logs_small`."""

from benchmarks._harness import run
from benchmarks._logs import case

CASE = case("logs_large", "Logs in frames of 16 KiB, one per chunk", frames=4000, repeat=10, frame=1 << 14, goal=1.1)

if __name__ == "__main__":
    run(CASE)
