"""Plugins of the daemon: installed, set, run, pushed and removed."""

from __future__ import annotations

import builtins
from collections.abc import Iterable, Mapping
from functools import partial
from typing import Any, Final, NamedTuple
from urllib.parse import quote

from .. import models
from .._engine import LazyBodyType, LazyType, encode_json, request
from .._streams import ProgressReducer, ProgressStream, StreamCall, progress_call
from .._transport import Upload, upload
from .._wire.arguments import optional_bool, text
from .._wire.filters import Filters, encode_filters
from .._wire.references import parse_reference
from ..errors import InvalidArgumentType
from ._common import Body, Group, Seconds, seconds
from ._registry import auth_headers

__all__ = ["PluginPullResult", "PluginPushResult", "Plugins"]

_DIGEST = "Digest: "

_PRIVILEGE: Final = LazyBodyType(lambda: models.PluginPrivilege)
_PLUGINS: Final = LazyType(lambda: list[models.Plugin])
_PRIVILEGES: Final = LazyType(lambda: list[models.PluginPrivilege])
_PULLED: Final = LazyType(lambda: models.CreateImageInfo)
_PLUGIN: Final = LazyType(lambda: models.Plugin)
_PUSHED: Final = LazyType(lambda: models.PushImageInfo)


class PluginPullResult(NamedTuple):
    """What a pull or an upgrade of a plugin has brought."""

    plugin: str
    """What the plugin is called here."""
    digest: str
    """The manifest's digest; empty where the daemon did not tell."""


class PluginPushResult(NamedTuple):
    """What a push of a plugin has left in the registry."""

    plugin: str
    """What was pushed."""
    digest: str
    """The manifest's digest; empty where the daemon did not tell."""
    size: int
    """The manifest's size in bytes."""


