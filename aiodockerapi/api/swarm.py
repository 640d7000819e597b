"""The swarm itself: founded, joined, left, changed and unlocked."""

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
    """The swarm that an engine is in: ``docker.swarm``."""

    async def inspect(self) -> models.Swarm:
        """Everything about the swarm, the tokens to join it included.

        Engine API: GET /swarm

        :raises Unavailable: this node is no manager of a swarm.
        """
        return await self._engine.json(request("GET", "/swarm"), _SWARM)

    async def init(self, request: models.SwarmInitRequest | Body) -> str:
        """Found a swarm, with this engine as its first manager.

        Engine API: POST /swarm/init

        :param request: where to listen for other nodes, which is needed (``0.0.0.0:2377`` is usual), and the settings.
        :returns: the id of this node.
        :raises BadRequest: a setting is wrong, or an address (20.10 answers some of them with 500, `ServerError`).
        :raises Unavailable: this engine is in a swarm already.
        """
        raw = await _INIT.wire_form(request)
        _listening(raw.get("ListenAddr"))
        return await self._engine.json(wire_request("swarm.init", "POST", "/swarm/init", raw, _INIT), _NODE_ID)

    async def join(self, request: models.SwarmJoinRequest | Body) -> None:
        """Join a swarm.

        Engine API: POST /swarm/join

        :param request: where to listen, the addresses of managers, and the token that makes this engine a worker or a
            manager; all three are needed.
        :raises BadRequest: an address or the token is wrong (20.10 answers some of them with 500, `ServerError`).
        :raises Unavailable: this engine is in a swarm already; or no manager answered for 20 seconds, and it goes on trying
            by itself: `leave` ends that.
        """
        raw = await _JOIN.wire_form(request)
        _listening(raw.get("ListenAddr"))
        if not raw.get("RemoteAddrs"):
            raise InvalidArgument("joining needs the address of a manager: remote_addrs of the model, 'RemoteAddrs'")
        if not raw.get("JoinToken"):
            raise InvalidArgument("joining needs a token: join_token of the model, 'JoinToken' of the mapping")
        await self._engine.empty(wire_request("swarm.join", "POST", "/swarm/join", raw, _JOIN))

    async def leave(self, *, force: bool | None = None) -> None:
        """Leave the swarm.

        Engine API: POST /swarm/leave

        :param force: also as a manager, even the last one, with whom the swarm and all of its state ends; not by default.
        :raises Unavailable: this engine is in no swarm, or is a manager.
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

        :param spec: the settings as they are to be: the ``spec`` of the inspected swarm, changed. What it lacks goes back to
            its default.
        :param version: the ``version`` of the inspected swarm.
        :param rotate_worker_token: make a new token for workers to join with; not by default.
        :param rotate_manager_token: make a new token for managers; not by default.
        :param rotate_manager_unlock_key: make a new key to unlock managers with; not by default.
        :raises StaleVersion: somebody has changed it since.
        :raises BadRequest: a setting is wrong.
        :raises Unavailable: this node is no manager of a swarm.
        """
        parameters = {
            "version": object_version(version, "swarm"),
            "rotateWorkerToken": optional_bool(rotate_worker_token, "rotate_worker_token"),
            "rotateManagerToken": optional_bool(rotate_manager_token, "rotate_manager_token"),
            "rotateManagerUnlockKey": optional_bool(rotate_manager_unlock_key, "rotate_manager_unlock_key"),
        }
        await self._engine.empty(await json_request("swarm.update", "POST", "/swarm/update", spec, _SPEC, parameters))

    async def unlock_key(self) -> models.UnlockKeyResponse:
        """The key that unlocks a manager after a restart of its daemon.

        Engine API: GET /swarm/unlockkey

        :returns: the key; empty where managers are not locked.
        :raises Unavailable: this node is no manager of a swarm.
        """
        return await self._engine.json(request("GET", "/swarm/unlockkey"), _UNLOCK_KEY)

    async def unlock(self, unlock_key: str) -> None:
        """Unlock this manager, whose daemon has been restarted.

        Engine API: POST /swarm/unlock

        :param unlock_key: what `unlock_key` gave before.
        :raises Unauthorized: it is not the key.
        :raises Conflict: this manager is not locked.
        :raises Unavailable: this engine is no manager of a swarm.
        """
        if not isinstance(unlock_key, str):  # and it is not shown
            raise InvalidArgumentType(f"unlock_key must be a string, not {type(unlock_key).__name__}")
        if not unlock_key:
            raise InvalidArgument("the unlock key is empty")
        body = {"UnlockKey": unlock_key}
        await self._engine.empty(await json_request("swarm.unlock", "POST", "/swarm/unlock", body, _UNLOCK))


def _listening(address: object) -> None:
    if not address:
        raise InvalidArgument(
            "a node of a swarm needs an address to listen at, such as 0.0.0.0:2377: "
            "listen_addr= of the model, 'ListenAddr' of the mapping"
        )
