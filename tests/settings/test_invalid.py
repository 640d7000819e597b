"""Invalid settings: the error names the setting or file, and the remedy."""

from __future__ import annotations

import errno
import re
import traceback
from pathlib import Path
from typing import Any

import pytest

from aiodockerapi import ConfigurationError
from aiodockerapi._settings import TLS, Lookup
from tests.support import engine
from tests.support.settings import PEM, Given, cli_choice, ctx, lab, lookup_in, make_home, raw

LAB = {"contexts": [ctx("prod", "unix:///run/prod.sock"), ctx("lab", "tcp://lab:2375")]}
TCP = {"DOCKER_HOST": "tcp://a:1"}
META = "{home}/.docker/contexts/meta/*/meta.json"


# Settings, and a part of the error; ... and * match anything. The docker command refuses them too.
SHARED: list[tuple[Given, str]] = [
    ({"DOCKER_HOST": "ftp://a"}, "DOCKER_HOST has the scheme ftp://, which is not supported; use unix://...ssh://"),
    ({"host": "tcp://a:port"}, "the argument host tcp://a:port must have the form tcp://HOST:PORT"),
    (LAB | {"DOCKER_CONTEXT": " lab"}, "DOCKER_CONTEXT must be the name of a docker context, not ' lab': at least two"),
    (
        {"config": {"currentContext": "l/b"}},
        "currentContext in {home}/.docker/config.json must be the name of a docker context, not 'l/b'",
    ),
    (
        LAB | {"DOCKER_CONTEXT": "nope"},
        'the docker context "nope" (DOCKER_CONTEXT) does not exist; {home}/.docker/contexts contains lab, prod. Use another',
    ),
    (
        {"config": {"currentContext": "nope"}},
        '"nope" (currentContext in {home}/.docker/config.json) does not exist; {home}/.docker/contexts contains none. Use',
    ),
    (TCP | {"context": "nope"}, 'the docker context "nope" (the argument context) does not exist'),
    (
        TCP | {"DOCKER_TLS": "1"},
        "DOCKER_TLS enables TLS for tcp://a:1, but {home}/.docker/ca.pem does not exist. Set DOCKER_CERT_PATH",
    ),
    (TCP | {"DOCKER_TLS_VERIFY": "1", "DOCKER_CERT_PATH": "{home}/x"}, "but {home}/x/ca.pem does not exist"),
    (
        {"DOCKER_HOST": "tcp://a/%zz"},
        "DOCKER_HOST tcp://a/%zz has an invalid percent escape; write %25",
    ),
    (
        {"DOCKER_HOST": "tcp://a/100%"},
        "DOCKER_HOST tcp://a/100% has an invalid percent escape; write %25",
    ),
    ({"DOCKER_HOST": "tcp://a/b\tc"}, "has a path with control characters"),
    ({"DOCKER_HOST": "tcp://http://me:hidden@a"}, "DOCKER_HOST has two schemes; it must have the form tcp://HOST:PORT"),
    (raw("{"), f"{META} is not valid JSON: *. Fix the file"),
    (raw("\ufeff{}"), f"{META} is not valid JSON: the encoding must be UTF-8 without a byte order mark"),
    (raw('{"Endpoints": {"docker": {"Host": "tcp://l:1"}}} x'), f"{META} is not valid JSON: Extra data"),
    (
        raw('{"Endpoints": {"docker": {"Host": "tcp://l:1", "X": NaN}}}'),
        "or contains an invalid number. Fix the file",
    ),
    (raw("[]"), f"{META} must contain a JSON object, not a list"),
    (raw({"Endpoints": []}), f"{META}: Endpoints must be an object, not a list"),
    (raw({"Endpoints": {"docker": []}}), f"{META}: Endpoints.docker must be an object, not a list"),
    (lab(None, Host=5), f"{META}: Endpoints.docker.Host must be a string, not a number"),
    (
        lab("tcp://l:1", SkipTLSVerify="no"),
        f"{META}: Endpoints.docker.SkipTLSVerify must be true or false, not a string",
    ),
]

