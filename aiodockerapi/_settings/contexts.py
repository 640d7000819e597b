"""The docker CLI's context store: named addresses of daemons with their TLS files."""

import os
import re
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple

from ..errors import ConfigurationError
from .address import Endpoint, parse_host, redact
from .tls import TLS, tls_from_directory

if TYPE_CHECKING:
    from .documents import Document

__all__ = ["DEFAULT_CONTEXT", "Context", "ContextName", "check_context_name", "read_context"]

DEFAULT_CONTEXT: Final = "default"
"""The context that is not in the store: DOCKER_HOST, or the local socket."""

_NAME: Final = re.compile(r"[a-zA-Z0-9][a-zA-Z0-9_.+-]+")
_TLS_SCHEMES: Final = ("tcp", "https")


class ContextName(NamedTuple):
    """The name of a docker context, and the setting that contains it."""

    name: str
    source: str

    def __str__(self) -> str:
        return f'the docker context "{self.name}" ({self.source})'


class Context(NamedTuple):
    """The address and TLS settings of a docker context."""

    endpoint: Endpoint
    tls: TLS | None


def check_context_name(name: str, source: str) -> ContextName:
    """Check the name of a docker context; "default" is valid.

    :param source: the setting that contains the name, for errors.
    :raises ConfigurationError: if the name is invalid.
    """
    if not isinstance(name, str):
        raise ConfigurationError(f"{source} must be the name of a docker context, not {name!r:.80}")
    if not _NAME.fullmatch(name):
        raise ConfigurationError(
            f"{source} must be the name of a docker context, not {name!r:.80}: at least two characters, "
            "a letter or digit first, then letters, digits and _ . + -"
        )
    return ContextName(name, source)


def read_context(config_directory: Path | None, context: ContextName) -> Context:
    """Read a docker context from the store.

    :raises ConfigurationError: if it does not exist or is invalid. There is no fallback to another daemon.
    """
    from .documents import read_document

    if config_directory is None:
        raise ConfigurationError(f"{context} cannot be read: there is no home directory. Set DOCKER_CONFIG")
    store = config_directory / "contexts"
    key = sha256(context.name.encode()).hexdigest()
    document = read_document(store / "meta" / key / "meta.json")
    if document is None:
        raise ConfigurationError(_not_found(store, context))
    endpoints = dict(document.get_object("Endpoints").objects())
    if "docker" not in endpoints:
        raise ConfigurationError(f"{document.path}: {context} has no docker endpoint. {_update_hint(context)}")
    endpoint = _read_endpoint(endpoints["docker"], context)._replace(source=str(context))
    skip_verify = endpoints["docker"].get_bool("SkipTLSVerify")
    if endpoint.scheme not in (*_TLS_SCHEMES, "http"):
        return Context(endpoint, None)  # the CLI ignores TLS settings for addresses other than TCP
    tls = _read_tls(store / "tls" / key / "docker", skip_verify)
    if endpoint.scheme in _TLS_SCHEMES:
        return Context(endpoint._replace(tls=tls is not None or endpoint.is_tls), tls)
    if tls is not None:
        raise ConfigurationError(
            f"{document.path}: {context} has TLS settings, but an http:// address. {_update_hint(context)}"
        )
    return Context(endpoint, None)


def _read_endpoint(document: "Document", context: ContextName) -> Endpoint:
    host = document.get_string("Host")
    source = f"{document.path}: {document.place}Host"
    if not host.partition("://")[2]:  # the CLI completes DOCKER_HOST, but not the address of a context
        raise ConfigurationError(
            f"{source} must be a complete address such as tcp://lab:2376, not {redact(host)!r}. {_update_hint(context)}"
        )
    endpoint = parse_host(host, source=source)
    if endpoint.scheme == "tcp" and not re.search(r":\d+$", host.partition("://")[2].partition("/")[0]):
        raise ConfigurationError(
            f"{source} must include a port, not {host!r}: the docker CLI uses 80 or 443 in a context, but 2375 elsewhere. "
            f"{_update_hint(context)}"
        )
    return endpoint


def _read_tls(directory: Path, skip_verify: bool) -> TLS | None:
    from .documents import directory_exists

    if directory_exists(directory):
        return tls_from_directory(directory, verify=not skip_verify)
    return TLS(verify=False) if skip_verify else None


def _update_hint(context: ContextName) -> str:
    return f'Run: docker context update {context.name} --docker "host=..."'


def _not_found(store: Path, context: ContextName) -> str:
    names = sorted(_stored_names(store / "meta"))
    known = ", ".join(names[:10]) + (", ..." if len(names) > 10 else "")
    return (
        f"{context} does not exist; {store} contains {known or 'none'}. "
        f"Use another one, or create it: docker context create {context.name} --docker host=..."
    )


def _stored_names(root: Path) -> list[str]:
    """Return the names of the contexts in a store, for an error message; invalid files are ignored."""
    from .documents import read_document

    names = []
    for directory, _, files in os.walk(root):
        if "meta.json" in files:
            try:
                document = read_document(Path(directory, "meta.json"))
                names.append(document.get_string("Name") if document else "")
            except ConfigurationError:
                continue
    return [name for name in names if name]
