"""What the swarm's own objects share: nodes, services, secrets and configs build on it too."""

from typing import Literal, TypeAlias

from .._fields import Model, define, wire

__all__ = ["Driver", "NodeAvailability", "TLSInfo"]

NodeAvailability: TypeAlias = Literal["active", "pause", "drain"]


@define(kw_only=True)
class Driver(Model):
    """A driver (of logs, secrets, templates or networks) with its options."""

    name: str | None = wire("Name")
    options: dict[str, str] = wire("Options", empty=dict)


@define(kw_only=True)
class TLSInfo(Model):
    """Who signs the certificates of a swarm's nodes, and what they trust."""

    trust_root: str = wire("TrustRoot", empty=str)
    """The trusted root certificates, in PEM."""
    cert_issuer_subject: str = wire("CertIssuerSubject", empty=str)
    """The issuer's raw subject, in base64."""
    cert_issuer_public_key: str = wire("CertIssuerPublicKey", empty=str)
    """The issuer's raw public key, in base64."""
