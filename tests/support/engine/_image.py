"""The image for tests: `busybox:latest`, created locally if it cannot be pulled."""

import io
import subprocess
import tarfile
from pathlib import Path
from urllib.parse import urlencode

from tests.support.engine._errors import EngineUnavailable
from tests.support.engine._http import request
from tests.support.engine._packages import busybox

__all__ = ["ensure_image"]

_REPOSITORY, _TAG = "busybox", "latest"
_DIRECTORIES = {"bin": 0o755, "etc": 0o755, "home": 0o755, "root": 0o700, "tmp": 0o1777, "var": 0o755}
_FILES = {
    "etc/passwd": "root:x:0:0:root:/root:/bin/sh\nnobody:x:65534:65534:nobody:/home:/bin/false\n",
    "etc/group": "root:x:0:\nnogroup:x:65534:\n",
}


def _tree(program: str) -> bytes:
    """Return a root file system as a tar archive: busybox, a link to it for each applet, and a few files for `sh`."""
    applets = subprocess.run([program, "--list"], capture_output=True, check=True, text=True).stdout.split()
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w") as tar:

        def add(path: str, mode: int, content: bytes = b"", kind: bytes = tarfile.REGTYPE, link: str = "") -> None:
            info = tarfile.TarInfo(path)
            info.mode, info.type, info.linkname, info.size = mode, kind, link, len(content)
            tar.addfile(info, io.BytesIO(content))

        for path, mode in _DIRECTORIES.items():
            add(path, mode, kind=tarfile.DIRTYPE)
        for path, text in _FILES.items():
            add(path, 0o644, text.encode())
        add("bin/busybox", 0o755, Path(program).read_bytes())
        for applet in sorted(set(applets) - {"busybox"}):
            add(f"bin/{applet}", 0o777, kind=tarfile.SYMTYPE, link="busybox")
    return buffer.getvalue()


def _present(host: str) -> bool:
    return request(host, "GET", f"/images/{_REPOSITORY}:{_TAG}/json")[0] == 200


def _import(host: str, program: str) -> None:
    query = urlencode({"fromSrc": "-", "repo": _REPOSITORY, "tag": _TAG, "changes": 'CMD ["sh"]'})
    request(host, "POST", f"/images/create?{query}", _tree(program), timeout=60)


def _pull(host: str) -> None:
    query = urlencode({"fromImage": _REPOSITORY, "tag": _TAG})
    request(host, "POST", f"/images/create?{query}", timeout=120)


def ensure_image(host: str, *, ours: bool) -> None:
    """Ensure that an engine has the image.

    For a private engine it is created from the busybox of this machine. For any other engine it is pulled, and only created if
    the pull fails: an image that differs from the official one would surprise its owner.
    """
    if _present(host):
        return
    if not ours:
        _pull(host)
    program = busybox()
    if program and not _present(host):
        _import(host, program)
    if not _present(host):
        raise EngineUnavailable(
            f"the engine at {host} has no image {_REPOSITORY}:{_TAG}, which cannot be pulled or created; load it manually"
        )
