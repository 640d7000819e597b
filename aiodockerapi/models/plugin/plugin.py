"""A plugin as the daemon has it installed."""

from typing import Any, Literal, TypeAlias

from .._fields import Model, define, wire
from .parts import PluginDevice, PluginEnv, PluginMount

__all__ = [
    "Plugin",
    "PluginArgs",
    "PluginConfig",
    "PluginInterface",
    "PluginLinux",
    "PluginNetwork",
    "PluginProtocolScheme",
    "PluginRootFS",
    "PluginSettings",
    "PluginUser",
]

PluginProtocolScheme: TypeAlias = Literal["", "moby.plugins.http/v1"]


@define(kw_only=True)
class PluginSettings(Model):
    """What `plugins.set` can change, as it is now."""

    mounts: list[PluginMount] = wire("Mounts", empty=list)
    env: list[str] = wire("Env", empty=list)
    """`NAME=value` each."""
    args: list[str] = wire("Args", empty=list)
    devices: list[PluginDevice] = wire("Devices", empty=list)


@define(kw_only=True)
class PluginInterface(Model):
    """How the daemon talks to a plugin."""

    types: list[Any] = wire("Types", empty=list)
    """What the plugin can do, such as `docker.volumedriver/1.0`.

    Strings on the wire; the older definitions tell of objects, see `PluginInterfaceType`.
    """
    socket: str = wire("Socket", empty=str)
    """The file name of the plugin's socket."""
    protocol_scheme: PluginProtocolScheme | str = wire("ProtocolScheme", empty=str)


@define(kw_only=True)
class PluginUser(Model):
    """Who a plugin runs as."""

    uid: int = wire("UID", empty=int)
    gid: int = wire("GID", empty=int)


@define(kw_only=True)
class PluginNetwork(Model):
    """The network of a plugin."""

    type: str = wire("Type", empty=str)
    """`host`, `none` or `bridge`."""


@define(kw_only=True)
class PluginLinux(Model):
    """What a plugin needs of a Linux host."""

    capabilities: list[str] = wire("Capabilities", empty=list)
    """The kernel's capabilities, such as `CAP_SYS_ADMIN`."""
    allow_all_devices: bool = wire("AllowAllDevices", empty=bool)
    devices: list[PluginDevice] = wire("Devices", empty=list)


@define(kw_only=True)
class PluginArgs(Model):
    """The arguments of a plugin's command."""

    name: str = wire("Name", empty=str)
    description: str = wire("Description", empty=str)
    settable: list[str] = wire("Settable", empty=list)
    """Which of the properties `plugins.set` may change."""
    value: list[str] = wire("Value", empty=list)


@define(kw_only=True)
class PluginRootFS(Model):
    """The layers of a plugin's file system."""

    type: str = wire("type", empty=str)
    diff_ids: list[str] = wire("diff_ids", empty=list)
    """The digests of the layers, lowest first."""


@define(kw_only=True)
class PluginConfig(Model):
    """A plugin as its author made it."""

    docker_version: str = wire("DockerVersion", empty=str, until="1.51")
    """The version it was made with; empty where that was not recorded."""
    description: str = wire("Description", empty=str)
    documentation: str = wire("Documentation", empty=str)
    """Where to read about it."""
    interface: PluginInterface | None = wire("Interface")
    entrypoint: list[str] = wire("Entrypoint", empty=list)
    work_dir: str = wire("WorkDir", empty=str)
    user: PluginUser | None = wire("User")
    network: PluginNetwork | None = wire("Network")
    linux: PluginLinux | None = wire("Linux")
    propagated_mount: str = wire("PropagatedMount", empty=str)
    """The directory in the plugin whose mounts the host sees too."""
    ipc_host: bool = wire("IpcHost", empty=bool)
    """Whether it shares the host's IPC namespace."""
    pid_host: bool = wire("PidHost", empty=bool)
    """Whether it shares the host's PID namespace."""
    mounts: list[PluginMount] = wire("Mounts", empty=list)
    env: list[PluginEnv] = wire("Env", empty=list)
    args: PluginArgs | None = wire("Args")
    rootfs: PluginRootFS | None = wire("rootfs")


@define(kw_only=True)
class Plugin(Model):
    """A plugin of the daemon, running or only installed."""

    id: str = wire("Id", empty=str)
    name: str = wire("Name", empty=str)
    enabled: bool = wire("Enabled", empty=bool)
    """Whether it runs."""
    settings: PluginSettings | None = wire("Settings")
    plugin_reference: str = wire("PluginReference", empty=str)
    """Where it comes from in a registry."""
    config: PluginConfig | None = wire("Config")
