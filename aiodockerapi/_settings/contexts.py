"""The docker CLI's context store: profiles of daemons under a name."""

import os
import re
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple

from ..errors import ConfigurationError
from .address import Endpoint, hidden, parse_host
from .tls import TLS, tls_in

if TYPE_CHECKING:
    from .documents import Document

__all__ = ["DEFAULT_CONTEXT", "Choice", "Context", "chosen_context", "read_context"]

DEFAULT_CONTEXT: Final = "default"
"""The context that is in no store: it stands for DOCKER_HOST and the local socket."""

_NAME: Final = re.compile(r"[a-zA-Z0-9][a-zA-Z0-9_.+-]+")
_TLS_SCHEMES: Final = ("tcp", "https")


class Choice(NamedTuple):
    """A docker context by its name, and who named it."""

    name: str
    by: str

    def __str__(self) -> str:
        return f'the docker context "{self.name}" ({self.by})'


class Context(NamedTuple):
    """What the store holds of a docker context."""

    endpoint: Endpoint
    tls: TLS | None


def chosen_context(name: str, by: str) -> Choice:
    """The docker context of that name, "default" among them.

    :raises ConfigurationError: none can be called so; the error says who did.
    """
    if not isinstance(name, str):
        raise ConfigurationError(f"{by} must be the name of a docker context, not {name!r:.80}")
    if not _NAME.fullmatch(name):
        raise ConfigurationError(
            f"{by} is {name!r:.80}, which cannot be a docker context: a name has two characters at least, begins with a "
            "letter or digit, and goes on with letters, digits and _ . + - alone"
        )
    return Choice(name, by)


def read_context(config_directory: Path | None, choice: Choice) -> Context:
    """Read a docker context from the store.

    :raises ConfigurationError: it is not there, or broken. Another daemon is never taken in its place.
    """
    from .documents import read_document

    if config_directory is None:
        raise ConfigurationError(f"{choice} cannot be looked for, since there is no home directory: set DOCKER_CONFIG")
    store = config_directory / "contexts"
    key = sha256(choice.name.encode()).hexdigest()
    document = read_document(store / "meta" / key / "meta.json")
    if document is None:
        raise ConfigurationError(_missing(store, choice))
    found = dict(document.inner("Endpoints").items())
    if "docker" not in found:
        raise ConfigurationError(f"{document.path}: {choice} has no endpoint for docker. {_update(choice)}")
    endpoint = _address(found["docker"], choice)._replace(source=str(choice))
    skip_verify = found["docker"].flag("SkipTLSVerify")
    if endpoint.scheme not in (*_TLS_SCHEMES, "http"):
        return Context(endpoint, None)  # the CLI passes over TLS where there is no TCP
    tls = _tls(store / "tls" / key / "docker", skip_verify)
    if endpoint.scheme in _TLS_SCHEMES:
        return Context(endpoint._replace(tls=tls is not None or endpoint.is_tls), tls)
    if tls is not None:
        raise ConfigurationError(
            f"{document.path}: {choice} has TLS settings, but http:// is without. {_update(choice)}"
        )
    return Context(endpoint, None)


def _address(document: "Document", choice: Choice) -> Endpoint:
    host = document.text("Host")
    source = f"{document.path}: {document.place}Host"
    if not host.partition("://")[2]:  # the CLI fills gaps of DOCKER_HOST, not of a context
        raise ConfigurationError(
            f"{source} is {hidden(host)!r}, not a whole address such as tcp://lab:2376. {_update(choice)}"
        )
    endpoint = parse_host(host, source=source)
    if endpoint.scheme == "tcp" and not re.search(r":\d+$", host.partition("://")[2].partition("/")[0]):
        raise ConfigurationError(
            f"{source} is {host!r}, without a port: for the docker CLI that is port 80 or 443 in a context, and 2375 "
            f"everywhere else. Write the port. {_update(choice)}"
        )
    return endpoint


def _tls(folder: Path, skip_verify: bool) -> TLS | None:
    from .documents import is_folder

    if is_folder(folder):
        return tls_in(folder, verify=not skip_verify)
    return TLS(verify=False) if skip_verify else None


def _update(choice: Choice) -> str:
    return f'Set it: docker context update {choice.name} --docker "host=..."'


def _missing(store: Path, choice: Choice) -> str:
    names = sorted(_names(store / "meta"))
    known = ", ".join(names[:10]) + (", ..." if len(names) > 10 else "")
    there = f"has these: {known}" if names else "has none"
    return (
        f'there is no docker context "{choice.name}", which {choice.by} names; {store} {there}. '
        f"Choose another one, or make it: docker context create {choice.name} --docker host=..."
    )


def _names(root: Path) -> list[str]:
    """The contexts of a store, for an error: what is broken in there is passed over."""
    from .documents import read_document

    names = []
    for folder, _, files in os.walk(root):
        if "meta.json" in files:
            try:
                document = read_document(Path(folder, "meta.json"))
                names.append(document.text("Name") if document else "")
            except ConfigurationError:
                continue
    return [name for name in names if name]
