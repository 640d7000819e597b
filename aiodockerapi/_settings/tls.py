"""What TLS to a daemon needs, as data; the connections make of it what they need."""

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Final, TypeAlias

import attrs

from ..errors import ConfigurationError
from .address import absolute

__all__ = ["TLS", "Material", "settled_tls", "tls_from_environment", "tls_in", "tls_variable"]

Material: TypeAlias = str | os.PathLike[str] | bytes
"""The path of a PEM file; or what stands in one, as bytes."""

_PEM: Final = "-----BEGIN "


def _shown(value: Material | None) -> str:
    return "<PEM>" if isinstance(value, bytes) else repr(value)


def _material(value: Material | None) -> str | bytes | None:
    if value is None or isinstance(value, bytes):
        return value
    try:
        path = os.fspath(value)
    except TypeError:
        path = value  # type: ignore[assignment]
    if not isinstance(path, str) or not path:
        raise ConfigurationError(
            f"TLS material must be the path of a PEM file, or PEM as bytes, not {type(value).__name__}"
        )
    return path.encode() if path.lstrip().startswith(_PEM) else path


@attrs.frozen(kw_only=True)
class TLS:
    """How to speak TLS to a daemon: whom to trust, and who we are.

    Each of ``ca``, ``cert`` and ``key`` is the path of a PEM file, or PEM itself as bytes. Files are read by each new
    connection that finds them changed, so renewed certificates need no new client.

    :ivar ca: the authorities that may have signed the daemon's certificate, and no others; None is those of the system.
    :ivar cert: our own certificate, with the chain that leads to its authority; the key may be in the same file.
    :ivar key: our private key, not encrypted.
    :ivar verify: whether the daemon's certificate and name are verified. Without that, anyone on the way may read and
        change everything, and has the daemon's machine.
    :ivar server_name: the name that the daemon's certificate must bear, where it is not the address's.
    """

    ca: str | bytes | None = attrs.field(default=None, converter=_material, repr=_shown)
    cert: str | bytes | None = attrs.field(default=None, converter=_material, repr=_shown)
    key: str | bytes | None = attrs.field(default=None, converter=_material, repr=_shown)
    verify: bool = True
    server_name: str | None = None

    def __attrs_post_init__(self) -> None:
        if self.key is not None and self.cert is None:
            raise ConfigurationError("TLS(key=...) needs cert= too: a private key is of no use without its certificate")
        if not isinstance(self.verify, bool):
            raise ConfigurationError(f"TLS(verify=...) must be True or False, not {self.verify!r:.80}")
        if self.server_name is not None and not _is_name(self.server_name):
            raise ConfigurationError(f"TLS(server_name=...) must be a host name, not {self.server_name!r:.80}")

    @property
    def files(self) -> tuple[str, ...]:
        """The paths among its material."""
        return tuple(one for one in (self.ca, self.cert, self.key) if isinstance(one, str))


def _is_name(value: object) -> bool:
    """Whether OpenSSL takes it for a name to look for in a certificate."""
    if not isinstance(value, str) or not value or "\0" in value:
        return False
    try:
        return bool(value.encode("idna"))
    except UnicodeError:  # a label that is empty, or too long
        return False


def settled_tls(tls: TLS) -> TLS:
    """The same, whose files are the same ones wherever the process goes.

    :raises ConfigurationError: a path counts from a current directory that is not there.
    """
    ca, cert, key = (absolute(one, "tls=") if isinstance(one, str) else one for one in (tls.ca, tls.cert, tls.key))
    return attrs.evolve(tls, ca=ca, cert=cert, key=key)


def tls_variable(environ: Mapping[str, str]) -> str | None:
    """The variable that asks for TLS, if one does. Any text counts, "0" too, as for the docker CLI."""
    return next((name for name in ("DOCKER_TLS_VERIFY", "DOCKER_TLS") if environ.get(name)), None)


def tls_from_environment(environ: Mapping[str, str], config_directory: Path | None, address: str) -> TLS:
    """The TLS that DOCKER_TLS_VERIFY or DOCKER_TLS asks for; reads which files there are.

    :raises ConfigurationError: the certificate authority is not there. The CLI wants it even if nothing is verified.
    """
    from .documents import is_readable

    variable = tls_variable(environ)
    named = environ.get("DOCKER_CERT_PATH")
    folder = Path(named) if named else config_directory
    if folder is None:
        raise ConfigurationError(f"{variable} is set, and there is no home directory to look in: set DOCKER_CERT_PATH")
    if not is_readable(folder / "ca.pem"):
        raise ConfigurationError(
            f"{variable} is set, so {address} is spoken to over TLS, but {folder / 'ca.pem'} is not there. "
            f"Set DOCKER_CERT_PATH to the directory of ca.pem, cert.pem and key.pem, or unset {variable}"
        )
    return tls_in(folder, verify=bool(environ.get("DOCKER_TLS_VERIFY")))


def tls_in(folder: Path, *, verify: bool) -> TLS:
    """The TLS of a directory with ca.pem, cert.pem and key.pem, as far as they are there.

    :raises ConfigurationError: of certificate and key only one is there.
    """
    from .documents import is_readable

    ca, cert, key = (folder / name for name in ("ca.pem", "cert.pem", "key.pem"))
    has_ca, has_cert, has_key = (is_readable(path) for path in (ca, cert, key))
    if has_cert != has_key:
        there, missing = (cert, key) if has_cert else (key, cert)
        raise ConfigurationError(
            f"{there} is there, but {missing} is not: a client certificate needs both. Put it there, or take {there} away"
        )
    return TLS(ca=ca if has_ca else None, cert=cert if has_cert else None, key=key if has_key else None, verify=verify)
