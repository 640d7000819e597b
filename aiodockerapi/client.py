"""The client: settings, transport, engine and groups put together."""

import warnings
from collections.abc import Mapping
from inspect import signature
from types import TracebackType
from typing import Final, Self, get_args, get_type_hints

import anyio

from ._codec import field_feature, is_model
from ._engine import Engine
from ._settings import Endpoint, resolve
from ._streams import DownloadStream, StreamCall
from ._transport import Transport
from ._wire.arguments import QueryValue, integer, text
from ._wire.features import FEATURES, Feature
from .api._common import Group
from .api.configs import Configs
from .api.containers import Containers
from .api.distribution import Distribution
from .api.exec import Exec
from .api.images import Images
from .api.networks import Networks
from .api.nodes import Nodes
from .api.plugins import Plugins
from .api.raw import Raw, RequestBody, Response
from .api.secrets import Secrets
from .api.services import Services
from .api.swarm import Swarm
from .api.system import System
from .api.tasks import Tasks
from .api.volumes import Volumes
from .errors import InvalidArgument, InvalidArgumentType
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

    Constructing it does no I/O and needs no running event loop; the first call connects. It lives in one event loop, and any
    number of tasks may use it at the same time. Leave its block, or call `aclose`, to close its connections.
    """

    def __init__(
        self,
        host: str | None = None,
        *,
        api_version: str | None = None,
        connect_timeout: float | None = 10.0,
        max_connections: int | None = 100,
    ) -> None:
        """Say which daemon.

        :param host: its address: ``unix:///path``, ``tcp://host:port``, ``http://...`` or ``https://...``. By default the
            one in ``DOCKER_HOST``, or the socket ``/var/run/docker.sock``.
        :param api_version: the API version to use, such as ``1.41``; by default the one in ``DOCKER_API_VERSION``, or the
            newest that both sides speak, which the first call finds out.
        :param connect_timeout: how many seconds connecting may take; None is without end. It is no limit for the calls
            themselves: those take their deadline from ``asyncio.timeout`` or an anyio cancel scope.
        :param max_connections: how many connections plain calls use at the same time at most; further calls wait for a free
            one. None is without limit. Streams (logs, events, attach, ...) have connections of their own beside these.
        :raises ConfigurationError: the address or the version is no such thing.
        :raises UnsupportedVersion: the version is older than this library.
        """
        settings = resolve(host, api_version)
        _check_timeout(connect_timeout)
        limit = integer(max_connections, "max_connections", least=1) or 0
        self._transport = Transport(settings.endpoint, connect_timeout=connect_timeout, max_connections=limit)
        self._engine = Engine(self._transport, settings.version)
        self._raw = Raw(self._engine)
        self.containers: Final = Containers(self._engine)
        """Containers: their life, output and files; ``run``."""
        self.images: Final = Images(self._engine)
        """Images: pulled, built, pushed, saved, removed."""
        self.distribution: Final = Distribution(self._engine)
        """Images in their registries, without fetching them."""
        self.networks: Final = Networks(self._engine)
        """Networks, and the containers in them."""
        self.volumes: Final = Volumes(self._engine)
        """Volumes: data that outlives containers."""
        self.plugins: Final = Plugins(self._engine)
        """Plugins of the daemon."""
        self.swarm: Final = Swarm(self._engine)
        """The swarm that the engine is in."""
        self.nodes: Final = Nodes(self._engine)
        """Nodes of the swarm."""
        self.services: Final = Services(self._engine)
        """Services of the swarm."""
        self.tasks: Final = Tasks(self._engine)
        """Tasks of the swarm's services."""
        self.secrets: Final = Secrets(self._engine)
        """Secrets of the swarm."""
        self.configs: Final = Configs(self._engine)
        """Configs of the swarm."""
        self.exec: Final = Exec(self._engine)
        """Commands in running containers."""
        self.system: Final = System(self._engine)
        """The daemon itself: ping, versions, events, disk usage."""

    @property
    def endpoint(self) -> Endpoint:
        """Where the daemon is, and who said so."""
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
        return wanted.known_to(await self._engine.version())

    def _described(self, name: str) -> Feature | None:
        """What ``group.call``, ``group.call.argument`` or ``group.call.field.field`` stands for, if anything."""
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

    def container(self, name: str) -> Container:
        """A handle for the container of that name or id. Nothing is sent."""
        return Container(self._engine, name)

    def exec_instance(self, exec_id: str) -> ExecInstance:
        """A handle for the exec instance of that id. Nothing is sent."""
        return ExecInstance(self._engine, exec_id)

    def image(self, name: str) -> Image:
        """A handle for the image of that reference or id. Nothing is sent."""
        return Image(self._engine, name)

    def network(self, name: str) -> Network:
        """A handle for the network of that name or id. Nothing is sent."""
        return Network(self._engine, name)

    def volume(self, name: str) -> Volume:
        """A handle for the volume of that name. Nothing is sent."""
        return Volume(self._engine, name)

    def plugin(self, name: str) -> Plugin:
        """A handle for the plugin of that name or id. Nothing is sent."""
        return Plugin(self._engine, name)

    def node(self, name: str) -> Node:
        """A handle for the node of that id or host name. Nothing is sent."""
        return Node(self._engine, name)

    def service(self, name: str) -> Service:
        """A handle for the service of that name or id. Nothing is sent."""
        return Service(self._engine, name)

    def task(self, task_id: str) -> Task:
        """A handle for the task of that id. Nothing is sent."""
        return Task(self._engine, task_id)

    def secret(self, name: str) -> Secret:
        """A handle for the secret of that name or id. Nothing is sent."""
        return Secret(self._engine, name)

    def config(self, name: str) -> Config:
        """A handle for the config of that name or id. Nothing is sent."""
        return Config(self._engine, name)

    def request(
        self,
        method: str,
        path: str,
        *,
        parameters: Mapping[str, QueryValue] | None = None,
        body: RequestBody | None = None,
        headers: Mapping[str, str] | None = None,
        versioned: bool = True,
    ) -> StreamCall[DownloadStream, Response]:
        """Call what has no method here: ``await docker.request("GET", "/containers/json", parameters={"all": True})``.

        Await the call for a `Response`; enter it with ``async with`` for the body in chunks. Errors are raised as everywhere.

        :param method: the verb.
        :param path: the path without version, percent-encoded where need be.
        :param parameters: what goes into the query; None is left out, a list repeats its name.
        :param body: a model, mapping or list, sent as JSON; or bytes, a file, a path or an async iterator, sent as they are.
        :param headers: further headers.
        :param versioned: False leaves out the version prefix.
        """
        return self._raw.request(method, path, parameters=parameters, body=body, headers=headers, versioned=versioned)

    async def aclose(self) -> None:
        """Close all connections; streams that are still open end with an error. May be called again."""
        with anyio.CancelScope(shield=True):
            await self._transport.aclose()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        await self.aclose()

    def __repr__(self) -> str:
        return f"<Docker {self.endpoint}{f' API {self.api_version}' if self.api_version else ''}>"

    def __del__(self) -> None:
        transport = getattr(self, "_transport", None)
        if transport is not None and transport.opened:
            warnings.warn(
                f"{self!r} was left open: use 'async with', or await aclose()",
                ResourceWarning,
                stacklevel=2,
                source=self,
            )


def _check_timeout(value: float | None) -> None:
    if value is None:
        return
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise InvalidArgumentType(f"connect_timeout must be a number of seconds, not {value!r:.80}")
    if not value > 0:
        raise InvalidArgument(f"connect_timeout must be more than 0 seconds, not {value!r}")
