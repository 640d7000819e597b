"""Configs: files that the swarm keeps for the services that ask for them."""

import datetime

from ._fields import Model, define, wire
from .common import ObjectVersion
from .swarm.common import Driver

__all__ = [
    "Config",
    "ConfigReferenceFile",
    "ConfigReferenceRuntime",
    "ConfigSpec",
    "ServiceConfigReference",
]


@define(kw_only=True)
class ConfigSpec(Model):
    """What makes up a config."""

    name: str | None = wire("Name")
    labels: dict[str, str] = wire("Labels", empty=dict)
    """All that an update may change."""
    data: str | None = wire("Data")
    """The content, in base64, up to 1000 KiB before encoding."""
    templating: Driver | None = wire("Templating")
    """What fills in the data for each task, such as `golang`."""


@define(kw_only=True)
class Config(Model):
    """A config with its data."""

    id: str = wire("ID", empty=str)
    version: ObjectVersion | None = wire("Version")
    """What `configs.update` must name."""
    created_at: datetime.datetime | None = wire("CreatedAt")
    updated_at: datetime.datetime | None = wire("UpdatedAt")
    spec: ConfigSpec | None = wire("Spec")


@define(kw_only=True)
class ConfigReferenceFile(Model):
    """The file in a container that shows a config."""

    name: str | None = wire("Name")
    """The path; a relative one starts at the root."""
    uid: str | None = wire("UID")
    gid: str | None = wire("GID")
    mode: int | None = wire("Mode")
    """Permission bits, such as `0o444`."""


@define(kw_only=True)
class ConfigReferenceRuntime(Model):
    """Says that a config is for the container's set-up, such as a credential spec, and not a file in it."""


@define(kw_only=True)
class ServiceConfigReference(Model):
    """A config that a service's containers get: as a file, or at run time."""

    file: ConfigReferenceFile | None = wire("File")
    runtime: ConfigReferenceRuntime | None = wire("Runtime")
    config_id: str | None = wire("ConfigID")
    """Which config it is."""
    config_name: str | None = wire("ConfigName")
    """Its name, to show; the daemon goes by the id."""
