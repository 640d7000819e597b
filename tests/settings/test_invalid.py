"""What cannot be followed is refused with words that help: which setting or file it is, and what to do."""

from __future__ import annotations

import errno
import re
import traceback
from pathlib import Path
from typing import Any

import pytest

from aiodockerapi import ConfigurationError
from aiodockerapi._settings import TLS
from tests.support import engine
from tests.support.settings import PEM, Given, cli_choice, ctx, make_home, lab, lookup_in, raw

LAB = {"contexts": [ctx("prod", "unix:///run/prod.sock"), ctx("lab", "tcp://lab:2375")]}
TCP = {"DOCKER_HOST": "tcp://a:1"}
META = "{home}/.docker/contexts/meta/*/meta.json"


# Given, and words of the error; ... and * stand for anything. The docker command refuses too.
SHARED: list[tuple[Given, str]] = [
    ({"DOCKER_HOST": "ftp://a"}, "DOCKER_HOST has the scheme ftp://, which is not supported; unix://...ssh://"),
    ({"host": "tcp://a:port"}, "the argument host tcp://a:port is not of the form tcp://HOST:PORT"),
    (LAB | {"DOCKER_CONTEXT": " lab"}, "DOCKER_CONTEXT is ' lab', which cannot be a docker context: a name has two"),
    ({"config": {"currentContext": "l/b"}}, "currentContext in {home}/.docker/config.json is 'l/b', which cannot be"),
    (
        LAB | {"DOCKER_CONTEXT": "nope"},
        'there is no docker context "nope", which DOCKER_CONTEXT names; {home}/.docker/contexts has these: lab, prod. Choose',
    ),
    (
        {"config": {"currentContext": "nope"}},
        'no docker context "nope", which currentContext in {home}/.docker/config.json names; {home}/.docker/contexts has none',
    ),
    (TCP | {"context": "nope"}, 'no docker context "nope", which the argument context names'),
    (
        TCP | {"DOCKER_TLS": "1"},
        "DOCKER_TLS is set, so tcp://a:1 is spoken to over TLS, but {home}/.docker/ca.pem is not there. Set DOCKER_CERT_PATH",
    ),
    (TCP | {"DOCKER_TLS_VERIFY": "1", "DOCKER_CERT_PATH": "{home}/x"}, "but {home}/x/ca.pem is not there"),
    (
        {"DOCKER_HOST": "tcp://a/%zz"},
        "DOCKER_HOST tcp://a/%zz has a percent sign that escapes nothing; the sign itself",
    ),
    (
        {"DOCKER_HOST": "tcp://a/100%"},
        "DOCKER_HOST tcp://a/100% has a percent sign that escapes nothing; the sign itself",
    ),
    ({"DOCKER_HOST": "tcp://a/b\tc"}, "has a path with control characters"),
    ({"DOCKER_HOST": "tcp://http://me:hidden@a"}, "DOCKER_HOST has two schemes; the form is tcp://HOST:PORT"),
    (raw("{"), f"{META} is not JSON: *. Mend the file"),
    (raw("\ufeff{}"), f"{META} is not JSON: it is no text in UTF-8 without a byte order mark"),
    (raw('{"Endpoints": {"docker": {"Host": "tcp://l:1"}}} x'), f"{META} is not JSON: Extra data"),
    (
        raw('{"Endpoints": {"docker": {"Host": "tcp://l:1", "X": NaN}}}'),
        "or holds a number that is none. Mend the file",
    ),
    (raw("[]"), f"{META} must hold a JSON object, not a list"),
    (raw({"Endpoints": []}), f"{META}: Endpoints must be an object, not a list"),
    (raw({"Endpoints": {"docker": []}}), f"{META}: Endpoints.docker must be an object, not a list"),
    (lab(None, Host=5), f"{META}: Endpoints.docker.Host must be a string, not a number"),
    (
        lab("tcp://l:1", SkipTLSVerify="no"),
        f"{META}: Endpoints.docker.SkipTLSVerify must be true or false, not a string",
    ),
]

