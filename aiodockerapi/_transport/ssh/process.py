"""A running ssh: its stderr, whether it runs, and its exit."""

import asyncio
import os
import signal
from collections.abc import Mapping, Sequence
from contextlib import suppress
from typing import IO, Any, Final

from ..._concurrency.shielding import run_shielded
from .command import CommandBuilder, guarded

__all__ = ["RETRY_DELAYS", "SSHProcess", "StderrLog", "start_ssh"]

RETRY_DELAYS: Final = (0.1, 0.2, 0.4, 0.8)
"""Seconds from a login that sshd dropped to the next attempt."""

_MAX_STDERR: Final = 4096  # bytes of stderr that are kept
_KILL_DELAY: Final = 3.0  # seconds from the request to end to SIGKILL
_STDERR_LIMIT: Final = 0.5  # seconds from the exit to the end of stderr, which a jump host's ssh may keep open
_SILENT_LOGIN: Final = 0.3  # seconds after which an ssh that does not report its login is assumed to be logged in
_FAILED: Final = 255
_DROPPED: Final = ("kex_exchange_identification: ", "ssh_exchange_identification: ")
_LOGGED_IN: Final = b"Authenticated to "
_NO_ERRORS: Final = (_LOGGED_IN.decode(), "Transferred: ", "Bytes per second: ")


class StderrLog:
    """The last output of ssh on stderr."""

    def __init__(self) -> None:
        self._tail = b""
        self.position = 0
        """How many bytes have been written so far."""
        self.logged_in = False
        """Whether ssh has reported its login."""

    def feed(self, data: bytes) -> None:
        """Add output."""
        self._tail = (self._tail + data)[-_MAX_STDERR:]
        self.position += len(data)
        if _LOGGED_IN in self._tail:  # earlier output is irrelevant: banners, and warnings about keys
            self.logged_in = True
            self._tail = self._tail[self._tail.rindex(_LOGGED_IN) :]

    def since(self, position: int = 0) -> str:
        """Return the output since `position`, as far as it is kept, without informational lines."""
        new = max(0, self.position - position)
        lines = (self._tail[-new:] if new else b"").decode(errors="replace").splitlines()
        return "\n".join(line.rstrip() for line in lines if line.strip() and not line.startswith(_NO_ERRORS))


class SSHProcess(asyncio.SubprocessProtocol):
    """An ssh process with a guard (see `guarded`): it ends when this process ends."""

    def __init__(self, stderr: StderrLog, lifeline: IO[bytes], *, own_session: bool, silent: bool) -> None:
        self.stderr = stderr
        self._lifeline = lifeline
        self._own_session = own_session
        self._transport: Any = None  # uvloop's is not an asyncio.SubprocessTransport
        self._loop = asyncio.get_running_loop()
        self._exited = asyncio.Event()
        self._closed = asyncio.Event()
        self._kill_timer: asyncio.TimerHandle | None = None
        self._close_timer: asyncio.TimerHandle | None = None
        self.login_done: asyncio.Future[None] = self._loop.create_future()
        """Done once ssh has logged in, has exited, or is assumed to be logged in."""
        self._login_timer = self._loop.call_later(_SILENT_LOGIN, self._set_login_done) if silent else None
        self.status: int | None = None
        """The exit status; None while ssh runs."""
        self.end_requested = False
        """Whether `end` has been called: the exit is not a failure then."""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = transport

    def pipe_data_received(self, fd: int, data: bytes) -> None:
        self.stderr.feed(data)
        if self.stderr.logged_in:
            self._set_login_done()

    def process_exited(self) -> None:
        self.status = self._transport.get_returncode()
        self._notify_guard()  # if only the outer shell was killed, ssh still runs
        if self._kill_timer is not None:
            self._kill_timer.cancel()
        self._set_login_done()
        self._exited.set()
        self._close_timer = self._loop.call_later(_STDERR_LIMIT, self._close)

    def connection_lost(self, exc: Exception | None) -> None:
        self._close()

    def _close(self) -> None:
        if self._close_timer is not None:
            self._close_timer.cancel()
        self._transport.close()
        self._closed.set()

    def _set_login_done(self) -> None:
        if self._login_timer is not None:
            self._login_timer.cancel()
        if not self.login_done.done():
            self.login_done.set_result(None)

    @property
    def dropped(self) -> bool:
        """Whether sshd dropped the connection before the login, for example with too many logins at once (MaxStartups).

        A later attempt may succeed.
        """
        return self.status == _FAILED and not self.end_requested and self.stderr.since().lower().startswith(_DROPPED)

    @property
    def alive(self) -> bool:
        """Whether ssh runs and has not been requested to end."""
        return self.status is None and not self.end_requested

    def end(self) -> None:
        """Request ssh to end; kill it if it takes too long."""
        if self.end_requested or self.status is not None:
            return
        self.end_requested = True
        self._notify_guard()
        self._kill_timer = self._loop.call_later(_KILL_DELAY, self._kill)

    def _notify_guard(self) -> None:
        """Request the guard to end ssh without removing the directory of the socket, which is still in use."""
        with suppress(OSError, ValueError):
            self._lifeline.write(b"\n")
        self._lifeline.close()

    def abandon(self) -> None:
        """Let the guard end ssh, without waiting for its exit."""
        self._lifeline.close()

    def _kill(self) -> None:
        with suppress(ProcessLookupError):
            if self._own_session:
                os.killpg(self._transport.get_pid(), signal.SIGKILL)
            else:
                self._transport.kill()

    async def wait_exited(self, seconds: float | None = None) -> bool:
        """Wait until ssh has exited and its stderr has been read.

        :param seconds: limit for the exit.
        :returns: whether it has exited.
        """
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
    stderr: StderrLog,
    *,
    env: Mapping[str, str] | None = None,
    connection: int = asyncio.subprocess.DEVNULL,
    silent: bool = False,
) -> SSHProcess:
    """Start ssh.

    In batch mode it gets a separate session, so that it can neither ask for a password on a terminal nor be interrupted there.

    :param connection: the descriptor of the connection that becomes its stdin and stdout.
    :param silent: whether ssh does not report its login.
    """
    own_session = commands.ssh.batch
    read, write = os.pipe()
    with os.fdopen(read, "rb", buffering=0), os.fdopen(write, "wb", buffering=0) as pipe:
        lifeline = os.fdopen(os.dup(pipe.fileno()), "wb", buffering=0)
        process = SSHProcess(stderr, lifeline, own_session=own_session, silent=silent)
        try:
            starting = asyncio.get_running_loop().subprocess_exec(
                lambda: process,
                *guarded(command, read, commands.directory, own_session=own_session),
                stdin=connection,
                stdout=connection,
                stderr=asyncio.subprocess.PIPE,
                env=env,
                pass_fds=(read,),
                start_new_session=own_session,
            )
            await run_shielded(starting)  # the exit of a process whose start is cancelled could not be awaited
        except asyncio.CancelledError:
            process.end()
            await run_shielded(process.wait_exited())
            raise
        except BaseException:
            lifeline.close()
            raise
    return process
