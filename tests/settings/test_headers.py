"""Custom headers in the user's configuration."""

from __future__ import annotations

from pathlib import Path

import pytest

from aiodockerapi import ConfigurationError
from aiodockerapi._settings import look_up
from tests.support.settings import Home

VARIABLES = [
    ("one=1", {"One": "1"}),
    ("one=1,x-two=2", {"One": "1", "X-Two": "2"}),
    (' one =1, two="2"', None),
    ('one=1,"two=a, b"', {"One": "1", "Two": "a, b"}),
    ('"one=say ""hello"""', {"One": 'say "hello"'}),
    ("one= a b ", {"One": "a b"}),
    ("one=a=b", {"One": "a=b"}),
    ("one=", {"One": ""}),
    ("one=1,ONE=2", {"One": "2"}),
    ("one=1\n", {"One": "1"}),
    ("User-Agent=me,one=1", {"One": "1"}),
    ("Host=x,content-length=7,Transfer-Encoding=chunked,CONNECTION=close,upgrade=h2c,Accept-Encoding=gzip", {}),
    ("Authorization=Bearer x", {"Authorization": "Bearer x"}),
    ("one", None),
    ("one=1,", None),
    ("one=1,,two=2", None),
    ("=1", None),
    ("a b=1", None),
    ("one=1\ntwo=2", None),
    ('"one=1', None),
    ('"one=1"2', None),
    ('one="1"', None),
    ("one=\x07", None),
    ('"one=1\r\nHost: elsewhere"', None),
    ("\n", None),
    ("one=\udcff", None),
]


@pytest.mark.parametrize(("text", "headers"), VARIABLES)
def test_docker_custom_headers(text: str, headers: dict[str, str] | None, tmp_path: Path) -> None:
    environ = Home(tmp_path).environ | {"DOCKER_CUSTOM_HEADERS": text}
    if headers is None:
        with pytest.raises(ConfigurationError, match=r"^DOCKER_CUSTOM_HEADERS "):
            look_up(environ=environ)
    else:
        assert look_up(environ=environ).settings().headers == headers


def test_errors_do_not_show_values() -> None:
    for text in ("Authorization=Bearer secret,oops", "X=secret\x07", '"X=secret'):
        with pytest.raises(ConfigurationError) as caught:
            look_up(environ={"DOCKER_CUSTOM_HEADERS": text})
        assert "secret" not in str(caught.value)


def test_headers_in_config_json(tmp_path: Path) -> None:
    home = Home(tmp_path)
    home.config({"httpheaders": {"x-one": " 1 ", "USER-AGENT": "me", "Meta": None}})
    for host in (None, "unix:///x"):
        assert look_up(host, environ=home.environ).settings().headers == {"X-One": "1", "Meta": ""}


def test_duplicate_headers_in_config_json(tmp_path: Path) -> None:
    home = Home(tmp_path)
    home.config(
        '{"HttpHeaders": {"X-One": "1", "X-Two": "2"}, "httpheaders": {"X-Two": "3"}, "HttpHeaders": {"X-Four": "4"}}'
    )
    found = look_up(environ=home.environ).settings().headers
    assert found == {"X-One": "1", "X-Two": "3", "X-Four": "4"}
    home.config('{"HttpHeaders": {"X-One": "1"}, "httpheaders": null}')
    assert look_up(environ=home.environ).settings().headers == {}


def test_the_variable_replaces_the_headers_of_config_json(tmp_path: Path) -> None:
    home = Home(tmp_path)
    home.config({"HttpHeaders": {"X-One": "1"}})
    assert look_up(environ=home.environ | {"DOCKER_CUSTOM_HEADERS": ""}).settings().headers == {"X-One": "1"}
    assert look_up(environ=home.environ | {"DOCKER_CUSTOM_HEADERS": "X-Two=2"}).settings().headers == {"X-Two": "2"}
    assert look_up(environ=home.environ | {"DOCKER_CUSTOM_HEADERS": "Host=x"}).settings().headers == {}


def test_the_repr_does_not_show_headers_and_proxies(tmp_path: Path) -> None:
    home = Home(tmp_path)
    home.config({"HttpHeaders": {"X-One": "secret"}, "proxies": {"default": {"httpProxy": "http://me:secret@proxy"}}})
    found = look_up(environ=home.environ)
    assert found.settings().headers == {"X-One": "secret"}
    assert found.settings().proxies["http_proxy"] == "http://me:secret@proxy"
    assert "secret" not in repr(found) + repr(found.settings())
    hidden = look_up(environ=home.environ | {"DOCKER_CUSTOM_HEADERS": "X-One=secret"})
    assert "secret" not in repr(hidden) + repr(hidden.settings())
