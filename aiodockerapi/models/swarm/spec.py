"""The settings of a swarm, as `swarm.update` changes them."""

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


@define(kw_only=True)
class OrchestrationConfig(Model):
    """How the managers keep the tasks of services."""

    task_history_retention_limit: int | None = wire("TaskHistoryRetentionLimit")
    """How many finished tasks to keep per slot or node; a negative number keeps all."""


@define(kw_only=True)
class RaftConfig(Model):
    """How the managers agree on the swarm's state."""

    snapshot_interval: int | None = wire("SnapshotInterval")
    """Log entries between two snapshots."""
    keep_old_snapshots: int | None = wire("KeepOldSnapshots")
    """How many snapshots to keep beside the current one."""
    log_entries_for_slow_followers: int | None = wire("LogEntriesForSlowFollowers")
    """Log entries to keep after a snapshot, for managers that lag behind."""
    election_tick: int | None = wire("ElectionTick")
    """Ticks without a word from the leader before a manager stands for election; more than `heartbeat_tick`.

    A tick is a second today, which nobody guarantees.
    """
    heartbeat_tick: int | None = wire("HeartbeatTick")
    """Ticks between two heartbeats of the leader."""


@define(kw_only=True)
class DispatcherConfig(Model):
    """How the nodes report to the managers."""

    heartbeat_period: int | None = wire("HeartbeatPeriod")
    """Nanoseconds between two heartbeats of a node."""


@define(kw_only=True)
class ExternalCA(Model):
    """A certificate authority outside the swarm that signs for it."""

    protocol: ExternalCAProtocol | str | None = wire("Protocol")
    url: str | None = wire("URL")
    options: dict[str, str] = wire("Options", empty=dict)
    ca_cert: str | None = wire("CACert")
    """The root certificate it signs with, in PEM; the swarm's current one where unset."""


@define(kw_only=True)
class CAConfig(Model):
    """How the swarm issues the certificates of its nodes."""

    node_cert_expiry: int | None = wire("NodeCertExpiry")
    """Nanoseconds that a node's certificate is valid."""
    external_cas: list[ExternalCA] = wire("ExternalCAs", empty=list)
    signing_ca_cert: str | None = wire("SigningCACert")
    """The certificate to sign with from now on, in PEM; the daemon never tells it."""
    signing_ca_key: str | None = wire("SigningCAKey", secret=True)
    """The key of `signing_ca_cert`, in PEM; the daemon never tells it."""
    force_rotate: int | None = wire("ForceRotate")
    """A counter: another number has the swarm make a new certificate and key, unless `signing_ca_cert` gives them."""


@define(kw_only=True)
class EncryptionConfig(Model):
    """How the managers encrypt what they store."""

    auto_lock_managers: bool | None = wire("AutoLockManagers")
    """Whether a manager needs the unlock key after every start."""


@define(kw_only=True)
class TaskDefaults(Model):
    """What new tasks get where their service does not say."""

    log_driver: Driver | None = wire("LogDriver")


@define(kw_only=True)
class SwarmSpec(Model):
    """The settings of a swarm."""

    name: str | None = wire("Name")
    """Always `default`: a swarm cannot be renamed."""
    labels: dict[str, str] = wire("Labels", empty=dict)
    orchestration: OrchestrationConfig | None = wire("Orchestration")
    raft: RaftConfig | None = wire("Raft")
    dispatcher: DispatcherConfig | None = wire("Dispatcher")
    ca_config: CAConfig | None = wire("CAConfig")
    encryption_config: EncryptionConfig | None = wire("EncryptionConfig")
    task_defaults: TaskDefaults | None = wire("TaskDefaults")
