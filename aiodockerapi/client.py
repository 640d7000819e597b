"""The client: settings, transport, engine and groups put together."""

import warnings
from collections.abc import Mapping
from functools import cached_property
from inspect import signature
from types import TracebackType
from typing import TYPE_CHECKING, NoReturn, Self, get_args, get_type_hints

from ._engine import Engine
from ._settings import SSH, TLS, Endpoint, look_up
from ._transport import SSLContext, Transport, shielded
from ._wire.arguments import QueryValue, check_seconds, check_type, integer, text
from ._wire.features import FEATURES, Feature
from .errors import InvalidArgument

if TYPE_CHECKING:
    from ._streams import DownloadStream, StreamCall
    from .api.configs import Configs
    from .api.containers import Containers
    from .api.distribution import Distribution
    from .api.exec import Exec
    from .api.images import Images
    from .api.networks import Networks
    from .api.nodes import Nodes
    from .api.plugins import Plugins
    from .api.raw import RequestBody, Response
    from .api.secrets import Secrets
    from .api.services import Services
    from .api.swarm import Swarm
    from .api.system import System
    from .api.tasks import Tasks
    from .api.volumes import Volumes
    from .handles import (
        Config,
        Container,
        ExecInstance,
        Image,
        Network,
        Node,
        Plugin,
        Secret,
        Service,
        Task,
        Volume,
    )

__all__ = ["Docker"]


