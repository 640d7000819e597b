"""A user's home for tests of settings: what is set in it, what we choose there, and what the docker command does."""

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
    "address_in_error",
    "chosen_by",
    "ctx",
    "described",
    "furnished",
    "lab",
    "looked_up",
    "raw",
    "refused_by",
    "sent_by",
]

PEM = ("ca.pem", "cert.pem", "key.pem")

Given: TypeAlias = Mapping[str, Any]
"""What is set: variables of the environment; ``host``, ``context`` and ``tls`` as arguments; ``config``, ``contexts`` and
``files`` in the home directory, for which {home} stands in all values."""


class Home:
    """A home directory with the docker CLI's files in it, and the environment that goes with it."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.docker = path / ".docker"
        self.docker.mkdir(parents=True)
        self.environ = {"HOME": str(path)}

    def config(self, content: Mapping[str, Any] | str | bytes) -> Path:
        """Write config.json: JSON of a mapping, or just that text."""
        return self._write(self.docker / "config.json", content)

    def context(self, name: str, meta: Mapping[str, Any] | str, tls: Iterable[str] = ()) -> Path:
        """Write a docker context: its meta.json, and TLS files of those names; "." is their directory alone."""
        key = sha256(name.encode()).hexdigest()
        for file in tls:
            self.touch(f".docker/contexts/tls/{key}/docker/{file}")
        return self._write(self.docker / "contexts" / "meta" / key / "meta.json", meta)

    def touch(self, name: str) -> Path:
        """A file, with TLS material in it if it is called so; or a directory, if the name ends with "/."."""
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

    def filled(self, text: str) -> str:
        """Text in which {home} stands for this directory."""
        return text.replace("{home}", str(self.path))


@cache
def _material() -> dict[str, bytes]:
    """Certificates and a key that fit each other: the docker command may look into them."""
    authority = trustme.CA()
    mine = authority.issue_cert("client")
    return {
        "ca.pem": authority.cert_pem.bytes(),
        "cert.pem": mine.cert_chain_pems[0].bytes(),
        "key.pem": mine.private_key_pem.bytes(),
    }


def ctx(name: str, host: str | None, *, tls: Iterable[str] = (), **more: Any) -> dict[str, Any]:
    """A docker context as the CLI writes it."""
    endpoint = ({} if host is None else {"Host": host}) | more
    return {"name": name, "meta": {"Name": name, "Metadata": {}, "Endpoints": {"docker": endpoint}}, "tls": tls}


def lab(host: str | None, tls: Iterable[str] = (), **more: Any) -> dict[str, Any]:
    """The docker context "lab", in use."""
    return {"DOCKER_CONTEXT": "lab", "contexts": [ctx("lab", host, tls=tls, **more)]}


def raw(meta: Any) -> dict[str, Any]:
    """The docker context "lab" with that for its meta.json, in use."""
    return {"DOCKER_CONTEXT": "lab", "contexts": [{"name": "lab", "meta": meta}]}


def furnished(path: Path, given: Given) -> Home:
    """A home in which all of that is set."""
    home = Home(path)
    if "config" in given:
        home.config(given["config"])
    for context in given.get("contexts", ()):
        home.context(**context)
    for name in given.get("files", ()):
        home.touch(name)
    home.environ |= {name: home.filled(value) for name, value in given.items() if name.isupper()}
    return home


def looked_up(home: Home, given: Given) -> Lookup:
    """What arguments and environment say there."""
    arguments = {name: given[name] for name in ("host", "context", "tls") if name in given}
    return look_up(environ=home.environ, windows=False, **arguments)


def described(settings: Settings) -> tuple[str, str, str]:
    """What was chosen: the address, who said so, and its TLS, in words."""
    assert settings.endpoint.is_tls == (settings.tls is not None)
    return str(settings.endpoint), settings.endpoint.source, _tls_in_words(settings.tls)


def _tls_in_words(tls: TLS | None) -> str:
    if tls is None:
        return ""
    names = [
        Path(one).name if isinstance(one, str) else "<PEM>" for one in (tls.ca, tls.cert, tls.key) if one is not None
    ]
    return " ".join([*names, "verified" if tls.verify else "unverified"])


def chosen_by(command: str, home: Home, given: Given) -> tuple[str, str] | None:
    """What the docker command chooses there: the address and its TLS, in words; None if it refuses."""
    run = _run(command, home, given, "context", "inspect")
    if run.returncode:
        return None
    [found] = json.loads(run.stdout)
    endpoint = found["Endpoints"]["docker"]
    stored = (found["TLSMaterial"] or {}).get("docker")
    names = [name for name in PEM if name in (stored or [])]
    words = [*names, "unverified" if endpoint["SkipTLSVerify"] else "verified"]
    tls = stored is not None or endpoint["SkipTLSVerify"]
    return str(parse_host(endpoint["Host"], source="the docker command")), " ".join(words) if tls else ""


def address_in_error(command: str, home: Home, given: Given) -> str:
    """Where the docker command looks for a daemon that is not there, in its own words."""
    run = _run(command, home, given, "version")
    match = re.search(r"Cannot connect to the Docker daemon at (\S+)\. Is", run.stderr)
    assert match is not None, run.stderr
    return match[1]


def refused_by(command: str, home: Home, given: Given) -> bool:
    """Whether the docker command refuses what is set there, before it looks for a daemon."""
    run = _run(command, home, given, "ps")
    return run.returncode != 0 and "unable to resolve docker endpoint" in run.stderr


def sent_by(command: str, home: Home, given: Given) -> None:
    """Have the docker command ask for the containers there."""
    run = _run(command, home, given, "ps")
    assert run.returncode == 0, run.stderr


def _run(command: str, home: Home, given: Given, *words: str) -> subprocess.CompletedProcess[str]:
    options = [f"--{name}={given[name]}" for name in ("host", "context") if name in given]
    environ = {"PATH": os.environ["PATH"], **home.environ}
    return subprocess.run([command, *options, *words], env=environ, capture_output=True, text=True, check=False)
