"""A running ssh: what it says, whether it still runs, and its end."""

import asyncio
import os
import signal
from collections.abc import Mapping, Sequence
from contextlib import suppress
from typing import IO, Any, Final

from ..._concurrency.shielding import run_shielded
from .command import CommandBuilder, guarded

__all__ = ["PAUSES", "SSHProcess", "StderrLog", "start_ssh"]

PAUSES: Final = (0.1, 0.2, 0.4, 0.8)
"""Seconds from being turned away to the next attempt."""

_TAIL: Final = 4096  # bytes of what ssh has said that are kept
_GRACE: Final = 3.0  # seconds from the request to end to the killing
_LAST_WORDS: Final = 0.5  # seconds: what a jump host's ssh has inherited, it may hold open for longer
_SETTLING: Final = 0.3  # seconds, after which an ssh that does not say so is taken to have got in
_FAILED: Final = 255
_TURNED_AWAY: Final = ("kex_exchange_identification: ", "ssh_exchange_identification: ")
_IN: Final = b"Authenticated to "
_PATTER: Final = (_IN.decode(), "Transferred: ", "Bytes per second: ")


class StderrLog:
    """The last that ssh has said on stderr."""

    def __init__(self) -> None:
        self._tail = b""
        self.mark = 0
        """How much it has said so far."""
        self.inside = False
        """Whether it has said that it has got in."""

    def feed(self, data: bytes) -> None:
        """Take in more of it."""
        self._tail = (self._tail + data)[-_TAIL:]
        self.mark += len(data)
        if _IN in self._tail:  # what was said before is of no interest any more: banners, and warnings about keys
            self.inside = True
            self._tail = self._tail[self._tail.rindex(_IN) :]

    def since(self, mark: int = 0) -> str:
        """What it has said since then, as far as it is kept."""
        new = max(0, self.mark - mark)
        lines = (self._tail[-new:] if new else b"").decode(errors="replace").splitlines()
        return "\n".join(line.rstrip() for line in lines if line.strip() and not line.startswith(_PATTER))


class SSHProcess(asyncio.SubprocessProtocol):
    """An ssh process under guard (see `guarded`): it ends with us."""

    def __init__(self, words: StderrLog, lifeline: IO[bytes], *, own_session: bool, silent: bool) -> None:
        self.words = words
        self._lifeline = lifeline
        self._own_session = own_session
        self._transport: Any = None  # uvloop's is no asyncio.SubprocessTransport
        self._loop = asyncio.get_running_loop()
        self._exited = asyncio.Event()
        self._closed = asyncio.Event()
        self._killer: asyncio.TimerHandle | None = None
        self._closer: asyncio.TimerHandle | None = None
        self.settled: asyncio.Future[None] = self._loop.create_future()
        """Done once ssh has got in, or has ended, or may be taken to have got in."""
        self._settler = self._loop.call_later(_SETTLING, self._settle) if silent else None
        self.status: int | None = None
        """Its exit status; None as long as it runs."""
        self.ended = False
        """Whether `end` has been called: what comes then is no failure."""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = transport

    def pipe_data_received(self, fd: int, data: bytes) -> None:
        self.words.feed(data)
        if self.words.inside:
            self._settle()

    def process_exited(self) -> None:
        self.status = self._transport.get_returncode()
        self._break_off()  # if the outer shell was killed, ssh runs on
        if self._killer is not None:
            self._killer.cancel()
        self._settle()
        self._exited.set()
        self._closer = self._loop.call_later(_LAST_WORDS, self._close)

    def connection_lost(self, exc: Exception | None) -> None:
        self._close()

    def _close(self) -> None:
        if self._closer is not None:
            self._closer.cancel()
        self._transport.close()
        self._closed.set()

    def _settle(self) -> None:
        if self._settler is not None:
            self._settler.cancel()
        if not self.settled.done():
            self.settled.set_result(None)

    @property
    def turned_away(self) -> bool:
        """Whether sshd did not let it log in, which it may a moment later: it has too many logins under way (MaxStartups)."""
        return self.status == _FAILED and not self.ended and self.words.since().lower().startswith(_TURNED_AWAY)

    @property
    def alive(self) -> bool:
        """Whether it runs, and is to run on."""
        return self.status is None and not self.ended

    def end(self) -> None:
        """Have it end; kill it if it takes too long."""
        if self.ended or self.status is not None:
            return
        self.ended = True
        self._break_off()
        self._killer = self._loop.call_later(_GRACE, self._kill)

    def _break_off(self) -> None:
        """Have the guard end what is left, and leave the folder: we are still here, and others use it."""
        with suppress(OSError, ValueError):
            self._lifeline.write(b"\n")
        self._lifeline.close()

    def let_go(self) -> None:
        """Have the guard end it, where nobody is left to wait for that."""
        self._lifeline.close()

    def _kill(self) -> None:
        with suppress(ProcessLookupError):
            if self._own_session:
                os.killpg(self._transport.get_pid(), signal.SIGKILL)
            else:
                self._transport.kill()

    async def gone(self, seconds: float | None = None) -> bool:
        """Wait until it has ended, and has said its last words; tell whether it has."""
        try:
            async with asyncio.timeout(seconds):
                await self._exited.wait()
        except TimeoutError:
            return False
        await self._closed.wait()
        return True


async def start_ssh(
    command: Sequence[str],
    commands: CommandBuilder,
    words: StderrLog,
    *,
    env: Mapping[str, str] | None = None,
    connection: int = asyncio.subprocess.DEVNULL,
    silent: bool = False,
) -> SSHProcess:
    """Start ssh; its stdin and stdout may be a connection, by its descriptor. `silent` is one that does not say that it got in.

    It gets a session of its own, so that no terminal can be asked for a password, nor interrupt it, unless that is wanted.
    """
    own_session = commands.ssh.batch
    read, write = os.pipe()
    with os.fdopen(read, "rb", buffering=0), os.fdopen(write, "wb", buffering=0) as lifeline:
        held = os.fdopen(os.dup(lifeline.fileno()), "wb", buffering=0)
        process = SSHProcess(words, held, own_session=own_session, silent=silent)
        try:
            spawning = asyncio.get_running_loop().subprocess_exec(
                lambda: process,
                *guarded(command, read, commands.folder, alone=own_session),
                stdin=connection,
                stdout=connection,
                stderr=asyncio.subprocess.PIPE,
                env=env,
                pass_fds=(read,),
                start_new_session=own_session,
            )
            await run_shielded(spawning)  # half started, nobody could wait for it
        except asyncio.CancelledError:
            process.end()
            await run_shielded(process.gone())
            raise
        except BaseException:
            held.close()
            raise
    return process
