"""A plugin for tests: a driver that keeps volumes in memory, in the language of the tests."""

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
        asked = json.loads(self.rfile.read(int(self.headers["Content-Length"] or 0)) or "{}")
        answer = getattr(self, self.path.rpartition(".")[2])(asked)
        body = json.dumps({"Err": "", **answer}).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def Activate(self, asked):
        return {"Implements": ["VolumeDriver"]}

    def Capabilities(self, asked):
        return {"Capabilities": {"Scope": "local"}}

    def Create(self, asked):
        self.volumes[asked["Name"]] = asked.get("Opts") or {}
        return {}

    def Get(self, asked):
        if asked["Name"] not in self.volumes:
            return {"Err": "no such volume"}
        return {"Volume": {"Name": asked["Name"], "Mountpoint": "", "Status": {"Greeting": os.environ["GREETING"]}}}

    def List(self, asked):
        return {"Volumes": [{"Name": name, "Mountpoint": ""} for name in self.volumes]}

    def Path(self, asked):
        return {"Mountpoint": ""}

    def Remove(self, asked):
        self.volumes.pop(asked["Name"], None)
        return {}

    def address_string(self):
        return "daemon"

    def log_message(self, *words):
        pass

signal.signal(signal.SIGTERM, lambda *_: os._exit(0))  # else nothing would: it is the first process of its namespace
socketserver.ThreadingUnixStreamServer("/run/docker/plugins/driver.sock", Driver).serve_forever()
"""


def _mounts() -> list[dict[str, Any]]:
    """What a Python needs of this machine, so that the plugin itself stays small."""
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
    """The tar of a plugin: its configuration and its root file system.

    No two are the same: a daemon may keep what it had of a plugin that was removed, and refuse to take that again.
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
