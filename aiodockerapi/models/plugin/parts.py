"""Parts of a plugin's configuration and settings, and the privileges it requires."""

from .._fields import Model, define, wire

__all__ = ["PluginDevice", "PluginEnv", "PluginInterfaceType", "PluginMount", "PluginPrivilege"]


@define(kw_only=True)
class PluginMount(Model):
    """A mount of a plugin."""

    name: str = wire("Name", empty=str)
    """Name of the mount, by which its source can be set."""
    description: str = wire("Description", empty=str)
    """What the mount is for, by the plugin's author."""
    settable: list[str] = wire("Settable", empty=list)
    """Properties that ``docker.plugins.set()`` may change: ``source`` or none."""
    source: str | None = wire("Source")
    """Path on the host; None if the plugin does not define one."""
    destination: str = wire("Destination", empty=str)
    """Path in the plugin."""
    type: str = wire("Type", empty=str)
    """Kind of mount, e.g. ``bind``."""
    options: list[str] = wire("Options", empty=list)
    """Mount options, e.g. ``rbind`` or ``rw``."""


@define(kw_only=True)
class PluginDevice(Model):
    """A device of the host that a plugin can access."""

    name: str = wire("Name", empty=str)
    """Name of the device in the configuration, by which its path can be set."""
    description: str = wire("Description", empty=str)
    """What the device is for, by the plugin's author."""
    settable: list[str] = wire("Settable", empty=list)
    """Properties that ``docker.plugins.set()`` may change: ``path`` or none."""
    path: str | None = wire("Path")
    """Path of the device, e.g. ``/dev/fuse``; None if the plugin does not define one."""


@define(kw_only=True)
class PluginEnv(Model):
    """An environment variable of a plugin."""

    name: str = wire("Name", empty=str)
    """Name of the environment variable."""
    description: str = wire("Description", empty=str)
    """What the variable is for, by the plugin's author."""
    settable: list[str] = wire("Settable", empty=list)
    """Properties that ``docker.plugins.set()`` may change: ``value`` or none."""
    value: str | None = wire("Value")
    """Default value; None if there is none: the variable is then not set."""


@define(kw_only=True)
class PluginInterfaceType(Model):
    """A capability of a plugin as an object; real daemons send the string ``prefix.capability/version`` instead."""

    prefix: str = wire("Prefix", empty=str, until="1.51")
    """Namespace of the capability, e.g. ``docker``."""
    capability: str = wire("Capability", empty=str, until="1.51")
    """Name of the capability, e.g. ``volumedriver``."""
    version: str = wire("Version", empty=str, until="1.51")
    """Version of the capability, e.g. ``1.0``."""


@define(kw_only=True)
class PluginPrivilege(Model):
    """A privilege that a plugin requires and that must be granted to install it."""

    name: str | None = wire("Name")
    """Kind of privilege, e.g. ``network``, ``mount``, ``device`` or ``capabilities``."""
    description: str | None = wire("Description")
    """What the privilege allows, as text for humans."""
    value: list[str] = wire("Value", empty=list)
    """What is required, e.g. ``["host"]`` for a network or ``["CAP_SYS_ADMIN"]`` for capabilities."""
