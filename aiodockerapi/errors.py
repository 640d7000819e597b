"""The exceptions of this library.

::

    DockerError
    +- ConfigurationError(ValueError)          an address, a docker context, TLS files or the CLI's config
    +- InvalidArgument(ValueError)             an argument has an invalid value; nothing was sent
    |  +- InvalidArgumentType(TypeError)       an argument has the wrong type; nothing was sent
    +- BuildContextError                       a file of a build context cannot be read
    +- TransportError(ConnectionError)         the connection failed before the response was complete
    |  +- ConnectFailed                        the connection could not be established; nothing was sent
    |  +- RequestTimeout(TimeoutError)         connecting took longer than its limit; nothing was sent
    |  +- UpgradeRefused                       the response to a hijack is not an upgrade
    +- APIError                                the response is an error: status, message, method, path
    |  +- BadRequest 400, Unauthorized 401, Forbidden 403, NotFound 404, Conflict 409
    |  +- StaleVersion                         a swarm object has changed since it was inspected
    |  +- ServerError 500 and above
    |     +- NotImplementedByDaemon 501
    |     +- Unavailable 503
    +- StreamError                             a stream failed after a successful response
    |  +- TruncatedStream                      the connection ended before the stream did
    |  +- MalformedStream                      the data does not follow the stream's format
    |  +- OperationFailed                      the daemon reported an error in the stream
    +- DecodingError                           a JSON value does not fit its model
    +- UnsupportedFeature                      the engine's API version lacks an option or operation
    +- UnsupportedVersion                      there is no API version that both sides support
       +- EngineChanged                        the engine was replaced, and the request cannot be sent again

The original exception of an underlying library is the ``__cause__``.
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
    """The base class of all exceptions of this library."""


class ConfigurationError(DockerError, ValueError):
    """Invalid connection settings: an address, a docker context, TLS files or the CLI's configuration."""


class InvalidArgument(DockerError, ValueError):
    """An argument has an invalid value; nothing has been sent."""


class InvalidArgumentType(InvalidArgument, TypeError):
    """An argument has the wrong type; nothing has been sent."""


class BuildContextError(DockerError):
    """A file or directory of a build context cannot be read; the build has been cancelled.

    :ivar path: the file or directory.
    :ivar problem: why it cannot be read.
    """

    def __init__(self, path: str, problem: str) -> None:
        super().__init__(path, problem)
        self.path = path
        self.problem = problem

    def __str__(self) -> str:
        return f"cannot send the build context: {self.path}: {self.problem}"


class TransportError(DockerError, ConnectionError):
    """The connection failed before the response was complete.

    Unless this is a `ConnectFailed` or a `RequestTimeout`, the daemon may have carried out the request.
    """


class ConnectFailed(TransportError):
    """The connection to the daemon could not be established; nothing has been sent.

    :ivar errno: the system's error number; None if there is none. The system's error is the ``__cause__``.
    """

    def __reduce__(self) -> tuple[object, ...]:
        return _rebuild_connect_failed, (type(self), self.errno, *self.args), dict(vars(self))


def _rebuild_connect_failed(cls: "type[ConnectFailed]", errno: int | None, *arguments: object) -> "ConnectFailed":
    error = cls(*arguments)
    error.errno = errno  # a slot of OSError, which is neither in its arguments nor in its dictionary
    return error


class RequestTimeout(TransportError, TimeoutError):
    """The daemon did not accept the connection within the connect timeout; nothing has been sent."""


class UpgradeRefused(TransportError):
    """The response to a hijack is neither an upgrade nor an error of the daemon."""


class APIError(DockerError):
    """The response is an error.

    :ivar status: the HTTP status.
    :ivar message: the daemon's message.
    :ivar method: the HTTP method of the request.
    :ivar path: the path of the request, without version and query.
    :ivar reference: the image or plugin of the request, if the path does not contain it; empty otherwise.
    """

    def __init__(self, status: int, message: str, *, method: str = "", path: str = "", reference: str = "") -> None:
        super().__init__(status, message, method, path)
        self.status = status
        self.message = message
        self.method = method
        self.path = path
        self.reference = reference

    def __str__(self) -> str:
        return f"{self.status}: {self.message}{_request_suffix(self.method, self.path, self.reference)}"

    def __reduce__(self) -> tuple[object, ...]:
        values = (type(self), self.status, self.message, self.method, self.path)
        return _rebuild_api_error, values, dict(vars(self))  # notes are among these


