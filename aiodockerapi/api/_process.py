"""Helpers for `containers.run` and `exec.run`: commands, stdin and output, exit codes, and the policy for cancellation."""

from collections.abc import AsyncIterable, AsyncIterator, Mapping, Sequence
from typing import Final, Literal, TypeAlias, get_args

from .._streams import AttachedStream, Output, collect
from .._wire.arguments import text
from ..errors import InvalidArgument, InvalidArgumentType, TransportError

__all__ = ["END_OF_INPUT", "CancelPolicy", "Stdin", "cancel_policy", "command_line", "exchange", "refusal_code"]

CancelPolicy: TypeAlias = Literal["leave", "stop", "kill"]
"""What to do with a process when the call that runs it is cancelled."""

Stdin: TypeAlias = bytes | bytearray | memoryview | str | AsyncIterable[bytes]
"""Data for the stdin of a process: complete, or as an asynchronous iterable."""

# Messages of OCI runtimes about the command contain one of these. A missing device or mount is also "no such file".
_COMMAND = ('exec: "', "executable", "exec format error")
_NOT_FOUND = ("executable file not found", "no such file or directory")
_NOT_EXECUTABLE = ("permission denied", "is a directory", "exec format error")

_NEW_LINE: Final = b"\n"
END_OF_INPUT: Final = b"\x04"  # Ctrl-D


def cancel_policy(value: CancelPolicy) -> CancelPolicy:
    """Check a policy.

    :raises InvalidArgument: if it is unknown.
    """
    if value not in get_args(CancelPolicy):
        raise InvalidArgument(f"on_cancel must be one of {', '.join(get_args(CancelPolicy))}, not {value!r}")
    return value


def command_line(command: Sequence[str]) -> list[str]:
    """Check a command and its arguments.

    :raises InvalidArgumentType: if it is not a list of strings.
    """
    if isinstance(command, str | bytes | Mapping) or not isinstance(command, Sequence):
        raise InvalidArgumentType(
            f"command must be a list of strings, such as ['sh', '-c', 'echo hello'], not {command!r:.80}"
        )
    return [text(argument, "each item of command") for argument in command]


async def exchange(attached: AttachedStream, stdin: Stdin | None, *, tty: bool = False) -> Output:
    """Write stdin and close it, while reading the output until it ends; None leaves stdin alone."""
    import anyio

    if stdin is None:
        return await collect(attached)
    output = Output(b"", b"")
    try:
        async with anyio.create_task_group() as tasks:
            tasks.start_soon(_write, attached, stdin, tty)
            output = await collect(attached)
            tasks.cancel_scope.cancel()  # the process may have exited without reading all of stdin
    except BaseExceptionGroup as group:
        raise _first_error(group) from None
    return output


async def _write(attached: AttachedStream, stdin: Stdin, tty: bool) -> None:
    try:
        if tty:
            await _write_to_terminal(attached, stdin)
        else:
            await attached.send_all(stdin)
    except TransportError:
        return  # the process exited without reading all of stdin, which is not an error


async def _write_to_terminal(attached: AttachedStream, stdin: Stdin) -> None:
    """Write stdin to a terminal, then Ctrl-D: after a half-close, the daemon would drop the output too."""
    last = _NEW_LINE
    async for part in _parts(stdin):
        if part:
            await attached.send(part)
            last = part[-1:]
    # Ctrl-D ends the input at the beginning of a line only; elsewhere, the first one submits the unfinished line.
    await attached.send(END_OF_INPUT if last == _NEW_LINE else END_OF_INPUT * 2)


async def _parts(stdin: Stdin) -> AsyncIterator[bytes]:
    if isinstance(stdin, AsyncIterable):
        async for part in stdin:
            yield part
    else:
        yield stdin.encode() if isinstance(stdin, str) else bytes(stdin)


def _first_error(error: BaseException) -> BaseException:
    while isinstance(error, BaseExceptionGroup):
        error = error.exceptions[0]
    return error


def refusal_code(message: str) -> int:
    """Return the exit code that a shell would report for an error message of the daemon.

    :returns: 127 if the command was not found, 126 if it is not executable, 0 if the message is about something else.
    """
    lowered = message.lower()
    if not any(phrase in lowered for phrase in _COMMAND):
        return 0
    if any(phrase in lowered for phrase in _NOT_FOUND):
        return 127
    if any(phrase in lowered for phrase in _NOT_EXECUTABLE):
        return 126
    return 0
