"""The processes that a run starts: clients, the synthetic daemon, a real one."""

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
_LAST_WORDS = 15


class Failed(Exception):
    """A client has not managed, or there is no daemon for it; the message says why."""


def _environment() -> dict[str, str]:
    """What a process inherits: nothing that would send a client elsewhere, or keep modules from being compiled once."""
    return {
        name: value
        for name, value in os.environ.items()
        if not name.startswith("DOCKER_") and name != "PYTHONDONTWRITEBYTECODE"
    }


def ask_client(case: Case, client: str, host: str, size: Size) -> dict[str, Any]:
    """Let a client do its work for one round; what it answered."""
    order = {"module": f"benchmarks.{case.name}", "client": client, "host": host, "size": size}
    process = _python(
        "benchmarks._harness.child", stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )
    limit = case.limits.get(client, case.limit)
    try:
        out, errors = process.communicate(json.dumps(order), timeout=limit)
    except subprocess.TimeoutExpired:
        raise Failed(f"was not ready after {limit:g} s") from None
    finally:
        _end(process)
    answer: dict[str, Any] = json.loads(out) if out else {"error": f"ended with status {process.returncode}"}
    if "error" in answer:
        words = errors.strip().splitlines()[-_LAST_WORDS:]
        raise Failed("\n    ".join([answer["error"], *words]))
    return answer


@contextmanager
def server(case: Case, size: Size) -> Iterator[str]:
    """A daemon for as long as the block takes; its address, or nothing where the case needs none."""
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
    from tests.support import engine  # only here: most cases do without

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
        process.communicate()  # it ends with its stdin, and takes its socket away
    finally:
        _end(process)


def _python(module: str, *arguments: str, **pipes: Any) -> subprocess.Popen[str]:
    # A session of its own: what a client starts ends with it.
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
