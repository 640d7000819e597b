"""Options and operations that not every engine from v1.41 on knows, as data.

An older daemon mostly ignores what it does not know without a word. So an option that is given, and that the engine does not
know, is an error before anything is sent. The properties of bodies carry their versions themselves, in the models.
"""

from typing import NamedTuple

from .versions import ApiVersion

__all__ = ["FEATURES", "Feature", "given"]


class Feature(NamedTuple):
    """An option or operation by its Python name, and the API versions that have it; None is without limit."""

    name: str
    since: ApiVersion | None
    until: ApiVersion | None = None

    def known_to(self, version: ApiVersion) -> bool:
        """Whether an engine of that version has it."""
        return (self.since is None or self.since <= version) and (self.until is None or version <= self.until)

    @property
    def needs(self) -> str:
        """The versions that have it, in words."""
        if self.until is None:
            return str(self.since)
        return f"{self.until} or older" if self.since is None else f"{self.since} to {self.until}"


def _table(rows: dict[str, str]) -> dict[str, Feature]:
    versions = {since: ApiVersion(*map(int, since.split("."))) for since in rows}
    return {name: Feature(name, versions[since]) for since, names in rows.items() for name in names.split()}


FEATURES = _table(
    {
        "1.42": """
            containers.stop.signal
            containers.restart.signal
            containers.attach_websocket.stdin
            containers.attach_websocket.stdout
            containers.attach_websocket.stderr
            exec.start.console_size
            images.list.shared_size
            system.disk_usage.type
            volumes.create.cluster_volume_spec
            volumes.update
        """,
        "1.46": """
            images.push.platform
        """,
        "1.47": """
            images.list.manifests
        """,
        "1.48": """
            images.history.platform
            images.inspect.manifests
            images.load.platform
            images.prune_build_cache.max_used_space
            images.prune_build_cache.min_free_space
            images.save.platform
        """,
        "1.49": """
            images.inspect.platform
        """,
        "1.50": """
            images.remove.platforms
        """,
        "1.52": """
            system.disk_usage.verbose
        """,
        "1.54": """
            images.list.identity
            networks.connect.endpoint_config.mac_address
        """,
        "1.55": """
            images.attestations
        """,
    }
)
"""Every gated argument and operation, by the first version that has it; and fields that one call heeds later than others."""


def given(**values: object) -> tuple[Feature, ...]:
    """The features of those options that are set; keywords are feature names with ``__`` for the dots."""
    return tuple(FEATURES[name.replace("__", ".")] for name, value in values.items() if value is not None)
