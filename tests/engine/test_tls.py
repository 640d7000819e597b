"""A real daemon behind TLS, with a client certificate: every road, and stdin closed while output is still to come."""

from __future__ import annotations

import os
import ssl
from typing import TYPE_CHECKING

import pytest
import trustme

import aiodockerapi._transport.transport as transport
from aiodockerapi import ConnectFailed, Docker, TransportError
from tests.support import engine as engines

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

MEBIBYTE = 1 << 20


class Certificates:
    """A certificate authority, a daemon's certificate in files, and what a client needs."""

    def __init__(self, folder: Path) -> None:
        self.authority = trustme.CA()
        self.client = self.authority.issue_cert("client@example.org")
        server = self.authority.issue_cert("localhost", "127.0.0.1")
        self.flags = ("--tlsverify",)
        for name, blob in (
            ("tlscacert", self.authority.cert_pem.bytes()),
            ("tlscert", server.cert_chain_pems[0].bytes()),
            ("tlskey", server.private_key_pem.bytes()),
        ):
            (folder / name).write_bytes(blob)
            self.flags += (f"--{name}={folder / name}",)

    def context(self, version: ssl.TLSVersion) -> ssl.SSLContext:
        context = ssl.create_default_context()
        context.minimum_version = context.maximum_version = version
        self.authority.configure_trust(context)
        self.client.configure_cert(context)
        return context


@pytest.fixture(scope="module")
def certificates(tmp_path_factory: pytest.TempPathFactory) -> Certificates:
    return Certificates(tmp_path_factory.mktemp("certificates"))


@pytest.fixture(scope="module")
def secured(certificates: Certificates) -> Iterator[str]:
    """The https:// address of a daemon that asks for a client certificate."""
    spec = engines.Spec(f"tls-{os.getpid()}", flags=certificates.flags)
    engine = engines.acquire(os.getpid(), spec, own=True)
    try:
        assert engine.tcp is not None
        yield engine.tcp.replace("tcp://127.0.0.1", "https://localhost")
    finally:
        engines.release(os.getpid(), spec)


@pytest.fixture(params=[ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3], ids=lambda version: version.name)
def trusted(request: pytest.FixtureRequest, certificates: Certificates, monkeypatch: pytest.MonkeyPatch) -> None:
    """Have the client trust the daemon, and show its certificate."""
    monkeypatch.setattr(transport, "default_context", lambda: certificates.context(request.param))


@pytest.mark.usefixtures("trusted")
async def test_stdin_is_closed_and_all_output_still_comes(secured: str) -> None:
    async with Docker(secured) as docker:
        result = await docker.containers.run(
            "busybox", ["sh", "-c", "cat; echo end >&2; exit 5"], stdin=b"x" * MEBIBYTE, auto_remove=True
        )
    assert (result.exit_code, len(result.stdout), result.stderr) == (5, MEBIBYTE, b"end\n")


@pytest.mark.usefixtures("trusted")
async def test_a_command_may_end_without_reading_its_stdin(secured: str) -> None:
    async with Docker(secured) as docker:
        result = await docker.containers.run("busybox", ["echo", "done"], stdin=b"x" * MEBIBYTE, auto_remove=True)
    assert (result.exit_code, result.stdout) == (0, b"done\n")


@pytest.mark.usefixtures("trusted")
async def test_logs_come_whole(secured: str) -> None:
    async with Docker(secured) as docker:
        created = await docker.containers.create({"Image": "busybox", "Cmd": ["sh", "-c", f"yes | head -c {MEBIBYTE}"]})
        container = docker.container(created.id)
        await container.start()
        async with container.logs(follow=True) as log:
            size = sum([len(frame.data) async for frame in log])
        await container.remove(force=True)
    assert size == MEBIBYTE


async def test_a_daemon_whose_certificate_nobody_vouches_for_is_refused(secured: str) -> None:
    async with Docker(secured, api_version="1.41") as docker:
        with pytest.raises(ConnectFailed, match="certificate"):
            await docker.system.ping()
        with pytest.raises(ConnectFailed, match="cannot be trusted"):
            async with docker.system.events():
                pass


async def test_plain_http_to_a_tls_port_is_named(secured: str) -> None:
    async with Docker(secured.replace("https://localhost", "tcp://127.0.0.1"), api_version="1.41") as docker:
        with pytest.raises(TransportError, match="TLS"):
            await docker.system.info()
