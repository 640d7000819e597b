"""Which daemon is meant: arguments first, then the environment, then the docker CLI's files, then the local socket.

`look_up` reads no file: it raises at once what is wrong with arguments and environment. `Lookup.settings` reads what is left,
and may block: it belongs in a worker thread.
"""

import os
import sys
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Final, NamedTuple

from .._wire.versions import OLDEST, ApiVersion
from ..errors import ConfigurationError, UnsupportedVersion
from .address import DEFAULT_SOCKET, Endpoint, absolute, default_endpoint, parse_host, settled
from .contexts import DEFAULT_CONTEXT, Choice, chosen_context, read_context
from .headers import checked_headers, headers_from_environment
from .proxies import proxy_variables
from .tls import TLS, settled_tls, tls_from_environment, tls_variable

if TYPE_CHECKING:
    from .config import Config

__all__ = ["Lookup", "Settings", "look_up"]

_WINDOWS: Final = sys.platform == "win32"
_TLS_SCHEMES: Final = ("tcp", "https")
_VARIABLES: Final = (
    "DOCKER_HOST",
    "DOCKER_CONTEXT",
    "DOCKER_CONFIG",
    "DOCKER_TLS",
    "DOCKER_TLS_VERIFY",
    "DOCKER_CERT_PATH",
    "DOCKER_API_VERSION",
    "DOCKER_CUSTOM_HEADERS",
    "HOME",
    "USERPROFILE",
)
_DIRECTORIES: Final = ("DOCKER_CONFIG", "DOCKER_CERT_PATH", "HOME", "USERPROFILE")


class Settings(NamedTuple):
    """All that a client needs to know before its first connection.

    :ivar endpoint: where the daemon is, and who said so.
    :ivar version: the pinned API version; None means negotiated.
    :ivar tls: what its TLS needs; None where there is none.
    :ivar headers: what the user's configuration adds to each request.
    :ivar proxies: the variables that the user's configuration has for containers and builds.
    """

    endpoint: Endpoint
    version: ApiVersion | None = None
    tls: TLS | None = None
    headers: Mapping[str, str] = MappingProxyType({})
    proxies: Mapping[str, str] = MappingProxyType({})

    def __repr__(self) -> str:
        return f"<Settings {self.endpoint!r}>"  # credentials may be in headers and proxies


class Lookup:
    """What arguments and environment have said of the daemon, at the time of `look_up`."""

    def __init__(
        self,
        version: ApiVersion | None,
        endpoint: Endpoint | None,
        context: Choice | None,
        tls: TLS | bool | None,
        headers: Mapping[str, str] | None,
        environ: Mapping[str, str],
        windows: bool,
    ) -> None:
        self.version = version
        """The pinned API version; None means negotiated."""
        self.pinned_by = ""
        """What pinned it."""
        self.endpoint = endpoint
        """Where the daemon is; None where only files can tell."""
        self._context = context
        self._tls = tls
        self._headers = headers
        self._environ = environ
        self._windows = windows

    def settings(self) -> Settings:
        """Read what is left to read, and put it all together. It blocks, for as long as opening some small files takes.

        :raises ConfigurationError: a file is broken or missing, or says what cannot be; the error names it.
        """
        from .config import config_directory, read_config  # here, for only this reads files

        directory = config_directory(self._environ, windows=self._windows)
        config = read_config(directory)
        endpoint, tls = self._daemon(directory, config)
        headers = self._headers
        if headers is None:
            headers = checked_headers(config.headers, f"HttpHeaders in {config.path}")
        return Settings(endpoint, self.version, tls, headers, proxy_variables(config, endpoint))

    def _daemon(self, directory: Path | None, config: "Config") -> tuple[Endpoint, TLS | None]:
        endpoint, choice = self.endpoint, self._context
        if endpoint is None and choice is None and config.current_context:
            choice = chosen_context(config.current_context, f"currentContext in {config.path}")
        if endpoint is None and choice is not None and choice.name != DEFAULT_CONTEXT:
            context = read_context(directory, choice)
            endpoint = _spoken_to(context.endpoint, self._tls, {}, windows=self._windows)
            if self._tls is None and context.tls is not None:
                return endpoint, context.tls
            return endpoint, _material(endpoint, self._tls)
        if endpoint is None:
            endpoint = _default(self._environ, self._tls, windows=self._windows)
        if self._tls is None and endpoint.is_tls and tls_variable(self._environ):
            return endpoint, tls_from_environment(self._environ, directory, str(endpoint))
        return endpoint, _material(endpoint, self._tls)


