"""Plugins of the daemon."""

from __future__ import annotations

import builtins
from collections.abc import Iterable, Mapping
from functools import partial
from typing import Any, Final, NamedTuple
from urllib.parse import quote

from .. import models
from .._engine import LazyBodyType, LazyType, encode_json, request
from .._streams import ProgressReducer, ProgressStream, StreamCall, progress_call
from .._transport import Upload, upload_body
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
    """The result of `Plugins.pull` and `Plugins.upgrade`."""

    plugin: str
    """The local name of the plugin."""
    digest: str
    """The digest of the manifest; empty if the daemon did not report it."""


class PluginPushResult(NamedTuple):
    """The result of `Plugins.push`."""

    plugin: str
    """The pushed plugin."""
    digest: str
    """The digest of the manifest; empty if the daemon did not report it."""
    size: int
    """The size of the manifest, in bytes."""


class Plugins(Group):
    """Plugins of one engine: ``docker.plugins``.

    A plugin is given by its reference, such as ``vieux/sshfs:latest``, or its id; ``latest`` is the default tag.
    """

    async def list(self, *, filters: Filters | None = None) -> builtins.list[models.Plugin]:
        """List installed plugins.

        Engine API: GET /plugins

        :param filters: return only plugins that match: ``capability``, ``enabled``.
        :returns: the plugins; empty if there are none.
        :raises BadRequest: if a filter is unknown (20.10 responds to some invalid values with 500, `ServerError`).
        """
        call = request("GET", "/plugins", {"filters": encode_filters(filters)})
        return await self._engine.json(call, _PLUGINS)

    async def privileges(
        self, remote: str, *, auth: models.AuthConfig | Body | None = None
    ) -> builtins.list[models.PluginPrivilege]:
        """Return the privileges that a plugin in a registry requires, for confirmation by a user before `pull`.

        Engine API: GET /plugins/privileges

        :param remote: its reference in the registry.
        :param auth: credentials for the registry, for a private plugin.
        :returns: the required privileges; empty if there are none.
        :raises ServerError: if the plugin does not exist, or the registry cannot be reached.
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
        """Install a plugin from its registry. It is not enabled: use `enable`.

        Engine API: POST /plugins/pull

        Await the call to wait for the installation: it raises any error that the daemon reports. Enter it with ``async with``
        for the progress messages, followed by ``await progress.result()``.

        :param remote: its reference in the registry.
        :param alias: the local name of the plugin; its name in the registry by default.
        :param auth: credentials for the registry, for a private plugin.
        :param privileges: the privileges to grant, which must be all that the plugin requires, see `privileges`; none by
            default.
        :returns: the local name and the digest.
        :raises OperationFailed: if the installation fails after it has started, for example because more privileges are
            required.
        :raises BadRequest: if a plugin of that name is already installed.
        :raises ServerError: if the plugin does not exist, or the registry cannot be reached.
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
        """Return the details of a plugin.

        Engine API: GET /plugins/{name}/json

        :raises NotFound: if the plugin does not exist.
        """
        return await self._engine.json(request("GET", _path(plugin, "/json")), _PLUGIN)

    async def remove(self, plugin: str, *, force: bool | None = None) -> None:
        """Remove a plugin.

        Engine API: DELETE /plugins/{name}

        :param force: remove it even if it is enabled; refused by default.
        :raises NotFound: if the plugin does not exist.
        :raises Conflict: if the plugin is enabled or in use.
        """
        await self._engine.empty(request("DELETE", _path(plugin), {"force": optional_bool(force, "force")}))

    async def enable(self, plugin: str, *, timeout: Seconds = 0) -> None:
        """Enable a plugin, which starts it.

        Engine API: POST /plugins/{name}/enable

        :param timeout: time limit for each request of the daemon to the plugin, in seconds; 0, the default, means no limit.
        :raises NotFound: if the plugin does not exist.
        :raises Conflict: if the plugin is already enabled.
        :raises ServerError: if the plugin does not start.
        """
        parameters = {"timeout": seconds(timeout, "timeout", least=0)}
        await self._engine.empty(request("POST", _path(plugin, "/enable"), parameters))

    async def disable(self, plugin: str, *, force: bool | None = None) -> None:
        """Disable a plugin, which stops it. This takes ten seconds if the plugin ignores SIGTERM.

        Engine API: POST /plugins/{name}/disable

        :param force: disable it even if it is in use; refused by default.
        :raises NotFound: if the plugin does not exist.
        :raises Conflict: if the plugin is not enabled, or is in use.
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
        """Replace a disabled plugin by the current one in its registry. Its settings are kept.

        Engine API: POST /plugins/{name}/upgrade

        Await the call to wait for the upgrade: it raises any error that the daemon reports. Enter it with ``async with`` for
        the progress messages, followed by ``await progress.result()``.

        :param remote: its reference in the registry.
        :param auth: credentials for the registry, for a private plugin.
        :param privileges: the privileges to grant, which must be all that the plugin requires, see `privileges`; none by
            default.
        :returns: the local name and the digest.
        :raises NotFound: if the plugin is not installed.
        :raises OperationFailed: if the upgrade fails after it has started, for example because more privileges are required.
        :raises Conflict: if the plugin is enabled: `disable` it first.
        :raises ServerError: if the registry does not contain the plugin or cannot be reached.
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
        """Install a plugin from an archive. It is not enabled: use `enable`.

        Engine API: POST /plugins/create

        :param name: the name of the plugin; include the registry if it is to be pushed.
        :param archive: a tar archive of ``config.json`` and ``rootfs/``: as bytes, an open file, a path, or an async iterator
            of bytes. It is streamed.
        :raises Conflict: if a plugin of that name is already installed (20.10 responds with 400 or 500).
        :raises ServerError: if the archive does not contain a valid plugin.
        """
        body = upload_body(archive, "archive")
        parameters = {"name": _reference(name)}
        call = request("POST", "/plugins/create", parameters, body=body, content_type="application/x-tar")
        await self._engine.empty(call)

    def push(
        self, plugin: str, *, auth: models.AuthConfig | Body | None = None
    ) -> StreamCall[ProgressStream[models.PushImageInfo, PluginPushResult], PluginPushResult]:
        """Push a plugin to the registry in its name.

        Engine API: POST /plugins/{name}/push

        Await the call to wait for the push: it raises any error that the daemon reports. Enter it with ``async with`` for the
        progress messages, followed by ``await progress.result()``.

        :param auth: credentials for the registry.
        :returns: the digest and the size of the manifest.
        :raises NotFound: if the plugin does not exist.
        :raises OperationFailed: if the registry cannot be reached, or rejects the plugin.
        """
        call = request("POST", _path(plugin, "/push"), headers=auth_headers(auth))
        return progress_call("plugins.push", self._engine, call, _PUSHED, partial(_Pushed, plugin))

    async def set(self, plugin: str, settings: Iterable[str]) -> None:
        """Change settings of a disabled plugin.

        Engine API: POST /plugins/{name}/set

        :param settings: ``NAME=value`` each: an environment variable, ``args``, or ``name.source`` and the like for mounts and
            devices.
        :raises NotFound: if the plugin does not exist.
        :raises APIError: if a setting does not exist or cannot be changed, or the plugin is enabled (20.10: `ServerError`).
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
    """Return the path of a plugin. The daemon expects unencoded slashes; a valid reference cannot lead to another endpoint."""
    return f"/plugins/{quote(_reference(plugin), safe='/:@')}{action}"


def _granted(privileges: Iterable[models.PluginPrivilege | Body] | None) -> bytes:
    """Encode the granted privileges. The daemon requires a list even if there are none."""
    if isinstance(privileges, str | bytes | Mapping) or not isinstance(privileges, Iterable | None):
        raise InvalidArgumentType(f"privileges must be a list of PluginPrivileges, not {privileges!r:.80}")
    return encode_json([_PRIVILEGE.convert(privilege) for privilege in privileges or ()])
