"""Tiny requests, 100 at once: a hundred tasks that each make one after another, as in `tiny_request`.

docker-py does it with a hundred threads and a pool of as many connections.
"""

from benchmarks._harness import Case, Goal, run
from benchmarks._tiny import CLIENTS

CASE = Case(
    name="tiny_request_at_once",
    title="Tiny requests, 100 at once",
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
