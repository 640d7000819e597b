"""An engine for tests: a running one, or a private one that is removed without a trace.

    layer 0   _errors               EngineUnavailable
    layer 1   _http, _machine       requests; processes, mounts, bridges, cgroups
              _lan                  network namespaces connected by a bridge
    layer 2   _packages             Debian's packages
    layer 3   _image, _daemon       busybox:latest; a private dockerd: launch, dismantle
              _release              the dockerd of another Debian release
    layer 4   _share                its users: find, acquire, release
    layer 5   __main__              python -m tests.support.engine start|stop|status|run

It requires only the standard library.
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
