"""A real daemon with TLS and client certificates: every kind of call, and half-close of stdin."""

from __future__ import annotations

import asyncio
import hashlib
import io
import shutil
import ssl
import tarfile
from typing import TYPE_CHECKING, Any

import attrs
import pytest

from aiodockerapi import TLS, ConnectFailed, Docker
from aiodockerapi._transport.tls_contexts import TLSContexts
from tests.support.images import context
from tests.support.leaks import nothing_left
from tests.support.settings import Home, ctx
from tests.support.tls import Certificates, gate, secured

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
    from pathlib import Path

MEBIBYTE = 1 << 20
SLEEPING: dict[str, Any] = {"Image": "busybox", "Cmd": ["sleep", "1000"], "HostConfig": {"NetworkMode": "none"}}
VERSIONS = pytest.mark.parametrize(
    "version", [ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3], ids=lambda version: version.name
)


def material(folder: Path) -> TLS:
    """Return the settings for the files of a directory."""
    return TLS(ca=folder / "ca.pem", cert=folder / "cert.pem", key=folder / "key.pem")


@pytest.fixture(scope="module")
def certificates(tmp_path_factory: pytest.TempPathFactory) -> Certificates:
    """The certificates of daemon and client."""
    return Certificates(tmp_path_factory.mktemp("certificates"))


@pytest.fixture(scope="module")
def host(certificates: Certificates) -> Iterator[str]:
    """The tcp:// address of a daemon that requires a client certificate."""
    with secured(certificates, "localhost", "daemon.example.org") as address:
        yield address


@pytest.fixture(params=[ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3], ids=lambda version: version.name)
async def docker(request: pytest.FixtureRequest, certificates: Certificates, host: str) -> AsyncIterator[Docker]:
    """A client of that daemon with one version of TLS."""
    async with Docker(host, tls=certificates.context(request.param)) as docker:
        yield docker


@pytest.fixture
async def container(docker: Docker) -> AsyncIterator[str]:
    """A container that runs and is idle."""
    created = await docker.containers.create(SLEEPING)
    await docker.containers.start(created.id)
    yield created.id
    await docker.containers.remove(created.id, force=True)


async def test_all_output_arrives_after_stdin_is_closed(docker: Docker) -> None:
    result = await docker.containers.run(
        "busybox", ["sh", "-c", "cat; echo end >&2; exit 5"], stdin=b"x" * MEBIBYTE, auto_remove=True
    )
    assert (result.exit_code, len(result.stdout), result.stderr) == (5, MEBIBYTE, b"end\n")


async def test_a_command_may_end_without_reading_its_stdin(docker: Docker) -> None:
    result = await docker.containers.run("busybox", ["echo", "done"], stdin=b"x" * MEBIBYTE, auto_remove=True)
    assert (result.exit_code, result.stdout) == (0, b"done\n")


async def test_logs_are_complete(docker: Docker) -> None:
    created = await docker.containers.create({"Image": "busybox", "Cmd": ["sh", "-c", f"yes | head -c {MEBIBYTE}"]})
    container = docker.container(created.id)
    await container.start()
    async with container.logs(follow=True) as log:
        size = sum([len(frame.data) async for frame in log])
    await container.remove(force=True)
    assert size == MEBIBYTE


async def test_a_websocket_until_its_end(docker: Docker) -> None:
    """The daemon closes the connection without reading the close frame of the client, which is a normal end."""
    script = {"Image": "busybox", "Cmd": ["sh", "-c", "read line; echo got $line"], "OpenStdin": True}
    created = await docker.containers.create(script)
    async with docker.containers.attach_websocket(created.id) as stream:
        await docker.containers.start(created.id)
        await stream.send(b"it\n")
        assert b"".join([frame.data async for frame in stream]) == b"got it\n"
    await docker.containers.remove(created.id, force=True)


async def test_a_hundred_concurrent_half_closes(docker: Docker, container: str) -> None:
    """The command writes its output after it has read EOF, so after the close_notify of the client."""

    async def sum_of(number: int) -> bool:
        data = b"%d" % number * 5000
        result = await docker.exec.run(container, ["sh", "-c", "md5sum; exit 3"], stdin=data)
        return (result.exit_code, result.stdout.split()[0].decode()) == (3, hashlib.md5(data).hexdigest())

    assert all(await asyncio.gather(*[sum_of(number) for number in range(100)]))


