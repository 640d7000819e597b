"""Images from a Dockerfile."""

from __future__ import annotations

import os
from collections.abc import AsyncIterable, Awaitable, Callable, Iterable, Mapping
from typing import Any, Final, Literal, TypeAlias, get_args

from ... import models
from ..._concurrency import in_thread
from ..._engine import LazyType, Request, encode_json, request
from ..._settings import with_proxies
from ..._streams import ProgressStream, StreamCall, progress_call
from ..._transport import Upload, upload
from ..._wire.arguments import QueryValue, integer, optional_bool, optional_str, query, strings, text
from ..._wire.references import parse_reference
from ...errors import InvalidArgument, InvalidArgumentType
from .._common import Body, Group
from .._registry import PlatformLike, platform_text, registry_config_headers
from .results import BuildFolder, BuildResult

__all__ = ["BuildCalls", "BuilderVersion"]

BuilderVersion: TypeAlias = Literal["1", "2"]
"""The classic builder, or BuildKit."""

_MESSAGE: Final = LazyType(lambda: models.BuildInfo)


class BuildCalls(Group):
    """Build images."""

    def build(
        self,
        context: Upload | str | None = None,
        *,
        dockerfile: str | os.PathLike[str] | None = None,
        tags: Iterable[str] | str | None = None,
        extra_hosts: Iterable[str] | str | None = None,
        remote: str | None = None,
        quiet: bool | None = None,
        no_cache: bool | None = None,
        cache_from: Iterable[str] | None = None,
        pull: bool | None = None,
        rm: bool | None = None,
        force_rm: bool | None = None,
        memory: int | None = None,
        memory_swap: int | None = None,
        cpu_shares: int | None = None,
        cpuset_cpus: str | None = None,
        cpu_period: int | None = None,
        cpu_quota: int | None = None,
        build_args: Mapping[str, str | None] | None = None,
        shm_size: int | None = None,
        squash: bool | None = None,
        labels: Mapping[str, str] | None = None,
        network_mode: str | None = None,
        auth: Mapping[str, models.AuthConfig | Body] | None = None,
        platform: PlatformLike | None = None,
        target: str | None = None,
        outputs: Iterable[Body] | None = None,
        version: BuilderVersion | None = None,
    ) -> StreamCall[ProgressStream[models.BuildInfo, BuildResult], BuildResult]:
        """Build an image from a Dockerfile.

        Engine API: POST /build

        Await the call: the image is there then, or it raises what the daemon reports, with what the build had printed in the
        error's ``log``. Enter it with ``async with`` for the messages, and ``await progress.result()`` after them. Cancelling
        the call, or leaving the block, calls the build off.

        A directory is packed while it is sent, in a thread beside the event loop, as the docker command packs it: without what
        its ``.dockerignore`` names (or, for BuildKit, the ``.dockerignore`` that bears the Dockerfile's name before it, such as
        ``web.Dockerfile.dockerignore``), but always with the Dockerfile and the ``.dockerignore``; all of it owned by root;
        symbolic links as links.

        :param context: the path of a directory; or a tar archive, as it is or compressed with gzip, bzip2 or xz: as bytes, an
            open file, a path, or an async iterator of bytes. It is streamed. Not needed with `remote`.
        :param dockerfile: the Dockerfile's path in the context; ``Dockerfile`` by default. With a directory it may also be an
            absolute path, and lie outside of it.
        :param tags: names for the image, each with or without a tag; it has none by default.
        :param extra_hosts: further lines for ``/etc/hosts``, as ``name:address``.
        :param remote: a Git repository, or the address of a tar archive or a Dockerfile, in place of a context.
        :param quiet: no messages but the image's id; False by default.
        :param no_cache: do every step anew; False by default.
        :param cache_from: images whose layers may be taken instead of doing a step.
        :param pull: fetch the images it is based on, even where they are here; False by default.
        :param rm: remove the containers of its steps once it has succeeded; True by default.
        :param force_rm: remove them when it has failed too; False by default.
        :param memory: the memory that a step may use, in bytes.
        :param memory_swap: memory and swap together, in bytes; -1 is without limit.
        :param cpu_shares: its weight beside others when processors are short.
        :param cpuset_cpus: the processors it may run on, such as ``0-3`` or ``0,1``.
        :param cpu_period: the period of `cpu_quota`, in microseconds.
        :param cpu_quota: processor time per period, in microseconds.
        :param build_args: values for the Dockerfile's ``ARG`` instructions; None leaves one to the Dockerfile. With
            ``Docker(proxies=True)`` the proxies of ``config.json`` join them, but for those that are given here.
        :param shm_size: the size of ``/dev/shm``, in bytes; 64 MiB by default.
        :param squash: make one layer of all that it adds; for daemons with experimental features.
        :param labels: labels for the image.
        :param network_mode: the network of its steps: ``bridge`` (the default), ``host``, ``none``, ``container:`` with a name
            or id, or a network.
        :param auth: credentials by registry (``https://index.docker.io/v1/`` for Docker Hub), for images that are not public.
        :param platform: what to build for, as ``os[/arch[/variant]]``; the daemon's own platform by default.
        :param target: the stage at which to stop; the last one by default.
        :param outputs: what BuildKit is to make, each with ``Type`` and ``Attrs``; an image by default.
        :param version: ``1`` for the classic builder (the default), ``2`` for BuildKit.
        :returns: the image's id, and what the build has printed.
        :raises BuildContextError: a file of the directory cannot be read, or became shorter while it was sent.
        :raises InvalidArgument: the directory has no such Dockerfile, or its ``.dockerignore`` cannot be understood.
        :raises BadRequest: the daemon does not accept an option.
        :raises OperationFailed: the build failed; ``code`` is the exit code of the step, where it was one.
        :raises APIError: the Dockerfile is wrong or missing, the daemon's status differs from version to version.
        """
        path = os.fspath(dockerfile) if isinstance(dockerfile, os.PathLike) else dockerfile
        limits: dict[str, QueryValue] = {
            "memory": integer(memory, "memory", least=0),
            "memswap": integer(memory_swap, "memory_swap", least=-1),
            "cpushares": integer(cpu_shares, "cpu_shares", least=0),
            "cpusetcpus": optional_str(cpuset_cpus, "cpuset_cpus"),
            "cpuperiod": integer(cpu_period, "cpu_period", least=0),
            "cpuquota": integer(cpu_quota, "cpu_quota"),
            "shmsize": integer(shm_size, "shm_size", least=0),
        }
        parameters: dict[str, QueryValue] = {
            "dockerfile": optional_str(path, "dockerfile"),
            "t": _tags(tags),
            "extrahosts": strings(extra_hosts, "extra_hosts"),
            "remote": optional_str(remote, "remote"),
            "q": optional_bool(quiet, "quiet"),
            "nocache": optional_bool(no_cache, "no_cache"),
            "cachefrom": _list(cache_from, "cache_from"),
            "pull": optional_bool(pull, "pull"),
            "rm": optional_bool(rm, "rm"),
            "forcerm": optional_bool(force_rm, "force_rm"),
            "buildargs": _pairs(build_args, "build_args", null=True),
            "squash": optional_bool(squash, "squash"),
            "labels": _pairs(labels, "labels", null=False),
            "networkmode": optional_str(network_mode, "network_mode"),
            "platform": platform_text(platform),
            "target": optional_str(target, "target"),
            "outputs": _outputs(outputs),
            "version": _version(version),
        }
        transport, given = self._engine.transport, dict(build_args or {})
        if transport.passes_proxies:
            parameters["buildargs"] = None  # files tell the rest of them
        call = _call(context, path, {**parameters, **limits}, registry_config_headers(auth))
        if transport.passes_proxies:
            call = _with_proxies(call, transport.proxies, given)
        return progress_call("images.build", self._engine, call, _MESSAGE, BuildFolder)


