"""The swarm of an engine: create, join, leave, change and unlock it."""

from __future__ import annotations

from typing import Final

from .. import models
from .._engine import LazyBodyType, LazyType, request
from .._wire.arguments import optional_bool
from ..errors import InvalidArgument, InvalidArgumentType
from ._common import Body, Group, json_request, wire_request
from ._swarm import Version, object_version

__all__ = ["Swarm"]

_SWARM: Final = LazyType(lambda: models.Swarm)
_INIT: Final = LazyBodyType(lambda: models.SwarmInitRequest)
_NODE_ID: Final = LazyType(lambda: str)
_JOIN: Final = LazyBodyType(lambda: models.SwarmJoinRequest)
_SPEC: Final = LazyBodyType(lambda: models.SwarmSpec)
_UNLOCK_KEY: Final = LazyType(lambda: models.UnlockKeyResponse)
_UNLOCK: Final = LazyBodyType(lambda: models.SwarmUnlockRequest)


class Swarm(Group):
    """The swarm that the engine belongs to: ``docker.swarm``."""

    async def inspect(self) -> models.Swarm:
        """Return the details of the swarm, with its join tokens.

        Engine API: GET /swarm

        :raises Unavailable: if the engine is not a swarm manager.
        """
        return await self._engine.json(request("GET", "/swarm"), _SWARM)

    async def init(self, request: models.SwarmInitRequest | Body) -> str:
        """Create a swarm with this engine as its first manager.

        Engine API: POST /swarm/init

        :param request: the settings; the address to listen on for other nodes is required (usually ``0.0.0.0:2377``).
        :returns: the id of this node.
        :raises BadRequest: if a setting or an address is invalid (20.10 responds to some with 500, `ServerError`).
        :raises Unavailable: if the engine is already part of a swarm.
        """
        raw = await _INIT.wire_form(request)
        _check_listen_address(raw.get("ListenAddr"))
        return await self._engine.json(wire_request("swarm.init", "POST", "/swarm/init", raw, _INIT), _NODE_ID)

    async def join(self, request: models.SwarmJoinRequest | Body) -> None:
        """Join a swarm.

        Engine API: POST /swarm/join

        :param request: the address to listen on, the addresses of managers, and the token, which makes this engine a worker or
            a manager. All three are required.
        :raises BadRequest: if an address or the token is invalid (20.10 responds to some with 500, `ServerError`).
        :raises Unavailable: if the engine is already part of a swarm; or if no manager responds within 20 seconds: the engine
            then keeps trying in the background until `leave` is called.
        """
        raw = await _JOIN.wire_form(request)
        _check_listen_address(raw.get("ListenAddr"))
        if not raw.get("RemoteAddrs"):
            raise InvalidArgument(
                "joining a swarm requires the address of a manager: remote_addrs= of the model, 'RemoteAddrs' of the mapping"
            )
        if not raw.get("JoinToken"):
            raise InvalidArgument(
                "joining a swarm requires a token: join_token= of the model, 'JoinToken' of the mapping"
            )
        await self._engine.empty(wire_request("swarm.join", "POST", "/swarm/join", raw, _JOIN))

    async def leave(self, *, force: bool | None = None) -> None:
        """Leave the swarm.

        Engine API: POST /swarm/leave

        :param force: leave even as a manager; refused by default. If the last manager leaves, the swarm and its state are
            lost.
        :raises Unavailable: if the engine is not part of a swarm, or is a manager.
        """
        await self._engine.empty(request("POST", "/swarm/leave", {"force": optional_bool(force, "force")}))

    async def update(
        self,
        spec: models.SwarmSpec | Body,
        *,
        version: Version,
        rotate_worker_token: bool | None = None,
        rotate_manager_token: bool | None = None,
        rotate_manager_unlock_key: bool | None = None,
    ) -> None:
        """Change the settings of the swarm.

        Engine API: POST /swarm/update

        :param spec: the new settings: the ``spec`` of the inspected swarm with changes. Settings it lacks are reset to their
            defaults.
        :param version: the ``version`` of the inspected swarm.
        :param rotate_worker_token: generate a new join token for workers; False by default.
        :param rotate_manager_token: generate a new join token for managers; False by default.
        :param rotate_manager_unlock_key: generate a new unlock key for managers; False by default.
        :raises StaleVersion: if the swarm has changed since it was inspected.
        :raises BadRequest: if a setting is invalid.
        :raises Unavailable: if the engine is not a swarm manager.
        """
        parameters = {
            "version": object_version(version, "swarm"),
            "rotateWorkerToken": optional_bool(rotate_worker_token, "rotate_worker_token"),
            "rotateManagerToken": optional_bool(rotate_manager_token, "rotate_manager_token"),
            "rotateManagerUnlockKey": optional_bool(rotate_manager_unlock_key, "rotate_manager_unlock_key"),
        }
        await self._engine.empty(await json_request("swarm.update", "POST", "/swarm/update", spec, _SPEC, parameters))

    async def unlock_key(self) -> models.UnlockKeyResponse:
        """Return the key that unlocks a manager after a restart of its daemon.

        Engine API: GET /swarm/unlockkey

        :returns: the key; empty if managers are not locked automatically.
        :raises Unavailable: if the engine is not a swarm manager.
        """
        return await self._engine.json(request("GET", "/swarm/unlockkey"), _UNLOCK_KEY)

    async def unlock(self, unlock_key: str) -> None:
        """Unlock this manager after a restart of its daemon.

        Engine API: POST /swarm/unlock

        :param unlock_key: the key that `unlock_key` returned earlier.
        :raises Unauthorized: if the key is wrong.
        :raises Conflict: if this manager is not locked.
        :raises Unavailable: if the engine is not a swarm manager.
        """
        if not isinstance(unlock_key, str):  # the message must not contain it
            raise InvalidArgumentType(f"unlock_key must be a string, not {type(unlock_key).__name__}")
        if not unlock_key:
            raise InvalidArgument("the unlock key is empty")
        body = {"UnlockKey": unlock_key}
        await self._engine.empty(await json_request("swarm.unlock", "POST", "/swarm/unlock", body, _UNLOCK))


def _check_listen_address(address: object) -> None:
    if not address:
        raise InvalidArgument(
            "a swarm node requires an address to listen on, such as 0.0.0.0:2377: "
            "listen_addr= of the model, 'ListenAddr' of the mapping"
        )
