"""Proxies in config.json, as containers and builds get them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from aiodockerapi._settings import look_up, with_proxies
from tests.support.settings import Home

DEFAULT = {"httpProxy": "http://all:1", "noProxy": "localhost"}
OWN = {"httpsProxy": "http://one:1", "ftpProxy": "f", "allProxy": "a", "other": 5}
SSH_KEY = "http://docker.example.com"  # the key that the docker command uses for daemons over ssh

CASES: list[tuple[dict[str, Any], str, dict[str, str]]] = [
    ({}, "unix:///x", {}),
    ({"default": {}}, "unix:///x", {}),
    ({"default": None}, "unix:///x", {}),
    ({"default": DEFAULT}, "unix:///x", {"HTTP_PROXY": "http://all:1", "NO_PROXY": "localhost"}),
    ({"default": {"HTTPPROXY": "x", "noProxy": ""}}, "unix:///x", {"HTTP_PROXY": "x"}),
    ({"Default": DEFAULT}, "unix:///x", {}),
    (
        {"unix:///x": OWN, "default": DEFAULT},
        "unix:///x",
        {"HTTPS_PROXY": "http://one:1", "FTP_PROXY": "f", "ALL_PROXY": "a"},
    ),
    ({"unix:///x": {}, "default": DEFAULT}, "unix:///x", {}),
    ({"tcp://a:2375": {"allProxy": "a"}}, "tcp://a", {"ALL_PROXY": "a"}),
    ({"tcp://a:2375/base/": {"allProxy": "a"}}, "tcp://a/base/", {"ALL_PROXY": "a"}),
    ({"tcp://a:2376": {"allProxy": "a"}}, "tcp://a", {}),
    ({"tcp://a": {"allProxy": "a"}}, "tcp://a", {}),
    ({"tcp://a:1//b c": {"allProxy": "a"}}, "tcp://a:1/b c/", {"ALL_PROXY": "a"}),
    ({"http://a": {"allProxy": "a"}, "http://a?b": {}}, "http://a", {"ALL_PROXY": "a"}),
    ({"http://a?b": {}, "b": {}, "https://a": {}, "http://a:80/": {"allProxy": "a"}}, "http://a", {"ALL_PROXY": "a"}),
    ({"ssh://me@a": {"allProxy": "a"}, SSH_KEY: DEFAULT}, "ssh://me@a", {"ALL_PROXY": "a"}),
    ({"default": {}, SSH_KEY: {"allProxy": "a"}}, "ssh://me@a", {"ALL_PROXY": "a"}),
    ({SSH_KEY: {"allProxy": "a"}}, "tcp://a", {}),
]


@pytest.mark.parametrize(("proxies", "host", "variables"), CASES)
def test_the_entry_of_the_address_replaces_the_default(
    proxies: dict[str, Any], host: str, variables: dict[str, str], tmp_path: Path
) -> None:
    home = Home(tmp_path)
    home.config({"proxies": proxies})
    both = variables | {name.lower(): value for name, value in variables.items()}
    assert look_up(host, environ=home.environ).settings().proxies == both


def test_given_variables_take_precedence() -> None:
    found = {"HTTP_PROXY": "a", "http_proxy": "a", "NO_PROXY": "b", "no_proxy": "b"}
    given = {"http_proxy": "mine", "NO_PROXY": None, "X": "y"}
    assert with_proxies(found, given) == {
        "HTTP_PROXY": "a",
        "http_proxy": "mine",
        "NO_PROXY": None,
        "no_proxy": "b",
        "X": "y",
    }
