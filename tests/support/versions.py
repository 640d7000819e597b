"""The range of API versions, as strings. A new version changes it in `aiodockerapi._wire.versions` only."""

from aiodockerapi._wire import versions

__all__ = ["NEWEST", "OLDEST"]

OLDEST = str(versions.OLDEST)
NEWEST = str(versions.NEWEST)
