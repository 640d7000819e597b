"""One object by its name or id, with the calls that concern it: ``docker.container("web").stop()``.

A handle holds no data and sends nothing until one of its methods is called.
"""

from ._bound import Handle, bound
from .api.containers import Containers
from .api.exec import Exec

__all__ = ["Container", "ExecInstance"]


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
