"""Everything this library raises.

::

    DockerError
    +- ConfigurationError(ValueError)          an address, a docker context, TLS files or the CLI's config
    +- InvalidArgument(ValueError)             an argument that cannot be sent; nothing was
    |  +- InvalidArgumentType(TypeError)       an argument of a type that cannot be sent
    +- BuildContextError                       a file of a directory that was to be a build context
    +- TransportError(ConnectionError)         no complete answer
    |  +- ConnectFailed                        no connection to the daemon; nothing was sent
    |  +- RequestTimeout(TimeoutError)         connecting took longer than its limit; nothing was sent
    |  +- UpgradeRefused                       the daemon answered a hijack with something else than a stream
    +- APIError                                the daemon said no: status, message, method, path
    |  +- BadRequest 400, Unauthorized 401, Forbidden 403, NotFound 404, Conflict 409
    |  +- StaleVersion                         a swarm object has changed since it was read
    |  +- ServerError 500 and above
    |     +- NotImplementedByDaemon 501
    |     +- Unavailable 503
    +- StreamError                             after a 200 or 101
    |  +- TruncatedStream                      the connection ended before the stream did
    |  +- MalformedStream                      bytes that are not what the stream promised
    |  +- OperationFailed                      the daemon reported an error inside the stream
    +- DecodingError                           a body that does not fit its model
    +- UnsupportedFeature                      an option or operation that this engine's API version lacks
    +- UnsupportedVersion                      no API version that both sides speak
       +- EngineChanged                        another engine than before; what was sent cannot be sent again: call once more

Whatever was thrown by a library below stays reachable as ``__cause__``.
"""

__all__ = [
    "APIError",
    "BadRequest",
    "BuildContextError",
    "ConfigurationError",
    "Conflict",
    "ConnectFailed",
    "DecodingError",
    "DockerError",
    "EngineChanged",
    "Forbidden",
    "InvalidArgument",
    "InvalidArgumentType",
    "MalformedStream",
    "NotFound",
    "NotImplementedByDaemon",
    "OperationFailed",
    "RequestTimeout",
    "ServerError",
    "StaleVersion",
    "StreamError",
    "TransportError",
    "TruncatedStream",
    "Unauthorized",
    "Unavailable",
    "UnsupportedFeature",
    "UnsupportedVersion",
    "UpgradeRefused",
]


class DockerError(Exception):
    """The root of everything this library raises."""


class ConfigurationError(DockerError, ValueError):
    """Where the daemon is, or who we are to it, is said in a way that cannot be followed."""


class InvalidArgument(DockerError, ValueError):
    """An argument that cannot be sent as it is; nothing has been sent."""


class InvalidArgumentType(InvalidArgument, TypeError):
    """An argument of a type that the call does not take; nothing has been sent."""


class BuildContextError(DockerError):
    """A directory cannot be sent as a build context, since a file of it cannot be read; the build was called off.

    :ivar path: the file or directory.
    :ivar problem: what is wrong with it.
    """

    def __init__(self, path: str, problem: str) -> None:
        super().__init__(path, problem)
        self.path = path
        self.problem = problem

    def __str__(self) -> str:
        return f"the build context cannot be sent: {self.path}: {self.problem}"


class TransportError(DockerError, ConnectionError):
    """The connection failed before an answer was complete.

    Whether the daemon has carried out the request is not known, unless this is a `ConnectFailed` or a `RequestTimeout`.
    """


class ConnectFailed(TransportError):
    """No connection to the daemon could be made; nothing has been sent.

    :ivar errno: the number that the system gave to the failure; None where it gave none. Its error is the ``__cause__``.
    """

    def __reduce__(self) -> tuple[object, ...]:
        return _rebuild_connect_failed, (type(self), self.errno, *self.args), dict(vars(self))


def _rebuild_connect_failed(cls: "type[ConnectFailed]", errno: int | None, *words: object) -> "ConnectFailed":
    error = cls(*words)
    error.errno = errno  # a slot of OSError's, which neither its arguments nor its dictionary hold
    return error


class RequestTimeout(TransportError, TimeoutError):
    """The daemon did not accept the connection within the connect timeout; nothing has been sent."""


class UpgradeRefused(TransportError):
    """The daemon's answer to a hijack is neither an upgrade nor an error of its own."""


