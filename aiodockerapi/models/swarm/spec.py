"""The settings of a swarm, for ``swarm.init`` and ``swarm.update``."""

from typing import Literal, TypeAlias

from .._fields import Model, define, wire
from .common import Driver

__all__ = [
    "CAConfig",
    "DispatcherConfig",
    "EncryptionConfig",
    "ExternalCA",
    "ExternalCAProtocol",
    "OrchestrationConfig",
    "RaftConfig",
    "SwarmSpec",
    "TaskDefaults",
]

ExternalCAProtocol: TypeAlias = Literal["cfssl"]
"""Protocols of external certificate authorities; only ``cfssl`` is supported."""


@define(kw_only=True)
class OrchestrationConfig(Model):
    """How the managers handle the tasks of services."""

    task_history_retention_limit: int | None = wire("TaskHistoryRetentionLimit")
    """Number of finished tasks to keep per slot or node; negative: all. A new swarm has 5."""


@define(kw_only=True)
class RaftConfig(Model):
    """The parameters of Raft, with which the managers agree on the state of the swarm.

    A tick is currently 1 second, which is not guaranteed.
    """

    snapshot_interval: int | None = wire("SnapshotInterval")
    """Number of log entries between two snapshots. A new swarm has 10000."""
    keep_old_snapshots: int | None = wire("KeepOldSnapshots")
    """Number of snapshots to keep in addition to the current one. A new swarm has 0."""
    log_entries_for_slow_followers: int | None = wire("LogEntriesForSlowFollowers")
    """Number of log entries to keep after a snapshot, for managers that are behind. A new swarm has 500."""
    election_tick: int | None = wire("ElectionTick")
    """Ticks without a message from the leader after which a manager starts an election.

    It must be greater than ``heartbeat_tick``. A new swarm has 10.
    """
    heartbeat_tick: int | None = wire("HeartbeatTick")
    """Ticks between two heartbeats of the leader. A new swarm has 1."""


@define(kw_only=True)
class DispatcherConfig(Model):
    """How the nodes report to the managers."""

    heartbeat_period: int | None = wire("HeartbeatPeriod")
    """Nanoseconds between two heartbeats of a node; 0 or None: 5 s for a new swarm."""


@define(kw_only=True)
class ExternalCA(Model):
    """An external certificate authority that signs the certificates of the nodes."""

    protocol: ExternalCAProtocol | str | None = wire("Protocol")
    """Protocol of the certificate authority, ``cfssl``; required."""
    url: str | None = wire("URL")
    """URL to which signing requests are sent; required."""
    options: dict[str, str] = wire("Options", empty=dict)
    """Options of the protocol; empty: none."""
    ca_cert: str | None = wire("CACert")
    """Root certificate of the certificate authority, in PEM format; None: the current one of the swarm."""


@define(kw_only=True)
class CAConfig(Model):
    """How the swarm issues the certificates of its nodes."""

    node_cert_expiry: int | None = wire("NodeCertExpiry")
    """Validity of node certificates in nanoseconds, at least 1 hour; 0 or None: 90 days for a new swarm."""
    external_cas: list[ExternalCA] = wire("ExternalCAs", empty=list)
    """External certificate authorities; empty: the managers sign the certificates."""
    signing_ca_cert: str | None = wire("SigningCACert")
    """Certificate, in PEM format, with which node certificates are to be signed. Never included in responses."""
    signing_ca_key: str | None = wire("SigningCAKey", secret=True)
    """Private key of ``signing_ca_cert``, in PEM format. Never included in responses."""
    force_rotate: int | None = wire("ForceRotate")
    """A counter: an update that changes it rotates the root certificate. The swarm generates the new certificate and
    key unless ``signing_ca_cert`` provides them."""


@define(kw_only=True)
class EncryptionConfig(Model):
    """How the managers encrypt their stored data."""

    auto_lock_managers: bool | None = wire("AutoLockManagers")
    """Whether managers need the unlock key after each restart; None means False, also in an update."""


@define(kw_only=True)
class TaskDefaults(Model):
    """Settings for new tasks whose service does not specify them; daemons accept them, but do not apply them."""

    log_driver: Driver | None = wire("LogDriver")
    """Log driver of new tasks; None: the daemon's default."""


@define(kw_only=True)
class SwarmSpec(Model):
    """The settings of a swarm.

    ``swarm.init`` uses the defaults for settings that are not set. ``swarm.update`` replaces all settings: start from
    the ``spec`` of the inspected swarm.
    """

    name: str | None = wire("Name")
    """Name of the swarm, always ``default``; it cannot be changed."""
    labels: dict[str, str] = wire("Labels", empty=dict)
    """Labels of the swarm; empty: none."""
    orchestration: OrchestrationConfig | None = wire("Orchestration")
    """Task history; None: the defaults."""
    raft: RaftConfig | None = wire("Raft")
    """Raft parameters; None: the defaults."""
    dispatcher: DispatcherConfig | None = wire("Dispatcher")
    """Heartbeats of the nodes; None: the defaults."""
    ca_config: CAConfig | None = wire("CAConfig")
    """Certificates of the nodes; None: the defaults."""
    encryption_config: EncryptionConfig | None = wire("EncryptionConfig")
    """Encryption of the managers' data; None: managers are not locked after a restart."""
    task_defaults: TaskDefaults | None = wire("TaskDefaults")
    """Defaults of new tasks; not applied by daemons. None: none."""