async def test_megabytes_of_input_and_delayed_output(docker: Docker, container: str) -> None:
    data = b"0123456789abcdef" * (MEBIBYTE // 2)
    result = await docker.exec.run(container, ["sh", "-c", "cat >/in; sleep 1; cat /in; echo end >&2"], stdin=data)
    assert (result.stdout == data, result.stderr, result.exit_code) == (True, b"end\n", 0)


async def test_an_aborted_stream_leaves_nothing(docker: Docker, container: str) -> None:
    async with nothing_left():
        async with docker.containers.stats(container) as samples:
            await anext(samples)
        running = asyncio.ensure_future(docker.exec.run(container, ["cat"], stdin=bytes(8 * MEBIBYTE)))
        await asyncio.sleep(0.05)
        running.cancel()
        await asyncio.wait([running])


async def test_archives_and_a_build(docker: Docker, container: str, tmp_path: Path) -> None:
    file = io.BytesIO()
    with tarfile.open(fileobj=file, mode="w") as archive:
        entry = tarfile.TarInfo("big")
        entry.size = 8 * MEBIBYTE
        archive.addfile(entry, io.BytesIO(bytes(entry.size)))
    await docker.containers.put_archive(container, "/", file.getvalue())
    assert (await docker.exec.run(container, ["wc", "-c", "/big"])).stdout.split()[0] == b"%d" % entry.size
    assert len(await docker.containers.get_archive(container, "/big")) > entry.size
    (tmp_path / "Dockerfile").write_text("FROM busybox\nCOPY big /\n")
    (tmp_path / "big").write_bytes(bytes(4 * MEBIBYTE))
    assert (await docker.images.build(tmp_path)).image_id


async def test_events_and_an_entered_wait(docker: Docker) -> None:
    created = await docker.containers.create({"Image": "busybox", "Cmd": ["sh", "-c", "exit 7"]})
    async with (
        docker.system.events(filters={"container": [created.id], "event": ["die"]}) as events,
        docker.containers.wait(created.id, condition="next-exit") as waiting,
    ):
        await docker.containers.start(created.id)
        assert (await waiting.result()).status_code == 7
        assert (await anext(events)).id == created.id
    await docker.containers.remove(created.id)


@VERSIONS
async def test_a_half_close_through_a_gate(
    version: ssl.TLSVersion, certificates: Certificates, engine_host: str
) -> None:
    """A TLS proxy in front of a daemon may differ from dockerd; half-close works there too."""
    script = ["sh", "-c", "cat; sleep 0.2; echo end >&2; exit 5"]
    async with (
        gate(certificates, engine_host, version) as address,
        Docker(address, tls=material(certificates.client())) as docker,
    ):
        result = await docker.containers.run("busybox", script, stdin=b"x" * MEBIBYTE, auto_remove=True)
    assert (result.exit_code, len(result.stdout), result.stderr) == (5, MEBIBYTE, b"end\n")


# -- where the certificates come from


async def reached(docker: Docker) -> None:
    """Check that plain calls and streams reach the daemon."""
    async with docker:
        assert docker.endpoint.is_tls
        assert await docker.containers.list(filters={"name": ["none"]}) == []
        async with docker.system.events():
            pass
    assert "secret" not in repr(docker)


async def test_the_environment(host: str, certificates: Certificates, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DOCKER_HOST", host)
    monkeypatch.setenv("DOCKER_TLS_VERIFY", "1")
    monkeypatch.setenv("DOCKER_CERT_PATH", str(certificates.client()))
    await reached(Docker())


async def test_a_docker_context(
    host: str, certificates: Certificates, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = Home(tmp_path / "home")
    home.context(**ctx("lab", host))
    folder = home.docker / "contexts" / "tls" / hashlib.sha256(b"lab").hexdigest() / "docker"
    shutil.copytree(certificates.client(), folder)
    monkeypatch.setenv("DOCKER_CONFIG", str(home.docker))
    await reached(Docker(context="lab"))


def loaded(folder: Path) -> TLS:
    """Return the settings with the content of the files."""
    ca, cert, key = ((folder / f"{one}.pem").read_bytes() for one in ("ca", "cert", "key"))
    return TLS(ca=ca, cert=cert, key=key)


async def test_arguments(host: str, certificates: Certificates) -> None:
    folder = certificates.client()
    files, pem = material(folder), loaded(folder)
    for tls in (files, pem, attrs.evolve(files, ca=None, verify=False), certificates.context()):
        await reached(Docker(host, tls=tls))
    await reached(Docker(host.replace("tcp://", "https://"), tls=files))


async def test_server_name_for_an_address_that_the_certificate_lacks(host: str, certificates: Certificates) -> None:
    elsewhere, tls = host.replace("localhost", "127.0.0.1"), material(certificates.client())
    with pytest.raises(
        ConnectFailed,
        match=r"IP address mismatch, certificate is not valid for '127\.0\.0\.1'\. Use a name in the certificate",
    ):
        await reached(Docker(elsewhere, tls=tls))
    await reached(Docker(elsewhere, tls=attrs.evolve(tls, server_name="daemon.example.org")))


async def test_renewed_certificates_are_used_by_the_next_connection(host: str, certificates: Certificates) -> None:
    folder, bad, good = certificates.client(), certificates.client(untrusted=True), certificates.client()
    async with Docker(host, tls=material(folder), api_version="1.41") as docker:
        for source in (bad, good):
            for name in ("cert.pem", "key.pem"):
                shutil.copy(source / name, folder / name)
            for call in ACCEPTED.values():
                if source is good:
                    await call(docker)
                    continue
                with pytest.raises(ConnectFailed):
                    await call(docker)


# -- failures


async def entered(docker: Docker) -> None:
    """Open a stream."""
    async with docker.system.events():
        pass


async def blocks() -> AsyncIterator[bytes]:
    """Yield more data than fits into the buffers, so that the daemon closes the connection before all is sent."""
    for _ in range(64):
        yield bytes(MEBIBYTE // 4)


async def hijacked(docker: Docker) -> None:
    """Hijack a connection, and write to it."""
    async with docker.exec.start("missing") as stream:
        await stream.send(b"input")


ACCEPTED: dict[str, Callable[[Docker], Awaitable[Any]]] = {
    "plain": lambda docker: docker.system.info(),
    "upload": lambda docker: docker.images.build(context("FROM busybox")),
    "stream": entered,
}
CALLS: dict[str, Callable[[Docker], Awaitable[Any]]] = {
    **ACCEPTED,
    "large upload": lambda docker: docker.images.load(bytes(2 * MEBIBYTE)),
    "larger upload": lambda docker: docker.images.load(blocks()),
    "download": lambda docker: docker.containers.export("missing"),
    "hijack": hijacked,
    "websocket": lambda docker: docker.containers.attach_websocket("missing"),
}
EACH = pytest.mark.parametrize("call", CALLS.values(), ids=CALLS.keys())
REQUIRED = r"the daemon requires a client certificate that it trusts \({}\)\. Set one with its key: tls="
UNTRUSTED = (
    r"the daemon's certificate cannot be verified: .*certificate.*\. "
    r"Set the certificate authority that signed it: tls=TLS"
)


def wrong(certificates: Certificates) -> dict[str, tuple[TLS, str]]:
    """Return wrong settings of a client, and the expected messages."""
    good = material(certificates.client())
    other = {
        one: attrs.evolve(material(certificates.client(**{one: True})), ca=good.ca) for one in ("untrusted", "expired")
    }
    return {
        "no authority": (TLS(), UNTRUSTED),
        "another authority": (material(certificates.client(trusting=False)), UNTRUSTED),
        "no certificate": (TLS(ca=good.ca), REQUIRED.format("certificate required|bad certificate")),
        "an untrusted certificate": (other["untrusted"], REQUIRED.format(".*")),
        "an expired certificate": (other["expired"], REQUIRED.format(".*")),
    }


@EACH
@VERSIONS
@pytest.mark.parametrize(
    "case",
    ["no authority", "another authority", "no certificate", "an untrusted certificate", "an expired certificate"],
)
async def test_a_certificate_problem_is_reported(
    case: str,
    version: ssl.TLSVersion,
    call: Callable[[Docker], Awaitable[Any]],
    host: str,
    certificates: Certificates,
) -> None:
    """With TLS 1.3 the alert arrives after the handshake, possibly during a large upload."""
    tls, pattern = wrong(certificates)[case]
    trusting = await TLSContexts(tls).context()
    trusting.minimum_version = trusting.maximum_version = version
    async with Docker(host, tls=trusting, api_version="1.41") as docker:
        with pytest.raises(ConnectFailed, match=pattern) as caught:
            await call(docker)
    assert str(caught.value).startswith(f"cannot connect to {host} (the argument host): the daemon")
    assert isinstance(caught.value.__cause__, ssl.SSLError)


@EACH
@pytest.mark.parametrize("version", ["1.41", None], ids=["pinned", "negotiated"])
async def test_plain_http_on_a_tls_port_is_reported(
    version: str | None, call: Callable[[Docker], Awaitable[Any]], host: str
) -> None:
    async with Docker(host, api_version=version) as docker:
        with pytest.raises(ConnectFailed, match="the daemon expects TLS on this port"):
            await call(docker)


async def test_tls_on_a_plain_port_is_reported(engine_tcp: str) -> None:
    async with Docker(engine_tcp, tls=True, api_version="1.41") as docker:
        for call in CALLS.values():
            with pytest.raises(ConnectFailed, match="the daemon does not use TLS on this port"):
                await call(docker)
