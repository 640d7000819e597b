"""Configs: non-sensitive files that a swarm provides to the services that reference them."""

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
    """The settings and the data of a config."""

    name: str | None = wire("Name")
    """Name of the config; required."""
    labels: dict[str, str] = wire("Labels", empty=dict)
    """Labels of the config; empty: none. Only the labels can be updated."""
    data: str | None = wire("Data")
    """The content in base64, at most 1000 KiB before encoding; required for a new config."""
    templating: Driver | None = wire("Templating")
    """Template driver that expands the data for each task, e.g. ``Driver(name="golang")``; None: the data is used
    as is."""


@define(kw_only=True)
class Config(Model):
    """A config of a swarm, with its data."""

    id: str = wire("ID", empty=str)
    """ID of the config."""
    version: ObjectVersion | None = wire("Version")
    """Revision of the config, which ``configs.update`` requires; None if not reported."""
    created_at: datetime.datetime | None = wire("CreatedAt")
    """When the config was created; None if not reported."""
    updated_at: datetime.datetime | None = wire("UpdatedAt")
    """When the config was last updated; None if not reported."""
    spec: ConfigSpec | None = wire("Spec")
    """Settings and data of the config; None if not reported."""


@define(kw_only=True)
class ConfigReferenceFile(Model):
    """The file in a container that contains a config."""

    name: str | None = wire("Name")
    """Path of the file; a relative path starts at the root directory. Required."""
    uid: str | None = wire("UID")
    """Numeric user ID of the owner of the file, as a string, e.g. ``"0"``; required on Linux."""
    gid: str | None = wire("GID")
    """Numeric group ID of the owner of the file, as a string, e.g. ``"0"``; required on Linux."""
    mode: int | None = wire("Mode")
    """Permission bits of the file, e.g. ``0o444``; None: 0, so that only root can read it."""


@define(kw_only=True)
class ConfigReferenceRuntime(Model):
    """A marker for a config that is used for container setup, such as a credential spec, not mounted as a file."""


@define(kw_only=True)
class ServiceConfigReference(Model):
    """A config that is provided to the containers of a service, either as a file or for their setup."""

    file: ConfigReferenceFile | None = wire("File")
    """File that contains the config; None if ``runtime`` is set."""
    runtime: ConfigReferenceRuntime | None = wire("Runtime")
    """Marks a config that is used to set up the container, such as a credential spec; None if ``file`` is set."""
    config_id: str | None = wire("ConfigID")
    """ID of the config; required."""
    config_name: str | None = wire("ConfigName")
    """Name of the config, for display; the ID identifies the config."""
