"""Determines the daemon: from arguments, then the environment, then the docker CLI's files, then the local socket.

`look_up` reads no files, and raises errors in arguments and environment at once. `Lookup.settings` reads the files and may
block: call it in a worker thread.
"""

import os
import sys
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Final, NamedTuple

from .._wire.versions import OLDEST, ApiVersion
from ..errors import ConfigurationError, UnsupportedVersion
from .address import DEFAULT_SOCKET, Endpoint, absolute_path, default_endpoint, parse_host, with_absolute_socket
from .contexts import DEFAULT_CONTEXT, ContextName, check_context_name, read_context
from .headers import check_headers, headers_from_environment
from .proxies import proxy_variables
from .tls import TLS, tls_from_environment, tls_variable, with_absolute_files

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
    """The settings of a client.

    :ivar endpoint: the address of the daemon, and which setting it comes from.
    :ivar version: the pinned API version; None means negotiated.
    :ivar tls: the TLS settings; None without TLS.
    :ivar headers: custom headers for every request.
    :ivar proxies: proxy variables for containers and builds.
    """

    endpoint: Endpoint
    version: ApiVersion | None = None
    tls: TLS | None = None
    headers: Mapping[str, str] = MappingProxyType({})
    proxies: Mapping[str, str] = MappingProxyType({})

    def __repr__(self) -> str:
        return f"<Settings {self.endpoint!r}>"  # headers and proxies may contain credentials


class Lookup:
    """The settings in arguments and environment at the time of `look_up`."""

    def __init__(
        self,
        version: ApiVersion | None,
        endpoint: Endpoint | None,
        context: ContextName | None,
        tls: TLS | bool | None,
        headers: Mapping[str, str] | None,
        environ: Mapping[str, str],
        windows: bool,
    ) -> None:
        self.version = version
        """The pinned API version; None means negotiated."""
        self.pinned_by = ""
        """The setting that contains the pinned version; empty if it is negotiated."""
        self.endpoint = endpoint
        """The address of the daemon; None if it is set in files."""
        self._context = context
        self._tls = tls
        self._headers = headers
        self._environ = environ
        self._windows = windows

    def settings(self) -> Settings:
        """Read the docker CLI's files, and return all settings. Blocks while it reads a few small files.

        :raises ConfigurationError: if a file is missing or invalid; the message names it.
        """
        from .config import config_directory, read_config  # not needed before files are read

        directory = config_directory(self._environ, windows=self._windows)
        config = read_config(directory)
        endpoint, tls = self._resolve(directory, config)
        headers = self._headers
        if headers is None:
            headers = check_headers(config.headers, f"HttpHeaders in {config.path}")
        return Settings(endpoint, self.version, tls, headers, proxy_variables(config, endpoint))

    def _resolve(self, directory: Path | None, config: "Config") -> tuple[Endpoint, TLS | None]:
        endpoint, context_name = self.endpoint, self._context
        if endpoint is None and context_name is None and config.current_context:
            context_name = check_context_name(config.current_context, f"currentContext in {config.path}")
        if endpoint is None and context_name is not None and context_name.name != DEFAULT_CONTEXT:
            context = read_context(directory, context_name)
            endpoint = _apply_tls(context.endpoint, self._tls, {}, windows=self._windows)
            if self._tls is None and context.tls is not None:
                return endpoint, context.tls
            return endpoint, _tls_from_argument(endpoint, self._tls)
        if endpoint is None:
            endpoint = _default_context(self._environ, self._tls, windows=self._windows)
        if self._tls is None and endpoint.is_tls and tls_variable(self._environ):
            return endpoint, tls_from_environment(self._environ, directory, str(endpoint))
        return endpoint, _tls_from_argument(endpoint, self._tls)