# Settings that the docker command accepts, perhaps with another daemon, or that it does not have.
CLIENT_ONLY: list[tuple[Given, str]] = [
    ({"host": "tcp://a:1", "context": "lab"}, "host= and context= cannot be used together; pass one of them"),
    ({"host": "tcp://a..b:2375"}, "the argument host tcp://a..b:2375 must have the form tcp://HOST:PORT"),
    ({"host": "tcp://.:2375"}, "the argument host tcp://.:2375 must have the form tcp://HOST:PORT"),
    ({"host": f"tcp://{'a' * 64}"}, f"the argument host tcp://{'a' * 64} must have the form tcp://HOST:PORT"),
    ({"host": "tcp://[1.2.3.4]"}, "the argument host tcp://[1.2.3.4] must have the form tcp://HOST:PORT"),
    ({"host": "tcp://1.2.3"}, "the argument host tcp://1.2.3 has no valid host: 1.2.3 is not an IPv4 address"),
    (
        {"host": "tcp://1.2.3.256"},
        "the argument host tcp://1.2.3.256 has no valid host: 1.2.3.256 is not an IPv4 address",
    ),
    ({"host": "tcp://0x7f.1"}, "the argument host tcp://0x7f.1 has no valid host: 0x7f.1 is not an IPv4 address"),
    ({"host": "::1"}, "tcp://::1 must have the form tcp://HOST:PORT; write an IPv6 address in brackets, [::1]"),
    ({"host": "tcp://a:" + 5000 * "9"}, "must have the form tcp://HOST:PORT"),
    (
        {"host": "tcp://[1::2::3]"},
        "the argument host tcp://[1::2::3] has no valid host: 1::2::3 is not an IPv6 address",
    ),
    ({"DOCKER_HOST": "tcp://a/\udcff"}, "has a path that is not valid UTF-8"),
    ({"DOCKER_HOST": "unix:///\ud800"}, "DOCKER_HOST contains a lone surrogate, which no path can contain"),
    ({"host": ""}, "the argument host is empty; set an address such as unix:///var/run/docker.sock"),
    ({"host": 5}, "the argument host must be a string such as unix:///var/run/docker.sock, not int"),
    ({"DOCKER_HOST": "/run/x.sock"}, "DOCKER_HOST is /run/x.sock, without a scheme; did you mean unix:///run/x.sock?"),
    ({"DOCKER_HOST": "//a:1"}, "DOCKER_HOST is //a:1, without a scheme; did you mean tcp://a:1?"),
    ({"DOCKER_HOST": "tcp://k\u00f6ln:1"}, "HOST:PORT; write a non-ASCII host name in its ASCII form, xn--..."),
    ({"DOCKER_HOST": "unix:/run/x.sock"}, "did you mean unix:///run/x.sock?"),
    ({"DOCKER_HOST": "unix:x.sock"}, "DOCKER_HOST is unix:x.sock, without a scheme; did you mean unix://x.sock?"),
    ({"DOCKER_HOST": "tcp:/a:1"}, "DOCKER_HOST is tcp:/a:1, without a scheme; did you mean tcp://a:1?"),
    ({"DOCKER_HOST": "tcp//a:1"}, "DOCKER_HOST is tcp//a:1, without a scheme; did you mean tcp://a:1?"),
    ({"DOCKER_HOST": "ssh:me@a"}, "DOCKER_HOST is ssh:me@a, without a scheme; did you mean ssh://me@a?"),
    (
        {"DOCKER_HOST": "npipe://"},
        "npipe:////./pipe/docker_engine (DOCKER_HOST) is a named pipe, which requires Windows",
    ),
    ({"context": "l b"}, "the argument context must be the name of a docker context, not 'l b'"),
    ({"context": "x"}, "at least two characters"),
    ({"context": ""}, "the argument context must be the name of a docker context, not ''"),
    ({"context": "lab/../x"}, "must be the name of a docker context, not 'lab/../x'"),
    ({"context": "../lab"}, "must be the name of a docker context, not '../lab'"),
    ({"context": 5}, "the argument context must be the name of a docker context, not 5"),
    (
        {"config": '{"currentContext": "lab",\n  oops'},
        "{home}/.docker/config.json is not valid JSON: *in line 2, column 3. Fix",
    ),
    (TCP | {"config": "{"}, "config.json is not valid JSON"),
    ({"config": "[]"}, "{home}/.docker/config.json must contain a JSON object, not a list. Fix the file"),
    ({"config": "7"}, "config.json must contain a JSON object, not a number"),
    (
        {"config": b"\xff\xfe{"},
        "config.json is not valid JSON: the encoding must be UTF-8 without a byte order mark. Convert the file",
    ),
    (
        {"config": "\ufeff{}"},
        "config.json is not valid JSON: the encoding must be UTF-8 without a byte order mark. Convert the file",
    ),
    ({"config": "[" * 200_000}, "it is nested too deeply or contains"),
    ({"config": {"currentContext": 5}}, "config.json: currentContext must be a string, not a number"),
    ({"config": {"currentContext": True}}, "currentContext must be a string, not true or false"),
    ({"config": {"HttpHeaders": []}}, "config.json: HttpHeaders must be an object, not a list"),
    ({"config": {"HttpHeaders": {"X": 1}}}, "config.json: HttpHeaders.X must be a string, not a number"),
    (
        {"config": {"HttpHeaders": {"a b": "c"}}},
        "HttpHeaders in {home}/.docker/config.json contains an invalid header name: 'a b'",
    ),
    ({"config": {"proxies": "x"}}, "config.json: proxies must be an object, not a string"),
    ({"config": {"proxies": {"default": {"noProxy": 1}}}}, "config.json: proxies.default.noProxy must be a string"),
    ({"files": [".docker/config.json/."]}, "{home}/.docker/config.json cannot be read: Is a directory"),
    (
        {"config": {}, "DOCKER_CONFIG": "{home}/.docker/config.json"},
        "{home}/.docker/config.json is not a directory. Set DOCKER_CONFIG to the directory that contains config.json",
    ),
    (
        raw({"Endpoints": {"kubernetes": {}}}),
        f'{META}: the docker context "lab" (DOCKER_CONTEXT) has no docker endpoint',
    ),
    (raw({}), "has no docker endpoint. Run: docker context update lab --docker"),
    (lab(""), f"{META}: Endpoints.docker.Host must be a complete address such as tcp://lab:2376, not ''"),
    (lab(None), "Endpoints.docker.Host must be a complete address such as tcp://lab:2376, not ''. Run"),
    (lab("l:2375"), "must be a complete address such as tcp://lab:2376, not 'l:2375'"),
    (lab("unix://"), "must be a complete address such as tcp://lab:2376, not 'unix://'"),
    (lab("tcp://l"), "must include a port, not 'tcp://l': the docker CLI uses 80 or 443 in a context"),
    (lab("ftp://l"), "Endpoints.docker.Host has the scheme ftp://"),
    (lab("npipe:////./pipe/x"), 'npipe:////./pipe/x (the docker context "lab" (DOCKER_CONTEXT)) is a named pipe'),
    (lab("http://l", PEM), "has TLS settings, but an http:// address"),
    (lab("tcp://l:1", PEM[:2]), "/docker/cert.pem exists, but *key.pem does not: a client certificate requires both"),
    (lab("tcp://l:1", PEM[2:]), "/docker/key.pem exists, but *cert.pem does not"),
    (lab("tcp://l:1", ("ca.pem/.",)), "ca.pem cannot be read: Is a directory. Replace it with a file"),
    (TCP | {"DOCKER_TLS": "1", "files": [".docker/ca.pem", ".docker/cert.pem"]}, "but {home}/.docker/key.pem does not"),
    (
        {"DOCKER_HOST": "http://a", "DOCKER_TLS": "1"},
        "DOCKER_TLS enables TLS, which contradicts http://a:80 (DOCKER_HOST)",
    ),
    (TCP | {"tls": "yes"}, "tls= must be a TLS, True, False or an ssl.SSLContext, not str"),
    (
        {"host": "unix:///x", "tls": True},
        "tls= requires an address with tcp:// or https://, not unix:///x (the argument host)",
    ),
    (
        lab("ssh://l") | {"tls": TLS()},
        'tls= requires an address with tcp:// or https://, not ssh://l (the docker context "lab" (DOCKER_CONTEXT))',
    ),
    ({"host": "https://a", "tls": False}, "tls=False contradicts https://a:443 (the argument host)"),
    (TCP | {"tls": TLS(ca="a\0b")}, "a\0b cannot be read: embedded null byte. Fix the file or its path"),
    (TCP | {"tls": TLS(ca="/nonexistent/ca.pem")}, "tls= contains the path /nonexistent/ca.pem, which does not exist"),
    (
        {"DOCKER_CUSTOM_HEADERS": "a"},
        "DOCKER_CUSTOM_HEADERS has a field without '='; the format is name=value,name=value",
    ),
]