# The same, where the docker command goes on, perhaps to another daemon; or cannot be asked.
OURS: list[tuple[Given, str]] = [
    ({"host": "tcp://a:1", "context": "lab"}, "host= and context= both say where the daemon is; give one of them"),
    ({"host": "tcp://a..b:2375"}, "the argument host tcp://a..b:2375 is not of the form tcp://HOST:PORT"),
    ({"host": "tcp://.:2375"}, "the argument host tcp://.:2375 is not of the form tcp://HOST:PORT"),
    ({"host": f"tcp://{'a' * 64}"}, f"the argument host tcp://{'a' * 64} is not of the form tcp://HOST:PORT"),
    ({"host": "tcp://[1.2.3.4]"}, "the argument host tcp://[1.2.3.4] is not of the form tcp://HOST:PORT"),
    ({"host": "tcp://1.2.3"}, "the argument host tcp://1.2.3 has no valid host: 1.2.3 is no IPv4 address"),
    ({"host": "tcp://1.2.3.256"}, "the argument host tcp://1.2.3.256 has no valid host: 1.2.3.256 is no IPv4 address"),
    ({"host": "tcp://0x7f.1"}, "the argument host tcp://0x7f.1 has no valid host: 0x7f.1 is no IPv4 address"),
    ({"host": "::1"}, "tcp://::1 is not of the form tcp://HOST:PORT; an IPv6 address stands in brackets, [::1]"),
    ({"host": "tcp://a:" + 5000 * "9"}, "is not of the form tcp://HOST:PORT"),
    ({"host": "tcp://[1::2::3]"}, "the argument host tcp://[1::2::3] has no valid host: 1::2::3 is no IPv6 address"),
    ({"DOCKER_HOST": "tcp://a/\udcff"}, "has a path that is no text in UTF-8"),
    ({"DOCKER_HOST": "unix:///\ud800"}, "DOCKER_HOST holds half a character, which no path can"),
    ({"host": ""}, "the argument host is empty: an address such as unix:///var/run/docker.sock is needed"),
    ({"host": 5}, "the argument host must be a string such as unix:///var/run/docker.sock, not int"),
    ({"DOCKER_HOST": "/run/x.sock"}, "DOCKER_HOST is /run/x.sock, without a scheme; did you mean unix:///run/x.sock?"),
    ({"DOCKER_HOST": "//a:1"}, "DOCKER_HOST is //a:1, without a scheme; did you mean tcp://a:1?"),
    ({"DOCKER_HOST": "tcp://k\u00f6ln:1"}, "HOST:PORT; a name that is not ASCII has another form that is, xn--..."),
    ({"DOCKER_HOST": "unix:/run/x.sock"}, "did you mean unix:///run/x.sock?"),
    ({"DOCKER_HOST": "unix:x.sock"}, "DOCKER_HOST is unix:x.sock, without a scheme; did you mean unix://x.sock?"),
    ({"DOCKER_HOST": "tcp:/a:1"}, "DOCKER_HOST is tcp:/a:1, without a scheme; did you mean tcp://a:1?"),
    ({"DOCKER_HOST": "tcp//a:1"}, "DOCKER_HOST is tcp//a:1, without a scheme; did you mean tcp://a:1?"),
    ({"DOCKER_HOST": "ssh:me@a"}, "DOCKER_HOST is ssh:me@a, without a scheme; did you mean ssh://me@a?"),
    (
        {"DOCKER_HOST": "npipe://"},
        "npipe:////./pipe/docker_engine (DOCKER_HOST) is a named pipe, which only Windows has",
    ),
    ({"context": "l b"}, "the argument context is 'l b', which cannot be a docker context"),
    ({"context": "x"}, "a name has two characters at least"),
    ({"context": ""}, "the argument context is ''"),
    ({"context": "lab/../x"}, "cannot be a docker context"),
    ({"context": "../lab"}, "cannot be a docker context"),
    ({"context": 5}, "the argument context must be the name of a docker context, not 5"),
    (
        {"config": '{"currentContext": "lab",\n  oops'},
        "{home}/.docker/config.json is not JSON: *in line 2, column 3. Mend",
    ),
    (TCP | {"config": "{"}, "config.json is not JSON"),
    ({"config": "[]"}, "{home}/.docker/config.json must hold a JSON object, not a list. Mend the file"),
    ({"config": "7"}, "config.json must hold a JSON object, not a number"),
    (
        {"config": b"\xff\xfe{"},
        "config.json is not JSON: it is no text in UTF-8 without a byte order mark. Save it as that",
    ),
    (
        {"config": "\ufeff{}"},
        "config.json is not JSON: it is no text in UTF-8 without a byte order mark. Save it as that",
    ),
    ({"config": "[" * 200_000}, "it nests too deep, or holds"),
    ({"config": {"currentContext": 5}}, "config.json: currentContext must be a string, not a number"),
    ({"config": {"currentContext": True}}, "currentContext must be a string, not true or false"),
    ({"config": {"HttpHeaders": []}}, "config.json: HttpHeaders must be an object, not a list"),
    ({"config": {"HttpHeaders": {"X": 1}}}, "config.json: HttpHeaders.X must be a string, not a number"),
    ({"config": {"HttpHeaders": {"a b": "c"}}}, "HttpHeaders in {home}/.docker/config.json names a header 'a b'"),
    ({"config": {"proxies": "x"}}, "config.json: proxies must be an object, not a string"),
    ({"config": {"proxies": {"default": {"noProxy": 1}}}}, "config.json: proxies.default.noProxy must be a string"),
    ({"files": [".docker/config.json/."]}, "{home}/.docker/config.json cannot be read: Is a directory"),
    (
        {"config": {}, "DOCKER_CONFIG": "{home}/.docker/config.json"},
        "{home}/.docker/config.json is not a directory. DOCKER_CONFIG names the directory that holds config.json",
    ),
    (
        raw({"Endpoints": {"kubernetes": {}}}),
        f'{META}: the docker context "lab" (DOCKER_CONTEXT) has no endpoint for docker',
    ),
    (raw({}), "has no endpoint for docker. Set it: docker context update lab --docker"),
    (lab(""), f"{META}: Endpoints.docker.Host is '', not a whole address such as tcp://lab:2376"),
    (lab(None), "Endpoints.docker.Host is '', not a whole address"),
    (lab("l:2375"), "Endpoints.docker.Host is 'l:2375', not a whole address"),
    (lab("unix://"), "Endpoints.docker.Host is 'unix://', not a whole address"),
    (lab("tcp://l"), "is 'tcp://l', without a port: for the docker CLI that is port 80 or 443 in a context"),
    (lab("ftp://l"), "Endpoints.docker.Host has the scheme ftp://"),
    (lab("npipe:////./pipe/x"), 'npipe:////./pipe/x (the docker context "lab" (DOCKER_CONTEXT)) is a named pipe'),
    (lab("http://l", PEM), "has TLS settings, but http:// is without"),
    (lab("tcp://l:1", PEM[:2]), "/docker/cert.pem is there, but *key.pem is not: a client certificate needs both"),
    (lab("tcp://l:1", PEM[2:]), "/docker/key.pem is there, but *cert.pem is not"),
    (lab("tcp://l:1", ("ca.pem/.",)), "ca.pem cannot be read: Is a directory. Put a file in its place"),
    (TCP | {"DOCKER_TLS": "1", "files": [".docker/ca.pem", ".docker/cert.pem"]}, "but {home}/.docker/key.pem is not"),
    (
        {"DOCKER_HOST": "http://a", "DOCKER_TLS": "1"},
        "DOCKER_TLS asks for TLS, but http://a:80 (DOCKER_HOST) is without",
    ),
    (TCP | {"tls": "yes"}, "tls= must be a TLS, True, False or an ssl.SSLContext, not str"),
    ({"host": "unix:///x", "tls": True}, "tls= was given, but unix:///x (the argument host) is reached without TLS"),
    (
        lab("ssh://l") | {"tls": TLS()},
        'tls= was given, but ssh://l (the docker context "lab" (DOCKER_CONTEXT)) is reached',
    ),
    ({"host": "https://a", "tls": False}, "tls=False was given, but https://a:443 (the argument host) is TLS"),
    (TCP | {"tls": TLS(ca="a\0b")}, "a\0b cannot be read: embedded null byte. Put it in order"),
    (TCP | {"tls": TLS(ca="/nonexistent/ca.pem")}, "tls= names /nonexistent/ca.pem, but there is no such file"),
    ({"DOCKER_CUSTOM_HEADERS": "a"}, "DOCKER_CUSTOM_HEADERS has a part without '='; its form is name=value,name=value"),
]

