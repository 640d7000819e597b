"""Containers: lifecycle, inspection, output, files, and `run`."""

from .archive import ArchiveCalls
from .inspection import InspectionCalls
from .lifecycle import LifecycleCalls
from .run import RunCalls, RunResult
from .streams import StreamCalls

__all__ = ["Containers", "RunResult"]


class Containers(RunCalls, LifecycleCalls, InspectionCalls, StreamCalls, ArchiveCalls):
    """Containers of one engine: ``docker.containers``.

    A container is given by its name, its id, or a unique prefix of its id.
    """
