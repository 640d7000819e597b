"""TLS contexts from the user's settings, rebuilt when their files have changed."""

import contextlib
import os
import ssl
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from ssl import SSLContext
from typing import Final, TypeAlias

from .._concurrency.shielding import in_thread
from .._settings import TLS
from ..errors import ConfigurationError

__all__ = ["SSLContext", "TLSContexts"]

_Stamp: TypeAlias = tuple[int, int, int, int]
"""What changes when a file is replaced or written: times, inode and size."""

# A renewal replaces one file after the other; in between, certificate and key do not match.
_ATTEMPTS: Final = 5
_RETRY_DELAY: Final = 0.05  # seconds


class TLSContexts:
    """The TLS contexts for the connections to one daemon.

    :param tls: the settings to create them from.
    :param custom: a context created by the user, to use instead.
    """

    def __init__(self, tls: TLS, custom: SSLContext | None = None) -> None:
        self._tls = tls
        self._custom = custom
        self._current: SSLContext | None = None
        self._stamps: tuple[_Stamp, ...] = ()
        self._failed: tuple[tuple[_Stamp, ...], ConfigurationError] | None = None
        self._lock = threading.Lock()

    @property
    def server_name(self) -> str | None:
        """The host name that the daemon's certificate must contain; None for that of the address."""
        return self._tls.server_name

    @property
    def known(self) -> SSLContext | None:
        """The context of the last connection; None before the first one."""
        return self._custom or self._current

    async def context(self) -> SSLContext:
        """Return the context for the next connection. Changed files are read in a worker thread.

        :raises ConfigurationError: if a file is missing or has the wrong content.
        """
        if self._custom is not None:
            return self._custom
        if self._current is not None and not self._tls.files:
            return self._current
        return await in_thread(self._up_to_date)

    def _up_to_date(self) -> SSLContext:
        with self._lock:  # concurrent connections read the files once
            return self._reload_if_changed()

    def _reload_if_changed(self) -> SSLContext:
        attempts = _ATTEMPTS if self._current is not None else 1
        stamps = self._read_stamps()
        if self._failed is not None and self._failed[0] == stamps:  # still the same wrong files
            raise ConfigurationError(str(self._failed[1])) from self._failed[1].__cause__
        while self._current is None or stamps != self._stamps:
            attempts -= 1
            try:
                self._current, self._stamps = _create_context(self._tls), stamps
            except ConfigurationError as error:
                self._failed = (stamps, error)
                if not attempts:
                    raise
                time.sleep(_RETRY_DELAY)
                stamps = self._read_stamps()
        return self._current

    def _read_stamps(self) -> tuple[_Stamp, ...]:
        return tuple(_stamp(path) for path in self._tls.files)


def _stamp(path: str) -> _Stamp:
    try:
        status = Path(path).stat()
    except OSError:
        return (0, 0, 0, 0)
    # Programs such as `cp --preserve` set the modification time, but cannot set the time of the status change.
    return (status.st_mtime_ns, status.st_ctime_ns, status.st_ino, status.st_size)


def _create_context(tls: TLS) -> SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    if not tls.verify:
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
    if tls.ca is None:
        context.load_default_certs()
    else:
        _load_authorities(context, tls.ca)
    if tls.cert is not None:
        _load_certificate(context, tls.cert, tls.key)
    return context


def _load_authorities(context: SSLContext, ca: str | bytes) -> None:
    # As with the docker CLI, all certificates in the file are trusted, including intermediate authorities.
    context.verify_flags |= ssl.VERIFY_X509_PARTIAL_CHAIN
    try:
        if isinstance(ca, bytes):
            context.load_verify_locations(cadata=ca.decode("ascii", "ignore"))  # comments may be non-ASCII
        else:
            context.load_verify_locations(cafile=ca)
    except ssl.SSLError as error:
        raise ConfigurationError(
            f"{_label(ca, 'ca')} contains no certificate in PEM format{_conversion_hint(ca)}"
        ) from error
    except OSError as error:
        raise _unreadable(ca, error) from error


def _load_certificate(context: SSLContext, cert: str | bytes, key: str | bytes | None) -> None:
    with contextlib.ExitStack() as stack:
        cert_file = stack.enter_context(_as_file(cert))
        key_file = None if key is None else stack.enter_context(_as_file(key))
        label = _label(cert, "cert") + ("" if key is None else f" and {_label(key, 'key')}")
        try:
            context.load_cert_chain(cert_file, key_file, password=lambda: _raise_encrypted(label))
        except ssl.SSLError as error:
            if error.reason == "KEY_VALUES_MISMATCH":
                raise ConfigurationError(f"{label}: the private key does not match the certificate") from error
            hint = _conversion_hint(cert) or _conversion_hint(key or b"")
            raise ConfigurationError(f"{label}: no certificate with its private key in PEM format{hint}") from error
        except OSError as error:
            for material in (cert, key):
                if isinstance(material, str) and not os.access(material, os.R_OK):
                    raise _unreadable(material, error) from error
            raise ConfigurationError(f"{label} cannot be read: {error.strerror or error}") from error


def _conversion_hint(material: str | bytes) -> str:
    """Return how to convert binary material; empty for other material."""
    try:
        first_byte = material[:1] if isinstance(material, bytes) else _first_byte(material)
    except OSError:
        return ""
    binary = first_byte == b"0"  # a sequence in ASN.1
    return ". It is DER or PKCS#12: convert it (openssl x509, openssl pkey, openssl pkcs12)" if binary else ""


def _first_byte(path: str) -> bytes:
    with Path(path).open("rb") as file:
        return file.read(1)


def _raise_encrypted(label: str) -> str:
    """Raise an error in place of OpenSSL's prompt for a password, which would block.

    :raises ConfigurationError: always.
    """
    raise ConfigurationError(
        f"{label}: the private key is encrypted. Decrypt it (openssl pkey -in key.pem -out plain.pem), "
        "or pass an ssl.SSLContext as tls="
    )


@contextlib.contextmanager
def _as_file(material: str | bytes) -> Iterator[str]:
    """Provide material as a file, which OpenSSL's functions require; on Linux, keys are not written to a disk."""
    if isinstance(material, str):
        yield material
    elif sys.platform == "linux":
        descriptor = os.memfd_create("pem", os.MFD_CLOEXEC)
        with os.fdopen(descriptor, "wb") as file:
            file.write(material)
            file.flush()
            yield f"/proc/self/fd/{descriptor}"
    else:
        import tempfile  # slow to import, and rarely needed

        with tempfile.TemporaryDirectory() as directory:
            path = Path(directory, "pem")
            path.write_bytes(material)
            yield str(path)


def _label(material: str | bytes, argument: str) -> str:
    return material if isinstance(material, str) else f"TLS({argument}=...)"


def _unreadable(material: str | bytes, error: OSError) -> ConfigurationError:
    return ConfigurationError(
        f"{material!s} cannot be read: {error.strerror or error}. Create it, or make it readable for the current user"
    )
