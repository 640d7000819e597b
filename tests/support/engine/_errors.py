"""The one thing that can be told about an engine that there is not."""

__all__ = ["EngineUnavailable"]


class EngineUnavailable(Exception):
    """No engine for tests, and no way to one; the message is one sentence that says why."""
