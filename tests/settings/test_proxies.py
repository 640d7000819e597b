"""Proxies of config.json, as containers and builds get them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from aiodockerapi._settings import look_up, with_proxies
from tests.support.settings import Home

EVERYWHERE = {"httpProxy": "http://all:1", "noProxy": "localhost"}
THERE = {"httpsProxy": "http://one:1", "ftpProxy": "f", "allProxy": "a", "other": 5}
OVER_SSH = "http://docker.example.com"  # what the docker command takes for the address of a daemon behind ssh

CASES: list[tuple[dict[str, Any], str, dict[str, str]]] = [
    ({}, "unix:///x", {}),
    ({"default": {}}, "unix:///x", {}),
    ({"default": None}, "unix:///x", {}),
    ({"default": EVERYWHERE}, "unix:///x", {"HTTP_PROXY": "http://all:1", "NO_PROXY": "localhost"}),
    ({"default": {"HTTPPROXY": "x", "noProxy": ""}}, "unix:///x", {"HTTP_PROXY": "x"}),
    ({"Default": EVERYWHERE}, "unix:///x", {}),
    (
        {"unix:///x": THERE, "default": EVERYWHERE},
        "unix:///x",
        {"HTTPS_PROXY": "http://one:1", "FTP_PROXY": "f", "ALL_PROXY": "a"},
    ),
    ({"unix:///x": {}, "default": EVERYWHERE}, "unix:///x", {}),
    ({"tcp://a:2375": {"allProxy": "a"}}, "tcp://a", {"ALL_PROXY": "a"}),
    ({"tcp://a:2375/base/": {"allProxy": "a"}}, "tcp://a/base/", {"ALL_PROXY": "a"}),
    ({"tcp://a:2376": {"allProxy": "a"}}, "tcp://a", {}),
    ({"tcp://a": {"allProxy": "a"}}, "tcp://a", {}),
    ({"tcp://a:1//b c": {"allProxy": "a"}}, "tcp://a:1/b c/", {"ALL_PROXY": "a"}),
    ({"http://a": {"allProxy": "a"}, "http://a?b": {}}, "http://a", {"ALL_PROXY": "a"}),
    ({"http://a?b": {}, "b": {}, "https://a": {}, "http://a:80/": {"allProxy": "a"}}, "http://a", {"ALL_PROXY": "a"}),
    ({"ssh://me@a": {"allProxy": "a"}, OVER_SSH: EVERYWHERE}, "ssh://me@a", {"ALL_PROXY": "a"}),
    ({"default": {}, OVER_SSH: {"allProxy": "a"}}, "ssh://me@a", {"ALL_PROXY": "a"}),
    ({OVER_SSH: {"allProxy": "a"}}, "tcp://a", {}),
]


@pytest.mark.parametrize(("proxies", "host", "variables"), CASES)
def test_proxies(proxies: dict[str, Any], host: str, variables: dict[str, str], tmp_path: Path) -> None:
    home = Home(tmp_path)
    home.config({"proxies": proxies})
    both = variables | {name.lower(): value for name, value in variables.items()}
    assert look_up(host, environ=home.environ).settings().proxies == both


def test_what_is_given_goes_first() -> None:
    found = {"HTTP_PROXY": "a", "http_proxy": "a", "NO_PROXY": "b", "no_proxy": "b"}
    given = {"http_proxy": "mine", "NO_PROXY": None, "X": "y"}
    assert with_proxies(found, given) == {
        "HTTP_PROXY": "a",
        "http_proxy": "mine",
        "NO_PROXY": None,
        "no_proxy": "b",
        "X": "y",
    }
