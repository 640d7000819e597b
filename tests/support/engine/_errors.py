"""The one thing that can be told about an engine that there is not."""

__all__ = ["REMEDY", "EngineUnavailable"]

REMEDY = "start a Docker daemon, or set DOCKER_HOST to one that runs"


class EngineUnavailable(Exception):
    """No engine for tests, and no way to one; the message is one sentence that says why."""
