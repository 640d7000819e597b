"""Exec: a further command in a container that runs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any, Final, NamedTuple

from .. import models
from .._concurrency import run_shielded
from .._engine import LazyBodyType, LazyType, request, required_features
from .._streams import AttachedStream, Output, StreamCall
from .._wire.arguments import optional_bool, path_segment
from .._wire.json_text import dumps
from .._wire.versions import OLDEST
from ..errors import Conflict, InvalidArgument, InvalidArgumentType
from ._common import Body, Group, characters, container_path, frame_decoder, json_request, sized
from ._process import CancelPolicy, Stdin, cancel_policy, command_line, exchange, refusal_code
from ._signalling import Marker

__all__ = ["Exec", "ExecResult"]

_CREATE: Final = LazyBodyType(lambda: models.ExecConfig)
_MADE: Final = LazyType(lambda: models.IDResponse)
_STATE: Final = LazyType(lambda: models.ExecInspectResponse)


class ExecResult(NamedTuple):
    """How a command ended, and all that it wrote."""

    stdout: bytes
    """What it wrote to stdout, and all of its output where it has a terminal."""
    stderr: bytes
    """What it wrote to stderr."""
    exit_code: int
    """Its exit code; 127 when it was not found, 126 when it could not be executed."""
    exec_id: str
    """The exec instance's id."""
    error: str = ""
    """The daemon's words, where the command could not be started; they are in ``stdout`` too: the daemon sends them there."""


_CANCEL_LIMIT: Final = (
    30.0  # seconds for ending a command whose caller has been cancelled: a grace of ten is part of it
)
# What the daemon writes in the command's place. 20.10 says 126 for all of these; newer ones tell not found apart.
_REFUSED = (b"OCI runtime exec failed", b"unable to find user ", b"unable to find group ")
# How the first line of stderr ends when it comes from Podman: what stands before is the runtime's, of which it has several.
_REFUSED_BY_PODMAN = (b": OCI runtime attempted to invoke a command that was not found", b": OCI permission denied")


def _exec_path(exec_id: str, action: str) -> str:
    return f"/exec/{path_segment(exec_id, 'exec instance')}{action}"


