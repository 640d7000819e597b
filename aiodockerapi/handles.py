"""One object by its name or id, with the calls that concern it: ``docker.container("web").stop()``.

A handle holds no data and sends nothing until one of its methods is called.
"""

from ._bound import Handle, bound
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
    "Config",
    "Container",
    "ExecInstance",
    "Image",
    "Network",
    "Node",
    "Plugin",
    "Secret",
    "Service",
    "Task",
    "Volume",
]


class Container(Handle):
    """A container: ``docker.container("web")``. The calls are those of ``docker.containers`` and ``docker.exec``."""

    inspect = bound(Containers, Containers.inspect)
    top = bound(Containers, Containers.top)
    changes = bound(Containers, Containers.changes)
    logs = bound(Containers, Containers.logs)
    stats = bound(Containers, Containers.stats)
    start = bound(Containers, Containers.start)
    stop = bound(Containers, Containers.stop)
    restart = bound(Containers, Containers.restart)
    kill = bound(Containers, Containers.kill)
    update = bound(Containers, Containers.update)
    rename = bound(Containers, Containers.rename)
    pause = bound(Containers, Containers.pause)
    unpause = bound(Containers, Containers.unpause)
    attach = bound(Containers, Containers.attach)
    attach_websocket = bound(Containers, Containers.attach_websocket)
    wait = bound(Containers, Containers.wait)
    resize = bound(Containers, Containers.resize)
    remove = bound(Containers, Containers.remove)
    commit = bound(Containers, Containers.commit)
    export = bound(Containers, Containers.export)
    archive_info = bound(Containers, Containers.archive_info)
    get_archive = bound(Containers, Containers.get_archive)
    put_archive = bound(Containers, Containers.put_archive)
    exec_create = bound(Exec, Exec.create)
    exec_run = bound(Exec, Exec.run)


class ExecInstance(Handle):
    """A command that was prepared in a container: ``docker.exec_instance(created.id)``."""

    start = bound(Exec, Exec.start)
    inspect = bound(Exec, Exec.inspect)
    resize = bound(Exec, Exec.resize)


class Image(Handle):
    """An image: ``docker.image("busybox:latest")``. The calls are those of ``docker.images`` and ``docker.distribution``."""

    inspect = bound(Images, Images.inspect)
    history = bound(Images, Images.history)
    attestations = bound(Images, Images.attestations)
    tag = bound(Images, Images.tag)
    pull = bound(Images, Images.pull)
    push = bound(Images, Images.push)
    save = bound(Images, Images.save)
    remove = bound(Images, Images.remove)
    distribution_inspect = bound(Distribution, Distribution.inspect)


class Network(Handle):
    """A network: ``docker.network("backend")``. The calls are those of ``docker.networks``."""

    inspect = bound(Networks, Networks.inspect)
    connect = bound(Networks, Networks.connect)
    disconnect = bound(Networks, Networks.disconnect)
    remove = bound(Networks, Networks.remove)


class Volume(Handle):
    """A volume: ``docker.volume("data")``. The calls are those of ``docker.volumes``."""

    inspect = bound(Volumes, Volumes.inspect)
    update = bound(Volumes, Volumes.update)
    remove = bound(Volumes, Volumes.remove)


class Plugin(Handle):
    """A plugin: ``docker.plugin("vieux/sshfs")``. The calls are those of ``docker.plugins``."""

    inspect = bound(Plugins, Plugins.inspect)
    enable = bound(Plugins, Plugins.enable)
    disable = bound(Plugins, Plugins.disable)
    set = bound(Plugins, Plugins.set)
    upgrade = bound(Plugins, Plugins.upgrade)
    push = bound(Plugins, Plugins.push)
    remove = bound(Plugins, Plugins.remove)


class Node(Handle):
    """A node of the swarm: ``docker.node(node_id)``. The calls are those of ``docker.nodes``."""

    inspect = bound(Nodes, Nodes.inspect)
    update = bound(Nodes, Nodes.update)
    remove = bound(Nodes, Nodes.remove)


class Service(Handle):
    """A service of the swarm: ``docker.service("web")``. The calls are those of ``docker.services``."""

    inspect = bound(Services, Services.inspect)
    update = bound(Services, Services.update)
    logs = bound(Services, Services.logs)
    remove = bound(Services, Services.remove)


class Task(Handle):
    """A task of a service: ``docker.task(task_id)``. The calls are those of ``docker.tasks``."""

    inspect = bound(Tasks, Tasks.inspect)
    logs = bound(Tasks, Tasks.logs)


class Secret(Handle):
    """A secret of the swarm: ``docker.secret("key")``. The calls are those of ``docker.secrets``."""

    inspect = bound(Secrets, Secrets.inspect)
    update = bound(Secrets, Secrets.update)
    remove = bound(Secrets, Secrets.remove)


class Config(Handle):
    """A config of the swarm: ``docker.config("nginx.conf")``. The calls are those of ``docker.configs``."""

    inspect = bound(Configs, Configs.inspect)
    update = bound(Configs, Configs.update)
    remove = bound(Configs, Configs.remove)
