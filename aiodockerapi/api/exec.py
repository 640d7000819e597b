"""Exec instances: additional commands in running containers."""

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
from ._common import Body, Group, characters, container_path, frame_decoder, json_request, terminal_size
from ._exec_ending import ExecMarker
from ._process import CancelPolicy, Stdin, cancel_policy, command_line, exchange, refusal_code

__all__ = ["Exec", "ExecResult"]

_CREATE: Final = LazyBodyType(lambda: models.ExecConfig)
_CREATED: Final = LazyType(lambda: models.IDResponse)
_STATE: Final = LazyType(lambda: models.ExecInspectResponse)


class ExecResult(NamedTuple):
    """The exit code and the output of a command."""

    stdout: bytes
    """The output to stdout; with a terminal, all of the output."""
    stderr: bytes
    """The output to stderr; empty with a terminal."""
    exit_code: int
    """The exit code; 127 if the command was not found, 126 if it is not executable."""
    exec_id: str
    """The id of the exec instance."""
    error: str = ""
    """The daemon's message if the command could not be started, otherwise empty. The output includes it, because the daemon
    sends it as output: Docker on ``stdout``, Podman on ``stderr``."""


_CANCEL_LIMIT: Final = 30.0  # seconds for ending the command of a cancelled call, including ten of grace period
# How the output begins if the command could not be started. 20.10 reports exit code 126 for all of these, newer engines 127
# for a command that was not found.
_REFUSED = (b"OCI runtime exec failed", b"unable to find user ", b"unable to find group ")
# How the first line of stderr ends in this case with Podman; the beginning depends on the OCI runtime.
_REFUSED_BY_PODMAN = (b": OCI runtime attempted to invoke a command that was not found", b": OCI permission denied")


def _exec_path(exec_id: str, action: str) -> str:
    return f"/exec/{path_segment(exec_id, 'exec instance')}{action}"