class APIError(DockerError):
    """The daemon's answer is an error.

    :ivar status: the HTTP status.
    :ivar message: the daemon's own words.
    :ivar method: the verb of the request.
    :ivar path: the path of the request, without version and query.
    :ivar reference: the image or plugin that it was about, where the path does not say; empty elsewhere.
    """

    def __init__(self, status: int, message: str, *, method: str = "", path: str = "", reference: str = "") -> None:
        super().__init__(status, message, method, path)
        self.status = status
        self.message = message
        self.method = method
        self.path = path
        self.reference = reference

    def __str__(self) -> str:
        return f"{self.status}: {self.message}{_told(self.method, self.path, self.reference)}"

    def __reduce__(self) -> tuple[object, ...]:
        values = (type(self), self.status, self.message, self.method, self.path)
        return _rebuild_api_error, values, dict(vars(self))  # notes are among these


def _rebuild_api_error(cls: type[APIError], status: int, message: str, method: str, path: str) -> APIError:
    return cls(status, message, method=method, path=path)


def _told(method: str, path: str, reference: str) -> str:
    """Which call it was, behind what is wrong."""
    if not path:
        return ""
    return f" ({method} {path}, {reference})" if reference else f" ({method} {path})"


class BadRequest(APIError):
    """400: the daemon does not accept an argument."""


class Unauthorized(APIError):
    """401: credentials are missing or wrong."""


class Forbidden(APIError):
    """403: the daemon, or a plugin in front of it, does not permit this."""


class NotFound(APIError):
    """404: no such container, exec instance, image, network, ..."""


class Conflict(APIError):
    """409: the object's state, or another one of that name, stands against it."""


class StaleVersion(APIError):
    """A swarm object has changed since the version that the update was based on: inspect again, then update."""


class ServerError(APIError):
    """500 and above: the daemon failed, or wraps another's failure."""


class NotImplementedByDaemon(ServerError):
    """501: this daemon or its platform cannot do it."""


class Unavailable(ServerError):
    """503: not now, or not in this role, for example a node that is no swarm manager."""


class StreamError(DockerError):
    """A stream that began well did not end well.

    :ivar method: the verb of the request that it is the answer to; empty, as the two others, where it is none's.
    :ivar path: the path of that request, without version and query.
    :ivar reference: the image or plugin that it was about, where the path does not say; empty elsewhere.
    """

    method: str = ""
    path: str = ""
    reference: str = ""

    def __str__(self) -> str:
        return f"{self._words()}{_told(self.method, self.path, self.reference)}"

    def _words(self) -> str:
        return super().__str__()


class TruncatedStream(StreamError):
    """The connection ended in the middle of the stream. What had arrived was handed over before."""


class MalformedStream(StreamError):
    """Bytes that do not follow the stream's format."""


class OperationFailed(StreamError):
    """The daemon reported an error inside a stream that had begun well.

    :ivar message: the daemon's own words.
    :ivar code: its code, where it gave one.
    :ivar log: what had been printed before, where it was a build; empty elsewhere.
    """

    def __init__(self, message: str, code: int | None = None) -> None:
        super().__init__(message, code)
        self.message = message
        self.code = code
        self.log = ""

    def _words(self) -> str:
        return self.message


class DecodingError(DockerError):
    """A JSON value that does not fit its model.

    :ivar path: where in the document, such as ``HostConfig.PortBindings['80/tcp'][0]``.
    :ivar call: the request whose answer it was, such as ``GET /info``; empty where it was none's.
    """

    call: str = ""

    def __init__(self, problem: str, path: str = "") -> None:
        super().__init__(problem, path)
        self.problem = problem
        self.path = path

    def __str__(self) -> str:
        words = f"{self.path}: {self.problem}" if self.path else self.problem
        return f"{words} ({self.call})" if self.call else words


class UnsupportedFeature(DockerError):
    """An option or operation that is newer than the engine's API version; nothing has been sent.

    :ivar option: its name, such as ``containers.stop.signal``.
    :ivar needs: the first API version that has it.
    :ivar has: the API version in use.
    """

    def __init__(self, option: str, needs: str, has: str) -> None:
        super().__init__(option, needs, has)
        self.option = option
        self.needs = needs
        self.has = has

    def __str__(self) -> str:
        return f"{self.option} needs API version {self.needs}; this engine is used at {self.has}"


class UnsupportedVersion(DockerError):
    """The engine and this library have no API version in common, or the engine refuses the pinned one; nothing was done.

    :ivar supported: the oldest or newest API version that the engine supports, such as ``1.44``, where it reported one.
    """

    def __init__(self, message: str, *, supported: str | None = None) -> None:
        super().__init__(message)
        self.supported = supported


class EngineChanged(UnsupportedVersion):
    """Another engine has taken the place of the one that the API version was agreed on with, and refused the call.

    The client has agreed on a version with it meanwhile, and would have sent the call again by itself, but for a body that
    can be read only once. Nothing has been done: make that body anew, and call once more.
    """
