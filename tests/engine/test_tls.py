"""A real daemon behind TLS, with a client certificate: every road, and stdin closed while output is still to come."""

from __future__ import annotations

import hashlib
import os
import ssl
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import attrs
import pytest
import trustme

from aiodockerapi import TLS, ConnectFailed, Docker
from aiodockerapi._transport.trust import Trust
from tests.support import engine as engines
from tests.support.images import context
from tests.support.settings import Home, ctx

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
    from pathlib import Path

MEBIBYTE = 1 << 20


class Certificates:
    """A certificate authority, a daemon's certificate in files, and what a client needs."""

    def __init__(self, folder: Path) -> None:
        self.authority = trustme.CA()
        self.ca = self.authority.cert_pem.bytes()
        server = self.authority.issue_cert("localhost", "daemon.example.org")
        self.flags = ("--tlsverify",)
        for name, blob in (
            ("tlscacert", self.ca),
            ("tlscert", server.cert_chain_pems[0].bytes()),
            ("tlskey", server.private_key_pem.bytes()),
        ):
            (folder / name).write_bytes(blob)
            self.flags += (f"--{name}={folder / name}",)

    def client(self, authority: trustme.CA | None = None, **dates: datetime) -> dict[str, bytes]:
        """A client's certificate and key."""
        mine = (authority or self.authority).issue_cert("client@example.org", **dates)
        return {"cert": mine.cert_chain_pems[0].bytes(), "key": mine.private_key_pem.bytes()}

    def tls(self) -> TLS:
        """What the daemon accepts."""
        return TLS(ca=self.ca, **self.client())

    def files(self, folder: Path) -> Path:
        """What the daemon accepts, in files as the docker command calls them."""
        folder.mkdir(parents=True)
        for name, blob in {"ca": self.ca, **self.client()}.items():
            (folder / f"{name}.pem").write_bytes(blob)
        return folder


@pytest.fixture(scope="module")
def certificates(tmp_path_factory: pytest.TempPathFactory) -> Certificates:
    """The certificates of daemon and client."""
    return Certificates(tmp_path_factory.mktemp("certificates"))


@pytest.fixture(scope="module")
def secured(certificates: Certificates) -> Iterator[str]:
    """The tcp:// address of a daemon that asks for a client certificate."""
    spec = engines.Spec(f"tls-{os.getpid()}", flags=certificates.flags)
    engine = engines.acquire(os.getpid(), spec, own=True)
    try:
        assert engine.tcp is not None
        yield engine.tcp.replace("127.0.0.1", "localhost")
    finally:
        engines.release(os.getpid(), spec)


@pytest.fixture(params=[ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3], ids=lambda version: version.name)
async def docker(request: pytest.FixtureRequest, certificates: Certificates, secured: str) -> AsyncIterator[Docker]:
    """A client of that daemon."""
    trusting = await Trust(certificates.tls()).context()
    trusting.minimum_version = trusting.maximum_version = request.param
    async with Docker(secured, tls=trusting) as docker:
        yield docker


async def test_stdin_is_closed_and_all_output_still_comes(docker: Docker) -> None:
    result = await docker.containers.run(
        "busybox", ["sh", "-c", "cat; echo end >&2; exit 5"], stdin=b"x" * MEBIBYTE, auto_remove=True
    )
    assert (result.exit_code, len(result.stdout), result.stderr) == (5, MEBIBYTE, b"end\n")


async def test_a_command_may_end_without_reading_its_stdin(docker: Docker) -> None:
    result = await docker.containers.run("busybox", ["echo", "done"], stdin=b"x" * MEBIBYTE, auto_remove=True)
    assert (result.exit_code, result.stdout) == (0, b"done\n")


async def test_logs_come_whole(docker: Docker) -> None:
    created = await docker.containers.create({"Image": "busybox", "Cmd": ["sh", "-c", f"yes | head -c {MEBIBYTE}"]})
    container = docker.container(created.id)
    await container.start()
    async with container.logs(follow=True) as log:
        size = sum([len(frame.data) async for frame in log])
    await container.remove(force=True)
    assert size == MEBIBYTE


async def test_a_websocket(docker: Docker) -> None:
    created = await docker.containers.create({"Image": "busybox", "Cmd": ["sh", "-c", "echo hello; sleep 60"]})
    container = docker.container(created.id)
    async with container.attach_websocket() as stream:
        await container.start()
        assert (await anext(stream)).data == b"hello\n"
    await container.remove(force=True)


# -- where the certificates come from


async def reached(docker: Docker) -> None:
    """Both roads lead to the daemon."""
    async with docker:
        assert docker.endpoint.is_tls
        assert await docker.containers.list(filters={"name": ["none"]}) == []
        async with docker.system.events():
            pass
    assert "secret" not in repr(docker)


