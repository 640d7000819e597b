"""Secrets: sensitive data that a swarm provides to the services that reference it."""

import datetime

from ._fields import Model, define, wire
from .common import ObjectVersion
from .swarm.common import Driver

__all__ = ["Secret", "SecretReference", "SecretReferenceFile", "SecretSpec"]


@define(kw_only=True)
class SecretSpec(Model):
    """The settings and the data of a secret."""

    name: str | None = wire("Name")
    """Name of the secret; required."""
    labels: dict[str, str] = wire("Labels", empty=dict)
    """Labels of the secret; empty: none. Only the labels can be updated."""
    data: str | None = wire("Data", secret=True)
    """The secret in base64, at most 500 KiB before encoding; required unless ``driver`` is set. Never included in
    responses."""
    driver: Driver | None = wire("Driver")
    """Plugin that fetches the secret from an external store; None: the swarm stores ``data``."""
    templating: Driver | None = wire("Templating")
    """Template driver that expands the data for each task, e.g. ``Driver(name="golang")``; None: the data is used
    as is."""


@define(kw_only=True)
class Secret(Model):
    """A secret of a swarm, without its data."""

    id: str = wire("ID", empty=str)
    """ID of the secret."""
    version: ObjectVersion | None = wire("Version")
    """Revision of the secret, which ``secrets.update`` requires; None if not reported."""
    created_at: datetime.datetime | None = wire("CreatedAt")
    """When the secret was created; None if not reported."""
    updated_at: datetime.datetime | None = wire("UpdatedAt")
    """When the secret was last updated; None if not reported."""
    spec: SecretSpec | None = wire("Spec")
    """Settings of the secret; None if not reported."""


@define(kw_only=True)
class SecretReferenceFile(Model):
    """The file in a container that contains a secret."""

    name: str | None = wire("Name")
    """File name below ``/run/secrets`` (Linux), or an absolute path; required."""
    uid: str | None = wire("UID")
    """Numeric user ID of the owner of the file, as a string, e.g. ``"0"``; required on Linux."""
    gid: str | None = wire("GID")
    """Numeric group ID of the owner of the file, as a string, e.g. ``"0"``; required on Linux."""
    mode: int | None = wire("Mode")
    """Permission bits of the file, e.g. ``0o444``; None: 0, so that only root can read it."""


@define(kw_only=True)
class SecretReference(Model):
    """A secret that is provided to the containers of a service."""

    file: SecretReferenceFile | None = wire("File")
    """File that contains the secret; required."""
    secret_id: str | None = wire("SecretID")
    """ID of the secret; required."""
    secret_name: str | None = wire("SecretName")
    """Name of the secret, for display; the ID identifies the secret."""
