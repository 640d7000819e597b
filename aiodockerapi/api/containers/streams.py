"""Long-lived calls of containers: logs, attach, stats and wait; and resize."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Final, Literal, get_args

from ... import models
from ..._engine import LazyType, Request, request, required_features
from ..._streams import (
    AttachedStream,
    FrameStream,
    Output,
    StreamCall,
    ValueStream,
    Waiting,
    WebSocketStream,
    collect,
)
from ..._wire.arguments import QueryValue, When, optional_bool, optional_str
from ..._wire.versions import ApiVersion
from ...errors import InvalidArgument
from .._common import MULTIPLEXED_TYPE_SINCE, Group, characters, container_path
from .._logs import Tail, log_call, log_request, output_decoder, remember_terminal, version_and_terminal
from .._process import END_OF_INPUT

__all__ = ["StreamCalls", "WaitCondition"]

WaitCondition = Literal["not-running", "next-exit", "removed"]

_CONTAINER: Final = LazyType(lambda: models.ContainerInspectResponse)
_SAMPLE: Final = LazyType(lambda: models.ContainerStatsResponse)


class StreamCalls(Group):
    """Read logs and stats of containers, attach to them, and wait for them."""

    def logs(
        self,
        container: str,
        *,
        follow: bool | None = None,
        stdout: bool = True,
        stderr: bool = True,
        since: When | None = None,
        until: When | None = None,
        timestamps: bool | None = None,
        tail: Tail | None = None,
    ) -> StreamCall[FrameStream, Output]:
        """Return the logs of a container; with `follow`, also future output.

        Engine API: GET /containers/{id}/logs

        Await the call to get an `Output`; enter it with ``async with`` to read `Frame` objects as they arrive, or lines of text
        with ``lines()``. The log drivers ``json-file``, ``local`` and ``journald`` support reading.

        With `follow`, the stream may end without the last lines, and without an error, if the container stops while these lines
        are being written (observed with 20.10). To get all of the output, read the log again afterwards, or use `attach`.

        :param follow: continue until the container stops; by default only the existing output is returned.
        :param stdout: include the output to stdout; True by default.
        :param stderr: include the output to stderr; True by default.
        :param since: only output from this time on: a datetime, a timedelta before now (or ``"10m"``), or seconds since 1970.
        :param until: only output before this time, in the same forms.
        :param timestamps: prefix each line with its time; False by default.
        :param tail: only this number of lines from the end; ``"all"`` by default.
        :returns: the output as bytes, separately for stdout and stderr; all of it as stdout if the container has a terminal.
        :raises NotFound: if the container does not exist.
        :raises NotImplementedByDaemon: if its log driver does not support reading.
        :raises OperationFailed: if the daemon fails to read the log.
        :raises TruncatedStream: if the connection ends before the log does.
        """
        path = container_path(container, "/logs")
        call = log_request(
            path,
            follow=follow,
            stdout=stdout,
            stderr=stderr,
            since=since,
            until=until,
            timestamps=timestamps,
            tail=tail,
        )
        return log_call("containers.logs", self._engine, call, partial(self._has_terminal, container))

    def attach(
        self,
        container: str,
        *,
        detach_keys: str | None = None,
        logs: bool | None = None,
        stream: bool = True,
        stdin: bool | None = None,
        stdout: bool = True,
        stderr: bool = True,
    ) -> StreamCall[AttachedStream, Output]:
        """Attach to the input and output of a container.

        Engine API: POST /containers/{id}/attach

        Enter the call with ``async with`` to read `Frame` objects (or ``lines()``) and to use ``send()`` and ``send_eof()``. To
        receive all of the output, attach before the container is started. If the call is awaited, it closes stdin immediately
        (if it is attached), and returns the complete `Output` when the container has stopped.

        If the container has a terminal, or was created without ``stdin_once``, ``send_eof()`` ends the output too. To end
        the input of a terminal, send ``\\x04`` (Ctrl-D). With neither a terminal nor ``stdin_once``, the input cannot be ended.

        :param detach_keys: key sequence for detaching, only effective with a terminal; ``ctrl-p,ctrl-q`` by default.
        :param logs: return the previous output first; False by default.
        :param stream: return the output from the time of the call on; True by default.
        :param stdin: attach stdin; the container must have been created with ``open_stdin``. False by default.
        :param stdout: attach stdout; True by default.
        :param stderr: attach stderr; True by default.
        :returns: the output as bytes, separately for stdout and stderr; all of it as stdout if the container has a terminal.
        :raises NotFound: if the container does not exist.
        :raises Conflict: if it is paused or restarting.
        :raises TruncatedStream: if the connection ends inside a frame.
        """
        parameters = _attach_parameters(detach_keys, logs, stream, stdin, stdout, stderr)
        call = request("POST", container_path(container, "/attach"), parameters, content_type="text/plain")

        async def enter() -> AttachedStream:
            has_terminal = partial(self._has_terminal, container)
            version, tty = await version_and_terminal(self._engine, has_terminal)
            answer = await self._engine.hijack(call)
            return AttachedStream(answer, await output_decoder(answer, version, has_terminal, tty=tty))

        async def finish(attached: AttachedStream) -> Output:
            if stdin:
                await self._end_input(container, attached)
            return await collect(attached)

        return StreamCall("containers.attach", enter, finish)

    async def _config(self, container: str) -> models.ContainerConfig:
        call = request("GET", container_path(container, "/json"))
        found = await self._engine.json(call, _CONTAINER)
        config = found.config or models.ContainerConfig()
        remember_terminal(self._engine, found.id, tty=bool(config.tty))
        return config

    async def _has_terminal(self, container: str) -> bool:
        known = self._engine.terminals.get(container)
        return bool((await self._config(container)).tty) if known is None else known

    async def _end_input(self, container: str, attached: AttachedStream) -> None:
        """End the input in a way that does not end the output, as a half-close may."""
        config = await self._config(container)
        if config.tty:
            await attached.send(END_OF_INPUT)
        elif config.stdin_once:
            await attached.send_eof()

    def attach_websocket(
        self,
        container: str,
        *,
        detach_keys: str | None = None,
        logs: bool | None = None,
        stream: bool = True,
        stdin: bool | None = None,
        stdout: bool | None = None,
        stderr: bool | None = None,
    ) -> StreamCall[WebSocketStream, Output]:
        """Attach to the input and output of a container over a WebSocket.

        Engine API: GET /containers/{id}/attach/ws

        Use this where a hijacked connection (an HTTP connection that is turned into a raw byte stream, as by `attach`) is not
        possible. Stdout and stderr are not distinguished, and stdin cannot be closed separately. Enter the call with
        ``async with`` to read frames or ``lines()`` and to use ``send()``. If the call is awaited, it returns the `Output` when
        the container has stopped.

        :param detach_keys: key sequence for detaching, only effective with a terminal; ``ctrl-p,ctrl-q`` by default.
        :param logs: return the previous output first; False by default.
        :param stream: return the output from the time of the call on; True by default.
        :param stdin: attach stdin; True by default. Since API 1.42: older engines always attach all three streams.
        :param stdout: attach stdout; True by default. Since API 1.42.
        :param stderr: attach stderr; True by default. Since API 1.42.
        :returns: the output, all of it as stdout.
        :raises NotFound: if the container does not exist.
        :raises Conflict: if it is paused.
        :raises UnsupportedFeature: if `stdin`, `stdout` or `stderr` is given and the engine is older than API 1.42.
        :raises TruncatedStream: if the connection ends without a closing handshake.
        """
        _attach_parameters(
            detach_keys, logs, stream, stdin, stdout, stderr
        )  # checks the types before the call is entered
        path = container_path(container, "/attach/ws")
        features = required_features(
            containers__attach_websocket__stdin=stdin,
            containers__attach_websocket__stdout=stdout,
            containers__attach_websocket__stderr=stderr,
        )

        def build_request(version: ApiVersion) -> Request:
            # Older engines attach all three and have no parameters for them; newer ones attach only those requested.
            streams = [stdin, stdout, stderr]
            if version >= MULTIPLEXED_TYPE_SINCE:
                streams = [True if attach is None else attach for attach in streams]
            parameters = _attach_parameters(detach_keys, logs, stream, *streams)
            return request("GET", path, parameters, features=features)

        async def enter() -> WebSocketStream:
            call = build_request(await self._engine.version())._replace(for_version=build_request)
            return WebSocketStream(await self._engine.websocket(call))

        return StreamCall("containers.attach_websocket", enter, collect)

    def stats(
        self, container: str, *, stream: bool | None = None, one_shot: bool | None = None
    ) -> StreamCall[ValueStream[models.ContainerStatsResponse], models.ContainerStatsResponse]:
        """Return the resource usage of a container: CPU, memory, network and disk.

        Engine API: GET /containers/{id}/stats

        Await the call to get one sample; enter it with ``async with`` to get about one sample per second. The samples of a
        stopped container contain almost no values.

        :param stream: whether an entered call yields samples continuously, or only one. True by default, False with `one_shot`.
        :param one_shot: return a single sample immediately, with an empty ``precpu_stats``. By default (False), the daemon
            measures twice, about one second apart, so that CPU usage can be computed from the difference.
        :returns: the sample.
        :raises NotFound: if the container does not exist.
        """
        path, one_shot = container_path(container, "/stats"), optional_bool(one_shot, "one_shot")
        if optional_bool(stream, "stream") and one_shot:
            raise InvalidArgument("one_shot=True returns a single sample: it cannot be combined with stream=True")
        continuous = not one_shot if stream is None else stream

        async def enter() -> ValueStream[models.ContainerStatsResponse]:
            parameters = {"stream": continuous, "one-shot": one_shot}
            cls = await _SAMPLE.loaded(stream=True)
            return ValueStream(await self._engine.stream(request("GET", path, parameters)), cls)

        async def run() -> models.ContainerStatsResponse:
            parameters = {"stream": False, "one-shot": one_shot}
            return await self._engine.json(request("GET", path, parameters), _SAMPLE)

        return StreamCall("containers.stats", enter, run=run)

    def wait(
        self, container: str, *, condition: WaitCondition | None = None
    ) -> StreamCall[Waiting, models.ContainerWaitResponse]:
        """Wait until a container stops, and return its exit code.

        Engine API: POST /containers/{id}/wait

        Await the call to wait for the exit of a running container. To start a container without missing its exit, enter the
        call with ``async with``, start the container in the block, and then use ``await waiting.result()``.

        :param condition: ``not-running`` (the default) returns at once if the container is not running; ``next-exit`` waits
            for the next exit; ``removed`` waits until the container is removed.
        :returns: the exit code.
        :raises NotFound: if the container does not exist.
        :raises OperationFailed: if the daemon fails to wait, or to remove the container.
        :raises TruncatedStream: if the connection ends before the condition is met, for example because the daemon stops.
        """
        call = request("POST", container_path(container, "/wait"), {"condition": _condition(condition)})

        async def enter() -> Waiting:
            return Waiting(await self._engine.stream(call))

        return StreamCall("containers.wait", enter, Waiting.result)

    async def resize(self, container: str, height: int, width: int) -> None:
        """Resize the terminal of a container.

        Engine API: POST /containers/{id}/resize

        :param height: height in characters.
        :param width: width in characters.
        :raises NotFound: if the container does not exist.
        :raises Conflict: if it is not running.
        """
        parameters = {"h": characters(height, "height"), "w": characters(width, "width")}
        await self._engine.empty(request("POST", container_path(container, "/resize"), parameters))


def _attach_parameters(
    detach_keys: str | None,
    logs: bool | None,
    stream: bool,
    stdin: bool | None,
    stdout: bool | None,
    stderr: bool | None,
) -> Mapping[str, QueryValue]:
    return {
        "detachKeys": optional_str(detach_keys, "detach_keys"),
        "logs": optional_bool(logs, "logs"),
        "stream": optional_bool(stream, "stream"),
        "stdin": optional_bool(stdin, "stdin"),
        "stdout": optional_bool(stdout, "stdout"),
        "stderr": optional_bool(stderr, "stderr"),
    }


def _condition(condition: str | None) -> str | None:
    known = get_args(WaitCondition)
    if condition is not None and condition not in known:
        raise InvalidArgument(f"condition must be one of {', '.join(known)}, not {condition!r}")
    return condition
