"""ssh without batch mode, which prompts on a terminal."""

from __future__ import annotations

import asyncio
import os
import select
import signal
import subprocess
import sys
import tempfile
import termios
import time
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import pytest

from tests.support import programs, sshd
from tests.support.deadline import until

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.support.sshd import SSHServer

PATIENCE = 40.0
MOMENT = 0.3  # seconds from a prompt to the answer, during which no second prompt may appear
PROMPT = b"Enter passphrase"
PROGRAM = """
import asyncio, fcntl, signal, sys, termios
from aiodockerapi import SSH, Docker

async def main():
    async with Docker(sys.argv[1], ssh=SSH(mode=sys.argv[2], batch=False), connect_timeout=60) as docker:
        await docker.system.ping()
        await asyncio.gather(*(docker.containers.list() for _ in range(6)))

fcntl.ioctl(0, termios.TIOCSCTTY, 0)
signal.signal(signal.SIGINT, signal.default_int_handler)  # in the background it may be ignored
asyncio.run(main())
"""


class Session(NamedTuple):
    """The output on the terminal, and the exit status."""

    text: bytes
    status: int
    most: int
    """The maximum number of prompts at once."""
    echo: bool
    """Whether the terminal echoes input at the end."""


@pytest.fixture(scope="module")
def server() -> Iterator[SSHServer]:
    """A server for which the user's key is encrypted."""
    with sshd.running() as running:
        maker = [programs.program("ssh-keygen", "openssh-client"), "-q", "-p", "-P", "", "-N", "secret"]
        subprocess.run([*maker, "-f", running.folder / "user_key"], check=True, stdout=subprocess.DEVNULL)
        yield running


def at_a_terminal(
    server: SSHServer, engine_host: str, mode: str, typed: bytes, *, without_hangup: bool = False
) -> Session:
    """Run the program on a terminal.

    :param typed: the answer to each prompt; ``b""`` kills the program at the first prompt.
    :param without_hangup: whether the hangup of the terminal is ignored, as by ``nohup``.
    """
    ours, theirs = os.openpty()
    url = server.url(engine_host.removeprefix("unix://"))
    environ = {key: value for key, value in server.environ.items() if key not in ("DISPLAY", "SSH_ASKPASS")}
    environ["PYTHONPATH"] = os.pathsep.join(sys.path)
    command = [sys.executable, "-c", PROGRAM, url, mode]
    hangup = "trap '' HUP; " if without_hangup else "trap - HUP; "
    command = ["/bin/sh", "-c", f'{hangup}exec "$@"', "sh", *command]
    seen, answered, most, deadline = b"", 0, 0, time.monotonic() + PATIENCE
    try:
        with subprocess.Popen(
            command, stdin=theirs, stdout=theirs, stderr=theirs, env=environ, start_new_session=True
        ) as run:
            while run.poll() is None or select.select([ours], [], [], 0)[0]:
                while select.select([ours], [], [], MOMENT)[0]:
                    seen += os.read(ours, 4096)
                if time.monotonic() > deadline:
                    run.kill()
                asked = seen.count(PROMPT) - answered
                most = max(most, asked)
                # ssh discards input that arrives before it reads the answer; it switches the echo off when it is ready.
                if asked and not _echoes(ours):
                    answered += 1
                    if typed:
                        os.write(ours, typed)
                    else:
                        run.kill()
            return Session(seen, run.returncode, most, _echoes(theirs))
    finally:
        os.close(ours)
        os.close(theirs)


def _echoes(terminal: int) -> bool:
    with suppress(termios.error):
        return bool(termios.tcgetattr(terminal)[3] & termios.ECHO)
    return False


@pytest.mark.parametrize("mode", ["tunnel", "dial-stdio"])
async def test_a_passphrase_is_entered(server: SSHServer, engine_host: str, mode: str) -> None:
    session = await asyncio.to_thread(at_a_terminal, server, engine_host, mode, b"secret\n")
    assert session.status == 0, session.text.decode()
    assert session.most == 1  # one prompt after the other
    assert mode == "dial-stdio" or session.text.count(PROMPT) == 1
    assert session.echo


@pytest.mark.parametrize("without_hangup", [False, True])
async def test_a_killed_process_with_a_terminal_leaves_nothing(
    server: SSHServer, engine_host: str, without_hangup: bool
) -> None:
    """Its children lose the terminal and receive a hangup, which only the guard ignores; with ``nohup`` all of them do."""
    with tempfile.TemporaryDirectory(prefix="ssh-") as folder, pytest.MonkeyPatch.context() as patch:
        patch.setenv("TMPDIR", folder)
        session = await asyncio.to_thread(
            partial(at_a_terminal, server, engine_host, "tunnel", b"", without_hangup=without_hangup)
        )
        assert session.status == -signal.SIGKILL

        left = Path(folder).iterdir

        async def cleared() -> bool:
            return not list(left())

        await until(cleared)


async def test_an_interrupt_at_the_prompt(server: SSHServer, engine_host: str) -> None:
    session = await asyncio.to_thread(at_a_terminal, server, engine_host, "tunnel", b"\x03")
    assert b"KeyboardInterrupt" in session.text
    assert session.status != 0
    assert session.echo
