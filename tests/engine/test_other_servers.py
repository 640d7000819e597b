"""The other servers that tests use: each starts, works as configured, and leaves no processes."""

from __future__ import annotations

import asyncio
import http.client
import ssl
import subprocess
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from aiodockerapi import Docker
from tests.support import podman, sshd
from tests.support.engine import answers, request_json
from tests.support.engine._machine import alive, processes
from tests.support.tls import Certificates, gate, secured

QUICK = ["-o", "BatchMode=yes", "-o", "ConnectTimeout=10"]


def ssh(server: sshd.SSHServer, *expected: str) -> subprocess.CompletedProcess[str]:
    """Run ssh as a user would."""
    return subprocess.run(
        ["ssh", *QUICK, *expected],
        env=server.environ,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
    )


def ping(host: str, context: ssl.SSLContext) -> bytes:
    """Ping a daemon over TLS."""
    parts = urlsplit(host)
    connection = http.client.HTTPSConnection(parts.hostname or "", parts.port, context=context, timeout=20)
    try:
        connection.request("GET", "/_ping")
        return connection.getresponse().read()
    finally:
        connection.close()


@pytest.fixture
def certificates(tmp_path: Path) -> Certificates:
    return Certificates(tmp_path)


def test_sshd_accepts_logins_and_leaves_nothing() -> None:
    with sshd.running(environment={"GREETING": "hello"}) as server:
        assert ssh(server, sshd.ALIAS, "echo $GREETING").stdout == "hello\n"
        assert ssh(server, "-p", str(server.port), f"{server.user}@127.0.0.1", "exit 7").returncode == 7
        assert "Accepted publickey" in server.log
        seen = [server.pid, *server.sessions]
    assert not any(alive(pid) for pid in seen)
    assert not processes(server.folder.name)
    assert not server.folder.exists()


@pytest.mark.parametrize(
    ("settings", "expected"),
    [
        ({"host_key": "unknown"}, "Host key verification failed"),
        ({"host_key": "changed"}, "has changed"),
        ({"authorized": False}, "Permission denied"),
        ({"environment": {"PATH": "/nowhere"}}, "docker: command not found"),
    ],
)
def test_sshd_refuses(settings: dict[str, Any], expected: str) -> None:
    with sshd.running(**settings) as server:
        refused = ssh(server, sshd.ALIAS, "docker version")
    assert refused.returncode in (127, 255)
    assert expected in refused.stderr


@pytest.mark.parametrize("forwarding", [True, False])
async def test_sshd_with_and_without_forwarding(forwarding: bool, engine_host: str, tmp_path: Path) -> None:
    local = tmp_path / "docker.sock"
    with sshd.running(forwarding=forwarding) as server:
        tunnel = await asyncio.create_subprocess_exec(
            "ssh", *QUICK, "-N", "-L", f"{local}:{engine_host.removeprefix('unix://')}", sshd.ALIAS, env=server.environ
        )
        async with asyncio.timeout(30):
            while not local.exists():  # noqa: ASYNC110 - ssh does not report it
                await asyncio.sleep(0.01)
        assert answers(f"unix://{local}") is forwarding
        server.cut()
        async with asyncio.timeout(30):
            assert await tunnel.wait() == 255
        assert ssh(server, sshd.ALIAS, "true").returncode == 0, "the server itself still runs"
        server.kill()
        assert ssh(server, sshd.ALIAS, "true").returncode == 255


def test_a_daemon_requires_a_client_certificate(certificates: Certificates) -> None:
    with secured(certificates) as host:
        assert ping(host, certificates.context()) == b"OK"
        assert ping(host, certificates.context(ssl.TLSVersion.TLSv1_2)) == b"OK"
        for folder in (None, certificates.client(untrusted=True), certificates.client(expired=True)):
            context = ssl.create_default_context(cafile=certificates.client() / "ca.pem")
            if folder is not None:
                context.load_cert_chain(folder / "cert.pem", folder / "key.pem")
            with pytest.raises((ssl.SSLError, ConnectionResetError)):
                ping(host, context)


@pytest.mark.parametrize(
    ("names", "settings", "expected"),
    [
        (("elsewhere.example.org",), {}, "Hostname mismatch"),
        ((), {"expired": True}, "certificate has expired"),
        ((), {"untrusted": True}, "unable to get local issuer certificate|self.signed certificate"),
    ],
)
def test_a_daemon_with_an_invalid_certificate(
    names: tuple[str, ...], settings: dict[str, bool], expected: str, certificates: Certificates
) -> None:
    with secured(certificates, *names, **settings) as host, pytest.raises(ssl.SSLCertVerificationError, match=expected):
        ping(host, certificates.context())


@pytest.mark.parametrize("version", [ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3])
async def test_a_gate_supports_a_single_tls_version(
    version: ssl.TLSVersion, engine_host: str, certificates: Certificates
) -> None:
    other = {ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3} - {version}
    async with gate(certificates, engine_host, version) as host:
        assert await asyncio.to_thread(ping, host, certificates.context()) == b"OK"
        with pytest.raises(ssl.SSLError):
            await asyncio.to_thread(ping, host, certificates.context(other.pop()))


async def test_podman_runs_containers_and_leaves_nothing() -> None:
    with podman.running() as host:
        assert request_json(host, "/version")["ApiVersion"] == "1.41"
        async with Docker(host) as docker, asyncio.timeout(60):
            config = {"HostConfig": {"NetworkMode": "none"}}
            result = await docker.containers.run("busybox", ["sh", "-c", "cat; exit 3"], config=config, stdin=b"hello")
            assert (result.exit_code, result.stdout) == (3, b"hello")
            created = await docker.containers.create({"Image": "busybox", "Cmd": ["sleep", "1000"], **config})
            await docker.containers.start(created.id)
    folder = Path(host.removeprefix("unix://")).parent
    assert not processes(folder.name)
    assert not folder.exists()
