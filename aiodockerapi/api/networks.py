"""Networks."""

from __future__ import annotations

import builtins
from typing import Any, Final

from .. import models
from .._engine import LazyBodyType, LazyType, Request, request
from .._wire.arguments import optional_bool, optional_str, path_segment, text
from .._wire.filters import Filters, encode_filters
from .._wire.versions import OLDEST, ApiVersion
from ..errors import InvalidArgument
from ._common import Body, Group, json_request, require_name, wire_request

__all__ = ["Networks"]

_NAMES_ARE_UNIQUE = ApiVersion(1, 44)

_SUMMARIES: Final = LazyType(lambda: list[models.NetworkSummary])
_NETWORK: Final = LazyType(lambda: models.NetworkInspect)
_CREATE: Final = LazyBodyType(lambda: models.NetworkCreateRequest)
_CREATED: Final = LazyType(lambda: models.NetworkCreateResponse)
_ENDPOINT: Final = LazyBodyType(lambda: models.EndpointSettings)
_CONNECT: Final = LazyBodyType(lambda: models.NetworkConnectRequest)
_DISCONNECT: Final = LazyBodyType(lambda: models.NetworkDisconnectRequest)
_PRUNED: Final = LazyType(lambda: models.NetworkPruneResponse)


class Networks(Group):
    """Networks of one engine: ``docker.networks``.

    A network is given by its name, its id, or a unique prefix of its id. Names with a slash are rejected, because not all
    engines support them in requests; use the id instead.
    """

    async def list(self, *, filters: Filters | None = None) -> builtins.list[models.NetworkSummary]:
        """List networks.

        Engine API: GET /networks

        :param filters: return only networks that match: ``driver``, ``id``, ``label``, ``name``, ``scope``, ``type``,
            ``dangling``.
        :returns: one summary per network, without the network's containers; empty if there are none.
        :raises BadRequest: if a filter is unknown or has an invalid value.
        """
        call = request("GET", "/networks", {"filters": encode_filters(filters)})
        return await self._engine.json(call, _SUMMARIES)

    async def inspect(
        self, network: str, *, verbose: bool | None = None, scope: str | None = None
    ) -> models.NetworkInspect:
        """Return the details of a network, with its containers.

        Engine API: GET /networks/{id}

        :param verbose: for a swarm network, include its services on all nodes; excluded by default.
        :param scope: search only networks of this scope: ``local``, ``swarm`` or ``global``; all scopes by default.
        :raises NotFound: if the network does not exist (in that scope).
        :raises BadRequest: if several networks have that name; use the id instead.
        """
        parameters = {"verbose": optional_bool(verbose, "verbose"), "scope": optional_str(scope, "scope")}
        return await self._engine.json(request("GET", _path(network), parameters), _NETWORK)

    async def remove(self, network: str) -> None:
        """Remove a network.

        Engine API: DELETE /networks/{id}

        :raises NotFound: if the network does not exist.
        :raises Forbidden: if containers are connected to it, or it is predefined.
        """
        await self._engine.empty(request("DELETE", _path(network)))

    async def create(self, request: models.NetworkCreateRequest | Body) -> models.NetworkCreateResponse:
        """Create a network.

        Engine API: POST /networks/create

        Before API 1.44, several networks can have the same name unless ``check_duplicate`` is set. Since then names are
        unique, and ``check_duplicate=True`` has no effect.

        :param request: the network; only its name is required.
        :returns: its id, and the daemon's warning.
        :raises Conflict: if the name is in use.
        :raises Forbidden: if the name is that of a predefined network, or the driver does not allow another network.
        :raises NotFound: if the driver does not exist.
        :raises UnsupportedFeature: if a setting is newer than the engine, such as ``enable_ipv4`` before API 1.48.
        :raises APIError: if a setting is invalid, such as a subnet (400; 20.10 responds with 500).
        """
        raw = await _CREATE.wire_form(request)
        require_name(raw, "network")

        def build_request(version: ApiVersion) -> Request:
            body = raw
            if raw.get("CheckDuplicate") and version >= _NAMES_ARE_UNIQUE:
                body = {key: value for key, value in raw.items() if key != "CheckDuplicate"}
            return wire_request("networks.create", "POST", "/networks/create", body, _CREATE)

        version = await self._engine.version() if raw.get("CheckDuplicate") else OLDEST
        return await self._engine.json(build_request(version)._replace(for_version=build_request), _CREATED)

    async def connect(
        self, network: str, container: str, *, endpoint_config: models.EndpointSettings | Body | None = None
    ) -> None:
        """Connect a container to a network.

        Engine API: POST /networks/{id}/connect

        :param container: name or id of the container, which may be stopped.
        :param endpoint_config: addresses, aliases and options of the container in the network; by default the daemon chooses
            them. ``mac_address`` is supported since API 1.54.
        :raises NotFound: if the network or the container does not exist.
        :raises Forbidden: if the container is already connected to the network, or if one of the networks is ``host`` or
            ``none``, which cannot be combined with other networks.
        :raises UnsupportedFeature: if a setting is newer than the engine.
        """
        body: dict[str, Any] = {"Container": _container(container)}
        if endpoint_config is not None:
            body["EndpointConfig"] = await _ENDPOINT.wire_form(endpoint_config)
        path = _path(network, "/connect")
        await self._engine.empty(await json_request("networks.connect", "POST", path, body, _CONNECT))

    async def disconnect(self, network: str, container: str, *, force: bool | None = None) -> None:
        """Disconnect a container from a network.

        Engine API: POST /networks/{id}/disconnect

        :param container: name or id of the container.
        :param force: disconnect the container even if it has already been removed; False by default.
        :raises NotFound: if the network or the container does not exist.
        :raises APIError: if the container is not connected to the network (403 or 500, depending on the engine).
        """
        body: dict[str, Any] = {"Container": _container(container)}
        if optional_bool(force, "force") is not None:
            body["Force"] = force
        path = _path(network, "/disconnect")
        await self._engine.empty(await json_request("networks.disconnect", "POST", path, body, _DISCONNECT))

    async def prune(self, *, filters: Filters | None = None) -> models.NetworkPruneResponse:
        """Remove all networks without containers, except predefined ones.

        Engine API: POST /networks/prune

        :param filters: remove only networks that match: ``until`` (created before a time, or longer ago than a
            duration such as ``10m``), ``label``, ``label!`` (networks without that label).
        :returns: the names of the removed networks.
        :raises Conflict: if another prune is running.
        """
        call = request("POST", "/networks/prune", {"filters": encode_filters(filters)})
        return await self._engine.json(call, _PRUNED)


def _path(network: str, action: str = "") -> str:
    return f"/networks/{path_segment(network, 'network', loose=True)}{action}"


def _container(container: str) -> str:
    if not text(container, "container"):
        raise InvalidArgument("the container is empty: a name or id is required")
    return container
