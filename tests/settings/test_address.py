"""Parsing and formatting of addresses. More TCP addresses are tested with the client."""

from __future__ import annotations

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aiodockerapi import ConfigurationError, Endpoint
from aiodockerapi._settings import look_up, podman_socket, rootless_socket
from aiodockerapi._settings.address import parse_host

SSH = [
    ("ssh://lab", Endpoint("ssh", host="lab")),
    ("ssh://me@lab:2222", Endpoint("ssh", user="me", host="lab", port=2222)),
    ("ssh://me@lab/", Endpoint("ssh", user="me", host="lab")),
    ("ssh://me@lab//", Endpoint("ssh", user="me", host="lab")),
    ("ssh://lab/run/user/1000/docker.sock", Endpoint("ssh", host="lab", socket="/run/user/1000/docker.sock")),
    ("ssh://lab/run/my%20docker.sock", Endpoint("ssh", host="lab", socket="/run/my docker.sock")),
    ("ssh://a%40b@lab", Endpoint("ssh", user="a@b", host="lab")),
    ("ssh://me@[fe80::1%eth0]:22", Endpoint("ssh", user="me", host="fe80::1%eth0", port=22)),
    ("ssh://me@[fe80::1%25eth0]:22", Endpoint("ssh", user="me", host="fe80::1%eth0", port=22)),
    ("ssh://ssh://lab", Endpoint("ssh", host="lab")),
    ("ssh://7", Endpoint("ssh", host="7")),
    ("SSH://my_alias", Endpoint("ssh", host="my_alias")),
]


@pytest.mark.parametrize(("text", "endpoint"), SSH)
def test_ssh_addresses(text: str, endpoint: Endpoint) -> None:
    found = parse_host(text, source="the default")
    assert found == endpoint
    assert parse_host(str(found), source="the default") == endpoint


# `test_requests` compares paths with those that the docker command sends.
TCP = [
    ("tcp://[fe80::1%25eth0]:99", "tcp://[fe80::1%eth0]:99"),
    ("tcp://[fe80::1%3]:99", "tcp://[fe80::1%3]:99"),
    ("tcp://[fe80::1%25]:99", "tcp://[fe80::1%2525]:99"),
    ("tcp://[fe80::1%25251]:99", "tcp://[fe80::1%25251]:99"),
    ("tcp://tcp://lab:99", "tcp://lab:99"),
    ("https://lab/a%2Fb+c", "https://lab:443/a/b+c"),
    ("tcp://lab/a%2525", "tcp://lab:2375/a%2525"),
    ("tcp://lab/%ff", "tcp://lab:2375/%FF"),
    ("tcp://lab/%2e%2E/x", "tcp://lab:2375/x"),
]


@pytest.mark.parametrize(("text", "shown"), TCP)
def test_tcp_addresses(text: str, shown: str) -> None:
    found = parse_host(text, source="the default")
    assert str(found) == shown
    assert parse_host(shown, source="the default") == found


def test_the_percent_sign_of_a_zone_is_unescaped() -> None:
    assert parse_host("tcp://[fe80::1%25eth0]:99", source="x").host == "fe80::1%eth0"
    assert parse_host("tcp://[fe80::1%25]:99", source="x").host == "fe80::1%25", "a zone that is a number"


BAD = [
    ("ssh://lab/100%", "invalid percent escape"),
    ("ssh://a%@lab", "invalid percent escape"),
    ("ssh://lab/%ff", "socket path with unprintable characters"),
    ("ssh://%ff@lab", "host or user that ssh does not accept"),
    ("ssh://tcp://lab", "has two schemes; it must have the form ssh://HOST:PORT"),
    ("unix://@docker", "unix://@docker is an abstract socket, which is not supported"),
    ("ssh://", "has no host; it must have the form ssh://USER@HOST:PORT"),
    ("ssh://me@", "has no host"),
    ("ssh:///run/docker.sock", "has no host"),
    ("ssh://me:secret@lab", "contains a password, which ssh does not accept in an address"),
    ("ssh://lab:99999", "no valid port"),
    ("ssh://lab:0", "no valid port"),
    ("ssh://lab?x=1", "query or a fragment"),
    ("ssh://lab#x", "query or a fragment"),
    ("ssh://-oProxyCommand=x", "must have the form"),
    ("ssh://-lab", "host or user that ssh does not accept"),
    ("ssh://-l@lab", "host or user that ssh does not accept"),
    ("ssh://a%0Ab@lab", "host or user that ssh does not accept"),
    ("ssh://lab/a%00b", "socket path with unprintable characters"),
    ("ssh://lab;reboot", "must have the form"),
    ("unix://tcp://x", "two schemes"),
    ("unix:///a\0b", "null byte"),
    ("./docker.sock", "did you mean unix://./docker.sock"),
]


@pytest.mark.parametrize(("text", "message"), BAD)
def test_an_invalid_address_is_refused(text: str, message: str) -> None:
    with pytest.raises(ConfigurationError, match=message) as caught:
        parse_host(text, source="DOCKER_HOST")
    assert str(caught.value).startswith("DOCKER_HOST ")
    assert "secret" not in str(caught.value)


