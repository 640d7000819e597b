"""Handles: an object by its name or id, with the calls for it, such as ``docker.container("web").stop()``.

A handle holds no data and sends nothing until one of its methods is called.
"""

from collections.abc import Callable
from functools import partial, update_wrapper
from typing import Any, Concatenate, Final, Generic, ParamSpec, Protocol, TypeVar, cast, overload

from ._engine import Engine
from .api.configs import Configs
from .api.containers import Containers
from .api.distribution import Distribution
from .api.exec import Exec
from .api.images import Images
from .api.networks import Networks
from .api.nodes import Nodes
from .api.plugins import Plugins
from .api.secrets import Secrets
from .api.services import Services
from .api.tasks import Tasks
from .api.volumes import Volumes

__all__ = [
    "ConfigHandle",
    "ContainerHandle",
    "ExecHandle",
    "ImageHandle",
    "NetworkHandle",
    "NodeHandle",
    "PluginHandle",
    "SecretHandle",
    "ServiceHandle",
    "TaskHandle",
    "VolumeHandle",
]

P = ParamSpec("P")
R = TypeVar("R")
GroupT = TypeVar("GroupT")


class _Group(Protocol):
    def __init__(self, engine: Engine) -> None: ...


class Handle:
    """An object by its name or id. A handle holds no data, and creating one sends nothing."""

    def __init__(self, engine: Engine, id: str) -> None:
        self._engine = engine
        self.id = id
        """The name or id that the handle was created with."""

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self.id}>"

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Handle) or type(other) is not type(self):
            return NotImplemented
        return self.id == other.id and self._engine is other._engine

    def __hash__(self) -> int:
        return hash((type(self), self.id))


class Bound(Generic[P, R]):
    """A method of a group as a method of a handle, without the id."""

    def __init__(self, group: type[_Group], method: Callable[..., R]) -> None:
        self.group = group
        self.method = method
        update_wrapper(cast("Any", self), method)

    @overload
    def __get__(self, handle: None, owner: type[Handle]) -> "Bound[P, R]": ...
    @overload
    def __get__(self, handle: Handle, owner: type[Handle]) -> Callable[P, R]: ...
    def __get__(self, handle: Handle | None, owner: type[Handle]) -> "Bound[P, R] | Callable[P, R]":
        if handle is None:
            return self
        call = partial(self.method, self.group(handle._engine), handle.id)  # noqa: SLF001 - not public, but in this module
        update_wrapper(call, self.method)
        del call.__dict__["__wrapped__"]  # else the signature would show the id
        return cast("Callable[P, R]", call)


def bound(group: type[GroupT], method: Callable[Concatenate[GroupT, str, P], R]) -> Bound[P, R]:
    """Bind a method of `group`, whose first argument is an id, to a handle's id."""
    return Bound(cast("type[_Group]", group), method)


class ContainerHandle(Handle):
    """A container: ``docker.container("web")``. The calls are those of ``docker.containers`` and ``docker.exec``."""

    inspect: Final = bound(Containers, Containers.inspect)
    top: Final = bound(Containers, Containers.top)
    changes: Final = bound(Containers, Containers.changes)
    logs: Final = bound(Containers, Containers.logs)
    stats: Final = bound(Containers, Containers.stats)
    start: Final = bound(Containers, Containers.start)
    stop: Final = bound(Containers, Containers.stop)
    restart: Final = bound(Containers, Containers.restart)
    kill: Final = bound(Containers, Containers.kill)
    update: Final = bound(Containers, Containers.update)
    rename: Final = bound(Containers, Containers.rename)
    pause: Final = bound(Containers, Containers.pause)
    unpause: Final = bound(Containers, Containers.unpause)
    attach: Final = bound(Containers, Containers.attach)
    attach_websocket: Final = bound(Containers, Containers.attach_websocket)
    wait: Final = bound(Containers, Containers.wait)
    resize: Final = bound(Containers, Containers.resize)
    remove: Final = bound(Containers, Containers.remove)
    commit: Final = bound(Containers, Containers.commit)
    export: Final = bound(Containers, Containers.export)
    archive_info: Final = bound(Containers, Containers.archive_info)
    get_archive: Final = bound(Containers, Containers.get_archive)
    put_archive: Final = bound(Containers, Containers.put_archive)
    exec_create: Final = bound(Exec, Exec.create)
    exec_run: Final = bound(Exec, Exec.run)


