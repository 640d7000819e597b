"""Why TLS failed, and what helps."""

import ssl
from typing import Final

__all__ = ["CLOSED_DURING_HANDSHAKE", "client_certificate_error", "tls_reason"]

# OpenSSL's codes of certificate errors.
_NOT_YET_VALID: Final = 9
_EXPIRED: Final = 10
_UNTRUSTED: Final = frozenset({2, 18, 19, 20, 21})
_NAME_MISMATCH: Final = frozenset({62, 64})

# OpenSSL's reasons for data that is not TLS.
_NOT_TLS: Final = frozenset(
    {"WRONG_VERSION_NUMBER", "HTTP_REQUEST", "UNKNOWN_PROTOCOL", "PACKET_LENGTH_TOO_LONG", "RECORD_LAYER_FAILURE"}
)
# Alerts about the client certificate. With TLS 1.3 they arrive after the handshake.
_CLIENT_CERTIFICATE: Final = frozenset(
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
_OLD_VERSION: Final = frozenset({"TLSV1_ALERT_PROTOCOL_VERSION", "UNSUPPORTED_PROTOCOL"})
CLOSED_DURING_HANDSHAKE: Final = "connection closed during the TLS handshake. Does the daemon use TLS on this port?"
_WHERE: Final = "tls=TLS(...), DOCKER_CERT_PATH with DOCKER_TLS_VERIFY, or the docker context"


def client_certificate_error(error: BaseException | None) -> ssl.SSLError | None:
    """Return the error, among an exception and its causes, by which the daemon refuses or requires a client certificate."""
    while error is not None:
        if isinstance(error, ssl.SSLError) and error.reason in _CLIENT_CERTIFICATE:
            return error
        error = error.__cause__ or error.__context__
    return None


def tls_reason(error: ssl.SSLError) -> str:
    """Return why TLS failed, and what helps."""
    if isinstance(error, ssl.SSLCertVerificationError):
        return f"the daemon's certificate cannot be verified: {_verification_reason(error)}"
    reason = error.reason or ""
    if reason in _NOT_TLS:
        return (
            "the daemon does not use TLS on this port. Use its TLS port, "
            "or turn TLS off: tls=False, or unset DOCKER_TLS_VERIFY and DOCKER_TLS"
        )
    if reason in _CLIENT_CERTIFICATE:
        alert = reason.rpartition("ALERT_")[2].replace("_", " ").lower()
        return f"the daemon requires a client certificate that it trusts ({alert}). Set one with its key: {_WHERE}"
    if reason in _OLD_VERSION:
        return "the daemon supports TLS 1.1 at most, which is insecure. Upgrade the daemon, or the proxy in front of it"
    if isinstance(error, ssl.SSLEOFError | ssl.SSLZeroReturnError):
        return CLOSED_DURING_HANDSHAKE
    return _handshake_reason(reason, str(error))


def _handshake_reason(reason: str, message: str) -> str:
    """Return why the peer ended the handshake, where neither a certificate nor the TLS version is the reason."""
    if reason == "SSLV3_ALERT_HANDSHAKE_FAILURE":
        return (
            "handshake failure: the daemon requires a client certificate, or there is no common cipher. "
            f"Set a certificate with its key: {_WHERE}"
        )
    if "UNRECOGNIZED_NAME" in reason:
        return "the daemon does not know this server name. Use another address, or set tls=TLS(server_name=...)"
    if "application protocol" in message:  # Python does not know every code
        return "the daemon supports none of the protocols of your ssl.SSLContext (ALPN). Offer http/1.1, or none"
    if reason == "TLSV1_ALERT_INTERNAL_ERROR":
        return "the daemon failed during the handshake (internal error). See its log"
    return f"TLS failed: {reason or message}"


def _verification_reason(error: ssl.SSLCertVerificationError) -> str:
    code, message = error.verify_code, error.verify_message.rstrip(".")
    if code == _EXPIRED:
        return f"{message}. Renew it, or the certificate of its authority, on the daemon's machine"
    if code == _NOT_YET_VALID:
        return f"{message}. Are the clocks of both machines correct?"
    if code in _NAME_MISMATCH:
        return f"{message}. Use a name in the certificate (subjectAltName) as address, or set tls=TLS(server_name=...)"
    if code in _UNTRUSTED:
        return f"{message}. Set the certificate authority that signed it: {_WHERE}"
    return message
