"""The constructor of the client: selection of the daemon, and invalid arguments. Nothing is sent."""

from __future__ import annotations

import copy
import pickle
import socket
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from aiodockerapi import ConfigurationError, Docker, InvalidArgument, InvalidArgumentType, UnsupportedVersion


@pytest.fixture(autouse=True)
def environment(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    """Remove the variables that select a daemon."""
    for name in ("DOCKER_HOST", "DOCKER_API_VERSION", "DOCKER_CONTEXT", "DOCKER_TLS", "DOCKER_TLS_VERIFY"):
        monkeypatch.delenv(name, raising=False)
    return monkeypatch


def test_the_constructor_needs_no_event_loop_and_does_no_io(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*arguments: Any, **named: Any) -> None:
        raise AssertionError("the constructor did I/O")

    monkeypatch.setattr(socket, "socket", refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)
    monkeypatch.setattr(Path, "open", refuse)
    monkeypatch.setattr(Path, "read_bytes", refuse)
    monkeypatch.setattr(Path, "stat", refuse)
    docker = Docker("unix:///nonexistent/docker.sock")
    docker.container("web").logs  # noqa: B018 - a handle sends nothing
    docker.exec_instance("4fa6")
    assert docker.api_version is None
    assert repr(docker) == "<Docker unix:///nonexistent/docker.sock>"


ADDRESSES = [
    ("unix:///run/my docker.sock", "unix:///run/my docker.sock"),
    ("unix://", "unix:///var/run/docker.sock"),
    ("UNIX:///run/x.sock", "unix:///run/x.sock"),
    (" unix:///run/x.sock\n", "unix:///run/x.sock"),
    ("tcp://example.org:2376", "tcp://example.org:2376"),
    ("tcp://example.org", "tcp://example.org:2375"),
    ("tcp://", "tcp://localhost:2375"),
    ("tcp://:99", "tcp://localhost:99"),
    ("example.org", "tcp://example.org:2375"),
    ("example.org:99", "tcp://example.org:99"),
    ("127.0.0.1", "tcp://127.0.0.1:2375"),
    ("[::1]:99", "tcp://[::1]:99"),
    ("tcp://[::1]", "tcp://[::1]:2375"),
    ("tcp://[fe80::1%eth0]:99", "tcp://[fe80::1%eth0]:99"),
    ("http://example.org", "http://example.org:80"),
    ("https://example.org", "https://example.org:443"),
    ("tcp://example.org:99/", "tcp://example.org:99"),
    ("tcp://example.org/a/b c/", "tcp://example.org:2375/a/b%20c"),
    ("example.org:99/base", "tcp://example.org:99/base"),
]


@pytest.mark.parametrize(("host", "endpoint"), ADDRESSES)
def test_addresses(host: str, endpoint: str, environment: pytest.MonkeyPatch) -> None:
    assert str(Docker(host).endpoint) == endpoint
    environment.setenv("DOCKER_HOST", host)
    assert str(Docker().endpoint) == endpoint


BAD_ADDRESSES = [
    ("ftp://example.org", "scheme ftp://"),
    ("://example.org", "scheme ://"),
    ("tcp://example.org:0", "no valid port"),
    ("tcp://example.org:65536", "no valid port"),
    ("tcp://example.org:port", "HOST:PORT"),
    ("tcp://::1:99", "HOST:PORT"),
    ("tcp://[::1", "HOST:PORT"),
    ("tcp://a b", "HOST:PORT"),
    ("tcp://user:secret@example.org", "user name or password"),
    ("tcp://example.org?x=1", "query or a fragment"),
    ("tcp://example.org/x#y", "query or a fragment"),
]


@pytest.mark.parametrize(("host", "reason"), BAD_ADDRESSES)
def test_bad_addresses_name_their_source(host: str, reason: str, environment: pytest.MonkeyPatch) -> None:
    with pytest.raises(ConfigurationError, match=reason) as caught:
        Docker(host)
    assert str(caught.value).startswith("the argument host ")
    environment.setenv("DOCKER_HOST", host)
    with pytest.raises(ConfigurationError, match=reason) as caught:
        Docker()
    assert str(caught.value).startswith("DOCKER_HOST ")
    assert "secret" not in str(caught.value)


@pytest.mark.parametrize("host", ["", "  ", 5, b"unix:///x"])
def test_an_address_must_be_a_nonempty_string(host: Any) -> None:
    with pytest.raises(ConfigurationError, match=r"the argument host (?:is empty|must be a string)"):
        Docker(host)


DEFAULT = "unix:///var/run/docker.sock"
ENVIRONMENTS = [
    ({}, DEFAULT, None),
    ({"DOCKER_HOST": ""}, DEFAULT, None),
    ({"DOCKER_HOST": " "}, DEFAULT, None),
    ({"DOCKER_HOST": "tcp://a:1"}, "tcp://a:1", None),
    ({"DOCKER_API_VERSION": "1.44"}, DEFAULT, "1.44"),
    ({"DOCKER_API_VERSION": " v1.44 "}, DEFAULT, "1.44"),
    ({"DOCKER_API_VERSION": "2.0"}, DEFAULT, "2.0"),
    ({"DOCKER_API_VERSION": ""}, DEFAULT, None),
    ({"DOCKER_CONTEXT": ""}, DEFAULT, None),
    ({"DOCKER_CONTEXT": "default"}, DEFAULT, None),
    ({"DOCKER_HOST": "tcp://a:1", "DOCKER_CONTEXT": "other"}, "tcp://a:1", None),
    ({"DOCKER_HOST": "unix:///x", "DOCKER_TLS_VERIFY": "1"}, "unix:///x", None),
    ({"DOCKER_HOST": "tcp://a:1", "DOCKER_TLS_VERIFY": "", "DOCKER_TLS": ""}, "tcp://a:1", None),
]


@pytest.mark.parametrize(("variables", "endpoint", "version"), ENVIRONMENTS)
async def test_environment_variables(
    variables: dict[str, str], endpoint: str, version: str | None, environment: pytest.MonkeyPatch
) -> None:
    for name, value in variables.items():
        environment.setenv(name, value)
    async with Docker() as docker:
        assert (str(docker.endpoint), docker.api_version) == (endpoint, version)


BAD_ENVIRONMENTS = [
    (
        {"DOCKER_API_VERSION": "new"},
        ConfigurationError,
        "DOCKER_API_VERSION must be MAJOR.MINOR, such as 1.41, not 'new'",
    ),
    ({"DOCKER_API_VERSION": "1"}, ConfigurationError, "DOCKER_API_VERSION must be MAJOR.MINOR, such as 1.41, not '1'"),
    ({"DOCKER_API_VERSION": "1.40"}, UnsupportedVersion, "DOCKER_API_VERSION must be 1.41 or newer, not 1.40"),
    ({"DOCKER_CONTEXT": "no-such-context"}, ConfigurationError, "no-such-context"),
    (
        {"DOCKER_HOST": "tcp://a:1", "DOCKER_TLS_VERIFY": "1", "DOCKER_CERT_PATH": "/nonexistent"},
        ConfigurationError,
        "DOCKER_TLS_VERIFY|/nonexistent",
    ),
    (
        {"DOCKER_HOST": "tcp://a:1", "DOCKER_TLS": "1", "DOCKER_CERT_PATH": "/nonexistent"},
        ConfigurationError,
        "DOCKER_TLS|/nonexistent",
    ),
]


@pytest.mark.parametrize(("variables", "error", "reason"), BAD_ENVIRONMENTS)
async def test_invalid_environment_variables(
    variables: dict[str, str], error: type[Exception], reason: str, environment: pytest.MonkeyPatch
) -> None:
    for name, value in variables.items():
        environment.setenv(name, value)
    with pytest.raises(error, match=reason):
        async with Docker():
            pass


def test_arguments_take_precedence_over_the_environment(environment: pytest.MonkeyPatch) -> None:
    for name, value in (("DOCKER_HOST", "ftp://x"), ("DOCKER_API_VERSION", "0.1"), ("DOCKER_CONTEXT", "x")):
        environment.setenv(name, value)
    docker = Docker("tcp://a:1", api_version="v1.43")
    assert (str(docker.endpoint), docker.api_version) == ("tcp://a:1", "1.43")


@pytest.mark.parametrize(
    ("arguments", "error"),
    [
        ({"api_version": "1.40"}, UnsupportedVersion),
        ({"api_version": ""}, ConfigurationError),
        ({"api_version": "1.44.1"}, ConfigurationError),
        ({"api_version": 1.44}, ConfigurationError),
        ({"connect_timeout": 0}, InvalidArgument),
        ({"connect_timeout": -1}, InvalidArgument),
        ({"connect_timeout": float("nan")}, InvalidArgument),
        ({"connect_timeout": "10"}, InvalidArgumentType),
        ({"connect_timeout": True}, InvalidArgumentType),
        ({"max_connections": 0}, InvalidArgument),
        ({"max_connections": 1.5}, InvalidArgumentType),
        ({"connect_timeout": float("inf")}, InvalidArgument),
        ({"connect_timeout": 10**400}, InvalidArgument),
        ({"ssh": "tunnel"}, InvalidArgumentType),
        ({"ssh": False}, InvalidArgumentType),
        ({"proxies": None}, InvalidArgumentType),
        ({"proxies": {"httpProxy": "x"}}, InvalidArgumentType),
    ],
    ids=str,
)
def test_invalid_arguments(arguments: dict[str, Any], error: type[Exception]) -> None:
    with pytest.raises(error):
        Docker("tcp://a:1", **arguments)


def test_a_version_must_be_a_string() -> None:
    with pytest.raises(ConfigurationError, match=r'api_version must be a string such as "1.44", not float'):
        Docker("tcp://a:1", api_version=1.4)  # type: ignore[arg-type]


@pytest.mark.parametrize("copied", [copy.copy, copy.deepcopy, pickle.dumps])
def test_a_client_cannot_be_copied(copied: Callable[[Docker], object]) -> None:
    with pytest.raises(TypeError, match="cannot be copied or pickled"):
        copied(Docker("tcp://a:1"))
