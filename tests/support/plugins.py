"""A managed plugin for tests: a volume driver in Python that keeps its volumes in memory."""

from __future__ import annotations

import io
import json
import secrets
import sys
import tarfile
from pathlib import Path
from typing import Any

__all__ = ["plugin_archive"]

_DRIVER = """
import http.server, json, os, signal, socketserver

class Driver(http.server.BaseHTTPRequestHandler):
    volumes = {}

    def do_POST(self):
        request = json.loads(self.rfile.read(int(self.headers["Content-Length"] or 0)) or "{}")
        answer = getattr(self, self.path.rpartition(".")[2])(request)
        body = json.dumps({"Err": "", **answer}).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def Activate(self, request):
        return {"Implements": ["VolumeDriver"]}

    def Capabilities(self, request):
        return {"Capabilities": {"Scope": "local"}}

    def Create(self, request):
        self.volumes[request["Name"]] = request.get("Opts") or {}
        return {}

    def Get(self, request):
        if request["Name"] not in self.volumes:
            return {"Err": "no such volume"}
        return {"Volume": {"Name": request["Name"], "Mountpoint": "", "Status": {"Greeting": os.environ["GREETING"]}}}

    def List(self, request):
        return {"Volumes": [{"Name": name, "Mountpoint": ""} for name in self.volumes]}

    def Path(self, request):
        return {"Mountpoint": ""}

    def Remove(self, request):
        self.volumes.pop(request["Name"], None)
        return {}

    def address_string(self):
        return "daemon"

    def log_message(self, *arguments):
        pass

signal.signal(signal.SIGTERM, lambda *_: os._exit(0))  # PID 1 of a namespace has no default handler of SIGTERM
socketserver.ThreadingUnixStreamServer("/run/docker/plugins/driver.sock", Driver).serve_forever()
"""


def _mounts() -> list[dict[str, Any]]:
    """Return bind mounts of the host's Python and its libraries, which keep the archive of the plugin small."""
    needed = [path for path in ("/usr", "/lib", "/lib64", sys.base_prefix) if Path(path).is_dir()]
    return [
        {
            "name": f"mount{number}",
            "description": "",
            "settable": None,
            "source": path,
            "destination": path,
            "type": "bind",
            "options": ["rbind", "ro"],
        }
        for number, path in enumerate(dict.fromkeys(needed))
    ]


def _config(description: str) -> dict[str, Any]:
    python = str(Path(sys.base_prefix, "bin", f"python{sys.version_info.major}.{sys.version_info.minor}"))
    return {
        "description": description,
        "documentation": f"https://example.org/{secrets.token_hex(8)}",
        "entrypoint": [python, "-S", "/driver.py"],
        "workdir": "/",
        "interface": {"types": ["docker.volumedriver/1.0"], "socket": "driver.sock"},
        "network": {"type": ""},
        "linux": {"capabilities": []},
        "mounts": _mounts(),
        "env": [{"name": "GREETING", "description": "", "settable": ["value"], "value": "hello"}],
        "args": {"name": "", "description": "", "settable": None, "value": None},
    }


def plugin_archive(description: str = "volumes in memory") -> bytes:
    """Return the tar archive of a plugin: its configuration and its root file system.

    The content of each archive is unique: a daemon may keep the blobs of a removed plugin and refuse to create them again.
    """
    folders = {"rootfs"} | {
        str(folder) for mount in _mounts() for folder in (Path(f"rootfs{mount['destination']}"), *_parents(mount))
    }
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w") as archive:
        for folder in sorted(folders):
            member = tarfile.TarInfo(folder)
            member.type, member.mode = tarfile.DIRTYPE, 0o755
            archive.addfile(member)
        for name, text in {
            "config.json": json.dumps(_config(description)),
            "rootfs/driver.py": f"# {secrets.token_hex(8)}\n{_DRIVER}",
        }.items():
            member = tarfile.TarInfo(name)
            member.size = len(text.encode())
            archive.addfile(member, io.BytesIO(text.encode()))
    return buffer.getvalue()


def _parents(mount: dict[str, Any]) -> list[Path]:
    return [Path(f"rootfs{parent}") for parent in Path(mount["destination"]).parents if str(parent) != "/"]
