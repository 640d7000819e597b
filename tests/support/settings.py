"""A home directory for tests of settings, and what the client and the docker command do with it."""

from __future__ import annotations

import json
import os
import re
import subprocess
from collections.abc import Iterable, Mapping
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any, TypeAlias

import trustme

from aiodockerapi._settings import TLS, Lookup, Settings, look_up
from aiodockerapi._settings.address import parse_host

__all__ = [
    "PEM",
    "Given",
    "Home",
    "cli_choice",
    "cli_error_address",
    "cli_refuses",
    "cli_send",
    "ctx",
    "describe",
    "lab",
    "lookup_in",
    "make_home",
    "raw",
]

PEM = ("ca.pem", "cert.pem", "key.pem")

Given: TypeAlias = Mapping[str, Any]
"""The settings of a test: environment variables; the arguments ``host``, ``context`` and ``tls``; ``config``, ``contexts`` and
``files`` in the home directory, whose path replaces {home} in all values."""


class Home:
    """A home directory with the docker CLI's files, and the environment variables for it."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.docker = path / ".docker"
        self.docker.mkdir(parents=True)
        self.environ = {"HOME": str(path)}

    def config(self, content: Mapping[str, Any] | str | bytes) -> Path:
        """Write config.json: a mapping as JSON, or text or bytes as they are."""
        return self._write(self.docker / "config.json", content)

    def context(self, name: str, meta: Mapping[str, Any] | str, tls: Iterable[str] = ()) -> Path:
        """Write a docker context: its meta.json, and TLS files with these names; "." creates only their directory."""
        key = sha256(name.encode()).hexdigest()
        for file in tls:
            self.touch(f".docker/contexts/tls/{key}/docker/{file}")
        return self._write(self.docker / "contexts" / "meta" / key / "meta.json", meta)

    def touch(self, name: str) -> Path:
        """Create a file, with TLS material if the name is one of `PEM`; or a directory, if the name ends with "/."."""
        path = self.path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        if name.endswith("/."):
            path.mkdir(exist_ok=True)
        else:
            path.write_bytes(_material().get(path.name, b""))
        return path

    def _write(self, path: Path, content: Mapping[str, Any] | str | bytes) -> Path:
        path.parent.mkdir(parents=True, exist_ok=True)
        text = content if isinstance(content, str | bytes) else json.dumps(content)
        path.write_bytes(text.encode() if isinstance(text, str) else text)
        return path

    def fill(self, text: str) -> str:
        """Replace {home} in a text by the path of this directory."""
        return text.replace("{home}", str(self.path))


@cache
def _material() -> dict[str, bytes]:
    """Return a matching certificate and key: the docker command may read them."""
    authority = trustme.CA()
    client = authority.issue_cert("client")
    return {
        "ca.pem": authority.cert_pem.bytes(),
        "cert.pem": client.cert_chain_pems[0].bytes(),
        "key.pem": client.private_key_pem.bytes(),
    }


def ctx(name: str, host: str | None, *, tls: Iterable[str] = (), **more: Any) -> dict[str, Any]:
    """Return a docker context as the CLI writes it."""
    endpoint = ({} if host is None else {"Host": host}) | more
    return {"name": name, "meta": {"Name": name, "Metadata": {}, "Endpoints": {"docker": endpoint}}, "tls": tls}


def lab(host: str | None, tls: Iterable[str] = (), **more: Any) -> dict[str, Any]:
    """Return the settings for the docker context "lab", in use."""
    return {"DOCKER_CONTEXT": "lab", "contexts": [ctx("lab", host, tls=tls, **more)]}


def raw(meta: Any) -> dict[str, Any]:
    """Return the settings for the docker context "lab" with this meta.json, in use."""
    return {"DOCKER_CONTEXT": "lab", "contexts": [{"name": "lab", "meta": meta}]}


def make_home(path: Path, given: Given) -> Home:
    """Create a home directory with these settings."""
    home = Home(path)
    if "config" in given:
        home.config(given["config"])
    for context in given.get("contexts", ()):
        home.context(**context)
    for name in given.get("files", ()):
        home.touch(name)
    home.environ |= {name: home.fill(value) for name, value in given.items() if name.isupper()}
    return home


def lookup_in(home: Home, given: Given) -> Lookup:
    """Return the client's lookup with these settings."""
    arguments = {name: given[name] for name in ("host", "context", "tls") if name in given}
    return look_up(environ=home.environ, windows=False, **arguments)


def describe(settings: Settings) -> tuple[str, str, str]:
    """Return the address, its source, and a description of the TLS settings."""
    assert settings.endpoint.is_tls == (settings.tls is not None)
    return str(settings.endpoint), settings.endpoint.source, _describe_tls(settings.tls)


def _describe_tls(tls: TLS | None) -> str:
    if tls is None:
        return ""
    names = [
        Path(one).name if isinstance(one, str) else "<PEM>" for one in (tls.ca, tls.cert, tls.key) if one is not None
    ]
    return " ".join([*names, "verified" if tls.verify else "unverified"])


def cli_choice(command: str, home: Home, given: Given) -> tuple[str, str] | None:
    """Return the docker command's address and a description of its TLS settings; None if it reports an error."""
    run = _run(command, home, given, "context", "inspect")
    if run.returncode:
        return None
    [context] = json.loads(run.stdout)
    endpoint = context["Endpoints"]["docker"]
    stored = (context["TLSMaterial"] or {}).get("docker")
    names = [name for name in PEM if name in (stored or [])]
    description = " ".join([*names, "unverified" if endpoint["SkipTLSVerify"] else "verified"])
    tls = stored is not None or endpoint["SkipTLSVerify"]
    return str(parse_host(endpoint["Host"], source="the docker command")), description if tls else ""


def cli_error_address(command: str, home: Home, given: Given) -> str:
    """Return the address in the docker command's error when it cannot connect."""
    run = _run(command, home, given, "version")
    match = re.search(r"Cannot connect to the Docker daemon at (\S+)\. Is", run.stderr)
    assert match is not None, run.stderr
    return match[1]


def cli_refuses(command: str, home: Home, given: Given) -> bool:
    """Return whether the docker command refuses the settings before it connects."""
    run = _run(command, home, given, "ps")
    return run.returncode != 0 and "unable to resolve docker endpoint" in run.stderr


def cli_send(command: str, home: Home, given: Given) -> None:
    """Let the docker command list the containers."""
    run = _run(command, home, given, "ps")
    assert run.returncode == 0, run.stderr


def _run(command: str, home: Home, given: Given, *arguments: str) -> subprocess.CompletedProcess[str]:
    options = [f"--{name}={given[name]}" for name in ("host", "context") if name in given]
    environ = {"PATH": os.environ["PATH"], **home.environ}
    return subprocess.run([command, *options, *arguments], env=environ, capture_output=True, text=True, check=False)