def look_up(
    host: str | None = None,
    *,
    context: str | None = None,
    tls: TLS | bool | None = None,
    api_version: str | None = None,
    environ: Mapping[str, str] = os.environ,
    windows: bool = _WINDOWS,
) -> Lookup:
    """Determine the settings in arguments and environment, without reading files.

    :param host: the address of the daemon.
    :param context: the name of the docker context that contains the address; instead of `host`.
    :param tls: the TLS settings. True trusts the system's certificate authorities, False disables TLS, None uses the
        environment or the docker context.
    :param api_version: the API version to use; None uses DOCKER_API_VERSION, or negotiates the version.
    :param environ: the environment variables; later changes have no effect.
    :param windows: whether the platform is Windows.
    :raises ConfigurationError: if an argument or variable is invalid, or two of them contradict each other.
    :raises UnsupportedVersion: if the version is older than this library supports.
    """
    if host is not None and context is not None:
        raise ConfigurationError("host= and context= cannot be used together; pass one of them")
    if not (tls is None or isinstance(tls, TLS | bool)):
        raise ConfigurationError(f"tls= must be a TLS, True, False or an ssl.SSLContext, not {type(tls).__name__}")
    # Files are read later, and more than once: relative paths refer to the current directory at this time.
    variables = {name: environ[name] for name in _VARIABLES if name in environ}
    variables |= {name: absolute_path(variables[name], name) for name in _DIRECTORIES if name in variables}
    if isinstance(tls, TLS):
        tls = with_absolute_files(tls)
    endpoint, context_name = None, None
    if host is not None:
        endpoint = _apply_tls(parse_host(host, source="the argument host"), tls, variables, windows=windows)
    elif context is not None:
        context_name = check_context_name(context, "the argument context")
    elif variables.get("DOCKER_HOST"):
        context_name = ContextName(DEFAULT_CONTEXT, "DOCKER_HOST")
    elif name := variables.get("DOCKER_CONTEXT"):
        context_name = check_context_name(name, "DOCKER_CONTEXT")
    if context_name is not None and context_name.name == DEFAULT_CONTEXT:
        endpoint = _default_context(variables, tls, windows=windows)
    version, headers = _pinned_version(api_version, variables), headers_from_environment(variables)
    lookup = Lookup(version, endpoint, context_name, tls, headers, variables, windows)
    if version is not None:
        lookup.pinned_by = "DOCKER_API_VERSION" if api_version is None else "the argument api_version"
    return lookup


def _default_context(environ: Mapping[str, str], tls: TLS | bool | None, *, windows: bool) -> Endpoint:
    """Return the address of the context "default": DOCKER_HOST, or the local daemon."""
    host = environ.get("DOCKER_HOST", "").strip()
    if host:
        endpoint = parse_host(host, source="DOCKER_HOST")
    elif tls is False or not (tls or tls_variable(environ)):
        return default_endpoint(windows=windows)
    else:
        setting = tls_variable(environ) if tls is None else "the argument tls"
        endpoint = Endpoint("tcp", host="localhost", port=2376, source=f"the default for TLS, enabled by {setting}")
    return _apply_tls(endpoint, tls, environ, windows=windows)


def _apply_tls(endpoint: Endpoint, tls: TLS | bool | None, environ: Mapping[str, str], *, windows: bool) -> Endpoint:
    """Return the endpoint with TLS enabled or disabled, by the argument `tls` or else by the environment.

    :raises ConfigurationError: if TLS and the address contradict each other, or the platform does not support the address.
    """
    endpoint = with_absolute_socket(endpoint)
    shown = f"{endpoint} ({endpoint.source})"
    if endpoint.scheme == "npipe" and not windows:
        raise ConfigurationError(
            f"{shown} is a named pipe, which requires Windows; use a socket such as unix://{DEFAULT_SOCKET}"
        )
    if tls is False and endpoint.scheme == "https":
        raise ConfigurationError(f"tls=False contradicts {shown}: use http://")
    if tls and endpoint.scheme not in _TLS_SCHEMES:
        raise ConfigurationError(
            f"tls= requires an address with tcp:// or https://, not {shown}. Omit tls=, or change the address"
        )
    variable = tls_variable(environ) if tls is None else None
    if variable and endpoint.scheme == "http":
        raise ConfigurationError(
            f"{variable} enables TLS, which contradicts {shown}: use tcp:// or https://, or unset {variable}"
        )
    if tls is None and variable is None:
        return endpoint
    return endpoint._replace(tls=tls is not False and endpoint.scheme in _TLS_SCHEMES)


def _tls_from_argument(endpoint: Endpoint, tls: TLS | bool | None) -> TLS | None:
    """Return the TLS settings in the argument `tls`, or the default ones; None without TLS.

    :raises ConfigurationError: if a file in `tls` does not exist or cannot be read.
    """
    if isinstance(tls, TLS):
        from .documents import file_exists

        for path in tls.files:
            if not file_exists(Path(path)):
                raise ConfigurationError(f"tls= contains the path {path}, which does not exist")
        return tls
    return TLS() if endpoint.is_tls else None


def _pinned_version(argument: str | None, environ: Mapping[str, str]) -> ApiVersion | None:
    """Return the API version in the argument or in DOCKER_API_VERSION; None means negotiated."""
    source, text = "api_version", argument
    if text is None:
        source, text = "DOCKER_API_VERSION", environ.get("DOCKER_API_VERSION", "").strip() or None
    if text is None:
        return None
    if not isinstance(text, str):  # a float would not distinguish 1.40 from 1.4
        raise ConfigurationError(f'{source} must be a string such as "1.44", not {type(text).__name__}')
    version = ApiVersion.parse(text, source=source)
    if version < OLDEST:
        raise UnsupportedVersion(f"{source} must be {OLDEST} or newer, not {version}")
    return version
