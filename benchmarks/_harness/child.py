"""Run one round of one client in a separate process: ``python -m benchmarks._harness.child``.

The order is read from stdin as JSON: the case's module, the client's name, the daemon's address and the size. The result is
written to stdout as JSON: cpu, wall, extra and value, or error. The client's own output is redirected to stderr.
"""

from __future__ import annotations

import asyncio
import importlib
import inspect
import json
import os
import sys
import traceback
from typing import Any, Final

from benchmarks._harness.meter import Meter

__all__ = ["main"]

_OPTIONAL: Final = {"orjson", "msgspec"}


def main() -> None:
    """Read the order from stdin, run the client and write the result to stdout."""
    stdout = os.dup(1)
    os.dup2(2, 1)
    order = json.load(sys.stdin)
    try:
        result = _perform(order)
    except Exception as error:  # noqa: BLE001 - any error is reported in the result
        traceback.print_exc()
        result = {"error": f"{type(error).__name__}: {error}"}
    with os.fdopen(stdout, "w") as out:
        json.dump(result, out)


def _perform(order: dict[str, Any]) -> dict[str, Any]:
    extras = set(order["client"].split("+")[1:])
    for module in _OPTIONAL - extras:
        sys.modules[module] = None  # type: ignore[assignment]  # makes the import fail
    client = importlib.import_module(order["module"]).CASE.clients[order["client"]]
    meter = Meter()
    if inspect.iscoroutinefunction(client):
        with asyncio.Runner(loop_factory=_uvloop() if "uvloop" in extras else None) as runner:
            value = runner.run(client(order["host"], order["size"], meter))
    else:
        value = client(order["host"], order["size"], meter)
    return {"cpu": meter.cpu, "wall": meter.wall, "extra": meter.extra, "value": value}


def _uvloop() -> Any:
    return importlib.import_module("uvloop").new_event_loop


if __name__ == "__main__":
    main()
