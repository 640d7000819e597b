"""Files in unusual places: behind links, where something else lies, and under paths that count from the current directory."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator
from hashlib import sha256
from pathlib import Path

import pytest

from aiodockerapi import TLS, ConfigurationError, Docker
from aiodockerapi._settings import look_up
from tests.support import engine
from tests.support.settings import PEM, Given, Home, cli_choice, ctx, describe, make_home, lab, lookup_in, cli_refuses

LAB = lab("tcp://l:1", PEM)
BOTH = "ca.pem cert.pem key.pem verified"
KEY = sha256(b"lab").hexdigest()


def certificates(home: Home) -> Path:
    """The directory of the certificates of the docker context "lab"."""
    return home.docker / "contexts" / "tls" / KEY / "docker"


def dangling(path: Path) -> None:
    """Put a link to nothing in its place, as where a volume is not mounted."""
    path.rename(path.with_name(f"{path.name}.away"))
    path.symlink_to("/nonexistent/elsewhere")


def linked(path: Path) -> None:
    """Put a link to it in its place."""
    path.rename(path.parent.parent / "real")
    path.symlink_to(path.parent.parent / "real")


def a_file(path: Path) -> None:
    """Put a file in the place of a directory."""
    path.rename(path.with_name("away"))
    path.touch()


Change = tuple[Callable[[Path], None], str]

# What is done to which file of the docker context, and the words of the error.
REFUSED: list[tuple[Change, str]] = [
    ((dangling, "ca.pem"), "/docker/ca.pem is a link to /nonexistent/elsewhere, which is not there. Mend the link"),
    ((dangling, "cert.pem"), "/docker/cert.pem is a link to /nonexistent/elsewhere"),
    ((dangling, "key.pem"), "/docker/key.pem is a link to /nonexistent/elsewhere"),
    ((a_file, ".."), f"/tls/{KEY}/docker cannot be read: Not a directory. Put a directory in its place"),
    ((a_file, "../.."), f"/tls/{KEY}/docker cannot be read: Not a directory"),
]

# The same, where the docker command goes on without certificates, in plain text.
REFUSED_HERE: list[tuple[Change, str]] = [
    ((a_file, "."), f"/tls/{KEY}/docker cannot be read: Not a directory"),
    ((dangling, "."), f"/tls/{KEY}/docker is a link to /nonexistent/elsewhere, which is not there"),
    ((dangling, ".."), f"/tls/{KEY} is a link to /nonexistent/elsewhere, which is not there"),
]


def changed(path: Path, change: Change) -> Home:
    """A home with that docker context, of which something was put elsewhere."""
    home = make_home(path, LAB)
    step, name = change
    step(Path(*certificates(home).parts[: -name.count("..") or None], "" if name.startswith(".") else name))
    return home


def named(value: object) -> str | None:
    return f"{value[0].__name__} {value[1]}" if isinstance(value, tuple) else None


@pytest.mark.parametrize(("change", "words"), REFUSED + REFUSED_HERE, ids=named)
def test_certificates_that_are_not_there_are_never_passed_over(change: Change, words: str, tmp_path: Path) -> None:
    home = changed(tmp_path, change)
    with pytest.raises(ConfigurationError, match=words):
        lookup_in(home, LAB).settings()


@pytest.mark.parametrize(("change", "words"), REFUSED, ids=named)
def test_the_docker_command_refuses_too(change: Change, words: str, tmp_path: Path) -> None:
    assert cli_refuses(engine.cli(), changed(tmp_path, change), LAB), words


@pytest.mark.parametrize("change", [(linked, "ca.pem"), (linked, "key.pem"), (linked, ".."), (linked, ".")], ids=named)
def test_links_are_followed(change: Change, tmp_path: Path) -> None:
    source = 'the docker context "lab" (DOCKER_CONTEXT)'
    assert describe(lookup_in(changed(tmp_path, change), LAB).settings()) == ("tcp://l:1", source, BOTH)


def test_a_certificate_of_the_environment_that_is_a_link_to_nothing(tmp_path: Path) -> None:
    given: Given = {"DOCKER_HOST": "tcp://a:1", "DOCKER_TLS": "1", "files": [f".docker/{name}" for name in PEM]}
    home = make_home(tmp_path, given)
    for name in PEM[1:]:
        dangling(home.docker / name)
    with pytest.raises(ConfigurationError, match=r"/\.docker/cert\.pem is a link to /nonexistent/elsewhere"):
        lookup_in(home, given).settings()


# -- the current directory, which may be another one by the time that files are read


@pytest.fixture
def folder() -> Iterator[Path]:
    """A directory whose path is short enough for a socket's."""
    with tempfile.TemporaryDirectory(prefix="aiodockerapi-") as path:
        yield Path(path).resolve()