class Plugins(Group):
    """Plugins of one engine: ``docker.plugins``.

    A plugin is named by a reference, such as ``vieux/sshfs:latest``, or its id; ``latest`` is the default tag.
    """

    async def list(self, *, filters: Filters | None = None) -> builtins.list[models.Plugin]:
        """List the plugins that are installed.

        Engine API: GET /plugins

        :param filters: only those that match: ``capability``, ``enabled``.
        :raises BadRequest: there is no such filter (20.10 answers some wrong values with 500, `ServerError`).
        """
        call = request("GET", "/plugins", {"filters": encode_filters(filters)})
        return await self._engine.json(call, _PLUGINS)

    async def privileges(
        self, remote: str, *, auth: models.AuthConfig | Body | None = None
    ) -> builtins.list[models.PluginPrivilege]:
        """What a plugin in a registry wants to be allowed: to be shown to somebody, and granted to `pull`.

        Engine API: GET /plugins/privileges

        :param remote: its reference in the registry.
        :param auth: credentials for the registry, for a plugin that is not public.
        :returns: what it wants; an empty list where it wants nothing.
        :raises ServerError: there is no such plugin, or the registry cannot be reached.
        """
        call = request("GET", "/plugins/privileges", {"remote": _reference(remote)}, headers=auth_headers(auth))
        return await self._engine.json(call, _PRIVILEGES)

    def pull(
        self,
        remote: str,
        *,
        alias: str | None = None,
        auth: models.AuthConfig | Body | None = None,
        privileges: Iterable[models.PluginPrivilege | Body] | None = None,
    ) -> StreamCall[ProgressStream[models.CreateImageInfo, PluginPullResult], PluginPullResult]:
        """Install a plugin from its registry. It does not run yet: `enable` it.

        Engine API: POST /plugins/pull

        Await the call: it is done then, or raises what the daemon reports. Enter it with ``async with`` for the messages.

        :param remote: its reference in the registry.
        :param alias: what to call it here; by default what the registry calls it.
        :param auth: credentials for the registry, for a plugin that is not public.
        :param privileges: what it is allowed, which must be all that it wants, see `privileges`; nothing by default.
        :raises OperationFailed: the pull failed after it had begun, for example since it wants to be allowed more.
        :raises BadRequest: there is a plugin of that name already.
        :raises ServerError: there is no such plugin, or the registry cannot be reached.
        """
        parameters = {"remote": _reference(remote), "name": None if alias is None else _reference(alias)}
        call = request(
            "POST",
            "/plugins/pull",
            parameters,
            body=_granted(privileges),
            content_type="application/json",
            headers=auth_headers(auth),
            reference=remote,
        )
        folder = partial(_Pulled, alias or remote)
        return progress_call("plugins.pull", self._engine, call, _PULLED, folder)

    async def inspect(self, plugin: str) -> models.Plugin:
        """Everything about a plugin.

        Engine API: GET /plugins/{name}/json

        :raises NotFound: no such plugin.
        """
        return await self._engine.json(request("GET", _path(plugin, "/json")), _PLUGIN)

    async def remove(self, plugin: str, *, force: bool | None = None) -> None:
        """Remove a plugin.

        Engine API: DELETE /plugins/{name}

        :param force: also one that runs; refused by default.
        :raises NotFound: no such plugin.
        :raises Conflict: it runs, or something uses it.
        """
        await self._engine.empty(request("DELETE", _path(plugin), {"force": optional_bool(force, "force")}))

    async def enable(self, plugin: str, *, timeout: Seconds = 0) -> None:
        """Run a plugin.

        Engine API: POST /plugins/{name}/enable

        :param timeout: how many seconds the daemon waits for an answer whenever it asks the plugin something; 0 is without
            end.
        :raises NotFound: no such plugin.
        :raises Conflict: it runs already.
        :raises ServerError: it does not start.
        """
        parameters = {"timeout": seconds(timeout, "timeout", least=0)}
        await self._engine.empty(request("POST", _path(plugin, "/enable"), parameters))

    async def disable(self, plugin: str, *, force: bool | None = None) -> None:
        """Stop a plugin. It may take ten seconds where the plugin does not heed SIGTERM.

        Engine API: POST /plugins/{name}/disable

        :param force: also where something uses it; refused by default.
        :raises NotFound: no such plugin.
        :raises Conflict: it does not run, or something uses it.
        """
        await self._engine.empty(request("POST", _path(plugin, "/disable"), {"force": optional_bool(force, "force")}))

    def upgrade(
        self,
        plugin: str,
        remote: str,
        *,
        auth: models.AuthConfig | Body | None = None,
        privileges: Iterable[models.PluginPrivilege | Body] | None = None,
    ) -> StreamCall[ProgressStream[models.CreateImageInfo, PluginPullResult], PluginPullResult]:
        """Replace a plugin that does not run by what its registry has now. Its settings stay.

        Engine API: POST /plugins/{name}/upgrade

        Await the call: it is done then, or raises what the daemon reports. Enter it with ``async with`` for the messages.

        :param remote: its reference in the registry.
        :param auth: credentials for the registry, for a plugin that is not public.
        :param privileges: what it is allowed, which must be all that it wants, see `privileges`; nothing by default.
        :raises NotFound: no such plugin.
        :raises OperationFailed: the upgrade failed after it had begun, for example since the plugin wants to be allowed more.
        :raises Conflict: it runs: `disable` it first.
        :raises ServerError: there is no such plugin in the registry, or that cannot be reached.
        """
        call = request(
            "POST",
            _path(plugin, "/upgrade"),
            {"remote": _reference(remote)},
            body=_granted(privileges),
            content_type="application/json",
            headers=auth_headers(auth),
            reference=remote,
        )
        folder = partial(_Pulled, plugin)
        return progress_call("plugins.upgrade", self._engine, call, _PULLED, folder)

    async def create(self, name: str, archive: Upload) -> None:
        """Install a plugin of one's own making. It does not run yet: `enable` it.

        Engine API: POST /plugins/create

        :param name: what to call it; with the registry, if it is to be pushed.
        :param archive: a tar of ``config.json`` and ``rootfs/``; as bytes, an open file, a path, or an async iterator of
            bytes. It is streamed.
        :raises Conflict: there is a plugin of that name already (20.10 answers with 400 or 500).
        :raises ServerError: the archive is no plugin.
        """
        body = upload(archive, "archive")
        parameters = {"name": _reference(name)}
        call = request("POST", "/plugins/create", parameters, body=body, content_type="application/x-tar")
        await self._engine.empty(call)

    def push(
        self, plugin: str, *, auth: models.AuthConfig | Body | None = None
    ) -> StreamCall[ProgressStream[models.PushImageInfo, PluginPushResult], PluginPushResult]:
        """Send a plugin to the registry that its name tells.

        Engine API: POST /plugins/{name}/push

        Await the call: it is done then, or raises what the daemon reports. Enter it with ``async with`` for the messages.

        :param auth: credentials for the registry.
        :raises NotFound: no such plugin.
        :raises OperationFailed: the registry cannot be reached, or refuses the plugin.
        """
        call = request("POST", _path(plugin, "/push"), headers=auth_headers(auth))
        return progress_call("plugins.push", self._engine, call, _PUSHED, partial(_Pushed, plugin))

    async def set(self, plugin: str, settings: Iterable[str]) -> None:
        """Change settings of a plugin that does not run.

        Engine API: POST /plugins/{name}/set

        :param settings: ``NAME=value`` each: an environment variable, ``args``, or ``name.source`` and the like for mounts
            and devices.
        :raises NotFound: no such plugin.
        :raises APIError: it has no such setting, it may not be changed, or the plugin runs (20.10: `ServerError`).
        """
        if isinstance(settings, str | bytes) or not isinstance(settings, Iterable):
            raise InvalidArgumentType(f"settings must be a list such as ['DEBUG=1'], not {settings!r:.80}")
        body = encode_json([text(setting, "each of settings") for setting in settings])
        call = request("POST", _path(plugin, "/set"), body=body, content_type="application/json")
        await self._engine.empty(call)


