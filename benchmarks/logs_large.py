"""Logs in frames of 16 KiB, a chunk each, as dockerd sends what a program writes in large pieces; see `logs_small`."""

from benchmarks._harness import run
from benchmarks._logs import case

CASE = case("logs_large", "Logs in frames of 16 KiB, a chunk each", frames=4000, repeat=10, frame=1 << 14, goal=1.1)

if __name__ == "__main__":
    run(CASE)