def _call(
    context: Upload | str | None,
    dockerfile: str | None,
    parameters: Mapping[str, QueryValue],
    headers: Mapping[str, str] | None,
) -> Request | Callable[[], Awaitable[Request]]:
    """The request; of what is at a path, once that has been looked at."""
    tags = parameters["t"]
    reference = ", ".join(map(str, tags)) if isinstance(tags, list) else ""
    if context is None:
        if not parameters["remote"]:
            raise InvalidArgument("a build needs a context, or the address of one: remote=")
        return request("POST", "/build", parameters, headers=headers, reference=reference)

    def sending(body: bytes | AsyncIterable[bytes], dockerfile: str | None) -> Request:
        return request(
            "POST",
            "/build",
            {**parameters, "dockerfile": dockerfile},
            body=body,
            headers=headers,
            content_type="application/x-tar",
            reference=reference,
        )

    if not isinstance(context, str | os.PathLike):
        return sending(upload(context, "context"), dockerfile)
    if not os.fspath(context):
        raise InvalidArgument("the path of the build context is empty; the current directory is '.'")
    path, buildkit = context, parameters["version"] == "2"

    def look() -> tuple[bytes | AsyncIterable[bytes], str | None]:
        from .context import local_context  # in the thread: most builds do without it

        return local_context(path, dockerfile, buildkit=buildkit)

    async def looked() -> Request:
        return sending(*await in_thread(look))

    return looked