class _Pulled(ProgressReducer["models.CreateImageInfo", PluginPullResult]):
    def __init__(self, plugin: str) -> None:
        self._plugin = plugin
        self._digest = ""

    def add(self, message: models.CreateImageInfo) -> None:
        if message.status is not None and message.status.startswith(_DIGEST):
            self._digest = message.status.removeprefix(_DIGEST)

    def result(self) -> PluginPullResult:
        return PluginPullResult(self._plugin, self._digest)


class _Pushed(ProgressReducer["models.PushImageInfo", PluginPushResult]):
    def __init__(self, plugin: str) -> None:
        self._plugin = plugin
        self._aux: dict[str, Any] = {}

    def add(self, message: models.PushImageInfo) -> None:
        if isinstance(message.aux, dict):
            self._aux = message.aux

    def result(self) -> PluginPushResult:
        digest, size = self._aux.get("Digest"), self._aux.get("Size")
        return PluginPushResult(self._plugin, str(digest or ""), size if isinstance(size, int) else 0)


def _reference(value: str) -> str:
    parse_reference(value, "plugin")
    return value


def _path(plugin: str, action: str = "") -> str:
    """The path of a plugin. The daemon takes the slashes as they are; what a reference may hold leads nowhere else."""
    return f"/plugins/{quote(_reference(plugin), safe='/:@')}{action}"


def _granted(privileges: Iterable[models.PluginPrivilege | Body] | None) -> bytes:
    """What a plugin is allowed. The daemon wants a list even where that is nothing."""
    if isinstance(privileges, str | bytes | Mapping) or not isinstance(privileges, Iterable | None):
        raise InvalidArgumentType(f"privileges must be a list of PluginPrivileges, not {privileges!r:.80}")
    return encode_json([_PRIVILEGE.convert(privilege) for privilege in privileges or ()])
