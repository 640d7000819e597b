"""The verified origin of images: pulls, builds, signatures and attestations."""

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
"""Signers that the daemon recognizes: ``DHI`` stands for Docker Hardened Images."""
SignatureTimestampType: TypeAlias = Literal["Tlog", "TimestampAuthority"]
"""Sources of a signature's time: a transparency log (``Tlog``) or a timestamp authority (``TimestampAuthority``)."""
SignatureType: TypeAlias = Literal["bundle-v0.3", "simplesigning-v1"]
"""Signature formats: a Sigstore bundle (``bundle-v0.3``) or a Cosign simple signing payload (``simplesigning-v1``)."""


@define(kw_only=True)
class SignatureTimestamp(Model):
    """A verified time at which a signature existed."""

    type: SignatureTimestampType | str = wire("Type", empty=str)
    """Kind of service that attests the time."""
    uri: str = wire("URI", empty=str)
    """Address of the service that attests the time."""
    timestamp: datetime.datetime | None = wire("Timestamp")
    """The time that the service attests."""


@define(kw_only=True)
class SignerIdentity(Model):
    """The identity in the certificate of a signature, usually of a CI service's run.

    The fields are those of Sigstore certificates; each is empty if the certificate does not contain it.
    """

    certificate_issuer: str = wire("CertificateIssuer", empty=str)
    """Name of the authority that issued the certificate."""
    subject_alternative_name: str = wire("SubjectAlternativeName", empty=str)
    """Identity of the signer in the certificate, e.g. the URI of a CI workflow or an email address."""
    issuer: str = wire("Issuer", empty=str)
    """URL of the OIDC issuer that authenticated the signer to the certificate authority."""
    build_signer_uri: str = wire("BuildSignerURI", empty=str)
    """URI of the build instructions that signed, e.g. a reusable workflow."""
    build_signer_digest: str = wire("BuildSignerDigest", empty=str)
    """Digest of the version of the build instructions that signed."""
    runner_environment: str = wire("RunnerEnvironment", empty=str)
    """Who operates the build machine, e.g. ``github-hosted`` or ``self-hosted``."""
    source_repository_uri: str = wire("SourceRepositoryURI", empty=str)
    """URL of the source repository that was built."""
    source_repository_digest: str = wire("SourceRepositoryDigest", empty=str)
    """Commit of the source repository that was built."""
    source_repository_ref: str = wire("SourceRepositoryRef", empty=str)
    """Git ref of the source repository that was built, e.g. ``refs/heads/main``."""
    source_repository_identifier: str = wire("SourceRepositoryIdentifier", empty=str)
    """Id of the source repository, which stays the same if it is renamed."""
    source_repository_owner_uri: str = wire("SourceRepositoryOwnerURI", empty=str)
    """URL of the source repository's owner."""
    source_repository_owner_identifier: str = wire("SourceRepositoryOwnerIdentifier", empty=str)
    """Id of the source repository's owner, which stays the same if the owner is renamed."""
    build_config_uri: str = wire("BuildConfigURI", empty=str)
    """URI of the top-level build instructions, e.g. the workflow that was started."""
    build_config_digest: str = wire("BuildConfigDigest", empty=str)
    """Digest of the version of the top-level build instructions."""
    build_trigger: str = wire("BuildTrigger", empty=str)
    """Event that started the build, e.g. ``push``."""
    run_invocation_uri: str = wire("RunInvocationURI", empty=str)
    """URL of the CI service's run that built the image."""
    source_repository_visibility_at_signing: str = wire("SourceRepositoryVisibilityAtSigning", empty=str)
    """Visibility of the source repository at the time of signing, e.g. ``public``."""


@define(kw_only=True)
class SignatureIdentity(Model):
    """The result of verifying a signature of an image."""

    name: str = wire("Name", empty=str)
    """Short description of the signature's kind, as text for humans."""
    timestamps: list[SignatureTimestamp] = wire("Timestamps", empty=list)
    """Verified times of the signature."""
    known_signer: KnownSignerIdentity | str | None = wire("KnownSigner")
    """Identifier of a signer that the daemon recognizes; None for other signers."""
    docker_reference: str = wire("DockerReference", empty=str)
    """Image reference that was signed; empty if the signature does not contain it."""
    signer: SignerIdentity | None = wire("Signer")
    """Identity in the signer's certificate; None if the verification failed."""
    signature_type: SignatureType | str = wire("SignatureType", empty=str)
    """Format of the signature."""
    error: str = wire("Error", empty=str)
    """Why the verification failed, in which case the other fields are empty; empty if it succeeded."""
    warnings: list[str] = wire("Warnings", empty=list)
    """Warnings of the verification, e.g. that cached trust roots were used; they do not mean that it failed."""


@define(kw_only=True)
class PullIdentity(Model):
    """A repository that an image was pulled from or pushed to."""

    repository: str = wire("Repository", empty=str)
    """Name of the repository with its registry; the original one if a mirror was used."""


@define(kw_only=True)
class BuildIdentity(Model):
    """A build on this daemon that created an image."""

    ref: str = wire("Ref", empty=str)
    """Reference of the build in BuildKit's history."""
    created_at: datetime.datetime | None = wire("CreatedAt")
    """When the build ran."""


@define(kw_only=True)
class Identity(Model):
    """The verified origin of an image; tagging the image does not change it."""

    signature: list[SignatureIdentity] = wire("Signature", empty=list)
    """Verified signatures of the image; empty if there are none."""
    pull: list[PullIdentity] = wire("Pull", empty=list)
    """Repositories that the image was pulled from or pushed to; empty if there are none."""
    build: list[BuildIdentity] = wire("Build", empty=list)
    """Builds on this daemon that created the image; empty if there are none."""


@define(kw_only=True)
class AttestationStatement(Model):
    """An in-toto attestation attached to an image, e.g. its provenance or SBOM."""

    descriptor: OCIDescriptor | None = wire("Descriptor")
    """Descriptor of the statement in the content store."""
    predicate_type: str = wire("PredicateType", empty=str)
    """URI of the statement's type, e.g. ``https://slsa.dev/provenance/v1``."""
    statement: dict[str, Any] = wire("Statement", empty=dict)
    """The statement as JSON; empty unless requested with ``statement=True``."""
