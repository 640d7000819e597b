"""An engine for tests: one that runs already, or one of our own that leaves no trace.

    layer 0   _errors               EngineUnavailable
    layer 1   _http, _machine       requests; processes, mounts, bridges, cgroups
              _lan                  namespaces with a wire between them
    layer 2   _packages             Debian's packages
    layer 3   _image, _daemon       busybox:latest; one dockerd: launch, dismantle
              _release              the dockerd of another Debian release
    layer 4   _share                who uses it: find, acquire, release
    layer 5   __main__              python -m tests.support.engine start|stop|status|run

The standard library is all it needs.
"""

from tests.support.engine._daemon import Spec, restart
from tests.support.engine._errors import EngineUnavailable
from tests.support.engine._http import answers, request, request_json, works
from tests.support.engine._packages import cli
from tests.support.engine._share import DEFAULT, Engine, Member, acquire, alone, apart, find, mend, release, running

__all__ = [
    "DEFAULT",
    "Engine",
    "EngineUnavailable",
    "Member",
    "Spec",
    "acquire",
    "alone",
    "answers",
    "apart",
    "cli",
    "find",
    "mend",
    "release",
    "request",
    "request_json",
    "restart",
    "running",
    "works",
]
