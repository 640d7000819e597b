"""Run a container from beginning to end, as `docker run` does."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import AsyncExitStack, suppress
from typing import Any, Final, Literal, NamedTuple

from ... import models
from ..._concurrency import run_shielded
from ..._engine import LazyBodyType
from ..._streams import Waiting
from ..._wire.arguments import text
from ..._wire.references import parse_reference
from ...errors import APIError, DockerError, InvalidArgument, InvalidArgumentType, NotFound
from .._common import Body
from .._process import CancelPolicy, Stdin, cancel_policy, command_line, exchange, refusal_code
from .._registry import PlatformLike
from .lifecycle import LifecycleCalls
from .streams import StreamCalls

__all__ = ["RunCalls", "RunResult"]

_CANCEL_LIMIT: Final = (
    10.0  # seconds in which the daemon has to answer a caller who has been cancelled, or to remove what did not run
)

_CREATE: Final = LazyBodyType(lambda: models.ContainerCreateRequest)


class RunResult(NamedTuple):
    """How a container ended, and all that it wrote."""

    stdout: bytes
    """What it wrote to stdout, and all of its output where it has a terminal."""
    stderr: bytes
    """What it wrote to stderr."""
    exit_code: int
    """Its exit code; 127 when its command was not found, 126 when that could not be executed."""
    container_id: str
    """The id of the container."""
    error: str = ""
    """The daemon's words, where the command could not be started."""
    warnings: tuple[str, ...] = ()
    """The daemon's warnings at its creation."""


class RunCalls(LifecycleCalls, StreamCalls):
    """Run a container from beginning to end."""

    async def run(
        self,
        image: str,
        command: Sequence[str] | None = None,
        *,
        name: str | None = None,
        config: models.ContainerCreateRequest | Body | None = None,
        stdin: Stdin | None = None,
        auto_remove: bool = False,
        platform: PlatformLike | None = None,
        pull: Literal["missing", "always", "never"] = "missing",
        auth: models.AuthConfig | Body | None = None,
        on_cancel: CancelPolicy = "kill",
    ) -> RunResult:
        """Create a container, start it, feed it, and wait for its end: exit code and output as data.

        Engine API: POST /containers/create, and whatever else it takes: images are pulled, the container attached to, its
        end waited for, in the order in which nothing is missed.

        A deadline is the caller's: ``async with asyncio.timeout(60)`` around the call, and `on_cancel` says what becomes of
        the container.

        :param image: what to run.
        :param command: the command and its arguments; by default what the image says.
        :param name: the container's name; the daemon makes one up by default.
        :param config: everything else that `create` takes, such as ``ContainerCreateRequest(env=["A=1"])``.
        :param stdin: what it reads on stdin, and then its end. Without it, there is nothing to read.
        :param auto_remove: have it removed, with its anonymous volumes, once it has ended.
        :param platform: which variant of the image; the daemon's own platform by default.
        :param pull: whether to fetch the image: when this host does not have it, always, or never.
        :param auth: credentials for the pull.
        :param on_cancel: what to do with the container when the call is cancelled: ``kill`` it, ``stop`` it within its grace
            period (the cancellation waits for that), or ``leave`` it running.
        :returns: exit code, stdout and stderr. A command that is not found (127) or cannot be executed (126) is a result
            too, with the daemon's words in ``error``.
        :raises NotFound: there is no such image.
        :raises Conflict: the name is taken.
        :raises BadRequest: the daemon does not accept an option.
        :raises OperationFailed: the pull failed.
        """
        cancel_policy(on_cancel)
        if pull not in ("missing", "always", "never"):
            raise InvalidArgument(f"pull must be missing, always or never, not {pull!r}")
        body = await _body(image, command, config, stdin is not None, auto_remove)
        if pull == "always":
            await self._pull(image, auth, platform)
        try:
            run = await self._create(body, name, platform, on_cancel)
        except NotFound as error:
            if pull != "missing" or "image" not in error.message.lower():
                raise  # a volume driver may be what is missing
            await self._pull(image, auth, platform)
            run = await self._create(body, name, platform, on_cancel)
        return await run.execute(stdin)

    async def _pull(self, image: str, auth: models.AuthConfig | Body | None, platform: PlatformLike | None) -> None:
        from ..images import Images  # a script that only lists containers does not need it

        await Images(self._engine).pull(image, auth=auth, platform=platform)

    async def _create(
        self, body: Body, name: str | None, platform: PlatformLike | None, on_cancel: CancelPolicy
    ) -> _Run:
        """Create the container, without losing it when the call is cancelled meanwhile."""
        runs: list[_Run] = []

        async def create() -> None:
            created = await self.create(body, name=name, platform=platform)
            runs.append(_Run(self, created.id, tuple(created.warnings), body, on_cancel))

        try:
            await run_shielded(create(), limit=_CANCEL_LIMIT)
        except BaseException:
            for run in runs:
                await run_shielded(run.discard(), limit=_CANCEL_LIMIT)
            raise
        return runs[0]


