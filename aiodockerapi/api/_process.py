"""What running a container and running a command in one have in common."""

from collections.abc import AsyncIterable, AsyncIterator, Mapping, Sequence
from typing import Final, Literal, TypeAlias, get_args

from .._streams import AttachedStream, Output, collect
from .._wire.arguments import text
from ..errors import InvalidArgument, InvalidArgumentType, TransportError

__all__ = ["END_OF_INPUT", "CancelPolicy", "Stdin", "cancel_policy", "command_line", "exchange", "refusal_code"]

CancelPolicy: TypeAlias = Literal["leave", "stop", "kill"]
"""What becomes of a process when nobody waits for it any more."""

Stdin: TypeAlias = bytes | bytearray | memoryview | str | AsyncIterable[bytes]
"""What a process reads: all at once, or as it is made."""

# How an OCI runtime begins when the command is to blame: a device or a mount that is missing is "no such file" as well.
_COMMAND = ('exec: "', "executable", "exec format error")
_NOT_FOUND = ("executable file not found", "no such file or directory")
_NOT_EXECUTABLE = ("permission denied", "is a directory", "exec format error")

_NEW_LINE: Final = b"\n"
END_OF_INPUT: Final = b"\x04"  # Ctrl-D


def cancel_policy(value: CancelPolicy) -> CancelPolicy:
    """A policy, checked."""
    if value not in get_args(CancelPolicy):
        raise InvalidArgument(f"on_cancel must be one of {', '.join(get_args(CancelPolicy))}, not {value!r}")
    return value


def command_line(command: Sequence[str]) -> list[str]:
    """A command and its arguments, checked."""
    if isinstance(command, str | bytes | Mapping) or not isinstance(command, Sequence):
        raise InvalidArgumentType(
            f"the command must be a list of strings, such as ['sh', '-c', 'echo hello'], not {command!r:.80}"
        )
    return [text(part, "each part of the command") for part in command]


async def exchange(attached: AttachedStream, stdin: Stdin | None, *, tty: bool = False) -> Output:
    """Write all of stdin and end it, while reading all of the output."""
    import anyio

    if stdin is None:
        return await collect(attached)
    output = Output(b"", b"")
    try:
        async with anyio.create_task_group() as tasks:
            tasks.start_soon(_feed, attached, stdin, tty)
            output = await collect(attached)
            tasks.cancel_scope.cancel()  # a feeder whose process no longer reads
    except BaseExceptionGroup as group:
        raise _first(group) from None
    return output


async def _feed(attached: AttachedStream, stdin: Stdin, tty: bool) -> None:
    try:
        if tty:
            await _type(attached, stdin)
        else:
            await attached.send_all(stdin)
    except TransportError:
        return  # the process ended without reading all of it, which is its right


async def _type(attached: AttachedStream, stdin: Stdin) -> None:
    """Write to a terminal. Closing our side would make the daemon drop its output too: its end of input is a key."""
    last = _NEW_LINE
    async for part in _parts(stdin):
        if part:
            await attached.send(part)
            last = part[-1:]
    await attached.send(END_OF_INPUT if last == _NEW_LINE else END_OF_INPUT * 2)  # the first one ends the line


async def _parts(stdin: Stdin) -> AsyncIterator[bytes]:
    if isinstance(stdin, AsyncIterable):
        async for part in stdin:
            yield part
    else:
        yield stdin.encode() if isinstance(stdin, str) else bytes(stdin)


def _first(error: BaseException) -> BaseException:
    while isinstance(error, BaseExceptionGroup):
        error = error.exceptions[0]
    return error


def refusal_code(message: str) -> int:
    """The exit code that a shell would give for a command that could not be executed; 0 if it was something else."""
    lowered = message.lower()
    if not any(words in lowered for words in _COMMAND):
        return 0
    if any(words in lowered for words in _NOT_FOUND):
        return 127
    if any(words in lowered for words in _NOT_EXECUTABLE):
        return 126
    return 0
