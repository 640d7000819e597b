"""An asyncio client of the Docker Engine API: typed, streaming, complete.

::

    import asyncio
    from aiodockerapi import Docker

    async def main() -> None:
        async with Docker() as docker:
            result = await docker.containers.run("busybox", ["echo", "hello"], auto_remove=True)
            print(result.exit_code, result.stdout)

    asyncio.run(main())

The models of the API's data are in `aiodockerapi.models`; all exceptions are in `aiodockerapi.errors` and here. Names are
loaded when they are first used.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any, Final

from ._version import __version__ as __version__

if TYPE_CHECKING:
    from . import errors as errors
    from . import handles as handles
    from . import models as models
    from ._codec import structure as structure
    from ._codec import unstructure as unstructure
    from ._settings import SSH as SSH
    from ._settings import TLS as TLS
    from ._settings import Endpoint as Endpoint
    from ._settings import podman_socket as podman_socket
    from ._settings import rootless_socket as rootless_socket
    from ._streams import ArchiveStream as ArchiveStream
    from ._streams import AttachedStream as AttachedStream
    from ._streams import ByteStream as ByteStream
    from ._streams import DownloadStream as DownloadStream
    from ._streams import FrameStream as FrameStream
    from ._streams import LineStream as LineStream
    from ._streams import Output as Output
    from ._streams import ProgressStream as ProgressStream
    from ._streams import SavedImages as SavedImages
    from ._streams import StreamCall as StreamCall
    from ._streams import ValueStream as ValueStream
    from ._streams import Waiting as Waiting
    from ._streams import WebSocketStream as WebSocketStream
    from ._wire.arguments import When as When
    from ._wire.filters import Filters as Filters
    from ._wire.frames import Frame as Frame
    from ._wire.lines import Line as Line
    from .api.containers import RunResult as RunResult
    from .api.exec import ExecResult as ExecResult
    from .api.images import BuildResult as BuildResult
    from .api.images import ImportResult as ImportResult
    from .api.images import LoadResult as LoadResult
    from .api.images import PullResult as PullResult
    from .api.images import PushResult as PushResult
    from .api.plugins import PluginPullResult as PluginPullResult
    from .api.plugins import PluginPushResult as PluginPushResult
    from .api.raw import Response as Response
    from .client import Docker as Docker
    from .errors import *
    from .handles import ConfigHandle as ConfigHandle
    from .handles import ContainerHandle as ContainerHandle
    from .handles import ExecHandle as ExecHandle
    from .handles import ImageHandle as ImageHandle
    from .handles import NetworkHandle as NetworkHandle
    from .handles import NodeHandle as NodeHandle
    from .handles import PluginHandle as PluginHandle
    from .handles import SecretHandle as SecretHandle
    from .handles import ServiceHandle as ServiceHandle
    from .handles import TaskHandle as TaskHandle
    from .handles import VolumeHandle as VolumeHandle

# The module that defines each name.
_HOME: Final[dict[str, str]] = {
    name: module
    for module, names in {
        "_codec": "structure unstructure",
        "_settings": "Endpoint SSH TLS podman_socket rootless_socket",
        "_streams": """
            ArchiveStream AttachedStream ByteStream DownloadStream FrameStream LineStream Output ProgressStream SavedImages
            StreamCall ValueStream Waiting WebSocketStream
        """,
        "_wire.arguments": "When",
        "_wire.filters": "Filters",
        "_wire.frames": "Frame",
        "_wire.lines": "Line",
        "api.containers": "RunResult",
        "api.exec": "ExecResult",
        "api.images": "BuildResult ImportResult LoadResult PullResult PushResult",
        "api.plugins": "PluginPullResult PluginPushResult",
        "api.raw": "Response",
        "client": "Docker",
        "errors": """
            APIError BadRequest BuildContextError ConfigurationError Conflict ConnectFailed DecodingError DockerError
            EngineChanged Forbidden InvalidArgument InvalidArgumentType MalformedStream NotFound NotImplementedByDaemon
            OperationFailed RequestTimeout ServerError StaleVersion StreamError TransportError TruncatedStream
            Unauthorized Unavailable UnsupportedFeature UnsupportedVersion UpgradeRefused
        """,
        "handles": """
            ConfigHandle ContainerHandle ExecHandle ImageHandle NetworkHandle NodeHandle PluginHandle SecretHandle
            ServiceHandle TaskHandle VolumeHandle
        """,
    }.items()
    for name in names.split()
}
_MODULES: Final = ("errors", "handles", "models")

if not TYPE_CHECKING:
    __all__ = [*_HOME, *_MODULES]  # noqa: PLE0604 - all of them are strings

    def __getattr__(name: str) -> Any:
        if name in _MODULES:
            return import_module(f".{name}", __name__)
        if name not in _HOME:
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        value = getattr(import_module(f".{_HOME[name]}", __name__), name)
        globals()[name] = value
        return value

    def __dir__() -> list[str]:
        return sorted({*globals(), *__all__})