# Errors that do not name a file of the home directory, but are raised only when files are read.
LATE = ("tls= contains", "null byte", "https://, not ssh://l", "npipe:////./pipe/x")


@pytest.mark.parametrize(("given", "message"), SHARED + CLIENT_ONLY, ids=lambda value: str(value)[:100])
def test_invalid_settings_are_refused(given: Given, message: str, tmp_path: Path) -> None:
    home = make_home(tmp_path, given)
    looked_up: list[Lookup] = []

    def read_settings() -> None:
        looked_up.append(lookup_in(home, given))
        looked_up[0].settings()

    with pytest.raises(ConfigurationError) as caught:
        read_settings()
    pattern = re.escape(home.fill(message)).replace(r"\.\.\.", ".*").replace(r"\*", ".*")
    assert re.search(pattern, str(caught.value)), str(caught.value)
    concerns_files = str(home.path) in str(caught.value) or any(one in str(caught.value) for one in LATE)
    assert concerns_files == bool(looked_up), "errors that do not concern files are raised at once"


@pytest.mark.parametrize(("given", "message"), SHARED, ids=lambda value: str(value)[:100])
def test_the_docker_command_refuses_too(given: Given, message: str, tmp_path: Path) -> None:
    assert cli_choice(engine.cli(), make_home(tmp_path, given), given) is None, message


