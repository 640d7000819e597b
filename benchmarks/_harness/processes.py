"""The processes that a run starts: clients, the synthetic daemon, and a real engine."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from benchmarks._harness.case import Case, Size

__all__ = ["Failed", "ask_client", "server"]

_ROOT = Path(__file__).resolve().parent.parent.parent
_ERROR_LINES = 15


class Failed(Exception):
    """A client has failed, or no daemon is available; the message contains the reason."""


def _environment() -> dict[str, str]:
    """Return the environment of a child process: without Docker's variables, and with bytecode caching enabled."""
    return {
        name: value
        for name, value in os.environ.items()
        if not name.startswith("DOCKER_") and name != "PYTHONDONTWRITEBYTECODE"
    }


def ask_client(case: Case, client: str, host: str, size: Size) -> dict[str, Any]:
    """Run one round of a client in a new process and return its result.

    :raises Failed: if the client raises an exception, exits early, or exceeds its timeout.
    """
    order = {"module": f"benchmarks.{case.name}", "client": client, "host": host, "size": size}
    process = _python(
        "benchmarks._harness.child", stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )
    limit = case.limits.get(client, case.limit)
    try:
        out, errors = process.communicate(json.dumps(order), timeout=limit)
    except subprocess.TimeoutExpired:
        raise Failed(f"timed out after {limit:g} s") from None
    finally:
        _end(process)
    answer: dict[str, Any] = json.loads(out) if out else {"error": f"exited with status {process.returncode}"}
    if "error" in answer:
        lines = errors.strip().splitlines()[-_ERROR_LINES:]
        raise Failed("\n    ".join([answer["error"], *lines]))
    return answer


@contextmanager
def server(case: Case, size: Size) -> Iterator[str]:
    """Run the daemon of a case for the block and yield its address; empty if the case needs none."""
    if case.server is None:
        yield ""
    elif case.server == "engine":
        with _engine() as host:
            yield host
    else:
        with _synthetic(size) as host:
            yield host


@contextmanager
def _engine() -> Iterator[str]:
    from tests.support import engine  # most cases do not need it

    try:
        host = engine.acquire(os.getpid()).host
    except engine.EngineUnavailable as error:
        raise Failed(str(error)) from error
    try:
        yield host
    finally:
        engine.release(os.getpid())


@contextmanager
def _synthetic(size: Size) -> Iterator[str]:
    process = _python("benchmarks._harness.server", json.dumps(size), stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    try:
        assert process.stdout is not None
        host = process.stdout.readline().strip()
        if not host:
            raise Failed("the synthetic daemon did not start")
        yield host
        process.communicate()  # closes stdin, whereupon the daemon removes its socket and exits
    finally:
        _end(process)


def _python(module: str, *arguments: str, **pipes: Any) -> subprocess.Popen[str]:
    # A separate session, so that the processes started by a client are killed with it.
    return subprocess.Popen(
        [sys.executable, "-m", module, *arguments],
        cwd=_ROOT,
        env=_environment(),
        text=True,
        start_new_session=True,
        **pipes,
    )


def _end(process: subprocess.Popen[str]) -> None:
    if process.poll() is None:
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()
    for pipe in (process.stdin, process.stdout, process.stderr):
        if pipe is not None:
            pipe.close()
