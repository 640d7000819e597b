"""The client: combines settings, transport, engine and groups."""

import warnings
from collections.abc import Callable, Mapping
from functools import cached_property
from types import TracebackType
from typing import TYPE_CHECKING, NoReturn, Self

from ._concurrency import anyio_shield
from ._engine import Engine, find_feature
from ._settings import SSH, TLS, Endpoint, look_up
from ._transport import SSLContext, Transport
from ._wire.arguments import QueryValue, check_seconds, check_type, integer, text
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
        ConfigHandle,
        ContainerHandle,
        ExecHandle,
        ImageHandle,
        NetworkHandle,
        NodeHandle,
        PluginHandle,
        SecretHandle,
        ServiceHandle,
        TaskHandle,
        VolumeHandle,
    )

__all__ = ["Docker"]


class Docker:
    """A client of one Docker daemon.

    ::

        async with Docker() as docker:
            for container in await docker.containers.list():
                print(container.names, container.state)

    Creating a client does no I/O and does not need a running event loop. Entering it reads the configuration files of the
    ``docker`` command; the first call connects. A client belongs to one event loop, in which any number of tasks can use it
    concurrently. Leave its block, or call `aclose`, to close its connections.
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
        """Create a client.

        By default it uses the same daemon as the ``docker`` command: the one in ``DOCKER_HOST``, that of the docker context in
        ``DOCKER_CONTEXT`` or of the current context, or the local daemon.

        :param host: the daemon's address: ``unix:///path``, ``tcp://host:port``, ``http://...``, ``https://...`` or
            ``ssh://user@host:port``, which uses the system's OpenSSH.
        :param context: the docker context that contains the address and certificates, in place of `host`.
        :param tls: the TLS settings for TCP: a `TLS`, or an ``ssl.SSLContext``. True trusts the certificate authorities of
            the system; False turns TLS off. By default they come from the docker context or the environment:
            ``DOCKER_TLS_VERIFY``, ``DOCKER_TLS``, ``DOCKER_CERT_PATH``.
        :param ssh: how to run ssh, for an ``ssh://`` address.
        :param api_version: the API version to use, such as ``1.41``. By default it is the one in ``DOCKER_API_VERSION``, or
            the newest that both sides support, which the first call negotiates.
        :param connect_timeout: time limit for connecting, in seconds. None: no limit. It does not limit the calls: use
            ``asyncio.timeout`` or an anyio cancel scope for those.
        :param max_connections: maximum number of connections for plain calls; further calls wait for a free one. None: no
            limit. Each stream (logs, events, attach, ...) has a connection of its own, which does not count.
        :param proxies: pass the ``proxies`` of ``config.json`` to new containers as environment variables and to builds as
            build arguments; explicit values take precedence. They are never used to connect to the daemon.
        :raises ConfigurationError: if an argument or environment variable is invalid. Files are read later, when the client
            is entered or by its first call.
        :raises UnsupportedVersion: if the version is older than this library supports.
        :raises InvalidArgument: if `ssh`, `connect_timeout`, `max_connections` or `proxies` has the wrong type or value.
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

    # Groups are loaded lazily: few programs use more than three.

    @cached_property
    def containers(self) -> "Containers":
        """Containers: run, create, start, stop, logs, files."""
        from .api.containers import Containers

        return Containers(self._engine)

    @cached_property
    def images(self) -> "Images":
        """Images: pull, build, push, save, remove."""
        from .api.images import Images

        return Images(self._engine)

    @cached_property
    def distribution(self) -> "Distribution":
        """Images in their registries, without pulling them."""
        from .api.distribution import Distribution

        return Distribution(self._engine)

    @cached_property
    def networks(self) -> "Networks":
        """Networks, and the containers connected to them."""
        from .api.networks import Networks

        return Networks(self._engine)

    @cached_property
    def volumes(self) -> "Volumes":
        """Volumes."""
        from .api.volumes import Volumes

        return Volumes(self._engine)

    @cached_property
    def plugins(self) -> "Plugins":
        """Plugins of the daemon."""
        from .api.plugins import Plugins

        return Plugins(self._engine)

    @cached_property
    def swarm(self) -> "Swarm":
        """The swarm that the engine belongs to."""
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
        """The daemon: ping, version, info, events, disk usage."""
        from .api.system import System

        return System(self._engine)

    @property
    def endpoint(self) -> Endpoint:
        """The address of the daemon, and where it was configured.

        :raises ConfigurationError: if it is set in files of the ``docker`` command that have not been read yet: they are read
            when the client is entered, or by its first call.
        """
        return self._transport.endpoint

    @property
    def api_version(self) -> str | None:
        """The API version in use, such as ``1.41``; None before negotiation."""
        version = self._engine.known_version
        return None if version is None else str(version)

    async def negotiate(self) -> str:
        """Negotiate the API version, as the first call does otherwise.

        :returns: the version, such as ``1.41``: the newest that both sides support, or the pinned one.
        :raises UnsupportedVersion: if they have no version in common.
        :raises ConnectFailed: if the daemon does not listen, or permission is denied.
        """
        return str(await self._engine.version())

    async def supports(self, name: str) -> bool:
        """Return whether the engine supports an option or operation.

        :param name: a call, an argument of a call, or a field of its body, such as ``volumes.update``,
            ``containers.stop.signal`` or ``containers.create.host_config.annotations``.
        :raises InvalidArgument: if the name is not known to this library.
        """
        feature = find_feature(text(name, "name"), self._method(name))
        if feature is None:
            raise InvalidArgument(f"{name!r} is not a call, an argument of a call, or a field of its body")
        return await self._engine.supports(feature)

    def _method(self, name: str) -> Callable[..., object] | None:
        """Return the method behind ``group.call``, with or without a path after it; None if there is none."""
        from .api._common import Group

        group, _, rest = name.partition(".")
        call = rest.partition(".")[0]
        calls = getattr(self, group, None)
        method = getattr(calls, call, None)
        if not isinstance(calls, Group) or call.startswith("_") or not callable(method):
            return None
        found: Callable[..., object] = method
        return found

    def container(self, name: str) -> "ContainerHandle":
        """Return a handle for the container with that name or id. Nothing is sent."""
        from .handles import ContainerHandle

        return ContainerHandle(self._engine, name)

    def exec_instance(self, exec_id: str) -> "ExecHandle":
        """Return a handle for the exec instance with that id. Nothing is sent."""
        from .handles import ExecHandle

        return ExecHandle(self._engine, exec_id)

    def image(self, name: str) -> "ImageHandle":
        """Return a handle for the image with that reference or id. Nothing is sent."""
        from .handles import ImageHandle

        return ImageHandle(self._engine, name)

    def network(self, name: str) -> "NetworkHandle":
        """Return a handle for the network with that name or id. Nothing is sent."""
        from .handles import NetworkHandle

        return NetworkHandle(self._engine, name)

    def volume(self, name: str) -> "VolumeHandle":
        """Return a handle for the volume with that name. Nothing is sent."""
        from .handles import VolumeHandle

        return VolumeHandle(self._engine, name)

    def plugin(self, name: str) -> "PluginHandle":
        """Return a handle for the plugin with that name or id. Nothing is sent."""
        from .handles import PluginHandle

        return PluginHandle(self._engine, name)

    def node(self, name: str) -> "NodeHandle":
        """Return a handle for the node with that id or host name. Nothing is sent."""
        from .handles import NodeHandle

        return NodeHandle(self._engine, name)

    def service(self, name: str) -> "ServiceHandle":
        """Return a handle for the service with that name or id. Nothing is sent."""
        from .handles import ServiceHandle

        return ServiceHandle(self._engine, name)

    def task(self, task_id: str) -> "TaskHandle":
        """Return a handle for the task with that id. Nothing is sent."""
        from .handles import TaskHandle

        return TaskHandle(self._engine, task_id)

    def secret(self, name: str) -> "SecretHandle":
        """Return a handle for the secret with that name or id. Nothing is sent."""
        from .handles import SecretHandle

        return SecretHandle(self._engine, name)

    def config(self, name: str) -> "ConfigHandle":
        """Return a handle for the config with that name or id. Nothing is sent."""
        from .handles import ConfigHandle

        return ConfigHandle(self._engine, name)

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
        """Send any request: ``await docker.request("GET", "/containers/json", parameters={"all": True})``.

        Use it for operations that have no method. Await the call for a `Response`; enter it with ``async with`` for the body in
        chunks.

        :param method: the HTTP method.
        :param path: the path without the version prefix, percent-encoded where necessary.
        :param parameters: the query parameters; None is omitted, a list repeats its name.
        :param body: a model, mapping or list, sent as JSON; or bytes, a file, a path or an async iterator, sent unchanged.
        :param headers: additional headers.
        :param versioned: False omits the version prefix.
        :raises InvalidArgument: if an argument cannot be sent.
        :raises APIError: if the response is an error.
        """
        from .api.raw import Raw

        return Raw(self._engine).request(
            method, path, parameters=parameters, body=body, headers=headers, versioned=versioned
        )

    async def aclose(self) -> None:
        """Close all connections; open streams raise an error. Can be called more than once."""
        if not self._transport.opened:
            await self._transport.aclose()  # does not wait
            return
        with anyio_shield():
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
                f"unclosed {self!r}: use 'async with', or await aclose()",
                ResourceWarning,
                stacklevel=2,
                source=self,
            )

    def __reduce__(self) -> NoReturn:
        raise TypeError("a Docker client cannot be copied or pickled: create another one with Docker(...)")
