"""Which address and TLS settings the client uses; the docker command uses the same."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from aiodockerapi._settings import TLS
from tests.support import engine
from tests.support.settings import (
    PEM,
    Given,
    cli_choice,
    cli_error_address,
    ctx,
    describe,
    lab,
    lookup_in,
    make_home,
    raw,
)

SOCKET = "unix:///var/run/docker.sock"
LAB = {"contexts": [ctx("lab", "tcp://lab:2375"), ctx("prod", "unix:///run/prod.sock")]}
NOW_LAB: dict[str, Any] = LAB | {"config": {"currentContext": "lab"}}
BY_CONFIG = 'the docker context "lab" (currentContext in {home}/.docker/config.json)'
BY_VARIABLE = 'the docker context "lab" (DOCKER_CONTEXT)'
BY_ARGUMENT = 'the docker context "lab" (the argument context)'
CERTS = {"files": [f".docker/{name}" for name in PEM]}
CA = {"files": [".docker/ca.pem"]}
TCP = {"DOCKER_HOST": "tcp://a:1"}
DOCKER = '{"docker": {"Host": "tcp://l:1"}}'


# Settings; then address, source, TLS. The docker command uses the same.
SHARED: list[tuple[Given, str, str, str]] = [
    ({}, SOCKET, "the default", ""),
    ({"config": {}}, SOCKET, "the default", ""),
    ({"config": ""}, SOCKET, "the default", ""),
    ({"config": "null"}, SOCKET, "the default", ""),
    ({"host": "tcp://a:1"}, "tcp://a:1", "the argument host", ""),
    (TCP, "tcp://a:1", "DOCKER_HOST", ""),
    ({"DOCKER_HOST": " tcp://a:1\n"}, "tcp://a:1", "DOCKER_HOST", ""),
    ({"DOCKER_HOST": "a"}, "tcp://a:2375", "DOCKER_HOST", ""),
    ({"DOCKER_HOST": ":99"}, "tcp://localhost:99", "DOCKER_HOST", ""),
    ({"DOCKER_HOST": "tcp://[::1]:"}, "tcp://[::1]:2375", "DOCKER_HOST", ""),
    ({"DOCKER_HOST": "tcp://a/base"}, "tcp://a:2375/base", "DOCKER_HOST", ""),
    ({"DOCKER_HOST": "tcp://a//b/./c/../d/"}, "tcp://a:2375/b/d", "DOCKER_HOST", ""),
    ({"DOCKER_HOST": "tcp://a/../b"}, "tcp://a:2375/b", "DOCKER_HOST", ""),
    ({"DOCKER_HOST": "unix://"}, SOCKET, "DOCKER_HOST", ""),
    ({"DOCKER_HOST": "unix://unix:///x"}, "unix:///x", "DOCKER_HOST", ""),
    ({"DOCKER_HOST": "ssh://me@a:22"}, "ssh://me@a:22", "DOCKER_HOST", ""),
    (NOW_LAB | {"DOCKER_HOST": " "}, SOCKET, "the default", ""),  # blanks are not empty, but mean the default
    (LAB | {"DOCKER_CONTEXT": "lab"}, "tcp://lab:2375", BY_VARIABLE, ""),
    (NOW_LAB, "tcp://lab:2375", BY_CONFIG, ""),
    (LAB | {"config": {"CURRENTCONTEXT": "lab"}}, "tcp://lab:2375", BY_CONFIG, ""),
    (LAB | {"config": '{"currentcontext": "x", "currentContext": "lab"}'}, "tcp://lab:2375", BY_CONFIG, ""),
    (LAB | {"config": '{"currentContext": "lab", "currentcontext": null}'}, "tcp://lab:2375", BY_CONFIG, ""),
    (LAB | {"config": {"currentContext": None}}, SOCKET, "the default", ""),
    (LAB | {"config": {"currentContext": ""}}, SOCKET, "the default", ""),
    (LAB | {"config": {"currentContext": "default"}}, SOCKET, "the default", ""),
    (LAB | {"context": "lab"}, "tcp://lab:2375", BY_ARGUMENT, ""),
    (TCP | {"host": "unix:///x"}, "unix:///x", "the argument host", ""),
    (NOW_LAB | {"host": "unix:///x", "DOCKER_CONTEXT": "nope"}, "unix:///x", "the argument host", ""),
    (NOW_LAB | TCP, "tcp://a:1", "DOCKER_HOST", ""),
    (TCP | {"DOCKER_CONTEXT": "nope"}, "tcp://a:1", "DOCKER_HOST", ""),
    (NOW_LAB | {"DOCKER_CONTEXT": "prod"}, "unix:///run/prod.sock", 'the docker context "prod" (DOCKER_CONTEXT)', ""),
    (NOW_LAB | {"DOCKER_CONTEXT": "default"}, SOCKET, "the default", ""),
    (LAB | TCP | {"context": "lab"}, "tcp://lab:2375", BY_ARGUMENT, ""),
    (LAB | {"DOCKER_CONTEXT": "prod", "context": "lab"}, "tcp://lab:2375", BY_ARGUMENT, ""),
    (NOW_LAB | TCP | {"context": "default"}, "tcp://a:1", "DOCKER_HOST", ""),
    (NOW_LAB | {"context": "default"}, SOCKET, "the default", ""),
    (NOW_LAB | {"HOME": "/nonexistent", "DOCKER_CONFIG": "{home}/.docker"}, "tcp://lab:2375", BY_CONFIG, ""),
    (NOW_LAB | {"DOCKER_CONFIG": "{home}/none"}, SOCKET, "the default", ""),
    (NOW_LAB | {"HOME": "/nonexistent"}, SOCKET, "the default", ""),
    # TLS of the environment
    (CERTS | TCP | {"DOCKER_TLS_VERIFY": "1"}, "tcp://a:1", "DOCKER_HOST", "ca.pem cert.pem key.pem verified"),
    (CERTS | TCP | {"DOCKER_TLS": "1"}, "tcp://a:1", "DOCKER_HOST", "ca.pem cert.pem key.pem unverified"),
    (CA | TCP | {"DOCKER_TLS": "1", "DOCKER_TLS_VERIFY": "1"}, "tcp://a:1", "DOCKER_HOST", "ca.pem verified"),
    (CA | TCP | {"DOCKER_TLS_VERIFY": "0"}, "tcp://a:1", "DOCKER_HOST", "ca.pem verified"),  # any text enables it
    (CA | TCP | {"DOCKER_TLS_VERIFY": "", "DOCKER_TLS": ""}, "tcp://a:1", "DOCKER_HOST", ""),
    (CA | {"host": "tcp://a:1", "DOCKER_TLS": "1"}, "tcp://a:1", "the argument host", "ca.pem unverified"),
    (CA | {"DOCKER_HOST": "tcp://a", "DOCKER_TLS": "1"}, "tcp://a:2375", "DOCKER_HOST", "ca.pem unverified"),
    (
        CA | {"DOCKER_TLS": "1"},
        "tcp://localhost:2376",
        "the default for TLS, enabled by DOCKER_TLS",
        "ca.pem unverified",
    ),
    (
        TCP | {"files": ["certs/ca.pem", *CERTS["files"]], "DOCKER_TLS": "1", "DOCKER_CERT_PATH": "{home}/certs"},
        *("tcp://a:1", "DOCKER_HOST", "ca.pem unverified"),
    ),
    (CERTS | TCP | {"DOCKER_CERT_PATH": "{home}/.docker"}, "tcp://a:1", "DOCKER_HOST", ""),
    (CERTS | NOW_LAB | {"DOCKER_TLS_VERIFY": "1"}, "tcp://lab:2375", BY_CONFIG, ""),  # not for a context
    # TLS of contexts
    (lab("tcp://l:1", PEM), "tcp://l:1", BY_VARIABLE, "ca.pem cert.pem key.pem verified"),
    (lab("tcp://l:1", PEM[:1]), "tcp://l:1", BY_VARIABLE, "ca.pem verified"),
    (lab("tcp://l:1", PEM[1:]), "tcp://l:1", BY_VARIABLE, "cert.pem key.pem verified"),
    (lab("tcp://l:1", (*PEM, "notes.txt")), "tcp://l:1", BY_VARIABLE, "ca.pem cert.pem key.pem verified"),
    (lab("tcp://l:1", PEM, SkipTLSVerify=True), "tcp://l:1", BY_VARIABLE, "ca.pem cert.pem key.pem unverified"),
    (lab("tcp://l:1", SkipTLSVerify=True), "tcp://l:1", BY_VARIABLE, "unverified"),
    (lab("tcp://l:1", SkipTLSVerify=None), "tcp://l:1", BY_VARIABLE, ""),
    (lab("tcp://l:1", skiptlsverify=True), "tcp://l:1", BY_VARIABLE, "unverified"),
    # contents of contexts
    (raw({"Endpoints": {"docker": {"host": "tcp://l:1"}}}), "tcp://l:1", BY_VARIABLE, ""),
    (lab("ssh://me@l"), "ssh://me@l", BY_VARIABLE, ""),
    (raw({"endpoints": {"docker": {"HOST": "tcp://l:1"}}}), "tcp://l:1", BY_VARIABLE, ""),
    (
        raw({"Name": "other", "Endpoints": {"docker": {"Host": "unix:///x"}, "kubernetes": {}}}),
        "unix:///x",
        BY_VARIABLE,
        "",
    ),
    # duplicate names: objects are merged
    (raw(f'{{"Endpoints": {DOCKER}, "Endpoints": {{"kubernetes": {{}}}}}}'), "tcp://l:1", BY_VARIABLE, ""),
    (raw(f'{{"endpoints": {{"kubernetes": {{}}}}, "Endpoints": {DOCKER}}}'), "tcp://l:1", BY_VARIABLE, ""),
    (raw(f'{{"endpoints": {{"docker": 5}}, "Endpoints": null, "Endpoints": {DOCKER}}}'), "tcp://l:1", BY_VARIABLE, ""),
    ({"context": "a.b_c+d-1", "contexts": [ctx("a.b_c+d-1", "unix:///x")]}, "unix:///x", "{context}", ""),
]

# Settings that the docker command refuses, cannot report, or treated differently in 20.10.
CLIENT_ONLY: list[tuple[Given, str, str, str]] = [
    ({"DOCKER_HOST": "tcp://[::1]"}, "tcp://[::1]:2375", "DOCKER_HOST", ""),
    (NOW_LAB | {"DOCKER_HOST": ""}, "tcp://lab:2375", BY_CONFIG, ""),
    (LAB | {"DOCKER_CONTEXT": ""}, SOCKET, "the default", ""),
    ({"DOCKER_HOST": "ssh://me@a:22/x.sock"}, "ssh://me@a:22/x.sock", "DOCKER_HOST", ""),
    ({"DOCKER_HOST": "https://a"}, "https://a:443", "DOCKER_HOST", "verified"),
    ({"DOCKER_HOST": "http://a"}, "http://a:80", "DOCKER_HOST", ""),
    (CA | {"DOCKER_HOST": "https://a", "DOCKER_TLS_VERIFY": "1"}, "https://a:443", "DOCKER_HOST", "ca.pem verified"),
    (lab("https://l"), "https://l:443", BY_VARIABLE, "verified"),
    (lab("https://l:1", PEM[:1]), "https://l:1", BY_VARIABLE, "ca.pem verified"),
    (lab("tcp://l:1", (".",)), "tcp://l:1", BY_VARIABLE, "verified"),
    # TLS requires TCP; so does the CLI, except in "docker context inspect"
    (lab("unix:///x", PEM, SkipTLSVerify=True), "unix:///x", BY_VARIABLE, ""),
    (lab("ssh://l", PEM), "ssh://l", BY_VARIABLE, ""),
    (lab("ssh://l", PEM[:2]), "ssh://l", BY_VARIABLE, ""),
    (lab("unix:///x", ("ca.pem/.",)), "unix:///x", BY_VARIABLE, ""),
    ({"DOCKER_HOST": "unix:///x", "DOCKER_TLS_VERIFY": "1"}, "unix:///x", "DOCKER_HOST", ""),
    ({"DOCKER_HOST": "ssh://a", "DOCKER_TLS": "1"}, "ssh://a", "DOCKER_HOST", ""),
    # the argument tls
    (TCP | {"tls": True}, "tcp://a:1", "DOCKER_HOST", "verified"),
    (TCP | {"tls": TLS(ca=b"PEM", verify=False)}, "tcp://a:1", "DOCKER_HOST", "<PEM> unverified"),
    (CERTS | TCP | {"tls": False, "DOCKER_TLS_VERIFY": "1"}, "tcp://a:1", "DOCKER_HOST", ""),
    (CERTS | TCP | {"tls": True, "DOCKER_TLS": "1"}, "tcp://a:1", "DOCKER_HOST", "verified"),
    ({"DOCKER_HOST": "http://a", "DOCKER_TLS": "1", "tls": False}, "http://a:80", "DOCKER_HOST", ""),
    ({"tls": True}, "tcp://localhost:2376", "the default for TLS, enabled by the argument tls", "verified"),
    ({"tls": False, "DOCKER_TLS": "1"}, SOCKET, "the default", ""),
    (lab("tcp://l:1", PEM) | {"tls": TLS(cert=b"PEM")}, "tcp://l:1", BY_VARIABLE, "<PEM> verified"),
    (lab("tcp://l:1", PEM) | {"tls": False}, "tcp://l:1", BY_VARIABLE, ""),
    (lab("tcp://l:1") | {"tls": True}, "tcp://l:1", BY_VARIABLE, "verified"),
]


def row_id(value: object) -> str | None:
    """Return the settings of a row as its name."""
    return str(value)[:120] if isinstance(value, dict) else None


@pytest.mark.parametrize(("given", "address", "source", "tls"), SHARED + CLIENT_ONLY, ids=row_id)
def test_the_client_uses_the_first_setting_by_precedence(
    given: Given, address: str, source: str, tls: str, tmp_path: Path
) -> None:
    home = make_home(tmp_path, given)
    found = lookup_in(home, given)
    source = home.fill(source).replace("{context}", 'the docker context "a.b_c+d-1" (the argument context)')
    assert describe(found.settings()) == (address, source, tls)
    if found.endpoint is not None:
        assert found.endpoint == found.settings().endpoint


@pytest.mark.parametrize(("given", "address", "tls"), [(row[0], row[1], row[3]) for row in SHARED], ids=row_id)
def test_the_docker_command_uses_the_same_settings(given: Given, address: str, tls: str, tmp_path: Path) -> None:
    assert cli_choice(engine.cli(), make_home(tmp_path, given), given) == (address, tls)


UNREACHABLE: list[Given] = [
    {"DOCKER_HOST": "unix:///nonexistent/docker.sock"},
    {"DOCKER_HOST": "tcp://127.0.0.1:1/base"},
    {"host": "127.0.0.1:1", "DOCKER_HOST": "unix:///nonexistent/docker.sock"},
    lab("unix:///nonexistent/lab.sock"),
    lab("tcp://127.0.0.1:1"),
    NOW_LAB | {"DOCKER_HOST": "tcp://127.0.0.1:1"},
]


@pytest.mark.parametrize("given", UNREACHABLE, ids=row_id)
def test_the_docker_command_connects_to_the_same_address(given: Given, tmp_path: Path) -> None:
    home = make_home(tmp_path, given)
    assert cli_error_address(engine.cli(), home, given) == str(lookup_in(home, given).settings().endpoint)