def _with_proxies(
    call: Request | Callable[[], Awaitable[Request]],
    proxies: Callable[[], Awaitable[Mapping[str, str]]],
    given: Mapping[str, str | None],
) -> Callable[[], Awaitable[Request]]:
    """The request with the build arguments that were given, and the proxies that are to be handed on."""

    async def made() -> Request:
        arguments = with_proxies(await proxies(), given)
        ready = call if isinstance(call, Request) else await call()
        added = query({"buildargs": _json(arguments) if arguments else None})
        return ready._replace(query="&".join(filter(None, (ready.query, added))))

    return made


def _tags(tags: Iterable[str] | str | None) -> list[str] | None:
    names = strings(tags, "tags")
    for name in names or ():
        if parse_reference(name).digest:
            raise InvalidArgument(f"{name!r} names a digest, which no tag can")
    return names


def _json(value: Any) -> str:
    return encode_json(value).decode()


def _list(values: Iterable[str] | None, noun: str) -> str | None:
    if values is None:
        return None
    if isinstance(values, str | bytes | Mapping) or not isinstance(values, Iterable):
        raise InvalidArgumentType(f"{noun} must be a list of strings, not {type(values).__name__}: {values!r:.80}")
    return _json([text(value, f"each of {noun}") for value in values])


def _pairs(values: Mapping[str, str | None] | None, noun: str, *, null: bool) -> str | None:
    if values is None:
        return None
    if not isinstance(values, Mapping):
        raise InvalidArgumentType(f"{noun} must be a mapping of strings, not {type(values).__name__}")
    for key, value in values.items():
        text(key, f"each name of {noun}")
        if not (isinstance(value, str) or (null and value is None)):
            raise InvalidArgumentType(f"{noun}[{key!r}] must be a string, not {type(value).__name__}")
    return _json(values)


def _outputs(outputs: Iterable[Body] | None) -> str | None:
    if outputs is None:
        return None
    if isinstance(outputs, str | bytes | Mapping) or not isinstance(outputs, Iterable):
        raise InvalidArgumentType(f"outputs must be a list of mappings, not {type(outputs).__name__}: {outputs!r:.80}")
    return _json(list(outputs))


def _version(version: BuilderVersion | None) -> str | None:
    if version is not None and version not in get_args(BuilderVersion):
        raise InvalidArgument(f"version must be '1' (classic) or '2' (BuildKit), not {version!r}")
    return version
