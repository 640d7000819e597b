"""TLS contexts from the user's settings, made anew when their files have changed."""

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

_TRIES: Final = 5
_PAUSE: Final = 0.05  # seconds; who renews certificates replaces one file after the other


class TLSContexts:
    """The TLS contexts for the connections to one daemon: made of its settings, or the user's own."""

    def __init__(self, tls: TLS, own: SSLContext | None = None) -> None:
        self._tls = tls
        self._own = own
        self._made: SSLContext | None = None
        self._stamps: tuple[_Stamp, ...] = ()
        self._failed: tuple[tuple[_Stamp, ...], ConfigurationError] | None = None
        self._making = threading.Lock()

    @property
    def server_name(self) -> str | None:
        """The name that the daemon's certificate must bear, where it is not the address's."""
        return self._tls.server_name

    @property
    def known(self) -> SSLContext | None:
        """What the last connection used, if there was one."""
        return self._own or self._made

    async def context(self) -> SSLContext:
        """What the next connection needs; its files are read in a worker thread, if they have changed since.

        :raises ConfigurationError: a file is missing, or does not hold what it should.
        """
        if self._own is not None:
            return self._own
        if self._made is not None and not self._tls.files:
            return self._made
        return await in_thread(self._current)

    def _current(self) -> SSLContext:
        with self._making:  # of a hundred connections at once, one reads the files
            return self._followed()

    def _followed(self) -> SSLContext:
        tries = _TRIES if self._made is not None else 1
        stamps = self._stamped()
        if self._failed is not None and self._failed[0] == stamps:  # they are as wrong as they were
            raise ConfigurationError(str(self._failed[1])) from self._failed[1].__cause__
        while self._made is None or stamps != self._stamps:
            tries -= 1
            try:
                self._made, self._stamps = _context(self._tls), stamps
            except ConfigurationError as error:
                self._failed = (stamps, error)
                if not tries:
                    raise
                time.sleep(_PAUSE)
                stamps = self._stamped()
        return self._made

    def _stamped(self) -> tuple[_Stamp, ...]:
        return tuple(_stamp(path) for path in self._tls.files)


def _stamp(path: str) -> _Stamp:
    try:
        found = Path(path).stat()
    except OSError:
        return (0, 0, 0, 0)
    # The second time cannot be set, as `cp --preserve` and others set the first.
    return (found.st_mtime_ns, found.st_ctime_ns, found.st_ino, found.st_size)


def _context(tls: TLS) -> SSLContext:
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
    # As the docker CLI has it, whatever stands in the file is trusted, intermediate authorities too.
    context.verify_flags |= ssl.VERIFY_X509_PARTIAL_CHAIN
    try:
        if isinstance(ca, bytes):
            context.load_verify_locations(cadata=ca.decode("ascii", "ignore"))  # the rest is in comments
        else:
            context.load_verify_locations(cafile=ca)
    except ssl.SSLError as error:
        raise ConfigurationError(f"{_told(ca, 'ca')} holds no certificate in PEM form{_other_form(ca)}") from error
    except OSError as error:
        raise _unreadable(ca, error) from error


def _load_certificate(context: SSLContext, cert: str | bytes, key: str | bytes | None) -> None:
    with contextlib.ExitStack() as stack:
        cert_file = stack.enter_context(_as_file(cert))
        key_file = None if key is None else stack.enter_context(_as_file(key))
        where = _told(cert, "cert") + ("" if key is None else f" and {_told(key, 'key')}")
        try:
            context.load_cert_chain(cert_file, key_file, password=lambda: _no_password(where))
        except ssl.SSLError as error:
            if error.reason == "KEY_VALUES_MISMATCH":
                raise ConfigurationError(f"{where}: the private key does not belong to the certificate") from error
            other = _other_form(cert) or _other_form(key or b"")
            raise ConfigurationError(
                f"{where}: no certificate with its private key, both in PEM form{other}"
            ) from error
        except OSError as error:
            for material in (cert, key):
                if isinstance(material, str) and not os.access(material, os.R_OK):
                    raise _unreadable(material, error) from error
            raise ConfigurationError(f"{where} cannot be read: {error.strerror or error}") from error


def _other_form(material: str | bytes) -> str:
    """What to do with material that is binary; empty if it is not."""
    try:
        begins = material[:1] if isinstance(material, bytes) else _first_byte(material)
    except OSError:
        return ""
    binary = begins == b"0"  # a sequence in ASN.1
    return ". It is DER or PKCS#12: convert it (openssl x509, openssl pkey, openssl pkcs12)" if binary else ""


def _first_byte(path: str) -> bytes:
    with Path(path).open("rb") as file:
        return file.read(1)


def _no_password(where: str) -> str:
    """Without this, OpenSSL would ask on the terminal, and wait."""
    raise ConfigurationError(
        f"{where}: the private key is encrypted. Decrypt it (openssl pkey -in key.pem -out plain.pem), "
        "or give an ssl.SSLContext of your own as tls="
    )


@contextlib.contextmanager
def _as_file(material: str | bytes) -> Iterator[str]:
    """Material under a path, since OpenSSL's functions take nothing else; keys go to no disk where that can be helped."""
    if isinstance(material, str):
        yield material
    elif sys.platform == "linux":
        descriptor = os.memfd_create("pem", os.MFD_CLOEXEC)
        with os.fdopen(descriptor, "wb") as file:
            file.write(material)
            file.flush()
            yield f"/proc/self/fd/{descriptor}"
    else:
        import tempfile  # here, since it loads much that is not needed elsewhere

        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder, "pem")
            path.write_bytes(material)
            yield str(path)


def _told(material: str | bytes, argument: str) -> str:
    return material if isinstance(material, str) else f"TLS({argument}=...)"


def _unreadable(material: str | bytes, error: OSError) -> ConfigurationError:
    return ConfigurationError(
        f"{material!s} cannot be read: {error.strerror or error}. Put it there, or make it readable for the user who runs this"
    )
