"""What a plugin's config and settings are made of, and what it asks to be allowed."""

from .._fields import Model, define, wire

__all__ = ["PluginDevice", "PluginEnv", "PluginInterfaceType", "PluginMount", "PluginPrivilege"]


@define(kw_only=True)
class PluginMount(Model):
    """Something that is mounted into a plugin."""

    name: str = wire("Name", empty=str)
    description: str = wire("Description", empty=str)
    settable: list[str] = wire("Settable", empty=list)
    """Which of the properties `plugins.set` may change."""
    source: str | None = wire("Source")
    """None where it has yet to be set."""
    destination: str = wire("Destination", empty=str)
    type: str = wire("Type", empty=str)
    """The kind of mount, such as `bind`."""
    options: list[str] = wire("Options", empty=list)
    """Mount options, such as `rbind`."""


@define(kw_only=True)
class PluginDevice(Model):
    """A device of the host that a plugin sees."""

    name: str = wire("Name", empty=str)
    description: str = wire("Description", empty=str)
    settable: list[str] = wire("Settable", empty=list)
    """Which of the properties `plugins.set` may change."""
    path: str | None = wire("Path")
    """None where it has yet to be set."""


@define(kw_only=True)
class PluginEnv(Model):
    """An environment variable of a plugin."""

    name: str = wire("Name", empty=str)
    description: str = wire("Description", empty=str)
    settable: list[str] = wire("Settable", empty=list)
    """Which of the properties `plugins.set` may change."""
    value: str | None = wire("Value")
    """None where it has yet to be set."""


@define(kw_only=True)
class PluginInterfaceType(Model):
    """What a plugin can do, taken apart; daemons really send the one string `prefix.capability/version`."""

    prefix: str = wire("Prefix", empty=str, until="1.51")
    capability: str = wire("Capability", empty=str, until="1.51")
    version: str = wire("Version", empty=str, until="1.51")


@define(kw_only=True)
class PluginPrivilege(Model):
    """Something that a plugin wants to be allowed; who installs it must grant it."""

    name: str | None = wire("Name")
    """What it is about, such as `network`, `mount` or `capabilities`."""
    description: str | None = wire("Description")
    value: list[str] = wire("Value", empty=list)
    """What is wanted, such as `host` or `CAP_SYS_ADMIN`."""
