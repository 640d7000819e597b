"""The engine for tests from a shell; `--help` tells how.

Exit status: that of the command (`run`); 1 for `status` without an engine; 2 where there is no engine, and no means
to get one.
"""

import argparse
import os
import signal
import subprocess
import sys
from types import FrameType

from tests.support.engine._errors import EngineUnavailable
from tests.support.engine._share import KEEP, Engine, acquire, release, running

_ACTIONS = {
    "start": "find an engine or start one, which then runs until `stop`; print where it is",
    "stop": "let go of the engine that `start` started",
    "status": "print where an engine is, if there is one",
    "run": "run a command with an engine and DOCKER_HOST, and pass on its exit status",
}

_LAST_WORDS = 30.0
"""How many seconds an interrupted command has."""


def _tell(engine: Engine) -> None:
    print(f"DOCKER_HOST={engine.host}")
    if engine.tcp:
        print(f"ENGINE_TCP={engine.tcp}")


def _start() -> int:
    _tell(acquire(KEEP))
    return 0


def _stop() -> int:
    if holders := release(KEEP):
        print(f"The engine runs on: it is used by process {', '.join(map(str, holders))}.", file=sys.stderr)
    return 0


def _status() -> int:
    engine = running()
    if engine is None:
        print("No engine runs.", file=sys.stderr)
        return 1
    _tell(engine)
    return 0


def _leave(number: int, frame: FrameType | None) -> None:
    raise SystemExit(128 + number)


def _outcome(child: subprocess.Popen[bytes]) -> int:
    try:
        try:
            return child.wait()
        except KeyboardInterrupt:
            # Ctrl-C in a terminal reaches the command as well, which may have to put things in order.
            return child.wait(_LAST_WORDS)
    except BaseException:
        child.terminate()
        raise


def _run(command: list[str]) -> int:
    # Ended by a signal, we still have an engine to stop: that takes an exception, not the default.
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, _leave)
    engine = acquire(os.getpid())
    try:
        with subprocess.Popen(command, env=os.environ | {"DOCKER_HOST": engine.host}) as child:
            status = _outcome(child)
    finally:
        release(os.getpid())
    return 128 - status if status < 0 else status


def main(words: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.support.engine", description="The engine for tests.")
    actions = parser.add_subparsers(dest="action", required=True)
    for action, meaning in _ACTIONS.items():
        sub = actions.add_parser(action, help=meaning, description=meaning)
        if action == "run":
            sub.add_argument("command", nargs="+", help="the command, after `--`")
    chosen = parser.parse_args(words)
    try:
        if chosen.action == "run":
            return _run(chosen.command)
        return {"start": _start, "stop": _stop, "status": _status}[chosen.action]()
    except EngineUnavailable as error:
        print(f"{error}.", file=sys.stderr)
        return 2
    except FileNotFoundError as error:
        print(f"{error.filename}: no such command.", file=sys.stderr)
        return 127


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