class Exec(Group):
    """Commands in running containers: ``docker.exec``. An exec instance is given by its id."""

    async def create(self, container: str, config: models.ExecConfig | Body) -> models.IDResponse:
        """Create an exec instance: a command in a running container, without starting it.

        Engine API: POST /containers/{id}/exec

        :param config: the command, and which of its streams to attach:
            ``ExecConfig(cmd=["ls"], attach_stdout=True, attach_stderr=True)``. None are attached by default, and the output
            of a stream that is not attached is lost.
        :returns: the id of the exec instance.
        :raises NotFound: if the container does not exist.
        :raises Conflict: if the container is not running, or is paused.
        :raises BadRequest: if there is no command.
        :raises UnsupportedFeature: if the engine does not support a setting, such as ``console_size`` before API 1.42.
        """
        path = container_path(container, "/exec")
        return await self._engine.json(await json_request("exec.create", "POST", path, config, _CREATE), _CREATED)

    def start(
        self,
        exec_id: str,
        *,
        detach: bool = False,
        tty: bool = False,
        console_size: tuple[int, int] | None = None,
    ) -> StreamCall[AttachedStream, Output]:
        """Start an exec instance.

        Engine API: POST /exec/{id}/start

        Enter the call with ``async with`` for `Frame` objects (or ``lines()``), ``send()`` and ``send_eof()``; leaving the
        block early does not end the command. Awaited, the call closes stdin and returns the complete `Output` once the
        command exits; `inspect` then returns its exit code. If the command cannot be executed, no error is raised: the
        daemon writes the reason to stdout, and the exit code is 126 or 127.

        With a terminal, ``send_eof()`` ends the output too, although the command continues: send ``\\x04`` (Ctrl-D) instead.

        :param detach: start the command without attaching, and return at once; such a call cannot be entered. False by
            default.
        :param tty: whether the exec instance was created with a terminal, whose output is a single raw stream; False by
            default.
        :param console_size: height and width of the terminal in characters. Since API 1.42.
        :returns: the output, as bytes per stream; empty if detached.
        :raises NotFound: if the exec instance does not exist, or its container has stopped.
        :raises Conflict: if it has already been started, or its container is paused. An entered call reports the former on
            stdout only.
        :raises BadRequest: if it is detached and cannot be executed.
        :raises UnsupportedFeature: if `console_size` is given and the engine is older than API 1.42.
        """
        body: dict[str, Any] = {"Detach": optional_bool(detach, "detach"), "Tty": optional_bool(tty, "tty")}
        size = terminal_size(console_size, "console_size")
        if size is not None:
            body["ConsoleSize"] = size
        features = required_features(exec__start__console_size=console_size)
        path = _exec_path(exec_id, "/start")
        call = request("POST", path, body=dumps(body), content_type="application/json", features=features)

        async def enter() -> AttachedStream:
            if detach:
                raise InvalidArgument("exec.start(detach=True) has no stream to enter: await the call")
            answer = await self._engine.hijack(call)
            # If a proxy dropped the upgrade (200 instead of 101), the content type is wrong: decide by `tty` as before 1.42.
            version = OLDEST if answer.head.status == 200 else answer.request.version
            return AttachedStream(answer, frame_decoder(answer, version, tty=tty))

        async def finish(attached: AttachedStream) -> Output:
            return _check_started_once(await exchange(attached, b"", tty=tty), exec_id, path)

        async def run_detached() -> Output:
            await self._engine.empty(call)
            return Output(b"", b"")

        return StreamCall("exec.start", enter, finish, run=run_detached if detach else None)

    async def resize(self, exec_id: str, height: int, width: int) -> None:
        """Resize the terminal of an exec instance.

        Engine API: POST /exec/{id}/resize

        :param height: height in characters.
        :param width: width in characters.
        :raises NotFound: if the exec instance does not exist.
        :raises APIError: if the command has exited; the status depends on the engine, and on the time since then.
        :raises ServerError: if it has not been started; the daemon waits ten seconds for the start.
        """
        parameters = {"h": characters(height, "height"), "w": characters(width, "width")}
        await self._engine.empty(request("POST", _exec_path(exec_id, "/resize"), parameters))

    async def inspect(self, exec_id: str) -> models.ExecInspectResponse:
        """Return the state of an exec instance: whether it is running, its process id, its exit code.

        Engine API: GET /exec/{id}/json

        :returns: the state; ``exit_code`` is None until the command has exited.
        :raises NotFound: if the exec instance does not exist; the daemon deletes it some minutes after its exit.
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
        """Run a command in a running container, wait until it exits, and return its exit code and output.

        Engine API: POST /containers/{id}/exec, then start and inspect.

        For a timeout, use ``async with asyncio.timeout(60)`` around the call; `on_cancel` determines what happens to the
        command then.

        :param command: the command and its arguments.
        :param config: all other settings of `create`, such as ``ExecConfig(user="nobody", tty=True)``.
        :param stdin: data for stdin, which is closed afterwards (with a terminal, by Ctrl-D); stdin is empty by default.
        :param on_cancel: what to do with the command if the call is cancelled: ``leave`` it running (the default), ``stop``
            it (SIGTERM, and SIGKILL ten seconds later; the cancelled call waits for that) or ``kill`` it. As the Engine API
            has no call for this, the last two set the environment variable ``AIODOCKERAPI_EXEC`` of the command. Another
            command, which requires ``sh`` in the container, finds the command and its children by that variable.
        :returns: the exit code and the output. A command that is not found (127) or not executable (126) is also a result,
            with the daemon's message in ``error``.
        :raises NotFound: if the container does not exist.
        :raises Conflict: if the container is not running, or is paused.
        :raises BadRequest: if the command is empty.
        :raises UnsupportedFeature: if the engine does not support a setting.
        """
        policy = cancel_policy(on_cancel)
        body = await _body(command, config, stdin is not None)
        marker = None
        if policy != "leave":
            marker = ExecMarker(partial(self.run, container, config={"User": body.get("User", "")}))
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
        """Return the exit code, which may only be available some time after the output has ended."""
        import anyio

        pause = 0.005
        while True:
            state = await self.inspect(exec_id)
            if not state.running and state.exit_code is not None:
                return state.exit_code
            await anyio.sleep(pause)
            pause = min(pause * 2, 0.5)


def _refusal(output: Output) -> str:
    """Return the daemon's message that the command could not be executed, or an empty string."""
    if output.stdout.startswith(_REFUSED):
        return output.stdout.decode("utf-8", "replace").strip()
    first = output.stderr.partition(b"\n")[0]
    if first.startswith(b"Error: ") and first.endswith(_REFUSED_BY_PODMAN):
        return first.decode("utf-8", "replace").strip()
    return ""


def _check_started_once(output: Output, exec_id: str, path: str) -> Output:
    """Return the output, unless it is the daemon's error that the command has already been started.

    The daemon sends this error after the status 101, as output.

    :raises Conflict: if the output is that error.
    """
    message = output.stdout.decode("utf-8", "replace").strip()
    if message in {f"Error: Exec command {exec_id} {state}" for state in ("is already running", "has already run")}:
        raise Conflict(409, message, method="POST", path=path)
    return output


def _env(variables: Any) -> Sequence[str]:
    """Check environment variables in wire form; the error does not include them, because they may be secret."""
    if isinstance(variables, str | bytes | Mapping) or not isinstance(variables, Sequence):
        raise InvalidArgumentType(f"Env must be a list of 'NAME=value', not {type(variables).__name__}")
    return variables


async def _body(command: Sequence[str], config: models.ExecConfig | Body | None, stdin: bool) -> dict[str, Any]:
    body = {} if config is None else await _CREATE.wire_form(config)
    return body | {"Cmd": command_line(command), "AttachStdin": stdin, "AttachStdout": True, "AttachStderr": True}
