"""What went wrong with TLS, in words that say what to do."""

import ssl
from typing import Final

__all__ = ["CLOSED_EARLY", "refused_certificate", "tls_reason"]

# OpenSSL's codes for what is wrong with a certificate.
_NOT_YET: Final = 9
_EXPIRED: Final = 10
_UNTRUSTED: Final = frozenset({2, 18, 19, 20, 21})
_OTHER_NAME: Final = frozenset({62, 64})

# What OpenSSL makes of bytes that are no TLS.
_PLAIN: Final = frozenset(
    {"WRONG_VERSION_NUMBER", "HTTP_REQUEST", "UNKNOWN_PROTOCOL", "PACKET_LENGTH_TOO_LONG", "RECORD_LAYER_FAILURE"}
)
# What the other side says of our certificate. From TLS 1.3 on it says so after the handshake.
_OUR_CERTIFICATE: Final = frozenset(
    {
        "SSLV3_ALERT_BAD_CERTIFICATE",
        "SSLV3_ALERT_CERTIFICATE_EXPIRED",
        "SSLV3_ALERT_CERTIFICATE_REVOKED",
        "SSLV3_ALERT_CERTIFICATE_UNKNOWN",
        "SSLV3_ALERT_UNSUPPORTED_CERTIFICATE",
        "TLSV13_ALERT_CERTIFICATE_REQUIRED",
        "TLSV1_ALERT_ACCESS_DENIED",
        "TLSV1_ALERT_DECRYPT_ERROR",
        "TLSV1_ALERT_UNKNOWN_CA",
    }
)
_OLD: Final = frozenset({"TLSV1_ALERT_PROTOCOL_VERSION", "UNSUPPORTED_PROTOCOL"})
CLOSED_EARLY: Final = "it closed the connection before TLS was agreed on. Does it speak TLS on this port?"
_WHERE: Final = "tls=TLS(...), DOCKER_CERT_PATH with DOCKER_TLS_VERIFY, or the docker context"


def refused_certificate(error: BaseException | None) -> ssl.SSLError | None:
    """The error among an error and its causes that says that the daemon does not take our certificate, or misses it."""
    while error is not None:
        if isinstance(error, ssl.SSLError) and error.reason in _OUR_CERTIFICATE:
            return error
        error = error.__cause__ or error.__context__
    return None


def tls_reason(error: ssl.SSLError) -> str:
    """Why there is no TLS with the daemon, and what helps."""
    if isinstance(error, ssl.SSLCertVerificationError):
        return f"it cannot be trusted: {_mistrust(error)}"
    reason = error.reason or ""
    if reason in _PLAIN:
        return (
            "it does not speak TLS on this port. Take the port on which it does; "
            "or ask for no TLS: tls=False, or without DOCKER_TLS_VERIFY and DOCKER_TLS"
        )
    if reason in _OUR_CERTIFICATE:
        said = reason.rpartition("ALERT_")[2].replace("_", " ").lower()
        return f"it wants a client certificate by an authority that it trusts ({said}). Give a valid one with its key: {_WHERE}"
    if reason in _OLD:
        return "it speaks TLS older than 1.2 only, which is not safe. Update the daemon, or what sits before it"
    if isinstance(error, ssl.SSLEOFError | ssl.SSLZeroReturnError):
        return CLOSED_EARLY
    return _ended(reason, str(error))


def _ended(reason: str, words: str) -> str:
    """What the other side has ended the handshake for, where it is neither a certificate nor the version."""
    if reason == "SSLV3_ALERT_HANDSHAKE_FAILURE":
        return (
            "it broke the handshake off: it misses a client certificate, or the two sides have no cipher in common. "
            f"Give a certificate with its key: {_WHERE}"
        )
    if "UNRECOGNIZED_NAME" in reason:
        return "it is not known by this name there. Connect by another one, or say which one: tls=TLS(server_name=...)"
    if "application protocol" in words:  # of some, Python does not know the code
        return "it takes none of the protocols that your ssl.SSLContext offers (ALPN). Offer http/1.1, or none"
    if reason == "TLSV1_ALERT_INTERNAL_ERROR":
        return "it failed while TLS was being agreed on (internal error). See its log"
    return f"TLS failed: {reason or words}"


def _mistrust(error: ssl.SSLCertVerificationError) -> str:
    code, said = error.verify_code, error.verify_message.rstrip(".")
    if code == _EXPIRED:
        return f"{said}. Renew it on the daemon's machine, or that of its authority"
    if code == _NOT_YET:
        return f"{said}. Do the clocks of both machines agree?"
    if code in _OTHER_NAME:
        return f"{said}. Connect by a name that it bears (subjectAltName), or say which one that is: tls=TLS(server_name=...)"
    if code in _UNTRUSTED:
        return f"{said}. Give the authority that has signed its certificate: {_WHERE}"
    return said