@pytest.mark.parametrize(
    ("text", "pipe"),
    [
        ("npipe://", "//./pipe/docker_engine"),
        ("npipe:////./pipe/mine", "//./pipe/mine"),
        (r"npipe://\\.\pipe\mine", "//./pipe/mine"),
    ],
)
def test_named_pipes(text: str, pipe: str) -> None:
    found = look_up(text, environ={}, windows=True).endpoint
    assert found == Endpoint("npipe", socket=pipe, source="the argument host")
    assert str(found) == f"npipe://{pipe}"


def test_windows_uses_a_named_pipe_and_userprofile() -> None:
    environ = {"HOME": "/nonexistent/a", "USERPROFILE": "/nonexistent/b", "DOCKER_CONTEXT": "lab"}
    assert str(look_up(environ={"USERPROFILE": "/nonexistent"}, windows=True).settings().endpoint) == (
        "npipe:////./pipe/docker_engine"
    )
    with pytest.raises(ConfigurationError, match=r"/nonexistent/b/\.docker/contexts contains none"):
        look_up(environ=environ, windows=True).settings()
    with pytest.raises(ConfigurationError, match=r"there is no home directory\. Set DOCKER_CONFIG"):
        look_up(context="lab", environ={}, windows=True).settings()
    with pytest.raises(ConfigurationError, match="there is no home directory: set DOCKER_CERT_PATH"):
        look_up("tcp://a", environ={"DOCKER_TLS": "1"}, windows=True).settings()
    assert str(look_up("tcp://a:1", environ={}, windows=True).settings().endpoint) == "tcp://a:1"


def test_without_home_the_home_directory_of_the_user_id_is_used(monkeypatch: pytest.MonkeyPatch) -> None:
    entry = type("Entry", (), {"pw_dir": "/nonexistent/by-id"})
    monkeypatch.setattr("pwd.getpwuid", lambda _: entry)
    with pytest.raises(ConfigurationError, match=r"/nonexistent/by-id/\.docker/contexts"):
        look_up(context="lab", environ={}, windows=False).settings()

    def no_entry(_: int) -> None:
        raise KeyError

    monkeypatch.setattr("pwd.getpwuid", no_entry)
    assert str(look_up(environ={}, windows=False).settings().endpoint) == "unix:///var/run/docker.sock"


PARTS = [
    "tcp",
    "unix",
    "ssh",
    "http",
    "npipe",
    "://",
    ":",
    "/",
    "//",
    "..",
    "@",
    "[::1]",
    "[::1%25",
    "%2F",
    "%",
    "25",
    "?",
    "#",
    "1",
    "lab",
    " ",
    "\udcff",
    "\0",
]


@given(st.lists(st.sampled_from(PARTS) | st.text(max_size=3), max_size=8).map("".join))
def test_any_text_is_parsed_or_refused(text: str) -> None:
    found = None
    with suppress(ConfigurationError):
        found = parse_host(text, source="the default")
    if found is not None:
        assert parse_host(str(found), source="the default") == found


def test_the_string_and_repr_of_an_endpoint() -> None:
    endpoint = Endpoint("unix", socket="/run/x.sock", source='the docker context "lab" (DOCKER_CONTEXT)')
    assert str(endpoint) == "unix:///run/x.sock"
    assert repr(endpoint) == '<Endpoint unix:///run/x.sock, from the docker context "lab" (DOCKER_CONTEXT)>'
    assert repr(Endpoint("tcp", host="a", port=1, tls=True)) == "<Endpoint tcp://a:1 with TLS, from the default>"


@pytest.mark.parametrize(
    ("environ", "user", "rootless", "address"),
    [
        ({"XDG_RUNTIME_DIR": "/run/user/7/"}, 7, None, "unix:///run/user/7/podman/podman.sock"),
        ({}, 7, None, "unix:///run/user/7/podman/podman.sock"),
        ({"XDG_RUNTIME_DIR": "/run/user/0"}, 0, None, "unix:///run/podman/podman.sock"),
        ({}, 7, False, "unix:///run/podman/podman.sock"),
        ({}, 0, True, "unix:///run/user/0/podman/podman.sock"),
    ],
)
def test_podman_sockets(
    environ: dict[str, str], user: int, rootless: bool | None, address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("os.getuid", lambda: user)
    assert podman_socket(rootless=rootless, environ=environ) == address


def test_rootless_sockets(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("os.getuid", lambda: 7)
    assert rootless_socket({"XDG_RUNTIME_DIR": "/tmp/run"}) == "unix:///tmp/run/docker.sock"
    assert rootless_socket({"XDG_RUNTIME_DIR": ""}) == "unix:///run/user/7/docker.sock"
    monkeypatch.delattr("os.getuid")
    with pytest.raises(ConfigurationError, match="no per-user sockets"):
        rootless_socket({})
