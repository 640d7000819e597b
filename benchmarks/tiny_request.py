"""Tiny requests, one after another: the cost of a call with very little data.

Each is ``GET /volumes/{name}``, 200 bytes of JSON. The floor is bare aiohttp: ``session.get`` with a prepared URL, ``read``
and ``json.loads``. aiodockerapi returns a typed `Volume`, the other clients return a dict.
"""

from benchmarks._harness import Case, Goal, run
from benchmarks._tiny import CLIENTS

CASE = Case(
    name="tiny_request",
    title="Tiny requests, one after another",
    server="synthetic",
    size={"tasks": 1, "each": 3000},
    quick={"tasks": 1, "each": 20},
    clients=CLIENTS,
    unit="us of CPU each",
    scale=lambda size: 1e6 / (size["tasks"] * size["each"]),
    goal=Goal("floor", 1.1),
)

if __name__ == "__main__":
    run(CASE)
