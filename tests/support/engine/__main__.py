"""The engine for tests from a shell; see `--help`.

Exit status: that of the command (`run`); 1 for `status` without an engine; 2 if no engine is available.
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
    "start": "find an engine, or start one that runs until `stop`; print its address",
    "stop": "release the engine that `start` started",
    "status": "print the address of a running engine",
    "run": "run a command with an engine and DOCKER_HOST, and pass on its exit status",
}

_INTERRUPT_TIMEOUT = 30.0
"""Seconds that a command may take to exit after an interrupt."""


def _print_address(engine: Engine) -> None:
    print(f"DOCKER_HOST={engine.host}")
    if engine.tcp:
        print(f"ENGINE_TCP={engine.tcp}")


def _start() -> int:
    _print_address(acquire(KEEP))
    return 0


def _stop() -> int:
    if holders := release(KEEP):
        print(f"The engine keeps running: it is used by process {', '.join(map(str, holders))}.", file=sys.stderr)
    return 0


def _status() -> int:
    engine = running()
    if engine is None:
        print("No engine runs.", file=sys.stderr)
        return 1
    _print_address(engine)
    return 0


def _exit(number: int, frame: FrameType | None) -> None:
    raise SystemExit(128 + number)


def _wait(child: subprocess.Popen[bytes]) -> int:
    try:
        try:
            return child.wait()
        except KeyboardInterrupt:
            # Ctrl-C in a terminal also interrupts the command, which may need time for its cleanup.
            return child.wait(_INTERRUPT_TIMEOUT)
    except BaseException:
        child.terminate()
        raise


def _run(command: list[str]) -> int:
    # The engine must also be released after a signal, so signals raise an exception instead of ending the process.
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, _exit)
    engine = acquire(os.getpid())
    try:
        with subprocess.Popen(command, env=os.environ | {"DOCKER_HOST": engine.host}) as child:
            status = _wait(child)
    finally:
        release(os.getpid())
    return 128 - status if status < 0 else status


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.support.engine", description="The engine for tests.")
    actions = parser.add_subparsers(dest="action", required=True)
    for action, description in _ACTIONS.items():
        sub = actions.add_parser(action, help=description, description=description)
        if action == "run":
            sub.add_argument("command", nargs="+", help="the command, after `--`")
    chosen = parser.parse_args(arguments)
    try:
        if chosen.action == "run":
            return _run(chosen.command)
        return {"start": _start, "stop": _stop, "status": _status}[chosen.action]()
    except EngineUnavailable as error:
        print(f"{error}.", file=sys.stderr)
        return 2
    except FileNotFoundError as error:
        print(f"{error.filename}: command not found.", file=sys.stderr)
        return 127


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
