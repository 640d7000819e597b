"""Models shared by the objects of a swarm: nodes, services, tasks, secrets, configs and the swarm itself."""

from typing import Literal, TypeAlias

from .._fields import Model, define, wire

__all__ = ["Driver", "NodeAvailability", "TLSInfo"]

NodeAvailability: TypeAlias = Literal["active", "pause", "drain"]
"""Availability of a node for tasks: it gets new tasks (``active``), it gets no new tasks but keeps running ones
(``pause``), or its running tasks are moved to other nodes too (``drain``)."""


@define(kw_only=True)
class Driver(Model):
    """A driver of logs, secrets, templates or networks, and its options."""

    name: str | None = wire("Name")
    """Name of the driver, e.g. ``json-file`` or ``overlay``."""
    options: dict[str, str] = wire("Options", empty=dict)
    """Options of the driver, by name, e.g. ``{"max-size": "10m"}``; empty: the driver's defaults."""


@define(kw_only=True)
class TLSInfo(Model):
    """The root certificate of a swarm and the issuer of its nodes' certificates."""

    trust_root: str = wire("TrustRoot", empty=str)
    """Trusted root certificates, in PEM format; empty if not reported."""
    cert_issuer_subject: str = wire("CertIssuerSubject", empty=str)
    """Raw subject of the issuer (DER), in base64; empty if not reported."""
    cert_issuer_public_key: str = wire("CertIssuerPublicKey", empty=str)
    """Raw public key of the issuer (DER), in base64; empty if not reported."""
