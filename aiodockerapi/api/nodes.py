"""Nodes of a swarm."""

from __future__ import annotations

import builtins
from typing import Final

from .. import models
from .._engine import LazyBodyType, LazyType, request
from .._wire.arguments import optional_bool, path_segment
from .._wire.filters import Filters, encode_filters
from ..errors import InvalidArgument
from ._common import Body, Group, wire_request
from ._swarm import Version, object_version

__all__ = ["Nodes"]

_NODES: Final = LazyType(lambda: list[models.Node])
_NODE: Final = LazyType(lambda: models.Node)
_SPEC: Final = LazyBodyType(lambda: models.NodeSpec)


class Nodes(Group):
    """Nodes of a swarm: ``docker.nodes``. A node is given by its id or host name.

    Every call raises `Unavailable` if the engine is not a swarm manager.
    """

    async def list(self, *, filters: Filters | None = None) -> builtins.list[models.Node]:
        """List the nodes of the swarm.

        Engine API: GET /nodes

        :param filters: return only nodes that match: ``id``, ``label``, ``membership``, ``name``, ``node.label``, ``role``.
        :returns: the nodes.
        :raises BadRequest: if a filter is unknown.
        """
        call = request("GET", "/nodes", {"filters": encode_filters(filters)})
        return await self._engine.json(call, _NODES)

    async def inspect(self, node: str) -> models.Node:
        """Return the details of a node.

        Engine API: GET /nodes/{id}

        :raises NotFound: if the node does not exist.
        """
        return await self._engine.json(request("GET", _path(node)), _NODE)

    async def remove(self, node: str, *, force: bool | None = None) -> None:
        """Remove a node from the swarm.

        Engine API: DELETE /nodes/{id}

        The node should leave the swarm first: a running node continues to run after its removal.

        :param force: remove it even if it is not down; refused by default. A manager must be demoted to a worker first in any
            case.
        :raises NotFound: if the node does not exist.
        :raises BadRequest: if the node is not down, or is a manager.
        """
        await self._engine.empty(request("DELETE", _path(node), {"force": optional_bool(force, "force")}))

    async def update(self, node: str, spec: models.NodeSpec | Body, *, version: Version) -> None:
        """Change the role, the availability and the labels of a node.

        Engine API: POST /nodes/{id}/update

        :param spec: the new spec: the ``spec`` of the inspected node with changes. Settings it lacks are lost; role and
            availability are required.
        :param version: the ``version`` of the inspected node.
        :raises NotFound: if the node does not exist.
        :raises StaleVersion: if the node has changed since it was inspected.
        :raises BadRequest: if the role or availability is invalid, or the last manager would be demoted.
        """
        raw = await _SPEC.wire_form(spec)
        for key in ("Role", "Availability"):
            if not raw.get(key):
                raise InvalidArgument(f"the spec of a node requires {key.lower()}: take it from the inspected node")
        parameters = {"version": object_version(version, "node")}
        await self._engine.empty(wire_request("nodes.update", "POST", _path(node, "/update"), raw, _SPEC, parameters))


def _path(node: str, action: str = "") -> str:
    return f"/nodes/{path_segment(node, 'node')}{action}"
