"""The error if no engine is available."""

__all__ = ["REMEDY", "EngineUnavailable"]

REMEDY = "start a Docker daemon, or set DOCKER_HOST to a running one"


class EngineUnavailable(Exception):
    """No engine for tests is available; the message is one sentence with the reason."""