def _rebuild_api_error(cls: type[APIError], status: int, message: str, method: str, path: str) -> APIError:
    return cls(status, message, method=method, path=path)


def _request_suffix(method: str, path: str, reference: str) -> str:
    """Return the request in parentheses, for the end of a message."""
    if not path:
        return ""
    return f" ({method} {path}, {reference})" if reference else f" ({method} {path})"


class BadRequest(APIError):
    """400: an argument is invalid."""


class Unauthorized(APIError):
    """401: credentials are missing or wrong."""


class Forbidden(APIError):
    """403: the daemon, or an authorization plugin or proxy, does not permit this."""


class NotFound(APIError):
    """404: the container, exec instance, image, network, ... does not exist."""


class Conflict(APIError):
    """409: the object's state or an existing object with the same name does not permit this."""


class StaleVersion(APIError):
    """A swarm object has changed since it was inspected: inspect it again, then update it."""


class ServerError(APIError):
    """500 and above: the daemon, or a component that it uses, failed."""


class NotImplementedByDaemon(ServerError):
    """501: the daemon or its platform does not support this."""


class Unavailable(ServerError):
    """503: not available now or on this node, for example because it is not a swarm manager."""


class StreamError(DockerError):
    """A stream failed after a successful response.

    :ivar method: the HTTP method of the request; empty if unknown.
    :ivar path: the path of the request, without version and query; empty if unknown.
    :ivar reference: the image or plugin of the request, if the path does not contain it; empty otherwise.
    """

    method: str = ""
    path: str = ""
    reference: str = ""

    def __str__(self) -> str:
        return f"{self._text()}{_request_suffix(self.method, self.path, self.reference)}"

    def _text(self) -> str:
        return super().__str__()


class TruncatedStream(StreamError):
    """The connection ended before the stream did. Everything that arrived before has been returned."""


class MalformedStream(StreamError):
    """The data does not follow the stream's format."""


class OperationFailed(StreamError):
    """The daemon reported an error in a stream.

    :ivar message: the daemon's message.
    :ivar code: the daemon's error code; None if there is none.
    :ivar log: the output of a build up to the error; empty for other operations.
    """

    def __init__(self, message: str, code: int | None = None) -> None:
        super().__init__(message, code)
        self.message = message
        self.code = code
        self.log = ""

    def _text(self) -> str:
        return self.message


class DecodingError(DockerError):
    """A JSON value does not fit its model.

    :ivar problem: what is wrong with the value.
    :ivar path: the place in the document, such as ``HostConfig.PortBindings['80/tcp'][0]``; empty for the whole document.
    :ivar call: the request whose response contained the value, such as ``GET /info``; empty if unknown.
    """

    call: str = ""

    def __init__(self, problem: str, path: str = "") -> None:
        super().__init__(problem, path)
        self.problem = problem
        self.path = path

    def __str__(self) -> str:
        text = f"{self.path}: {self.problem}" if self.path else self.problem
        return f"{text} ({self.call})" if self.call else text


class UnsupportedFeature(DockerError):
    """The engine's API version does not support an option or operation; nothing has been sent.

    :ivar option: its name, such as ``containers.stop.signal``.
    :ivar needs: the API versions that support it.
    :ivar has: the API version in use.
    """

    def __init__(self, option: str, needs: str, has: str) -> None:
        super().__init__(option, needs, has)
        self.option = option
        self.needs = needs
        self.has = has

    def __str__(self) -> str:
        return f"{self.option} requires API version {self.needs}; the version in use is {self.has}"


class UnsupportedVersion(DockerError):
    """The engine and this library have no API version in common, or the engine refuses the pinned one; nothing was done.

    :ivar supported: the oldest or newest API version that the engine supports, such as ``1.44``, where it reported one.
    """

    def __init__(self, message: str, *, supported: str | None = None) -> None:
        super().__init__(message)
        self.supported = supported


class EngineChanged(UnsupportedVersion):
    """The engine has been replaced by another one, which refused the API version of the request.

    The client has negotiated another version, but could not repeat the request, because its body can be read only once.
    Nothing has been done: create the body again and repeat the call.
    """