# Refusals that need no file, though none of them is about an argument or a variable alone.
LATE = ("tls= names", "null byte", "tls= was given, but ssh://l", "npipe:////./pipe/x")


@pytest.mark.parametrize(("given", "words"), SHARED + OURS, ids=lambda value: str(value)[:100])
def test_what_is_refused(given: Given, words: str, tmp_path: Path) -> None:
    home = make_home(tmp_path, given)
    steps = [0]

    def choose() -> None:
        found = lookup_in(home, given)
        steps.append(1)
        found.settings()

    with pytest.raises(ConfigurationError) as caught:
        choose()
    pattern = re.escape(home.fill(words)).replace(r"\.\.\.", ".*").replace(r"\*", ".*")
    assert re.search(pattern, str(caught.value)), str(caught.value)
    of_a_file = str(home.path) in str(caught.value) or any(one in str(caught.value) for one in LATE)
    assert of_a_file == (len(steps) == 2), "what needs no file is refused at once"


@pytest.mark.parametrize(("given", "words"), SHARED, ids=lambda value: str(value)[:100])
def test_the_docker_command_refuses_too(given: Given, words: str, tmp_path: Path) -> None:
    assert cli_choice(engine.cli(), make_home(tmp_path, given), given) is None, words


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
def test_no_error_shows_what_may_be_secret(given: Given, tmp_path: Path) -> None:
    home = make_home(tmp_path / "home", given)
    with pytest.raises(ConfigurationError) as caught:
        lookup_in(home, given).settings()
    shown = "".join(traceback.format_exception(caught.value)) + repr(caught.value)
    assert "secret" not in shown.replace("test_no_error_shows_what_may_be_secret", "")


READABLE = "Make it readable for the user who runs this"


@pytest.mark.parametrize(
    ("method", "name", "remedy"),
    [
        ("read_bytes", "config.json", f"{READABLE}, or have DOCKER_CONFIG name another directory"),
        ("read_bytes", "meta.json", f"{READABLE}, or have DOCKER_CONFIG name another directory"),
        ("stat", "docker", READABLE),
        ("open", "ca.pem", READABLE),
    ],
)
def test_what_may_not_be_read(
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
