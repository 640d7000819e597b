"""Where an image comes from, as far as the daemon can vouch for it."""

import datetime
from typing import Any, Literal, TypeAlias

from .._fields import Model, define, wire
from ..oci import OCIDescriptor

__all__ = [
    "AttestationStatement",
    "BuildIdentity",
    "Identity",
    "KnownSignerIdentity",
    "PullIdentity",
    "SignatureIdentity",
    "SignatureTimestamp",
    "SignatureTimestampType",
    "SignatureType",
    "SignerIdentity",
]

KnownSignerIdentity: TypeAlias = Literal["DHI"]
SignatureTimestampType: TypeAlias = Literal["Tlog", "TimestampAuthority"]
SignatureType: TypeAlias = Literal["bundle-v0.3", "simplesigning-v1"]


@define(kw_only=True)
class SignatureTimestamp(Model):
    """A witness to the time of a signature."""

    type: SignatureTimestampType | str = wire("Type", empty=str)
    uri: str = wire("URI", empty=str)
    """Who says so."""
    timestamp: datetime.datetime | None = wire("Timestamp")


@define(kw_only=True)
class SignerIdentity(Model):
    """Who signed, as the certificate of the signature tells: mostly a run of a CI service."""

    certificate_issuer: str = wire("CertificateIssuer", empty=str)
    subject_alternative_name: str = wire("SubjectAlternativeName", empty=str)
    issuer: str = wire("Issuer", empty=str)
    """Who vouched for the signer to the issuer of the certificate."""
    build_signer_uri: str = wire("BuildSignerURI", empty=str)
    build_signer_digest: str = wire("BuildSignerDigest", empty=str)
    runner_environment: str = wire("RunnerEnvironment", empty=str)
    """Whether the CI service or its user ran the machine."""
    source_repository_uri: str = wire("SourceRepositoryURI", empty=str)
    source_repository_digest: str = wire("SourceRepositoryDigest", empty=str)
    source_repository_ref: str = wire("SourceRepositoryRef", empty=str)
    source_repository_identifier: str = wire("SourceRepositoryIdentifier", empty=str)
    source_repository_owner_uri: str = wire("SourceRepositoryOwnerURI", empty=str)
    source_repository_owner_identifier: str = wire("SourceRepositoryOwnerIdentifier", empty=str)
    build_config_uri: str = wire("BuildConfigURI", empty=str)
    build_config_digest: str = wire("BuildConfigDigest", empty=str)
    build_trigger: str = wire("BuildTrigger", empty=str)
    run_invocation_uri: str = wire("RunInvocationURI", empty=str)
    source_repository_visibility_at_signing: str = wire("SourceRepositoryVisibilityAtSigning", empty=str)


@define(kw_only=True)
class SignatureIdentity(Model):
    """A signature of an image that the daemon has checked."""

    name: str = wire("Name", empty=str)
    timestamps: list[SignatureTimestamp] = wire("Timestamps", empty=list)
    known_signer: KnownSignerIdentity | str | None = wire("KnownSigner")
    """A signer that the daemon knows by name."""
    docker_reference: str = wire("DockerReference", empty=str)
    """The name for which the image was signed."""
    signer: SignerIdentity | None = wire("Signer")
    signature_type: SignatureType | str = wire("SignatureType", empty=str)
    error: str = wire("Error", empty=str)
    """Why the signature does not hold; empty where it does."""
    warnings: list[str] = wire("Warnings", empty=list)


@define(kw_only=True)
class PullIdentity(Model):
    """A repository that an image was pulled from or pushed to."""

    repository: str = wire("Repository", empty=str)


@define(kw_only=True)
class BuildIdentity(Model):
    """A build on this daemon that made an image."""

    ref: str = wire("Ref", empty=str)
    """The build's name in its history."""
    created_at: datetime.datetime | None = wire("CreatedAt")


@define(kw_only=True)
class Identity(Model):
    """Where an image comes from, as far as the daemon can vouch for it; its tags do not matter."""

    signature: list[SignatureIdentity] = wire("Signature", empty=list)
    pull: list[PullIdentity] = wire("Pull", empty=list)
    build: list[BuildIdentity] = wire("Build", empty=list)


@define(kw_only=True)
class AttestationStatement(Model):
    """An in-toto statement that goes with an image."""

    descriptor: OCIDescriptor | None = wire("Descriptor")
    predicate_type: str = wire("PredicateType", empty=str)
    """The address that says what the statement is about."""
    statement: dict[str, Any] = wire("Statement", empty=dict)
    """The statement itself; only where it was asked for."""
