"""Secrets: what only the services that ask for it get to see."""

import datetime

from ._fields import Model, define, wire
from .common import ObjectVersion
from .swarm.common import Driver

__all__ = ["Secret", "SecretReference", "SecretReferenceFile", "SecretSpec"]


@define(kw_only=True)
class SecretSpec(Model):
    """What makes up a secret."""

    name: str | None = wire("Name")
    labels: dict[str, str] = wire("Labels", empty=dict)
    """All that an update may change."""
    data: str | None = wire("Data", secret=True)
    """The secret itself, in base64, up to 500 KiB before encoding; never read back, and unset where a driver is to fetch it."""
    driver: Driver | None = wire("Driver")
    """The plugin that fetches the secret from somewhere else."""
    templating: Driver | None = wire("Templating")
    """What fills in the data for each task, such as `golang`."""


@define(kw_only=True)
class Secret(Model):
    """A secret, without its data."""

    id: str = wire("ID", empty=str)
    version: ObjectVersion | None = wire("Version")
    """What `secrets.update` must name."""
    created_at: datetime.datetime | None = wire("CreatedAt")
    updated_at: datetime.datetime | None = wire("UpdatedAt")
    spec: SecretSpec | None = wire("Spec")


@define(kw_only=True)
class SecretReferenceFile(Model):
    """The file in a container that shows a secret."""

    name: str | None = wire("Name")
    """A name under `/run/secrets`, or an absolute path."""
    uid: str | None = wire("UID")
    gid: str | None = wire("GID")
    mode: int | None = wire("Mode")
    """Permission bits, such as `0o444`."""


@define(kw_only=True)
class SecretReference(Model):
    """A secret that a service's containers get."""

    file: SecretReferenceFile | None = wire("File")
    secret_id: str | None = wire("SecretID")
    """Which secret it is."""
    secret_name: str | None = wire("SecretName")
    """Its name, to show; the daemon goes by the id."""