class _Run:
    """One container on its way from created to ended."""

    def __init__(
        self, calls: RunCalls, container: str, warnings: tuple[str, ...], body: Body, on_cancel: CancelPolicy
    ) -> None:
        self._calls = calls
        self._container = container
        self._warnings = warnings
        self._tty = bool(body.get("Tty"))
        self._stdin = bool(body.get("OpenStdin"))
        self._removed = bool(body["HostConfig"].get("AutoRemove"))
        self._on_cancel = on_cancel
        self._started = False

    async def execute(self, stdin: Stdin | None) -> RunResult:
        """From the first connection to the last word."""
        try:
            async with AsyncExitStack() as stack:
                return await self._executed(stack, stdin)
        except BaseException:
            # How long a stop may take is the container's own matter.
            await run_shielded(self._abandon(), limit=None if self._on_cancel == "stop" else _CANCEL_LIMIT)
            raise

    async def _executed(self, stack: AsyncExitStack, stdin: Stdin | None) -> RunResult:
        """Attach, arm the waits, start, then read until the end."""
        try:
            attached = await stack.enter_async_context(self._calls.attach(self._container, stdin=self._stdin))
        except APIError as error:
            if not refusal_code(error.message):
                raise
            # Podman looks for the command as soon as somebody attaches, and lets the container lie.
            if self._removed:
                await self.discard()
            return self._refused(error)
        removal = None
        if self._removed:
            removal = await stack.enter_async_context(self._calls.wait(self._container, condition="removed"))
        # Waited for by itself: of a container that removes itself Podman says in the end that it ended with 0, always.
        end = await stack.enter_async_context(self._calls.wait(self._container, condition="next-exit"))
        refusal = await self._start()
        if refusal is not None:
            if removal is not None:
                await _over(removal)
            return self._refused(refusal)
        output = await exchange(attached, stdin, tty=self._tty)
        code = (await end.result()).status_code
        if removal is not None:
            await removal.result()
        return RunResult(output.stdout, output.stderr, code, self._container, "", self._warnings)

    async def _start(self) -> APIError | None:
        """Start the container; what the daemon says against its command is returned."""
        try:
            await self._calls.start(self._container)
        except APIError as error:
            if refusal_code(error.message):
                return error
            raise
        self._started = True
        return None

    def _refused(self, refusal: APIError) -> RunResult:
        code = refusal_code(refusal.message)
        return RunResult(b"", b"", code, self._container, refusal.message, self._warnings)

    async def _abandon(self) -> None:
        """What becomes of the container when nobody waits for it any more."""
        if not self._started:
            await self.discard()
            return
        with suppress(DockerError):  # it has ended already, or the daemon is out of reach: the cancellation goes first
            if self._on_cancel == "kill":
                await self._calls.kill(self._container)
            elif self._on_cancel == "stop":
                await self._calls.stop(self._container)

    async def discard(self) -> None:
        """Remove a container that has never run: nobody knows of it."""
        with suppress(DockerError):  # gone already, or out of reach
            await self._calls.remove(self._container, force=True, volumes=True)


async def _over(removal: Waiting) -> None:
    """Wait until a container is gone that has not run: only then its name is free."""
    import anyio

    with anyio.move_on_after(_CANCEL_LIMIT), suppress(DockerError):
        await removal.result()


async def _body(
    image: str,
    command: Sequence[str] | None,
    config: models.ContainerCreateRequest | Body | None,
    stdin: bool,
    auto_remove: bool,
) -> dict[str, Any]:
    if not text(image, "image").startswith("sha256:") and not _is_id(image):
        parse_reference(image)
    body = {} if config is None else await _CREATE.wire_form(config)
    body["Image"] = image
    if command is not None:
        body["Cmd"] = command_line(command)
    host = body.get("HostConfig") or {}
    if not isinstance(host, dict):
        raise InvalidArgumentType(f"HostConfig must be an object, not {type(host).__name__}: {host!r:.80}")
    if auto_remove:
        host["AutoRemove"] = True
    body["HostConfig"] = host
    body |= {"AttachStdout": True, "AttachStderr": True}
    if stdin:
        body |= {"AttachStdin": True, "OpenStdin": True, "StdinOnce": True}
    else:
        body |= {"AttachStdin": False, "OpenStdin": False}
    return body


def _is_id(image: str) -> bool:
    return len(image) >= 12 and all(letter in "0123456789abcdef" for letter in image)
