"""What a service's containers may do, and as whom."""

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
SeccompMode: TypeAlias = Literal["default", "unconfined", "custom"]


@define(kw_only=True)
class CredentialSpec(Model):
    """Where a Windows container's managed service account is described: one of the three is set."""

    config: str | None = wire("Config")
    """The id of a config that the service gets at run time."""
    file: str | None = wire("File")
    """A file in the daemon's ``CredentialSpecs`` directory."""
    registry: str | None = wire("Registry")
    """A value of the Windows registry."""


@define(kw_only=True)
class SELinuxContext(Model):
    """The SELinux label of a container."""

    disable: bool | None = wire("Disable")
    user: str | None = wire("User")
    role: str | None = wire("Role")
    type: str | None = wire("Type")
    level: str | None = wire("Level")


@define(kw_only=True)
class SeccompOptions(Model):
    """Which system calls a container may make."""

    mode: SeccompMode | str | None = wire("Mode", since="1.44")
    profile: str | None = wire("Profile", since="1.44")
    """The profile of mode `custom`: JSON, in base64."""


@define(kw_only=True)
class AppArmorOptions(Model):
    """Whether AppArmor confines a container."""

    mode: AppArmorMode | str | None = wire("Mode", since="1.44")


@define(kw_only=True)
class ContainerPrivileges(Model):
    """The security of a service's containers."""

    credential_spec: CredentialSpec | None = wire("CredentialSpec")
    selinux_context: SELinuxContext | None = wire("SELinuxContext")
    seccomp: SeccompOptions | None = wire("Seccomp", since="1.44")
    app_armor: AppArmorOptions | None = wire("AppArmor", since="1.44")
    no_new_privileges: bool | None = wire("NoNewPrivileges", since="1.44")
    """Whether processes can never gain privileges, as through setuid programs."""