SECRETS: list[Given] = [
    {"host": "tcp://me:secret@lab"},
    {"host": "tcp://me:1a/secret@lab"},
    {"host": "tcp://secret@lab"},
    {"host": "http://lab?token=secret"},
    {"host": "tcp://lab/#secret@x"},
    {"host": "me:secret@lab"},
    {"host": "ssh://me:secret@lab"},
    {"host": "ssh://me:1a/secret@lab"},
    {"host": "ssh://lab?secret"},
    {"host": "unix://tcp://me:secret@lab"},
    {"host": "unix://tcp://me:secret@lab/http://x"},
    {"host": "unix://me:secret@tcp://lab"},
    {"host": "tcp://http://me:secret@lab"},
    {"host": "tcp://http://secret@lab"},
    {"host": "tcp://lab?secret=http://x"},
    {"host": "me:secret@lab/x://y"},
    {"host": "//me:secret@lab"},
    {"host": b"tcp://me:secret@lab"},
    {"DOCKER_HOST": "tcp:/me:secret@lab"},
    lab("me:secret@lab"),
    lab("tcp://me:secret@lab"),
    {"config": '{"HttpHeaders": {"Authorization": "secret", }}'},
    {"config": {"HttpHeaders": {"Authorization": ["secret"]}}},
    {"config": {"HttpHeaders": {"Authorization": "a\nsecret"}}},
    {"config": {"proxies": {"default": {"httpProxy": {"secret": "secret"}}}}},
    {"config": b'{"HttpHeaders": {"Authorization": "secret \xff"}}'},
]


@pytest.mark.parametrize("given", SECRETS, ids=lambda value: str(value)[:60])
def test_errors_show_no_credentials(given: Given, tmp_path: Path) -> None:
    home = make_home(tmp_path / "home", given)
    with pytest.raises(ConfigurationError) as caught:
        lookup_in(home, given).settings()
    shown = "".join(traceback.format_exception(caught.value)) + repr(caught.value)
    assert "secret" not in shown


READABLE = "Make it readable for the current user"


@pytest.mark.parametrize(
    ("method", "name", "remedy"),
    [
        ("read_bytes", "config.json", f"{READABLE}, or set DOCKER_CONFIG to another directory"),
        ("read_bytes", "meta.json", f"{READABLE}, or set DOCKER_CONFIG to another directory"),
        ("stat", "docker", READABLE),
        ("open", "ca.pem", READABLE),
    ],
)
def test_unreadable_files_are_refused(
    method: str, name: str, remedy: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    given = lab("tcp://l:1", PEM)
    found = lookup_in(make_home(tmp_path, given), given)
    allowed = getattr(Path, method)

    def refused(self: Path, *arguments: Any, **named: Any) -> Any:
        if self.name == name:
            raise PermissionError(errno.EACCES, "Permission denied", str(self))
        return allowed(self, *arguments, **named)

    monkeypatch.setattr(Path, method, refused)
    with pytest.raises(ConfigurationError, match=f"/{name} cannot be read: Permission denied. {remedy}$"):
        found.settings()
