"""Record which files of a directory the docker command sends, for `tests/transport/test_ignored.py`, in ``contexts.json``.

    python -m tests.data.record_contexts [docker]

The file contains the files of a directory, and texts for its ``.dockerignore``. For each text, the command builds the directory
with the classic builder on a small server, which stores the context. A case consists of the text and the excluded files, or the
sent files if names are fewer of them; null if the command refuses the text. To add cases, add texts and run this script.
"""

from __future__ import annotations

import io
import json
import subprocess
import sys
import tarfile
import tempfile
import threading
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from socketserver import UnixStreamServer
from typing import Any

FILE = Path(__file__).parent / "contexts.json"


class Handler(BaseHTTPRequestHandler):
    """Responds to a ping, and stores the body of any other request."""

    def do_GET(self) -> None:
        body = self._body()
        if self.path.endswith("/_ping"):
            self.send_response(200)
            self.send_header("Api-Version", "1.41")
        else:
            self.server.sent.append(body)  # type: ignore[attr-defined]
            self.send_response(200)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def do_HEAD(self) -> None:
        self.do_GET()

    def do_POST(self) -> None:
        self.do_GET()

    def _body(self) -> bytes:
        if self.headers.get("Transfer-Encoding") != "chunked":
            return self.rfile.read(int(self.headers.get("Content-Length", 0)))
        body = b""
        while size := int(self.rfile.readline(), 16):
            body += self.rfile.read(size)
            self.rfile.readline()
        self.rfile.readline()
        return body

    def log_message(self, *_: Any) -> None:
        """Log nothing."""


def record(docker: str, files: list[str], texts: list[str]) -> list[list[Any]]:
    """Return each text with the files that the command excluded or sent."""
    cases: list[list[Any]] = []
    with tempfile.TemporaryDirectory() as folder, UnixStreamServer(f"{folder}/socket", Handler) as server:
        server.sent = []  # type: ignore[attr-defined]
        threading.Thread(target=server.serve_forever, daemon=True).start()
        root = Path(folder, "context")
        for name in files:
            (root / name).parent.mkdir(parents=True, exist_ok=True)
            (root / name).write_text(name)
        everything = sorted(str(path.relative_to(root)) for path in root.rglob("*"))
        for text in texts:
            (root / ".dockerignore").write_bytes(text.encode())
            server.sent.clear()  # type: ignore[attr-defined]
            command = [docker, "--host", f"unix://{folder}/socket", "build", str(root)]
            environment = {"DOCKER_BUILDKIT": "0", "HOME": folder, "PATH": "/usr/local/bin:/usr/bin:/bin"}
            subprocess.run(command, env=environment, capture_output=True, check=False, timeout=60)
            sent = server.sent[0] if server.sent else None  # type: ignore[attr-defined]
            cases.append([text, _summary(sent, everything)])
        server.shutdown()
    return cases


def _summary(sent: bytes | None, everything: list[str]) -> dict[str, list[str]] | None:
    if sent is None:
        return None
    with tarfile.open(fileobj=io.BytesIO(sent)) as archive:
        names = set(archive.getnames())
    only = [name for name in everything if name in names]
    without = [name for name in everything if name not in names]
    return {"only": only} if len(only) < len(without) else {"without": without}


def main() -> None:
    docker = sys.argv[1] if len(sys.argv) > 1 else "docker"
    known = json.loads(FILE.read_text())
    version = subprocess.run([docker, "--version"], capture_output=True, text=True, check=True).stdout.strip()
    cases = record(docker, known["files"], [text for text, _ in known["cases"]])
    rows = ",\n  ".join(json.dumps(case, ensure_ascii=False) for case in cases)
    files = json.dumps(known["files"], ensure_ascii=False)
    FILE.write_text(f'{{\n"recorded with": "{version}",\n"files": {files},\n"cases": [\n  {rows}\n]\n}}\n')


if __name__ == "__main__":
    main()
