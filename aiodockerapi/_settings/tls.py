"""TLS settings as data; `_transport` makes SSL contexts from them."""

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Final, TypeAlias

import attrs

from ..errors import ConfigurationError
from .address import absolute_path

__all__ = ["TLS", "Material", "tls_from_directory", "tls_from_environment", "tls_variable", "with_absolute_files"]

Material: TypeAlias = str | os.PathLike[str] | bytes
"""The path of a PEM file, or the content of one as bytes."""

_PEM: Final = "-----BEGIN "


def _repr_material(value: Material | None) -> str:
    return "<PEM>" if isinstance(value, bytes) else repr(value)


def _to_material(value: Material | None) -> str | bytes | None:
    if value is None or isinstance(value, bytes):
        return value
    try:
        path = os.fspath(value)
    except TypeError:
        path = value  # type: ignore[assignment]
    if not isinstance(path, str) or not path:
        actual = "an empty string" if path == "" else type(value).__name__
        raise ConfigurationError(
            f"TLS(ca=..., cert=..., key=...) must be paths of PEM files, or PEM as bytes, not {actual}"
        )
    return path.encode() if path.lstrip().startswith(_PEM) else path


@attrs.frozen(kw_only=True)
class TLS:
    """TLS settings for a daemon: trusted certificate authorities, and the client's certificate.

    Each of ``ca``, ``cert`` and ``key`` is the path of a PEM file, or PEM as bytes. New connections use the current content of
    the files, so renewed certificates do not require a new client.

    :ivar ca: the trusted certificate authorities; no others are trusted. By default None: those of the system.
    :ivar cert: the client's certificate, with its chain; the file may also contain the key. By default None: no certificate.
    :ivar key: the client's private key, unencrypted. By default None: the key is in `cert`.
    :ivar verify: whether to verify the daemon's certificate and its name; by default True. With False, anyone on the network
        path can read and change everything, which gives control of the daemon's machine.
    :ivar server_name: the name that the daemon's certificate must contain. By default None: the host of the address.
    :raises ConfigurationError: if an argument has the wrong type or value, or `key` is set without `cert`. Files are read
        later, by the client.
    """

    ca: str | bytes | None = attrs.field(default=None, converter=_to_material, repr=_repr_material)
    cert: str | bytes | None = attrs.field(default=None, converter=_to_material, repr=_repr_material)
    key: str | bytes | None = attrs.field(default=None, converter=_to_material, repr=_repr_material)
    verify: bool = True
    server_name: str | None = None

    def __attrs_post_init__(self) -> None:
        if self.key is not None and self.cert is None:
            raise ConfigurationError("TLS(key=...) requires cert=, the certificate of the key")
        if not isinstance(self.verify, bool):
            raise ConfigurationError(f"TLS(verify=...) must be True or False, not {self.verify!r:.80}")
        if self.server_name is not None and not _is_host_name(self.server_name):
            raise ConfigurationError(f"TLS(server_name=...) must be a host name, not {self.server_name!r:.80}")

    @property
    def files(self) -> tuple[str, ...]:
        """The paths among ``ca``, ``cert`` and ``key``."""
        return tuple(one for one in (self.ca, self.cert, self.key) if isinstance(one, str))


def _is_host_name(value: object) -> bool:
    """Return whether OpenSSL accepts a value as the name to verify."""
    if not isinstance(value, str) or not value or "\0" in value:
        return False
    try:
        return bool(value.encode("idna"))
    except UnicodeError:  # a label is empty or too long
        return False


def with_absolute_files(tls: TLS) -> TLS:
    """Return the same settings with absolute paths, which stay valid if the current directory changes.

    :raises ConfigurationError: if a path is relative and the current directory does not exist any more.
    """
    ca, cert, key = (absolute_path(one, "tls=") if isinstance(one, str) else one for one in (tls.ca, tls.cert, tls.key))
    return attrs.evolve(tls, ca=ca, cert=cert, key=key)


def tls_variable(environ: Mapping[str, str]) -> str | None:
    """Return the name of the variable that enables TLS, or None. Any text enables it, "0" too, as in the docker CLI."""
    return next((name for name in ("DOCKER_TLS_VERIFY", "DOCKER_TLS") if environ.get(name)), None)


def tls_from_environment(environ: Mapping[str, str], config_directory: Path | None, address: str) -> TLS:
    """Return the TLS settings for DOCKER_TLS_VERIFY or DOCKER_TLS; checks which files exist.

    :raises ConfigurationError: if ca.pem does not exist. Like the CLI, this requires it even without verification.
    """
    from .documents import file_exists

    variable = tls_variable(environ)
    cert_path = environ.get("DOCKER_CERT_PATH")
    directory = Path(cert_path) if cert_path else config_directory
    if directory is None:
        raise ConfigurationError(
            f"{variable} requires certificates, but there is no home directory: set DOCKER_CERT_PATH"
        )
    if not file_exists(directory / "ca.pem"):
        raise ConfigurationError(
            f"{variable} enables TLS for {address}, but {directory / 'ca.pem'} does not exist. "
            f"Set DOCKER_CERT_PATH to the directory of ca.pem, cert.pem and key.pem, or unset {variable}"
        )
    return tls_from_directory(directory, verify=bool(environ.get("DOCKER_TLS_VERIFY")))


def tls_from_directory(directory: Path, *, verify: bool) -> TLS:
    """Return the TLS settings for those of ca.pem, cert.pem and key.pem that exist in a directory.

    :raises ConfigurationError: if only one of certificate and key exists.
    """
    from .documents import file_exists

    ca, cert, key = (directory / name for name in ("ca.pem", "cert.pem", "key.pem"))
    has_ca, has_cert, has_key = (file_exists(path) for path in (ca, cert, key))
    if has_cert != has_key:
        present, missing = (cert, key) if has_cert else (key, cert)
        raise ConfigurationError(
            f"{present} exists, but {missing} does not: a client certificate requires both. "
            f"Add the missing file, or remove {present}"
        )
    return TLS(ca=ca if has_ca else None, cert=cert if has_cert else None, key=key if has_key else None, verify=verify)
