"""Networks: made, joined, left and removed."""

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

    A network is named by its name, its id, or the beginning of its id that no other has. Names with a slash are refused, since
    not every daemon can find them: such a network goes by its id.
    """

    async def list(self, *, filters: Filters | None = None) -> builtins.list[models.NetworkSummary]:
        """List networks.

        Engine API: GET /networks

        :param filters: only those that match: ``driver``, ``id``, ``label``, ``name``, ``scope``, ``type``, ``dangling``.
        :returns: one summary per network, without the containers in it.
        :raises BadRequest: there is no such filter, or not such a value for it.
        """
        call = request("GET", "/networks", {"filters": encode_filters(filters)})
        return await self._engine.json(call, _SUMMARIES)

    async def inspect(
        self, network: str, *, verbose: bool | None = None, scope: str | None = None
    ) -> models.NetworkInspect:
        """Everything about a network, the containers in it included.

        Engine API: GET /networks/{id}

        :param verbose: for a network of a swarm, its services on all nodes too; not by default.
        :param scope: look for it only among those of that scope: ``local``, ``swarm`` or ``global``; everywhere by default.
        :raises NotFound: no such network (in that scope).
        :raises BadRequest: several networks have that name: use the id.
        """
        parameters = {"verbose": optional_bool(verbose, "verbose"), "scope": optional_str(scope, "scope")}
        return await self._engine.json(request("GET", _path(network), parameters), _NETWORK)

    async def remove(self, network: str) -> None:
        """Remove a network.

        Engine API: DELETE /networks/{id}

        :raises NotFound: no such network.
        :raises Forbidden: containers are in it, or it is one of the daemon's own.
        """
        await self._engine.empty(request("DELETE", _path(network)))

    async def create(self, request: models.NetworkCreateRequest | Body) -> models.NetworkCreateResponse:
        """Create a network.

        Engine API: POST /networks/create

        Before API 1.44 several networks may have the same name, unless ``check_duplicate`` is set; from then on they never
        may, and ``check_duplicate=True`` is taken for granted.

        :param request: the network; its name is all that is needed.
        :returns: its id, and the daemon's warning.
        :raises Conflict: the name is taken.
        :raises Forbidden: the daemon has a network of that name by itself, or the driver does not allow this.
        :raises NotFound: no such driver.
        :raises UnsupportedFeature: a setting is newer than the engine, such as ``enable_ipv4`` before API 1.48.
        :raises APIError: a setting is wrong, such as a subnet (400; 20.10 answers with 500).
        """
        raw = await _CREATE.wire_form(request)
        require_name(raw, "network")

        def made(version: ApiVersion) -> Request:
            body = raw
            if raw.get("CheckDuplicate") and version >= _NAMES_ARE_UNIQUE:
                body = {key: value for key, value in raw.items() if key != "CheckDuplicate"}
            return wire_request("networks.create", "POST", "/networks/create", body, _CREATE)

        version = await self._engine.version() if raw.get("CheckDuplicate") else OLDEST
        return await self._engine.json(made(version)._replace(for_version=made), _CREATED)

    async def connect(
        self, network: str, container: str, *, endpoint_config: models.EndpointSettings | Body | None = None
    ) -> None:
        """Have a container join a network.

        Engine API: POST /networks/{id}/connect

        :param container: its name or id; it may run or not.
        :param endpoint_config: its addresses, names and options there; the daemon chooses by default. A ``mac_address`` is
            heeded since API 1.54.
        :raises NotFound: no such network, or no such container.
        :raises Forbidden: it is in that network already, or the network is ``host`` or ``none`` (or it is, and nothing else).
        :raises UnsupportedFeature: a setting is newer than the engine.
        """
        body: dict[str, Any] = {"Container": _container(container)}
        if endpoint_config is not None:
            body["EndpointConfig"] = await _ENDPOINT.wire_form(endpoint_config)
        path = _path(network, "/connect")
        await self._engine.empty(await json_request("networks.connect", "POST", path, body, _CONNECT))

    async def disconnect(self, network: str, container: str, *, force: bool | None = None) -> None:
        """Have a container leave a network.

        Engine API: POST /networks/{id}/disconnect

        :param container: its name or id.
        :param force: also where the daemon does not know the container any more; not by default.
        :raises NotFound: no such network, or no such container.
        :raises APIError: it is not in that network (403 or 500, depending on the engine).
        """
        body: dict[str, Any] = {"Container": _container(container)}
        if optional_bool(force, "force") is not None:
            body["Force"] = force
        path = _path(network, "/disconnect")
        await self._engine.empty(await json_request("networks.disconnect", "POST", path, body, _DISCONNECT))

    async def prune(self, *, filters: Filters | None = None) -> models.NetworkPruneResponse:
        """Remove all networks that no container is in, but for the daemon's own.

        Engine API: POST /networks/prune

        :param filters: only those that match: ``until`` (a time, or a duration such as ``10m``), ``label``, ``label!``.
        :returns: the names of the removed networks.
        :raises Conflict: another prune is under way.
        """
        call = request("POST", "/networks/prune", {"filters": encode_filters(filters)})
        return await self._engine.json(call, _PRUNED)


def _path(network: str, action: str = "") -> str:
    return f"/networks/{path_segment(network, 'network', loose=True)}{action}"


def _container(container: str) -> str:
    if not text(container, "container"):
        raise InvalidArgument("the container is empty: a name or id is needed")
    return container
