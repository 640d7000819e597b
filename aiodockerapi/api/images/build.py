"""Building images from a Dockerfile."""

from __future__ import annotations

import os
from collections.abc import AsyncIterable, Awaitable, Callable, Iterable, Mapping
from typing import Any, Final, Literal, TypeAlias, get_args

from ... import models
from ..._concurrency import in_thread
from ..._engine import LazyType, Request, encode_json, request
from ..._settings import with_proxies
from ..._streams import ProgressStream, StreamCall, progress_call
from ..._transport import Upload, upload_body
from ..._wire.arguments import QueryValue, integer, optional_bool, optional_str, query, strings, text
from ..._wire.references import parse_reference
from ...errors import InvalidArgument, InvalidArgumentType
from .._common import Body, Group
from .._registry import PlatformLike, platform_text, registry_config_headers
from .results import BuildReducer, BuildResult

__all__ = ["BuildCalls", "BuilderVersion"]

BuilderVersion: TypeAlias = Literal["1", "2"]
"""The classic builder, or BuildKit."""

_MESSAGE: Final = LazyType(lambda: models.BuildInfo)


class BuildCalls(Group):
    """The ``build`` call of ``docker.images``."""

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

        Await the call to wait for the build; if the build fails, the ``log`` of the error contains the output of the build up
        to the failure. Enter the call with ``async with`` to read the progress messages, then use ``await progress.result()``.
        Cancelling the call, or leaving the block, cancels the build.

        A directory is packed into a tar archive in a thread while it is sent. The archive has the same content as with
        ``docker build``: it omits the files that ``.dockerignore`` excludes, but always contains the Dockerfile and the
        ``.dockerignore``. For BuildKit, an ignore file named after the Dockerfile, such as ``web.Dockerfile.dockerignore``,
        takes precedence. All files are owned by root, and symbolic links are preserved.

        :param context: the path of a directory; or a tar archive, plain or compressed with gzip, bzip2 or xz: as bytes, an
            open file, a path, or an async iterator of bytes. It is streamed. Not required with `remote`.
        :param dockerfile: the path of the Dockerfile in the context; ``Dockerfile`` by default. With a directory it can also
            be an absolute path, or a path outside of the directory.
        :param tags: names of the image, each with an optional tag; none by default.
        :param extra_hosts: additional lines for ``/etc/hosts``, as ``name:address``.
        :param remote: the URL of a Git repository, a tar archive or a Dockerfile, to be used instead of `context`.
        :param quiet: report only the id of the image; False by default.
        :param no_cache: do not use the build cache; False by default.
        :param cache_from: images whose layers may be used as build cache.
        :param pull: pull the base images even if they exist locally; False by default.
        :param rm: remove the containers of the build steps after a successful build; True by default.
        :param force_rm: remove them after a failed build too; False by default.
        :param memory: memory limit of a build step, in bytes.
        :param memory_swap: limit of memory and swap together, in bytes; -1 means unlimited.
        :param cpu_shares: relative CPU weight of a build step when CPUs are contended.
        :param cpuset_cpus: the CPUs that a build step may use, such as ``0-3`` or ``0,1``.
        :param cpu_period: the period of `cpu_quota`, in microseconds.
        :param cpu_quota: CPU time per period, in microseconds.
        :param build_args: values for the Dockerfile's ``ARG`` instructions; None uses the Dockerfile's default. With
            ``Docker(proxies=True)``, the proxies of ``config.json`` are added; explicit values take precedence.
        :param shm_size: the size of ``/dev/shm``, in bytes; 64 MiB by default.
        :param squash: merge the new layers into one; requires a daemon with experimental features.
        :param labels: labels of the image.
        :param network_mode: the network of the build steps: ``bridge`` (the default), ``host``, ``none``, ``container:`` with
            a name or id, or the name of a network.
        :param auth: credentials for private images: a mapping of registry addresses to credentials. The address of
            Docker Hub is ``https://index.docker.io/v1/``.
        :param platform: the target platform, as ``os[/arch[/variant]]``; the daemon's own platform by default.
        :param target: the stage to build; the last one by default.
        :param outputs: the outputs of BuildKit, each with ``Type`` and ``Attrs``; an image by default.
        :param version: ``1`` for the classic builder (the default), ``2`` for BuildKit.
        :returns: the id of the image, and the output of the build.
        :raises BuildContextError: if a file of the directory cannot be read, or shrinks while it is read.
        :raises InvalidArgument: if the Dockerfile does not exist, or the ``.dockerignore`` is invalid.
        :raises BadRequest: if the daemon rejects an option.
        :raises OperationFailed: if the build fails; ``code`` is the exit code of the failed step, if a command failed.
        :raises APIError: if the Dockerfile is invalid, or missing in an archive or in `remote`; the status depends on the
            version of the engine.
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
            parameters["buildargs"] = None  # `_with_proxies` adds them
        call = _call(context, path, {**parameters, **limits}, registry_config_headers(auth))
        if transport.passes_proxies:
            call = _with_proxies(call, transport.proxies, given)
        return progress_call("images.build", self._engine, call, _MESSAGE, BuildReducer)


def _call(
    context: Upload | str | None,
    dockerfile: str | None,
    parameters: Mapping[str, QueryValue],
    headers: Mapping[str, str] | None,
) -> Request | Callable[[], Awaitable[Request]]:
    """Return the request, or a function that prepares it if the context is given by a path."""
    tags = parameters["t"]
    reference = ", ".join(map(str, tags)) if isinstance(tags, list) else ""
    if context is None:
        if not parameters["remote"]:
            raise InvalidArgument("a build requires a context, or its URL: remote=")
        return request("POST", "/build", parameters, headers=headers, reference=reference)

    def build_request(body: bytes | AsyncIterable[bytes], dockerfile: str | None) -> Request:
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
        return build_request(upload_body(context, "context"), dockerfile)
    if not os.fspath(context):
        raise InvalidArgument("the path of the build context is empty: use '.' for the current directory")
    path, buildkit = context, parameters["version"] == "2"

    def read_context() -> tuple[bytes | AsyncIterable[bytes], str | None]:
        from .context import local_context  # imported in the thread, and only if required

        return local_context(path, dockerfile, buildkit=buildkit)

    async def prepare() -> Request:
        return build_request(*await in_thread(read_context))

    return prepare


def _with_proxies(
    call: Request | Callable[[], Awaitable[Request]],
    proxies: Callable[[], Awaitable[Mapping[str, str]]],
    given: Mapping[str, str | None],
) -> Callable[[], Awaitable[Request]]:
    """Add the build arguments to the request: the given ones and the proxies of ``config.json``."""

    async def prepare() -> Request:
        arguments = with_proxies(await proxies(), given)
        prepared = call if isinstance(call, Request) else await call()
        added = query({"buildargs": _json(arguments) if arguments else None})
        return prepared._replace(query="&".join(filter(None, (prepared.query, added))))

    return prepare


def _tags(tags: Iterable[str] | str | None) -> list[str] | None:
    names = strings(tags, "tags")
    for name in names or ():
        if parse_reference(name).digest:
            raise InvalidArgument(f"tag {name!r} must not contain a digest")
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
