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
    """Nodes of a swarm, by one of its managers: ``docker.nodes``. A node goes by its id or host name.

    Every call raises `Unavailable` where the engine is no manager of a swarm.
    """

    async def list(self, *, filters: Filters | None = None) -> builtins.list[models.Node]:
        """List the nodes of the swarm.

        Engine API: GET /nodes

        :param filters: only those that match: ``id``, ``label``, ``membership``, ``name``, ``node.label``, ``role``.
        :raises BadRequest: there is no such filter.
        """
        call = request("GET", "/nodes", {"filters": encode_filters(filters)})
        return await self._engine.json(call, _NODES)

    async def inspect(self, node: str) -> models.Node:
        """Everything about a node.

        Engine API: GET /nodes/{id}

        :raises NotFound: no such node.
        """
        return await self._engine.json(request("GET", _path(node)), _NODE)

    async def remove(self, node: str, *, force: bool | None = None) -> None:
        """Remove a node from the swarm. It should have left before: one that runs goes on by itself.

        Engine API: DELETE /nodes/{id}

        :param force: also where the node is not down; not by default. A manager must be made a worker first in any case.
        :raises NotFound: no such node.
        :raises BadRequest: it is not down, or a manager.
        """
        await self._engine.empty(request("DELETE", _path(node), {"force": optional_bool(force, "force")}))

    async def update(self, node: str, spec: models.NodeSpec | Body, *, version: Version) -> None:
        """Change a node: its role, its availability, its labels.

        Engine API: POST /nodes/{id}/update

        :param spec: the node as it is to be: the ``spec`` of the inspected node, changed. What it lacks is lost, and role and
            availability must be there.
        :param version: the ``version`` of the inspected node.
        :raises NotFound: no such node.
        :raises StaleVersion: somebody has changed it since.
        :raises BadRequest: there is no such role or availability, or the last manager is to become a worker.
        """
        raw = await _SPEC.wire_form(spec)
        for key in ("Role", "Availability"):
            if not raw.get(key):
                raise InvalidArgument(f"the spec of a node needs {key.lower()}: take it from the inspected node")
        parameters = {"version": object_version(version, "node")}
        await self._engine.empty(wire_request("nodes.update", "POST", _path(node, "/update"), raw, _SPEC, parameters))


def _path(node: str, action: str = "") -> str:
    return f"/nodes/{path_segment(node, 'node')}{action}"