class Exec(Group):
    """Commands in running containers: ``docker.exec``."""

    async def create(self, container: str, config: models.ExecConfig | Body) -> models.IDResponse:
        """Prepare a command in a running container.

        Engine API: POST /containers/{id}/exec

        :param config: the command, and which of its streams to attach (none by default; what it writes elsewhere is lost):
            ``ExecConfig(cmd=["ls"], attach_stdout=True, attach_stderr=True)``.
        :returns: the exec instance's id, to start it with.
        :raises NotFound: no such container.
        :raises Conflict: the container does not run, or is paused.
        :raises BadRequest: there is no command.
        """
        path = container_path(container, "/exec")
        return await self._engine.json(await json_request("exec.create", "POST", path, config, _CREATE), _MADE)

    def start(
        self,
        exec_id: str,
        *,
        detach: bool = False,
        tty: bool = False,
        console_size: tuple[int, int] | None = None,
    ) -> StreamCall[AttachedStream, Output]:
        """Start a prepared command.

        Engine API: POST /exec/{id}/start

        Enter the call with ``async with`` for `Frame` objects (or ``lines()``), ``send()`` and ``send_eof()``. Awaited, it
        ends stdin and returns the whole `Output` once the command ends. The exit code is in `inspect` then. Leaving early
        does not end the command. A command that cannot be executed is no error here: the daemon writes the reason to stdout,
        and the exit code is 126 or 127.

        With a terminal, ``send_eof()`` ends the output too, while the command goes on: send ``\\x04`` (Ctrl-D) instead.

        :param detach: start it and return at once, without output: only to be awaited.
        :param tty: whether it was prepared with a terminal; its output is one raw stream then.
        :param console_size: height and width of the terminal in characters. Since API 1.42.
        :raises NotFound: no such exec instance, or its container has ended.
        :raises Conflict: it has been started before, or its container is paused. Of the first an entered call tells by the
            daemon's words on stdout only.
        :raises BadRequest: it is detached and cannot be executed.
        :raises UnsupportedFeature: `console_size` is given, and the engine is older than API 1.42.
        """
        body: dict[str, Any] = {"Detach": optional_bool(detach, "detach"), "Tty": optional_bool(tty, "tty")}
        size = sized(console_size, "console_size")
        if size is not None:
            body["ConsoleSize"] = size
        features = required_features(exec__start__console_size=console_size)
        path = _exec_path(exec_id, "/start")
        call = request("POST", path, body=dumps(body), content_type="application/json", features=features)

        async def enter() -> AttachedStream:
            if detach:
                raise InvalidArgument("a detached command has no stream to enter: await the call")
            answer = await self._engine.hijack(call)
            # Where something between us dropped the upgrade, the type says nothing.
            version = OLDEST if answer.head.status == 200 else answer.request.version
            return AttachedStream(answer, frame_decoder(answer, version, tty=tty))

        async def finish(attached: AttachedStream) -> Output:
            return _checked(await exchange(attached, b"", tty=tty), exec_id, path)

        async def run_detached() -> Output:
            await self._engine.empty(call)
            return Output(b"", b"")

        return StreamCall("exec.start", enter, finish, run=run_detached if detach else None)

    async def resize(self, exec_id: str, height: int, width: int) -> None:
        """Tell a command's terminal its size.

        Engine API: POST /exec/{id}/resize

        :param height: in characters.
        :param width: in characters.
        :raises NotFound: no such exec instance.
        :raises APIError: it has ended; the status differs with the engine, and with how long ago that was.
        :raises ServerError: it has not been started; the daemon waits ten seconds for that.
        """
        parameters = {"h": characters(height, "height"), "w": characters(width, "width")}
        await self._engine.empty(request("POST", _exec_path(exec_id, "/resize"), parameters))

    async def inspect(self, exec_id: str) -> models.ExecInspectResponse:
        """How a command is doing: whether it runs, its process id, its exit code.

        Engine API: GET /exec/{id}/json

        :returns: the state; ``exit_code`` is None while the command has not ended.
        :raises NotFound: no such exec instance: the daemon forgets it some minutes after its end.
        """
        return await self._engine.json(request("GET", _exec_path(exec_id, "/json")), _STATE)

    async def run(
        self,
        container: str,
        command: Sequence[str],
        *,
        config: models.ExecConfig | Body | None = None,
        stdin: Stdin | None = None,
        on_cancel: CancelPolicy = "leave",
    ) -> ExecResult:
        """Run a command in a running container, and wait for its end: exit code and output as data.

        Engine API: POST /containers/{id}/exec, then start and inspect.

        A deadline is the caller's: ``async with asyncio.timeout(60)`` around the call.

        :param command: the command and its arguments.
        :param config: everything else that `create` takes, such as ``ExecConfig(user="nobody", tty=True)``.
        :param stdin: what it reads on stdin, and then its end; with a terminal that is Ctrl-D. Without it, there is nothing
            to read.
        :param on_cancel: what to do with the command when the call is cancelled: ``leave`` it running, ``stop`` it (SIGTERM,
            and SIGKILL ten seconds later; the cancellation waits for that) or ``kill`` it. The daemon has no call for
            this: the command gets the variable ``AIODOCKERAPI_EXEC`` in its environment, and a second command, which needs
            ``sh`` in the container, finds it and all its children by that.
        :returns: exit code, stdout and stderr.
        :raises NotFound: no such container.
        :raises Conflict: the container does not run, or is paused.
        :raises BadRequest: the command is empty.
        """
        policy = cancel_policy(on_cancel)
        body = await _body(command, config, stdin is not None)
        marker = None
        if policy != "leave":
            marker = Marker(partial(self.run, container, config={"User": body.get("User", "")}))
            body["Env"] = [*_env(body.get("Env") or ()), marker.variable]
        created = await self.create(container, body)
        try:
            async with self.start(created.id, tty=bool(body.get("Tty"))) as attached:
                output = await exchange(attached, stdin, tty=bool(body.get("Tty")))
            exit_code = await self._exit_code(created.id)
        except BaseException:
            if marker is not None and policy != "leave":
                await run_shielded(marker.end(policy), limit=_CANCEL_LIMIT)
            raise
        error = _refusal(output) if exit_code in (126, 127) else ""
        code = refusal_code(error) or exit_code
        return ExecResult(output.stdout, output.stderr, code, created.id, error)

    async def _exit_code(self, exec_id: str) -> int:
        """The exit code; the daemon may know it a moment after the output has ended."""
        import anyio

        pause = 0.005
        while True:
            state = await self.inspect(exec_id)
            if not state.running and state.exit_code is not None:
                return state.exit_code
            await anyio.sleep(pause)
            pause = min(pause * 2, 0.5)


def _refusal(output: Output) -> str:
    """The daemon's words in place of a command that could not be executed, if there are any."""
    if output.stdout.startswith(_REFUSED):
        return output.stdout.decode("utf-8", "replace").strip()
    first = output.stderr.partition(b"\n")[0]
    if first.startswith(b"Error: ") and first.endswith(_REFUSED_BY_PODMAN):
        return first.decode("utf-8", "replace").strip()
    return ""


def _checked(output: Output, exec_id: str, path: str) -> Output:
    """The output, unless it is the daemon's refusal to start a command twice: that comes after it has said 101."""
    words = output.stdout.decode("utf-8", "replace").strip()
    if words in {f"Error: Exec command {exec_id} {how}" for how in ("is already running", "has already run")}:
        raise Conflict(409, words, method="POST", path=path)
    return output


def _env(variables: Any) -> Sequence[str]:
    if isinstance(variables, str | bytes | Mapping) or not isinstance(variables, Sequence):
        raise InvalidArgumentType(f"Env must be a list of 'NAME=value', not {type(variables).__name__}")
    return variables


async def _body(command: Sequence[str], config: models.ExecConfig | Body | None, stdin: bool) -> dict[str, Any]:
    body = {} if config is None else await _CREATE.wire_form(config)
    return body | {"Cmd": command_line(command), "AttachStdin": stdin, "AttachStdout": True, "AttachStderr": True}