class Docker:
    """A client of one Docker daemon.

    ::

        async with Docker() as docker:
            for container in await docker.containers.list():
                print(container.names, container.state)

    Constructing it does no I/O and needs no running event loop; entering it reads what files say of the daemon, and the first
    call connects. It lives in one event loop, and any
    number of tasks may use it at the same time. Leave its block, or call `aclose`, to close its connections.
    """

    def __init__(
        self,
        host: str | None = None,
        *,
        context: str | None = None,
        tls: TLS | SSLContext | bool | None = None,
        ssh: SSH | None = None,
        api_version: str | None = None,
        connect_timeout: float | None = 10.0,
        max_connections: int | None = 100,
        proxies: bool = False,
    ) -> None:
        """Say which daemon.

        By default it is the daemon that the ``docker`` command would speak to: the one in ``DOCKER_HOST``, that of the docker
        context in ``DOCKER_CONTEXT`` or of the one in use, or the local one.

        :param host: its address: ``unix:///path``, ``tcp://host:port``, ``http://...``, ``https://...`` or
            ``ssh://user@host:port``, which goes through the system's OpenSSH.
        :param context: the docker context that holds its address and certificates, instead of `host`.
        :param tls: how to speak TLS to it, over TCP: a `TLS`, or an ``ssl.SSLContext`` of your own. True trusts the
            authorities of the system; False is no TLS, whatever the environment says. By default the docker context or the
            environment says it: ``DOCKER_TLS_VERIFY``, ``DOCKER_TLS``, ``DOCKER_CERT_PATH``.
        :param ssh: how to run ssh, where the daemon is reached over it.
        :param api_version: the API version to use, such as ``1.41``; by default the one in ``DOCKER_API_VERSION``, or the
            newest that both sides speak, which the first call finds out.
        :param connect_timeout: how many seconds connecting may take; None is without end. It is no limit for the calls
            themselves: those take their deadline from ``asyncio.timeout`` or an anyio cancel scope.
        :param max_connections: how many connections plain calls use at the same time at most; further calls wait for a free
            one. None is without limit. Streams (logs, events, attach, ...) have connections of their own beside these.
        :param proxies: whether containers that are created and images that are built get the ``proxies`` of ``config.json``
            as variables and build arguments; what you give goes first. They are never used for speaking to the daemon.
        :raises ConfigurationError: one of these, or the environment, cannot be followed. What stands in files is read later:
            when the client is entered, or by its first call.
        :raises UnsupportedVersion: the version is older than this library.
        :raises InvalidArgument: `ssh`, `connect_timeout`, `max_connections` or `proxies` is nothing of that kind.
        """
        own = tls if isinstance(tls, SSLContext) else None
        wanted = True if isinstance(tls, SSLContext) else tls
        lookup = look_up(host, context=context, tls=wanted, api_version=api_version)
        check_seconds(connect_timeout, "connect_timeout")
        check_type(ssh, SSH, "ssh", optional=True)
        check_type(proxies, bool, "proxies")
        limit = integer(max_connections, "max_connections", least=1) or 0
        self._transport = Transport(
            lookup, connect_timeout=connect_timeout, max_connections=limit, context=own, ssh=ssh, proxies=proxies
        )
        self._engine = Engine(self._transport, lookup.version, lookup.pinned_by)

    # Each group is loaded when it is first used: few programs use more than three.

    @cached_property
    def containers(self) -> "Containers":
        """Containers: their life, output and files; ``run``."""
        from .api.containers import Containers

        return Containers(self._engine)

    @cached_property
    def images(self) -> "Images":
        """Images: pulled, built, pushed, saved, removed."""
        from .api.images import Images

        return Images(self._engine)

    @cached_property
    def distribution(self) -> "Distribution":
        """Images in their registries, without fetching them."""
        from .api.distribution import Distribution

        return Distribution(self._engine)

    @cached_property
    def networks(self) -> "Networks":
        """Networks, and the containers in them."""
        from .api.networks import Networks

        return Networks(self._engine)

    @cached_property
    def volumes(self) -> "Volumes":
        """Volumes: data that outlives containers."""
        from .api.volumes import Volumes

        return Volumes(self._engine)

    @cached_property
    def plugins(self) -> "Plugins":
        """Plugins of the daemon."""
        from .api.plugins import Plugins

        return Plugins(self._engine)

    @cached_property
    def swarm(self) -> "Swarm":
        """The swarm that the engine is in."""
        from .api.swarm import Swarm

        return Swarm(self._engine)

    @cached_property
    def nodes(self) -> "Nodes":
        """Nodes of the swarm."""
        from .api.nodes import Nodes

        return Nodes(self._engine)

    @cached_property
    def services(self) -> "Services":
        """Services of the swarm."""
        from .api.services import Services

        return Services(self._engine)

    @cached_property
    def tasks(self) -> "Tasks":
        """Tasks of the swarm's services."""
        from .api.tasks import Tasks

        return Tasks(self._engine)

    @cached_property
    def secrets(self) -> "Secrets":
        """Secrets of the swarm."""
        from .api.secrets import Secrets

        return Secrets(self._engine)

    @cached_property
    def configs(self) -> "Configs":
        """Configs of the swarm."""
        from .api.configs import Configs

        return Configs(self._engine)

    @cached_property
    def exec(self) -> "Exec":
        """Commands in running containers."""
        from .api.exec import Exec

        return Exec(self._engine)

    @cached_property
    def system(self) -> "System":
        """The daemon itself: ping, versions, events, disk usage."""
        from .api.system import System

        return System(self._engine)

    @property
    def endpoint(self) -> Endpoint:
        """Where the daemon is, and who said so.

        :raises ConfigurationError: only the files of the ``docker`` command can tell, and they have not been read yet: that
            happens when the client is entered, or by its first call.
        """
        return self._transport.endpoint

    @property
    def api_version(self) -> str | None:
        """The API version in use, such as ``1.41``; None as long as it is not negotiated."""
        version = self._engine.known_version
        return None if version is None else str(version)

    async def negotiate(self) -> str:
        """Find out which API version to use; the first call does it anyway.

        :returns: the version, such as ``1.41``: the newest that both sides speak, or the one that was pinned.
        :raises UnsupportedVersion: they have none in common.
        :raises ConnectFailed: nobody is there, or we may not ask.
        """
        return str(await self._engine.version())

    async def supports(self, name: str) -> bool:
        """Whether the engine knows an option or operation that not every engine has.

        :param name: its name: a call, an argument of it, or a field of its body, such as ``volumes.update``,
            ``containers.stop.signal`` or ``containers.create.host_config.annotations``.
        :raises InvalidArgument: there is no such thing in this library.
        """
        wanted = FEATURES.get(text(name, "name")) or self._described(name)
        if wanted is None:
            raise InvalidArgument(f"{name!r} is not a call, an argument of one, or a field of its body")
        return await self._engine.knows(wanted)

    def _described(self, name: str) -> Feature | None:
        """What ``group.call``, ``group.call.argument`` or ``group.call.field.field`` stands for, if anything."""
        from ._codec import field_feature, is_model
        from .api._common import Group

        group, _, rest = name.partition(".")
        call, *path = rest.split(".")
        calls = getattr(self, group, None)
        method = getattr(calls, call, None)
        if not isinstance(calls, Group) or call.startswith("_") or not callable(method):
            return None
        if not path or (len(path) == 1 and path[0] in signature(method).parameters):
            return FEATURES.get(f"{group}.{call}") or Feature(name, None)
        prefix, hints = f"{group}.{call}", get_type_hints(method)
        if path[0] in hints:  # an argument that is a property of the body, or all of it
            prefix, hints, path = f"{prefix}.{path[0]}", {path[0]: hints[path[0]]}, path[1:]
        classes = (cls for hint in hints.values() for cls in get_args(hint) if is_model(cls))
        found = (field_feature(prefix, path, cls) for cls in classes)
        return next((feature for feature in found if feature is not None), None)

    def container(self, name: str) -> "Container":
        """A handle for the container of that name or id. Nothing is sent."""
        from .handles import Container

        return Container(self._engine, name)

    def exec_instance(self, exec_id: str) -> "ExecInstance":
        """A handle for the exec instance of that id. Nothing is sent."""
        from .handles import ExecInstance

        return ExecInstance(self._engine, exec_id)

    def image(self, name: str) -> "Image":
        """A handle for the image of that reference or id. Nothing is sent."""
        from .handles import Image

        return Image(self._engine, name)

    def network(self, name: str) -> "Network":
        """A handle for the network of that name or id. Nothing is sent."""
        from .handles import Network

        return Network(self._engine, name)

    def volume(self, name: str) -> "Volume":
        """A handle for the volume of that name. Nothing is sent."""
        from .handles import Volume

        return Volume(self._engine, name)

    def plugin(self, name: str) -> "Plugin":
        """A handle for the plugin of that name or id. Nothing is sent."""
        from .handles import Plugin

        return Plugin(self._engine, name)

    def node(self, name: str) -> "Node":
        """A handle for the node of that id or host name. Nothing is sent."""
        from .handles import Node

        return Node(self._engine, name)

    def service(self, name: str) -> "Service":
        """A handle for the service of that name or id. Nothing is sent."""
        from .handles import Service

        return Service(self._engine, name)

    def task(self, task_id: str) -> "Task":
        """A handle for the task of that id. Nothing is sent."""
        from .handles import Task

        return Task(self._engine, task_id)

    def secret(self, name: str) -> "Secret":
        """A handle for the secret of that name or id. Nothing is sent."""
        from .handles import Secret

        return Secret(self._engine, name)

    def config(self, name: str) -> "Config":
        """A handle for the config of that name or id. Nothing is sent."""
        from .handles import Config

        return Config(self._engine, name)

    def request(
        self,
        method: str,
        path: str,
        *,
        parameters: Mapping[str, QueryValue] | None = None,
        body: "RequestBody | None" = None,
        headers: Mapping[str, str] | None = None,
        versioned: bool = True,
    ) -> "StreamCall[DownloadStream, Response]":
        """Call what has no method here: ``await docker.request("GET", "/containers/json", parameters={"all": True})``.

        Await the call for a `Response`; enter it with ``async with`` for the body in chunks. Errors are raised as everywhere.

        :param method: the verb.
        :param path: the path without version, percent-encoded where need be.
        :param parameters: what goes into the query; None is left out, a list repeats its name.
        :param body: a model, mapping or list, sent as JSON; or bytes, a file, a path or an async iterator, sent as they are.
        :param headers: further headers.
        :param versioned: False leaves out the version prefix.
        """
        from .api.raw import Raw

        return Raw(self._engine).request(
            method, path, parameters=parameters, body=body, headers=headers, versioned=versioned
        )

    async def aclose(self) -> None:
        """Close all connections; streams that are still open end with an error. May be called again."""
        if not self._transport.opened:
            await self._transport.aclose()  # which has nothing to wait for
            return
        with shielded():
            await self._transport.aclose()

    async def __aenter__(self) -> Self:
        await self._transport.prepare()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        await self.aclose()

    def __repr__(self) -> str:
        return f"<Docker {self._transport}{f' API {self.api_version}' if self.api_version else ''}>"

    def __del__(self) -> None:
        transport = getattr(self, "_transport", None)
        if transport is not None and transport.opened:
            warnings.warn(
                f"{self!r} was left open: use 'async with', or await aclose()",
                ResourceWarning,
                stacklevel=2,
                source=self,
            )

    def __reduce__(self) -> NoReturn:
        raise TypeError(
            "a Docker client cannot be copied or pickled, since it has connections: make another one with Docker(...)"
        )