def look_up(
    host: str | None = None,
    *,
    context: str | None = None,
    tls: TLS | bool | None = None,
    api_version: str | None = None,
    environ: Mapping[str, str] = os.environ,
    windows: bool = _WINDOWS,
) -> Lookup:
    """Find out which daemon is meant, as far as no file has to be read for it.

    :param host: its address.
    :param context: the name of the docker context that holds its address; instead of `host`.
    :param tls: what its TLS needs; True is the system's authorities, False is no TLS, None what environment and context say.
    :param api_version: the API version to use.
    :param environ: the environment; what it says now counts, whatever it says later.
    :param windows: whether the rules of Windows hold.
    :raises ConfigurationError: one of them, or the environment, cannot be followed.
    :raises UnsupportedVersion: the version is older than this library.
    """
    if host is not None and context is not None:
        raise ConfigurationError("host= and context= both say where the daemon is; give one of them")
    if not (tls is None or isinstance(tls, TLS | bool)):
        raise ConfigurationError(f"tls= must be a TLS, True, False or an ssl.SSLContext, not {type(tls).__name__}")
    # Files are read later, again and again: a path counts from the directory where the process is now.
    said = {name: environ[name] for name in _VARIABLES if name in environ}
    said |= {name: absolute(said[name], name) for name in _DIRECTORIES if name in said}
    if isinstance(tls, TLS):
        tls = settled_tls(tls)
    endpoint, choice = None, None
    if host is not None:
        endpoint = _spoken_to(parse_host(host, source="the argument host"), tls, said, windows=windows)
    elif context is not None:
        choice = chosen_context(context, "the argument context")
    elif said.get("DOCKER_HOST"):
        choice = Choice(DEFAULT_CONTEXT, "DOCKER_HOST")
    elif name := said.get("DOCKER_CONTEXT"):
        choice = chosen_context(name, "DOCKER_CONTEXT")
    if choice is not None and choice.name == DEFAULT_CONTEXT:
        endpoint = _default(said, tls, windows=windows)
    version, headers = _pinned_version(api_version, said), headers_from_environment(said)
    lookup = Lookup(version, endpoint, choice, tls, headers, said, windows)
    if version is not None:
        lookup.pinned_by = "DOCKER_API_VERSION" if api_version is None else "the argument api_version"
    return lookup


def _default(environ: Mapping[str, str], tls: TLS | bool | None, *, windows: bool) -> Endpoint:
    """The daemon of the context "default", which the environment describes."""
    named = environ.get("DOCKER_HOST", "").strip()
    if named:
        endpoint = parse_host(named, source="DOCKER_HOST")
    elif tls is False or not (tls or tls_variable(environ)):
        return default_endpoint(windows=windows)
    else:
        asked_by = tls_variable(environ) if tls is None else "the argument tls"
        endpoint = Endpoint(
            "tcp", host="localhost", port=2376, source=f"the default for TLS, which {asked_by} asks for"
        )
    return _spoken_to(endpoint, tls, environ, windows=windows)


def _spoken_to(endpoint: Endpoint, tls: TLS | bool | None, environ: Mapping[str, str], *, windows: bool) -> Endpoint:
    """The endpoint with the TLS that the argument asks for, or else the environment.

    :raises ConfigurationError: that and the address contradict each other, or this platform cannot reach it.
    """
    endpoint = settled(endpoint)
    told = f"{endpoint} ({endpoint.source})"
    if endpoint.scheme == "npipe" and not windows:
        raise ConfigurationError(
            f"{told} is a named pipe, which only Windows has; here it may be unix://{DEFAULT_SOCKET}"
        )
    if tls is False and endpoint.scheme == "https":
        raise ConfigurationError(f"tls=False was given, but {told} is TLS: write http://")
    if tls and endpoint.scheme not in _TLS_SCHEMES:
        raise ConfigurationError(
            f"tls= was given, but {told} is reached without TLS: leave tls= out, or give an address with tcp:// or https://"
        )
    variable = tls_variable(environ) if tls is None else None
    if variable and endpoint.scheme == "http":
        raise ConfigurationError(
            f"{variable} asks for TLS, but {told} is without: write tcp:// or https://, or unset {variable}"
        )
    if tls is None and variable is None:
        return endpoint
    return endpoint._replace(tls=tls is not False and endpoint.scheme in _TLS_SCHEMES)


def _material(endpoint: Endpoint, tls: TLS | bool | None) -> TLS | None:
    """What TLS needs where an argument says it, or nobody does; files that it names must be there."""
    if isinstance(tls, TLS):
        from .documents import is_readable

        for path in tls.files:
            if not is_readable(Path(path)):
                raise ConfigurationError(f"tls= names {path}, but there is no such file")
        return tls
    return TLS() if endpoint.is_tls else None


def _pinned_version(argument: str | None, environ: Mapping[str, str]) -> ApiVersion | None:
    """The API version that was pinned by the argument or by DOCKER_API_VERSION; None means negotiated."""
    source, text = "api_version", argument
    if text is None:
        source, text = "DOCKER_API_VERSION", environ.get("DOCKER_API_VERSION", "").strip() or None
    if text is None:
        return None
    if not isinstance(text, str):  # 1.40 is a number too, and the same as 1.4
        raise ConfigurationError(f'{source} must be a string such as "1.44", not {type(text).__name__}')
    version = ApiVersion.parse(text, source=source)
    if version < OLDEST:
        raise UnsupportedVersion(f"{source} is {version}; this library speaks {OLDEST} and newer")
    return version
