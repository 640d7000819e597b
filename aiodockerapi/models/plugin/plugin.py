"""An installed plugin with its configuration and settings."""

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
"""Protocols between daemon and plugin; the empty string means ``moby.plugins.http/v1``."""


@define(kw_only=True)
class PluginSettings(Model):
    """The current values of what ``docker.plugins.set()`` can change."""

    mounts: list[PluginMount] = wire("Mounts", empty=list)
    """Mounts of the plugin with their current sources."""
    env: list[str] = wire("Env", empty=list)
    """Environment variables, ``NAME=value`` each."""
    args: list[str] = wire("Args", empty=list)
    """Arguments of the plugin's command."""
    devices: list[PluginDevice] = wire("Devices", empty=list)
    """Devices of the plugin with their current paths."""


@define(kw_only=True)
class PluginInterface(Model):
    """The interface between the daemon and a plugin."""

    types: list[Any] = wire("Types", empty=list)
    """Capabilities of the plugin, e.g. ``docker.volumedriver/1.0``.

    Daemons send strings; the API specification up to 1.51 describes objects, see `PluginInterfaceType`.
    """
    socket: str = wire("Socket", empty=str)
    """File name of the plugin's socket, below ``/run/docker/plugins`` in the plugin."""
    protocol_scheme: PluginProtocolScheme | str = wire("ProtocolScheme", empty=str)
    """Protocol spoken on the socket; empty: ``moby.plugins.http/v1``."""


@define(kw_only=True)
class PluginUser(Model):
    """The user that a plugin runs as."""

    uid: int = wire("UID", empty=int)
    """Numeric id of the user; 0 is root."""
    gid: int = wire("GID", empty=int)
    """Numeric id of the group; 0 is root."""


@define(kw_only=True)
class PluginNetwork(Model):
    """The network of a plugin."""

    type: str = wire("Type", empty=str)
    """Kind of network: ``host``, ``none`` or ``bridge``."""


@define(kw_only=True)
class PluginLinux(Model):
    """What a plugin requires of a Linux host."""

    capabilities: list[str] = wire("Capabilities", empty=list)
    """Kernel capabilities that the plugin gets in addition, e.g. ``CAP_SYS_ADMIN``."""
    allow_all_devices: bool = wire("AllowAllDevices", empty=bool)
    """Whether the plugin can access all devices of the host."""
    devices: list[PluginDevice] = wire("Devices", empty=list)
    """Devices of the host that the plugin can access."""


@define(kw_only=True)
class PluginArgs(Model):
    """The arguments of a plugin's command."""

    name: str = wire("Name", empty=str)
    """Name by which the arguments can be set."""
    description: str = wire("Description", empty=str)
    """What the arguments are for, by the plugin's author."""
    settable: list[str] = wire("Settable", empty=list)
    """Properties that ``docker.plugins.set()`` may change: ``value`` or none."""
    value: list[str] = wire("Value", empty=list)
    """Default arguments; ``PluginSettings.args`` contains the current ones."""


@define(kw_only=True)
class PluginRootFS(Model):
    """The layers of a plugin's root filesystem."""

    type: str = wire("type", empty=str)
    """Kind of root filesystem; always ``layers``."""
    diff_ids: list[str] = wire("diff_ids", empty=list)
    """Digests of the uncompressed layers, lowest first."""


@define(kw_only=True)
class PluginConfig(Model):
    """The configuration of a plugin as defined by its author."""

    docker_version: str = wire("DockerVersion", empty=str, until="1.51")
    """Version of the engine that created the plugin; empty if not recorded."""
    description: str = wire("Description", empty=str)
    """What the plugin does, by its author."""
    documentation: str = wire("Documentation", empty=str)
    """Address of the plugin's documentation."""
    interface: PluginInterface | None = wire("Interface")
    """How the daemon communicates with the plugin."""
    entrypoint: list[str] = wire("Entrypoint", empty=list)
    """Command of the plugin, as a list of arguments."""
    work_dir: str = wire("WorkDir", empty=str)
    """Working directory of the command."""
    user: PluginUser | None = wire("User")
    """User that the command runs as."""
    network: PluginNetwork | None = wire("Network")
    """Network that the plugin uses."""
    linux: PluginLinux | None = wire("Linux")
    """Capabilities and devices of the host that the plugin requires."""
    propagated_mount: str = wire("PropagatedMount", empty=str)
    """Directory in the plugin whose mounts are visible to the host; empty if there is none."""
    ipc_host: bool = wire("IpcHost", empty=bool)
    """Whether the plugin shares the IPC namespace of the host."""
    pid_host: bool = wire("PidHost", empty=bool)
    """Whether the plugin shares the PID namespace of the host."""
    mounts: list[PluginMount] = wire("Mounts", empty=list)
    """Mounts of the plugin with their default sources."""
    env: list[PluginEnv] = wire("Env", empty=list)
    """Environment variables with their default values."""
    args: PluginArgs | None = wire("Args")
    """Arguments of the command with their default values."""
    rootfs: PluginRootFS | None = wire("rootfs")
    """Layers of the plugin's root filesystem; None if the daemon does not report them."""


@define(kw_only=True)
class Plugin(Model):
    """A plugin installed in the daemon, running or not."""

    id: str = wire("Id", empty=str)
    """Id of the plugin, in hexadecimal."""
    name: str = wire("Name", empty=str)
    """Local name of the plugin with its tag, e.g. ``vieux/sshfs:latest``."""
    enabled: bool = wire("Enabled", empty=bool)
    """Whether the plugin is enabled, i.e. running."""
    settings: PluginSettings | None = wire("Settings")
    """Current values of the settings that can be changed."""
    plugin_reference: str = wire("PluginReference", empty=str)
    """Full reference in the registry, used to pull and push, e.g. ``docker.io/vieux/sshfs:latest``."""
    config: PluginConfig | None = wire("Config")
    """Configuration defined by the plugin's author."""