async def test_the_environment(
    secured: str, certificates: Certificates, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DOCKER_HOST", secured)
    monkeypatch.setenv("DOCKER_TLS_VERIFY", "1")
    monkeypatch.setenv("DOCKER_CERT_PATH", str(certificates.files(tmp_path / "certs")))
    await reached(Docker())


async def test_a_docker_context(
    secured: str, certificates: Certificates, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = Home(tmp_path / "home")
    home.context(**ctx("lab", secured))
    certificates.files(home.docker / "contexts" / "tls" / hashlib.sha256(b"lab").hexdigest() / "docker")
    monkeypatch.setenv("DOCKER_CONFIG", str(home.docker))
    await reached(Docker(context="lab"))


async def test_arguments(secured: str, certificates: Certificates, tmp_path: Path) -> None:
    folder = certificates.files(tmp_path / "certs")
    await reached(Docker(secured, tls=certificates.tls()))
    await reached(Docker(secured, tls=TLS(ca=folder / "ca.pem", cert=folder / "cert.pem", key=folder / "key.pem")))
    await reached(Docker(secured.replace("tcp://", "https://"), tls=certificates.tls()))
    await reached(Docker(secured, tls=TLS(verify=False, **certificates.client())))


async def test_a_name_that_the_address_does_not_have(secured: str, certificates: Certificates) -> None:
    elsewhere = secured.replace("localhost", "127.0.0.1")
    with pytest.raises(
        ConnectFailed, match=r"IP address mismatch, certificate is not valid for '127\.0\.0\.1'\. Connect by a name"
    ):
        await reached(Docker(elsewhere, tls=certificates.tls()))
    await reached(Docker(elsewhere, tls=attrs.evolve(certificates.tls(), server_name="daemon.example.org")))


async def test_renewed_certificates_are_used_by_the_next_connection(
    secured: str, certificates: Certificates, tmp_path: Path
) -> None:
    folder = certificates.files(tmp_path / "certs")
    good = (folder / "cert.pem").read_bytes()
    other = certificates.client(trustme.CA())
    (folder / "cert.pem").write_bytes(other["cert"])
    key = (folder / "key.pem").read_bytes()
    (folder / "key.pem").write_bytes(other["key"])
    tls = TLS(ca=folder / "ca.pem", cert=folder / "cert.pem", key=folder / "key.pem")
    async with Docker(secured, tls=tls, api_version="1.41") as docker:
        for call in CALLS:
            with pytest.raises(ConnectFailed):
                await call(docker)
        (folder / "cert.pem").write_bytes(good)
        (folder / "key.pem").write_bytes(key)
        for call in CALLS:
            await call(docker)


# -- what goes wrong


async def entered(docker: Docker) -> None:
    """A stream that is opened."""
    async with docker.system.events():
        pass


CALLS: list[Callable[[Docker], Awaitable[Any]]] = [
    lambda docker: docker.system.info(),
    lambda docker: docker.images.build(context("FROM busybox")),
    entered,
]


def wrong(certificates: Certificates) -> dict[str, tuple[TLS, str]]:
    """What a client may do wrong, and what it is told."""
    stranger, now = trustme.CA(), datetime.now(UTC)
    asked = r"it wants a client certificate by an authority that it trusts \({}\)\. Give a valid one with its key: tls="
    signed = r"it cannot be trusted: .*issuer certificate\. Give the authority that has signed its certificate: tls=TLS"
    old = certificates.client(not_before=now - timedelta(days=2), not_after=now - timedelta(days=1))
    return {
        "no authority": (TLS(), signed),
        "another authority": (TLS(ca=stranger.cert_pem.bytes()), signed),
        "no certificate": (TLS(ca=certificates.ca), asked.format("certificate required|bad certificate")),
        "a stranger's certificate": (TLS(ca=certificates.ca, **certificates.client(stranger)), asked.format(".*")),
        "an expired certificate": (TLS(ca=certificates.ca, **old), asked.format(".*")),
    }


@pytest.mark.parametrize("call", CALLS, ids=["plain", "upload", "stream"])
@pytest.mark.parametrize("version", [ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3], ids=lambda version: version.name)
@pytest.mark.parametrize(
    "case",
    ["no authority", "another authority", "no certificate", "a stranger's certificate", "an expired certificate"],
)
async def test_who_is_not_trusted_is_told_so(
    case: str,
    version: ssl.TLSVersion,
    call: Callable[[Docker], Awaitable[Any]],
    secured: str,
    certificates: Certificates,
) -> None:
    tls, words = wrong(certificates)[case]
    trusting = await Trust(tls).context()
    trusting.minimum_version = trusting.maximum_version = version
    async with Docker(secured, tls=trusting, api_version="1.41") as docker:
        with pytest.raises(ConnectFailed, match=words) as caught:
            await call(docker)
    assert str(caught.value).startswith(f"cannot connect to {secured} (the argument host): it ")


async def test_plain_http_to_a_tls_port_is_named(secured: str) -> None:
    for version in ("1.41", None):
        async with Docker(secured, api_version=version) as docker:
            with pytest.raises(ConnectFailed, match="the daemon expects TLS on this port"):
                await docker.system.info()


async def test_tls_to_a_plain_port_is_named(engine_tcp: str) -> None:
    async with Docker(engine_tcp, tls=True, api_version="1.41") as docker:
        for call in CALLS:
            with pytest.raises(ConnectFailed, match="it does not speak TLS on this port"):
                await call(docker)
