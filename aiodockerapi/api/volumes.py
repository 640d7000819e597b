"""Volumes: made, looked at and removed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from .. import models
from .._engine import LazyBodyType, LazyType, request, required_features
from .._wire.arguments import optional_bool, path_segment, text
from .._wire.filters import Filters, encode_filters
from ._common import Body, Group, wire_request
from ._swarm import Version, object_version

__all__ = ["Volumes"]

_VOLUMES: Final = LazyType(lambda: models.VolumeListResponse)
_CREATE: Final = LazyBodyType(lambda: models.VolumeCreateRequest)
_SPEC: Final = LazyBodyType(lambda: models.ClusterVolumeSpec)
_VOLUME: Final = LazyType(lambda: models.Volume)
_UPDATE: Final = LazyBodyType(lambda: models.VolumeUpdateRequest)
_PRUNED: Final = LazyType(lambda: models.VolumePruneResponse)


class Volumes(Group):
    """Volumes of one engine: ``docker.volumes``."""

    async def list(self, *, filters: Filters | None = None) -> models.VolumeListResponse:
        """List volumes.

        Engine API: GET /volumes

        :param filters: only those that match: ``dangling``, ``driver``, ``label``, ``name``.
        :returns: the volumes, and the warnings of drivers that could not be asked.
        :raises BadRequest: there is no such filter, or not such a value for it.
        """
        call = request("GET", "/volumes", {"filters": encode_filters(filters)})
        return await self._engine.json(call, _VOLUMES)

    async def create(
        self,
        name: str | None = None,
        *,
        driver: str | None = None,
        driver_opts: Mapping[str, str] | None = None,
        labels: Mapping[str, str] | None = None,
        cluster_volume_spec: models.ClusterVolumeSpec | Body | None = None,
    ) -> models.Volume:
        """Create a volume. One that is there already, with the same driver, is simply returned.

        Engine API: POST /volumes/create

        :param name: its name; the daemon makes one up by default.
        :param driver: ``local`` by default.
        :param driver_opts: what the driver understands; ``type``, ``device`` and ``o``, as for ``mount``, with ``local``.
        :param labels: its labels.
        :param cluster_volume_spec: makes it a volume of the swarm, by a driver that can. Since API 1.42.
        :raises BadRequest: the driver does not accept the name or an option.
        :raises NotFound: no such driver.
        :raises Conflict: another driver has a volume of that name.
        :raises UnsupportedFeature: `cluster_volume_spec` is given, and the engine is older than API 1.42.
        """
        settings: dict[str, Any] = {
            "name": name if name is None else text(name, "name"),
            "driver": driver if driver is None else text(driver, "driver"),
            "driver_opts": driver_opts,
            "labels": labels,
        }
        await _CREATE.load()
        body = models.VolumeCreateRequest(**{key: value for key, value in settings.items() if value is not None})
        raw = await _CREATE.wire_form(body)
        if cluster_volume_spec is not None:
            raw["ClusterVolumeSpec"] = await _SPEC.wire_form(cluster_volume_spec)
        call = wire_request("volumes.create", "POST", "/volumes/create", raw, _CREATE)
        return await self._engine.json(call, _VOLUME)

    async def inspect(self, volume: str) -> models.Volume:
        """Everything about a volume.

        Engine API: GET /volumes/{name}

        :raises NotFound: no such volume.
        """
        return await self._engine.json(request("GET", _path(volume)), _VOLUME)

    async def update(self, volume: str, spec: models.ClusterVolumeSpec | Body, *, version: Version) -> None:
        """Change a volume of the swarm: whether tasks may use it. Since API 1.42.

        Engine API: PUT /volumes/{name}

        :param volume: ``cluster_volume.id`` of the inspected volume; by its name, engines do not find it here.
        :param spec: what it is to be like; only the availability may differ from what it is.
        :param version: ``cluster_volume.version`` of the inspected volume.
        :raises NotFound: no such volume in the swarm.
        :raises StaleVersion: somebody has changed it since.
        :raises Unavailable: this node is no manager of a swarm.
        :raises UnsupportedFeature: the engine is older than API 1.42.
        """
        raw = {"Spec": await _SPEC.wire_form(spec)}
        parameters = {"version": object_version(version, "volume")}
        features = required_features(volumes__update=True)
        path = _path(volume)
        call = wire_request("volumes.update", "PUT", path, raw, _UPDATE, parameters, features=features)
        await self._engine.empty(call)

    async def remove(self, volume: str, *, force: bool | None = None) -> None:
        """Remove a volume and all that is in it.

        Engine API: DELETE /volumes/{name}

        :param force: no error where it is gone already, or its driver is missing; not by default.
        :raises NotFound: no such volume.
        :raises Conflict: a container uses it.
        """
        await self._engine.empty(request("DELETE", _path(volume), {"force": optional_bool(force, "force")}))

    async def prune(self, *, filters: Filters | None = None) -> models.VolumePruneResponse:
        """Remove volumes that no container uses, and all that is in them.

        Engine API: POST /volumes/prune

        Before API 1.42 those with names go too. From then on only anonymous ones do, unless ``filters={"all": True}`` is given,
        which older engines refuse.

        :param filters: only those that match: ``label``, ``label!``.
        :returns: the names of the removed volumes, and the bytes that became free.
        :raises BadRequest: there is no such filter.
        :raises Conflict: another prune is under way.
        """
        call = request("POST", "/volumes/prune", {"filters": encode_filters(filters)})
        return await self._engine.json(call, _PRUNED)


def _path(volume: str) -> str:
    return f"/volumes/{path_segment(volume, 'volume')}"
