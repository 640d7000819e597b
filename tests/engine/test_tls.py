"""A real daemon behind TLS, with a client certificate: every road, and stdin closed while output is still to come."""

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
from aiodockerapi._transport.tls_contexts import Trust
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
    """What is in the files of a directory."""
    return TLS(ca=folder / "ca.pem", cert=folder / "cert.pem", key=folder / "key.pem")


@pytest.fixture(scope="module")
def certificates(tmp_path_factory: pytest.TempPathFactory) -> Certificates:
    """The certificates of daemon and client."""
    return Certificates(tmp_path_factory.mktemp("certificates"))


@pytest.fixture(scope="module")
def host(certificates: Certificates) -> Iterator[str]:
    """The tcp:// address of a daemon that asks for a client certificate."""
    with secured(certificates, "localhost", "daemon.example.org") as address:
        yield address


@pytest.fixture(params=[ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3], ids=lambda version: version.name)
async def docker(request: pytest.FixtureRequest, certificates: Certificates, host: str) -> AsyncIterator[Docker]:
    """A client of that daemon, by one version of TLS."""
    async with Docker(host, tls=certificates.context(request.param)) as docker:
        yield docker


@pytest.fixture
async def container(docker: Docker) -> AsyncIterator[str]:
    """A container that runs and does nothing."""
    created = await docker.containers.create(SLEEPING)
    await docker.containers.start(created.id)
    yield created.id
    await docker.containers.remove(created.id, force=True)


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


async def test_a_websocket_to_its_end(docker: Docker) -> None:
    """The daemon closes it and is gone: that is an end, even if nobody hears our answer to its goodbye."""
    script = {"Image": "busybox", "Cmd": ["sh", "-c", "read line; echo got $line"], "OpenStdin": True}
    created = await docker.containers.create(script)
    async with docker.containers.attach_websocket(created.id) as stream:
        await docker.containers.start(created.id)
        await stream.send(b"it\n")
        assert b"".join([frame.data async for frame in stream]) == b"got it\n"
    await docker.containers.remove(created.id, force=True)


async def test_a_hundred_half_closes_at_once(docker: Docker, container: str) -> None:
    """The command's output comes after it has read the end of its input: after our goodbye."""

    async def sum_of(number: int) -> bool:
        data = b"%d" % number * 5000
        result = await docker.exec.run(container, ["sh", "-c", "md5sum; exit 3"], stdin=data)
        return (result.exit_code, result.stdout.split()[0].decode()) == (3, hashlib.md5(data).hexdigest())

    assert all(await asyncio.gather(*[sum_of(number) for number in range(100)]))


