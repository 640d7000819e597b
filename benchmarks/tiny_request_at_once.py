"""Tiny requests, 100 at a time: a hundred tasks, each of which sends its requests one after another, as in `tiny_request`.

docker-py uses a hundred threads and a pool of a hundred connections.
"""

from benchmarks._harness import Case, Goal, run
from benchmarks._tiny import CLIENTS

CASE = Case(
    name="tiny_request_at_once",
    title="Tiny requests, 100 at a time",
    server="synthetic",
    size={"tasks": 100, "each": 30},
    quick={"tasks": 100, "each": 2},
    clients=CLIENTS,
    unit="us of CPU each",
    scale=lambda size: 1e6 / (size["tasks"] * size["each"]),
    goal=Goal("floor", 1.1),
)

if __name__ == "__main__":
    run(CASE)