RELATIVE: list[Given] = [
    {"DOCKER_CONFIG": ".docker", "HOME": "/nonexistent"},
    {"DOCKER_CONFIG": "./.docker/", "HOME": "/nonexistent"},
    {"DOCKER_CONFIG": "sub/../.docker", "HOME": "/nonexistent"},
    {"HOME": "."},
]


@pytest.mark.parametrize("given", RELATIVE, ids=str)
def test_files_are_found_from_where_the_client_was_made(
    given: Given, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    given = {"config": {"currentContext": "lab"}, "contexts": [ctx("lab", "tcp://l:1", tls=PEM)], **given}
    home = make_home(folder, given)
    (folder / "sub").mkdir()
    monkeypatch.chdir(folder)
    found = lookup_in(home, given)
    monkeypatch.chdir("/")
    address, _, tls = describe(found.settings())
    assert (address, tls) == ("tcp://l:1", BOTH)
    monkeypatch.chdir(folder)
    assert cli_choice(engine.cli(), home, given) == (address, tls)


def test_certificates_are_those_of_where_the_client_was_made(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    given: Given = {"DOCKER_TLS": "1", "DOCKER_CERT_PATH": "certs", "files": [f"certs/{name}" for name in PEM]}
    home = make_home(folder, given)
    monkeypatch.chdir(folder)
    of_variables = lookup_in(home, given)
    of_argument = lookup_in(home, {"host": "tcp://a:1", "tls": TLS(ca="certs/ca.pem", cert=b"PEM")})
    monkeypatch.chdir("/")
    tls = of_variables.settings().tls
    assert tls is not None
    assert tls.files == tuple(f"{folder}/certs/{name}" for name in PEM)
    assert of_argument.settings().tls == TLS(ca=folder / "certs/ca.pem", cert=b"PEM")


def test_a_socket_is_the_one_of_where_the_client_was_made(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    home = make_home(folder, lab("unix://run/x.sock"))
    monkeypatch.chdir(folder)
    for host in ("unix://x.sock", "unix://./x.sock"):
        assert str(Docker(host).endpoint) == f"unix://{folder}/x.sock"
        assert str(look_up(environ={"DOCKER_HOST": host}).endpoint) == f"unix://{folder}/x.sock"
    assert str(lookup_in(home, lab("")).settings().endpoint) == f"unix://{folder}/run/x.sock"
    deep = folder / ("d" * 100)
    deep.mkdir()
    monkeypatch.chdir(deep)
    assert str(Docker("unix://x.sock").endpoint) == "unix://x.sock", "a whole path would be too long for a socket"


def test_no_current_directory(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    gone = folder / "gone"
    gone.mkdir()
    monkeypatch.chdir(gone)
    gone.rmdir()
    for name in ("DOCKER_CONFIG", "DOCKER_CERT_PATH", "HOME"):
        with pytest.raises(ConfigurationError, match=f"{name} is there, which counts from the current directory"):
            look_up(environ={name: "there"})
    with pytest.raises(ConfigurationError, match=r"DOCKER_HOST is x\.sock, which counts from the current directory"):
        look_up(environ={"DOCKER_HOST": "unix://x.sock"})
    with pytest.raises(ConfigurationError, match=r"tls= is ca\.pem, which counts from"):
        look_up("tcp://a", tls=TLS(ca="ca.pem"), environ={})
    assert str(look_up("unix:///x", environ={"DOCKER_CONFIG": "/there"}).endpoint) == "unix:///x"
