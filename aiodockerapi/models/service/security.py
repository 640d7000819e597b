"""Security options of the containers of a service."""

from typing import Literal, TypeAlias

from .._fields import Model, define, wire

__all__ = [
    "AppArmorMode",
    "AppArmorOptions",
    "ContainerPrivileges",
    "CredentialSpec",
    "SELinuxContext",
    "SeccompMode",
    "SeccompOptions",
]

AppArmorMode: TypeAlias = Literal["default", "disabled"]
"""AppArmor modes: the daemon's default profile (``default``) or no confinement (``disabled``)."""
SeccompMode: TypeAlias = Literal["default", "unconfined", "custom"]
"""Seccomp modes: the daemon's default profile (``default``), no filter (``unconfined``) or a given profile
(``custom``)."""


@define(kw_only=True)
class CredentialSpec(Model):
    """The source of the credential spec of a Windows container's managed service account.

    Exactly one of the three fields must be set.
    """

    config: str | None = wire("Config")
    """ID of a config that contains the credential spec; it must also be listed in ``ContainerSpec.configs``, with
    ``runtime`` set."""
    file: str | None = wire("File")
    """Name of a file in the ``CredentialSpecs`` directory of the daemon's data directory, e.g. ``spec.json``."""
    registry: str | None = wire("Registry")
    """Name of a value in the Windows registry, below
    ``HKLM\\SOFTWARE\\Microsoft\\Windows NT\\CurrentVersion\\Virtualization\\Containers\\CredentialSpecs``."""


@define(kw_only=True)
class SELinuxContext(Model):
    """The SELinux label of a container."""

    disable: bool | None = wire("Disable")
    """Whether to disable SELinux confinement; None means False."""
    user: str | None = wire("User")
    """User part of the label; None: the daemon's default."""
    role: str | None = wire("Role")
    """Role part of the label; None: the daemon's default."""
    type: str | None = wire("Type")
    """Type part of the label; None: the daemon's default."""
    level: str | None = wire("Level")
    """Level part of the label; None: the daemon's default."""


@define(kw_only=True)
class SeccompOptions(Model):
    """The seccomp filter of a container, which restricts its system calls."""

    mode: SeccompMode | str | None = wire("Mode", since="1.44")
    """Which profile applies; None: ``default``."""
    profile: str | None = wire("Profile", since="1.44")
    """Profile of the mode ``custom``: a JSON document, encoded in base64."""


@define(kw_only=True)
class AppArmorOptions(Model):
    """The AppArmor confinement of a container."""

    mode: AppArmorMode | str | None = wire("Mode", since="1.44")
    """Whether the daemon's default profile applies; None: ``default``."""


@define(kw_only=True)
class ContainerPrivileges(Model):
    """The security options of a service's containers."""

    credential_spec: CredentialSpec | None = wire("CredentialSpec")
    """Managed service account of a Windows container; None: none."""
    selinux_context: SELinuxContext | None = wire("SELinuxContext")
    """SELinux label of the containers; None: the daemon's default."""
    seccomp: SeccompOptions | None = wire("Seccomp", since="1.44")
    """Seccomp filter of the containers; None: the daemon's default profile."""
    app_armor: AppArmorOptions | None = wire("AppArmor", since="1.44")
    """AppArmor confinement of the containers; None: the daemon's default profile."""
    no_new_privileges: bool | None = wire("NoNewPrivileges", since="1.44")
    """Whether processes cannot gain privileges, e.g. through setuid programs; None or False: the daemon's default."""
