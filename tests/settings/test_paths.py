"""Links, files in place of directories, and relative paths in settings."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator
from hashlib import sha256
from pathlib import Path

import pytest

from aiodockerapi import TLS, ConfigurationError, Docker
from aiodockerapi._settings import look_up
from tests.support import engine
from tests.support.settings import PEM, Given, Home, cli_choice, cli_refuses, ctx, describe, lab, lookup_in, make_home

LAB = lab("tcp://l:1", PEM)
BOTH = "ca.pem cert.pem key.pem verified"
KEY = sha256(b"lab").hexdigest()


def certificates(home: Home) -> Path:
    """Return the directory of the certificates of the docker context "lab"."""
    return home.docker / "contexts" / "tls" / KEY / "docker"


def dangling(path: Path) -> None:
    """Replace it with a broken link, as if a volume were not mounted."""
    path.rename(path.with_name(f"{path.name}.moved"))
    path.symlink_to("/nonexistent/elsewhere")


def linked(path: Path) -> None:
    """Replace it with a link to it."""
    path.rename(path.parent.parent / "real")
    path.symlink_to(path.parent.parent / "real")


def a_file(path: Path) -> None:
    """Replace a directory with a file."""
    path.rename(path.with_name("moved"))
    path.touch()


Change = tuple[Callable[[Path], None], str]

# A change to a file of the docker context, and the error.
REFUSED: list[tuple[Change, str]] = [
    ((dangling, "ca.pem"), "/docker/ca.pem is a link to /nonexistent/elsewhere, which does not exist. Fix the link"),
    ((dangling, "cert.pem"), "/docker/cert.pem is a link to /nonexistent/elsewhere"),
    ((dangling, "key.pem"), "/docker/key.pem is a link to /nonexistent/elsewhere"),
    ((a_file, ".."), f"/tls/{KEY}/docker cannot be read: Not a directory. Replace it with a directory"),
    ((a_file, "../.."), f"/tls/{KEY}/docker cannot be read: Not a directory"),
]

# Changes that make the docker command continue without certificates, in plain text.
CLIENT_ONLY: list[tuple[Change, str]] = [
    ((a_file, "."), f"/tls/{KEY}/docker cannot be read: Not a directory"),
    ((dangling, "."), f"/tls/{KEY}/docker is a link to /nonexistent/elsewhere, which does not exist"),
    ((dangling, ".."), f"/tls/{KEY} is a link to /nonexistent/elsewhere, which does not exist"),
]


def make_changed_home(path: Path, change: Change) -> Home:
    """Create a home directory with the docker context, and change one of its files."""
    home = make_home(path, LAB)
    apply, name = change
    apply(Path(*certificates(home).parts[: -name.count("..") or None], "" if name.startswith(".") else name))
    return home


def change_id(value: object) -> str | None:
    return f"{value[0].__name__} {value[1]}" if isinstance(value, tuple) else None


@pytest.mark.parametrize(("change", "message"), REFUSED + CLIENT_ONLY, ids=change_id)
def test_missing_certificates_are_not_ignored(change: Change, message: str, tmp_path: Path) -> None:
    home = make_changed_home(tmp_path, change)
    with pytest.raises(ConfigurationError, match=message):
        lookup_in(home, LAB).settings()


@pytest.mark.parametrize(("change", "message"), REFUSED, ids=change_id)
def test_the_docker_command_refuses_too(change: Change, message: str, tmp_path: Path) -> None:
    assert cli_refuses(engine.cli(), make_changed_home(tmp_path, change), LAB), message


@pytest.mark.parametrize(
    "change", [(linked, "ca.pem"), (linked, "key.pem"), (linked, ".."), (linked, ".")], ids=change_id
)
def test_links_are_followed(change: Change, tmp_path: Path) -> None:
    source = 'the docker context "lab" (DOCKER_CONTEXT)'
    assert describe(lookup_in(make_changed_home(tmp_path, change), LAB).settings()) == ("tcp://l:1", source, BOTH)


def test_a_broken_link_in_the_certificates_of_the_environment_is_refused(tmp_path: Path) -> None:
    given: Given = {"DOCKER_HOST": "tcp://a:1", "DOCKER_TLS": "1", "files": [f".docker/{name}" for name in PEM]}
    home = make_home(tmp_path, given)
    for name in PEM[1:]:
        dangling(home.docker / name)
    with pytest.raises(ConfigurationError, match=r"/\.docker/cert\.pem is a link to /nonexistent/elsewhere"):
        lookup_in(home, given).settings()


# -- relative paths; the current directory may change before files are read


@pytest.fixture
def folder() -> Iterator[Path]:
    """A directory with a path short enough for a socket."""
    with tempfile.TemporaryDirectory(prefix="aiodockerapi-") as path:
        yield Path(path).resolve()


RELATIVE: list[Given] = [
    {"DOCKER_CONFIG": ".docker", "HOME": "/nonexistent"},
    {"DOCKER_CONFIG": "./.docker/", "HOME": "/nonexistent"},
    {"DOCKER_CONFIG": "sub/../.docker", "HOME": "/nonexistent"},
    {"HOME": "."},
]


@pytest.mark.parametrize("given", RELATIVE, ids=str)
def test_relative_paths_refer_to_the_directory_in_which_the_client_was_created(
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


def test_relative_certificate_paths_refer_to_that_directory(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    given: Given = {"DOCKER_TLS": "1", "DOCKER_CERT_PATH": "certs", "files": [f"certs/{name}" for name in PEM]}
    home = make_home(folder, given)
    monkeypatch.chdir(folder)
    by_variables = lookup_in(home, given)
    by_argument = lookup_in(home, {"host": "tcp://a:1", "tls": TLS(ca="certs/ca.pem", cert=b"PEM")})
    monkeypatch.chdir("/")
    tls = by_variables.settings().tls
    assert tls is not None
    assert tls.files == tuple(f"{folder}/certs/{name}" for name in PEM)
    assert by_argument.settings().tls == TLS(ca=folder / "certs/ca.pem", cert=b"PEM")


def test_a_relative_socket_path_refers_to_that_directory(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    home = make_home(folder, lab("unix://run/x.sock"))
    monkeypatch.chdir(folder)
    for host in ("unix://x.sock", "unix://./x.sock"):
        assert str(Docker(host).endpoint) == f"unix://{folder}/x.sock"
        assert str(look_up(environ={"DOCKER_HOST": host}).endpoint) == f"unix://{folder}/x.sock"
    assert str(lookup_in(home, lab("")).settings().endpoint) == f"unix://{folder}/run/x.sock"
    deep = folder / ("d" * 100)
    deep.mkdir()
    monkeypatch.chdir(deep)
    assert str(Docker("unix://x.sock").endpoint) == "unix://x.sock", "the absolute path would be too long for a socket"


def test_a_relative_path_without_a_current_directory_is_refused(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    removed = folder / "removed"
    removed.mkdir()
    monkeypatch.chdir(removed)
    removed.rmdir()
    for name in ("DOCKER_CONFIG", "DOCKER_CERT_PATH", "HOME"):
        with pytest.raises(
            ConfigurationError, match=f"{name} is there, relative to the current directory, which cannot"
        ):
            look_up(environ={name: "there"})
    with pytest.raises(ConfigurationError, match=r"DOCKER_HOST is x\.sock, relative to the current directory"):
        look_up(environ={"DOCKER_HOST": "unix://x.sock"})
    with pytest.raises(ConfigurationError, match=r"tls= is ca\.pem, relative to"):
        look_up("tcp://a", tls=TLS(ca="ca.pem"), environ={})
    assert str(look_up("unix:///x", environ={"DOCKER_CONFIG": "/there"}).endpoint) == "unix:///x"
