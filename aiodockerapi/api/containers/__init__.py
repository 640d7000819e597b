"""Containers: their life, their insides, their output, their files."""

from .archive import ArchiveCalls
from .inspection import InspectionCalls
from .lifecycle import LifecycleCalls
from .run import RunCalls, RunResult
from .streams import StreamCalls

__all__ = ["Containers", "RunResult"]


class Containers(RunCalls, LifecycleCalls, InspectionCalls, StreamCalls, ArchiveCalls):
    """Containers of one engine: ``docker.containers``.

    A container is named by its name, its id, or the beginning of its id that no other has.
    """