async def test_megabytes_there_and_long_after_back(docker: Docker, container: str) -> None:
    data = b"0123456789abcdef" * (MEBIBYTE // 2)
    result = await docker.exec.run(container, ["sh", "-c", "cat >/in; sleep 1; cat /in; echo end >&2"], stdin=data)
    assert (result.stdout == data, result.stderr, result.exit_code) == (True, b"end\n", 0)


async def test_a_stream_that_is_broken_off_leaves_nothing(docker: Docker, container: str) -> None:
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


async def test_events_and_a_wait_that_is_armed(docker: Docker) -> None:
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
    """What ends TLS before a daemon need not do it as dockerd does: each way ends for itself there too."""
    script = ["sh", "-c", "cat; sleep 0.2; echo end >&2; exit 5"]
    async with (
        gate(certificates, engine_host, version) as address,
        Docker(address, tls=material(certificates.client())) as docker,
    ):
        result = await docker.containers.run("busybox", script, stdin=b"x" * MEBIBYTE, auto_remove=True)
    assert (result.exit_code, len(result.stdout), result.stderr) == (5, MEBIBYTE, b"end\n")


# -- where the certificates come from


async def reached(docker: Docker) -> None:
    """Both roads lead to the daemon."""
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
    """The content of its files."""
    ca, cert, key = ((folder / f"{one}.pem").read_bytes() for one in ("ca", "cert", "key"))
    return TLS(ca=ca, cert=cert, key=key)


async def test_arguments(host: str, certificates: Certificates) -> None:
    folder = certificates.client()
    files, pem = material(folder), loaded(folder)
    for tls in (files, pem, attrs.evolve(files, ca=None, verify=False), certificates.context()):
        await reached(Docker(host, tls=tls))
    await reached(Docker(host.replace("tcp://", "https://"), tls=files))


async def test_a_name_that_the_address_does_not_have(host: str, certificates: Certificates) -> None:
    elsewhere, tls = host.replace("localhost", "127.0.0.1"), material(certificates.client())
    with pytest.raises(
        ConnectFailed, match=r"IP address mismatch, certificate is not valid for '127\.0\.0\.1'\. Connect by a name"
    ):
        await reached(Docker(elsewhere, tls=tls))
    await reached(Docker(elsewhere, tls=attrs.evolve(tls, server_name="daemon.example.org")))


async def test_renewed_certificates_are_used_by_the_next_connection(host: str, certificates: Certificates) -> None:
    folder, bad, good = certificates.client(), certificates.client(stranger=True), certificates.client()
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


# -- what goes wrong


async def entered(docker: Docker) -> None:
    """A stream that is opened."""
    async with docker.system.events():
        pass


async def blocks() -> AsyncIterator[bytes]:
    """More than the buffers on the way hold, so that the daemon is gone before it is sent."""
    for _ in range(64):
        yield bytes(MEBIBYTE // 4)


async def hijacked(docker: Docker) -> None:
    """A connection that is taken over, and written to."""
    async with docker.exec.start("nobody") as stream:
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
    "download": lambda docker: docker.containers.export("nobody"),
    "hijack": hijacked,
    "websocket": lambda docker: docker.containers.attach_websocket("nobody"),
}
EACH = pytest.mark.parametrize("call", CALLS.values(), ids=CALLS.keys())
ASKED = r"it wants a client certificate by an authority that it trusts \({}\)\. Give a valid one with its key: tls="
SIGNED = r"it cannot be trusted: .*certificate.*\. Give the authority that has signed its certificate: tls=TLS"


def wrong(certificates: Certificates) -> dict[str, tuple[TLS, str]]:
    """What a client may do wrong, and what it is told."""
    good = material(certificates.client())
    other = {
        one: attrs.evolve(material(certificates.client(**{one: True})), ca=good.ca) for one in ("stranger", "expired")
    }
    return {
        "no authority": (TLS(), SIGNED),
        "another authority": (material(certificates.client(trusting=False)), SIGNED),
        "no certificate": (TLS(ca=good.ca), ASKED.format("certificate required|bad certificate")),
        "a stranger's certificate": (other["stranger"], ASKED.format(".*")),
        "an expired certificate": (other["expired"], ASKED.format(".*")),
    }


@EACH
@VERSIONS
@pytest.mark.parametrize(
    "case",
    ["no authority", "another authority", "no certificate", "a stranger's certificate", "an expired certificate"],
)
async def test_who_is_not_trusted_is_told_so(
    case: str,
    version: ssl.TLSVersion,
    call: Callable[[Docker], Awaitable[Any]],
    host: str,
    certificates: Certificates,
) -> None:
    """From TLS 1.3 on the daemon says it after the handshake, when a large upload is under way already."""
    tls, words = wrong(certificates)[case]
    trusting = await Trust(tls).context()
    trusting.minimum_version = trusting.maximum_version = version
    async with Docker(host, tls=trusting, api_version="1.41") as docker:
        with pytest.raises(ConnectFailed, match=words) as caught:
            await call(docker)
    assert str(caught.value).startswith(f"cannot connect to {host} (the argument host): it ")
    assert isinstance(caught.value.__cause__, ssl.SSLError)


@EACH
@pytest.mark.parametrize("version", ["1.41", None], ids=["pinned", "negotiated"])
async def test_plain_http_to_a_tls_port_is_named(
    version: str | None, call: Callable[[Docker], Awaitable[Any]], host: str
) -> None:
    async with Docker(host, api_version=version) as docker:
        with pytest.raises(ConnectFailed, match="the daemon expects TLS on this port"):
            await call(docker)


async def test_tls_to_a_plain_port_is_named(engine_tcp: str) -> None:
    async with Docker(engine_tcp, tls=True, api_version="1.41") as docker:
        for call in CALLS.values():
            with pytest.raises(ConnectFailed, match="it does not speak TLS on this port"):
                await call(docker)