class ExecHandle(Handle):
    """An exec instance: ``docker.exec_instance(created.id)``. The calls are those of ``docker.exec``."""

    start: Final = bound(Exec, Exec.start)
    inspect: Final = bound(Exec, Exec.inspect)
    resize: Final = bound(Exec, Exec.resize)


class ImageHandle(Handle):
    """An image: ``docker.image("busybox:latest")``. The calls are those of ``docker.images`` and ``docker.distribution``."""

    inspect: Final = bound(Images, Images.inspect)
    history: Final = bound(Images, Images.history)
    attestations: Final = bound(Images, Images.attestations)
    tag: Final = bound(Images, Images.tag)
    pull: Final = bound(Images, Images.pull)
    push: Final = bound(Images, Images.push)
    save: Final = bound(Images, Images.save)
    remove: Final = bound(Images, Images.remove)
    distribution_inspect: Final = bound(Distribution, Distribution.inspect)


class NetworkHandle(Handle):
    """A network: ``docker.network("backend")``. The calls are those of ``docker.networks``."""

    inspect: Final = bound(Networks, Networks.inspect)
    connect: Final = bound(Networks, Networks.connect)
    disconnect: Final = bound(Networks, Networks.disconnect)
    remove: Final = bound(Networks, Networks.remove)


class VolumeHandle(Handle):
    """A volume: ``docker.volume("data")``. The calls are those of ``docker.volumes``."""

    inspect: Final = bound(Volumes, Volumes.inspect)
    update: Final = bound(Volumes, Volumes.update)
    remove: Final = bound(Volumes, Volumes.remove)


class PluginHandle(Handle):
    """A plugin: ``docker.plugin("vieux/sshfs")``. The calls are those of ``docker.plugins``."""

    inspect: Final = bound(Plugins, Plugins.inspect)
    enable: Final = bound(Plugins, Plugins.enable)
    disable: Final = bound(Plugins, Plugins.disable)
    set: Final = bound(Plugins, Plugins.set)
    upgrade: Final = bound(Plugins, Plugins.upgrade)
    push: Final = bound(Plugins, Plugins.push)
    remove: Final = bound(Plugins, Plugins.remove)


class NodeHandle(Handle):
    """A node of the swarm: ``docker.node(node_id)``. The calls are those of ``docker.nodes``."""

    inspect: Final = bound(Nodes, Nodes.inspect)
    update: Final = bound(Nodes, Nodes.update)
    remove: Final = bound(Nodes, Nodes.remove)


class ServiceHandle(Handle):
    """A service of the swarm: ``docker.service("web")``. The calls are those of ``docker.services``."""

    inspect: Final = bound(Services, Services.inspect)
    update: Final = bound(Services, Services.update)
    logs: Final = bound(Services, Services.logs)
    remove: Final = bound(Services, Services.remove)


class TaskHandle(Handle):
    """A task of a service: ``docker.task(task_id)``. The calls are those of ``docker.tasks``."""

    inspect: Final = bound(Tasks, Tasks.inspect)
    logs: Final = bound(Tasks, Tasks.logs)


class SecretHandle(Handle):
    """A secret of the swarm: ``docker.secret("key")``. The calls are those of ``docker.secrets``."""

    inspect: Final = bound(Secrets, Secrets.inspect)
    update: Final = bound(Secrets, Secrets.update)
    remove: Final = bound(Secrets, Secrets.remove)


class ConfigHandle(Handle):
    """A config of the swarm: ``docker.config("nginx.conf")``. The calls are those of ``docker.configs``."""

    inspect: Final = bound(Configs, Configs.inspect)
    update: Final = bound(Configs, Configs.update)
    remove: Final = bound(Configs, Configs.remove)
