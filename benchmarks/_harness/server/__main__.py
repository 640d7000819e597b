"""Run the synthetic daemon; it prints its address, and exits when its stdin is closed."""

from __future__ import annotations

import asyncio
import json
import sys
import tempfile

from benchmarks._harness.server.http import Connection
from benchmarks._harness.server.routes import Routes


async def main() -> None:
    routes = Routes(json.loads(sys.argv[1]))
    known: dict[bytes, bytes] = {}
    with tempfile.TemporaryDirectory(prefix="bench-") as folder:
        path = f"{folder}/docker.sock"
        server = await asyncio.get_running_loop().create_unix_server(
            lambda: Connection(routes.answer, known), path, backlog=4096
        )
        print(f"unix://{path}", flush=True)
        await asyncio.to_thread(sys.stdin.read)
        server.close()


if __name__ == "__main__":
    asyncio.run(main())
