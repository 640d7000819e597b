"""What lasts: output, input, measurements, and waiting for the end."""

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
from .._common import CONTENT_TYPES_TELL, Group, characters, container_path
from .._logs import Tail, log_call, log_request, output_decoder, remember_terminal, terminal
from .._process import END_OF_INPUT

__all__ = ["StreamCalls", "WaitCondition"]

WaitCondition = Literal["not-running", "next-exit", "removed"]

_CONTAINER: Final = LazyType(lambda: models.ContainerInspectResponse)
_SAMPLE: Final = LazyType(lambda: models.ContainerStatsResponse)


class StreamCalls(Group):
    """Follow, attach to, measure and wait for a container."""

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
        """What a container has written, and with `follow` what it goes on to write.

        Engine API: GET /containers/{id}/logs

        Await the call for an `Output`; enter it with ``async with`` for `Frame` objects as they come, or for their
        ``lines()``. Works with the log drivers ``json-file``, ``local`` and ``journald``.

        A daemon may end a followed log before its last lines when the container ends while it writes them (seen with 20.10),
        and the stream looks whole even so. Where every byte counts, read the log again after the end, or attach.

        :param follow: go on until the container stops; by default the call ends with what there is.
        :param stdout: what it wrote to stdout.
        :param stderr: what it wrote to stderr.
        :param since: only what is not older: a datetime, a timedelta before now (or ``"10m"``), or seconds since 1970.
        :param until: only what is older, likewise.
        :param timestamps: put the time before each line; not by default.
        :param tail: only so many of the last lines; all by default.
        :raises NotFound: no such container.
        :raises NotImplementedByDaemon: its log driver cannot be read.
        :raises OperationFailed: the daemon could not read the log to its end.
        :raises TruncatedStream: the connection ended first.
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
        """Connect to a container's input and output.

        Engine API: POST /containers/{id}/attach

        Enter the call with ``async with`` for `Frame` objects (or ``lines()``), ``send()`` and ``send_eof()``; attach before
        the container starts to miss nothing. Awaited, it returns the whole `Output` once the container ends; stdin, if that
        was asked for, is ended at once.

        Of a container with a terminal, or without ``stdin_once``, ``send_eof()`` ends the output too. A terminal's input is
        ended by sending ``\\x04`` (Ctrl-D); without ``stdin_once`` it has no end.

        :param detach_keys: the keys that leave the session, such as ``ctrl-p,ctrl-q`` (the daemon's default); only with a
            terminal.
        :param logs: what it has written so far comes first; not by default.
        :param stream: go on with what it writes from now on.
        :param stdin: connect its stdin too; it must have been created with ``open_stdin``. Not by default.
        :param stdout: connect its stdout.
        :param stderr: connect its stderr.
        :raises NotFound: no such container.
        :raises Conflict: it is paused or being restarted.
        :raises TruncatedStream: the connection ended inside a frame.
        """
        parameters = _attach_parameters(detach_keys, logs, stream, stdin, stdout, stderr)
        call = request("POST", container_path(container, "/attach"), parameters, content_type="text/plain")

        async def enter() -> AttachedStream:
            has_terminal = partial(self._has_terminal, container)
            version, tty = await terminal(self._engine, has_terminal)
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
        """Say that there is no input, in the way that leaves the output open: closing our side does not always."""
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
        """Connect to a container's input and output over a WebSocket, where a hijacked connection cannot pass.

        Engine API: GET /containers/{id}/attach/ws

        Both outputs come as one, and stdin cannot be closed alone. Enter the call with ``async with`` for frames, ``lines()``
        and ``send()``; awaited it returns the `Output` once the container ends.

        :param detach_keys: the keys that leave the session.
        :param logs: what it has written so far comes first; not by default.
        :param stream: go on with what it writes from now on.
        :param stdin: False leaves its stdin alone. Since API 1.42; before that all three are always connected.
        :param stdout: False leaves its stdout alone; likewise.
        :param stderr: False leaves its stderr alone; likewise.
        :raises NotFound: no such container.
        :raises UnsupportedFeature: one of the last three is given, and the engine is older than API 1.42.
        """
        _attach_parameters(detach_keys, logs, stream, stdin, stdout, stderr)  # refused at once, if at all
        path = container_path(container, "/attach/ws")
        features = required_features(
            containers__attach_websocket__stdin=stdin,
            containers__attach_websocket__stdout=stdout,
            containers__attach_websocket__stderr=stderr,
        )

        def made(version: ApiVersion) -> Request:
            # Older engines connect all three and know no switches for it; newer ones connect what they are told to.
            switches = [stdin, stdout, stderr]
            if version >= CONTENT_TYPES_TELL:
                switches = [True if switch is None else switch for switch in switches]
            parameters = _attach_parameters(detach_keys, logs, stream, *switches)
            return request("GET", path, parameters, features=features)

        async def enter() -> WebSocketStream:
            call = made(await self._engine.version())._replace(for_version=made)
            return WebSocketStream(await self._engine.websocket(call))

        return StreamCall("containers.attach_websocket", enter, collect)

    def stats(
        self, container: str, *, stream: bool | None = None, one_shot: bool | None = None
    ) -> StreamCall[ValueStream[models.ContainerStatsResponse], models.ContainerStatsResponse]:
        """Measure what a container uses: processor, memory, network, disk.

        Engine API: GET /containers/{id}/stats

        Await the call for one sample; enter it with ``async with`` for one about every second. A container that does not run
        gives an almost empty sample.

        :param stream: False ends an entered call after one sample.
        :param one_shot: one sample at once, without the second one a second later that a rate needs: ``precpu_stats`` is
            empty then.
        :raises NotFound: no such container.
        """
        path, one_shot = container_path(container, "/stats"), optional_bool(one_shot, "one_shot")
        if optional_bool(stream, "stream") and one_shot:
            raise InvalidArgument("one_shot takes a single sample: it does not go with stream=True")
        lasting = not one_shot if stream is None else stream

        async def enter() -> ValueStream[models.ContainerStatsResponse]:
            parameters = {"stream": lasting, "one-shot": one_shot}
            cls = await _SAMPLE.loaded(stream=True)
            return ValueStream(await self._engine.stream(request("GET", path, parameters)), cls)

        async def run() -> models.ContainerStatsResponse:
            parameters = {"stream": False, "one-shot": one_shot}
            return await self._engine.json(request("GET", path, parameters), _SAMPLE)

        return StreamCall("containers.stats", enter, run=run)

    def wait(
        self, container: str, *, condition: WaitCondition | None = None
    ) -> StreamCall[Waiting, models.ContainerWaitResponse]:
        """Wait until a container has ended, and learn its exit code.

        Engine API: POST /containers/{id}/wait

        Await the call for the exit. Entered with ``async with``, the daemon watches from then on: arm the wait, start the
        container, then ``await waiting.result()``; that way no exit is too early.

        :param condition: ``not-running`` (the default) is met at once by a container that does not run; ``next-exit`` waits
            for the next end; ``removed`` until it is gone.
        :returns: the exit code.
        :raises NotFound: no such container.
        :raises OperationFailed: the daemon could not wait to the end, or not remove the container.
        :raises TruncatedStream: the connection ended first, for example because the daemon stopped.
        """
        call = request("POST", container_path(container, "/wait"), {"condition": _condition(condition)})

        async def enter() -> Waiting:
            return Waiting(await self._engine.stream(call))

        return StreamCall("containers.wait", enter, Waiting.result)

    async def resize(self, container: str, height: int, width: int) -> None:
        """Tell the container's terminal its size.

        Engine API: POST /containers/{id}/resize

        :param height: in characters.
        :param width: in characters.
        :raises NotFound: no such container.
        :raises Conflict: it does not run.
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
