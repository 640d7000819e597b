"""TLS contexts: authorities, client certificates, and reloading of changed files."""

from __future__ import annotations

import asyncio
import os
import ssl
from pathlib import Path

import pytest
import trustme
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    PrivateFormat,
    load_pem_private_key,
)

from aiodockerapi import ConfigurationError
from aiodockerapi._settings import TLS
from aiodockerapi._transport import tls_contexts
from aiodockerapi._transport.tls_contexts import TLSContexts

NAME = "lab.example.org"


class Side:
    """An authority, and a certificate that it issued."""

    def __init__(self, *names: str) -> None:
        self.authority = trustme.CA()
        self.issued = self.authority.issue_cert(*(names or (NAME,)))
        self.ca = self.authority.cert_pem.bytes()
        self.cert = self.issued.cert_chain_pems[0].bytes()
        self.key = self.issued.private_key_pem.bytes()

    def server(self, *, client: Side | None = None) -> ssl.SSLContext:
        """Return a server's context; with `client`, it requires a certificate of that authority."""
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self.issued.configure_cert(context)
        if client is not None:
            context.verify_mode = ssl.CERT_REQUIRED
            client.authority.configure_trust(context)
        return context

    def files(self, folder: Path) -> TLS:
        """Write the authority, certificate and key to files; each is replaced at once."""
        for name, content in (("ca.pem", self.ca), ("cert.pem", self.cert), ("key.pem", self.key)):
            fresh = folder / f"{name}.new"
            fresh.write_bytes(content)
            fresh.replace(folder / name)
        return TLS(ca=folder / "ca.pem", cert=folder / "cert.pem", key=folder / "key.pem")


def shake(client: ssl.SSLContext, server: ssl.SSLContext, name: str = NAME) -> str | None:
    """Perform a handshake in memory, and return the TLS version."""
    up, down = ssl.MemoryBIO(), ssl.MemoryBIO()
    ours = client.wrap_bio(down, up, server_hostname=name)
    theirs = server.wrap_bio(up, down, server_side=True)
    for _ in range(6):
        for side in (ours, theirs):
            try:
                side.do_handshake()
            except ssl.SSLWantReadError:
                continue
    return ours.version()


@pytest.fixture(scope="module")
def daemon() -> Side:
    """The authority and certificate of the daemon."""
    return Side()


@pytest.fixture(scope="module")
def client() -> Side:
    """Those of the client, whose authority is another one."""
    return Side()


async def test_files(daemon: Side, client: Side, tmp_path: Path) -> None:
    files = client.files(tmp_path)
    (tmp_path / "daemon.pem").write_bytes(daemon.ca)
    context = await TLSContexts(TLS(ca=tmp_path / "daemon.pem", cert=files.cert, key=files.key)).context()
    assert shake(context, daemon.server(client=client)) == "TLSv1.3"
    with pytest.raises(ssl.SSLCertVerificationError, match="Hostname mismatch"):
        shake(context, daemon.server(), "other.example.org")


async def test_pem(daemon: Side, client: Side) -> None:
    context = await TLSContexts(TLS(ca=daemon.ca, cert=client.cert, key=client.key)).context()
    assert shake(context, daemon.server(client=client))
    combined = await TLSContexts(TLS(ca=daemon.ca, cert=client.key + client.cert)).context()
    assert shake(combined, daemon.server(client=client))


async def test_pem_on_a_system_without_memory_files(
    daemon: Side, client: Side, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tls_contexts.sys, "platform", "darwin")
    context = await TLSContexts(TLS(ca=daemon.ca, cert=client.cert, key=client.key)).context()
    assert shake(context, daemon.server(client=client))


async def test_no_other_authority_is_trusted(daemon: Side, client: Side) -> None:
    for tls in (TLS(), TLS(ca=client.ca)):
        with pytest.raises(ssl.SSLCertVerificationError):
            shake(await TLSContexts(tls).context(), daemon.server())


async def test_without_verification_every_certificate_is_accepted(daemon: Side, client: Side) -> None:
    for tls in (TLS(verify=False), TLS(verify=False, ca=client.ca)):
        assert shake(await TLSContexts(tls).context(), daemon.server(), "other.example.org")


async def test_an_intermediate_authority_can_be_trusted() -> None:
    middle = trustme.CA().create_child_ca()
    server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    middle.issue_cert(NAME).configure_cert(server)
    assert shake(await TLSContexts(TLS(ca=middle.cert_pem.bytes())).context(), server)


async def test_tls_1_2_at_least(daemon: Side) -> None:
    context = await TLSContexts(TLS(ca=daemon.ca)).context()
    assert context.minimum_version == ssl.TLSVersion.TLSv1_2
    server = daemon.server()
    server.maximum_version = ssl.TLSVersion.TLSv1_2
    assert shake(context, server) == "TLSv1.2"


async def test_a_custom_context_is_used_unchanged() -> None:
    custom = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    assert await TLSContexts(TLS(), custom).context() is custom


async def test_one_context_for_all_connections(daemon: Side, tmp_path: Path) -> None:
    for tls in (TLS(), TLS(ca=daemon.ca), daemon.files(tmp_path)):
        contexts = TLSContexts(tls)
        assert await contexts.context() is await contexts.context()


async def test_renewed_files_are_used_by_the_next_connection(tmp_path: Path) -> None:
    old, new = Side(), Side()
    contexts = TLSContexts(old.files(tmp_path))
    assert shake(await contexts.context(), old.server(client=old))
    new.files(tmp_path)
    assert shake(await contexts.context(), new.server(client=new))
    with pytest.raises(ssl.SSLCertVerificationError):
        shake(await contexts.context(), old.server())


async def test_files_that_are_renewed_one_after_the_other(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    old, new = Side(), Side()
    contexts = TLSContexts(old.files(tmp_path))
    await contexts.context()
    (tmp_path / "cert.pem").write_bytes(new.cert)
    monkeypatch.setattr(tls_contexts.time, "sleep", lambda _: new.files(tmp_path))
    assert shake(await contexts.context(), new.server(client=new))


async def test_wrong_files_are_an_error_until_they_are_corrected(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tls_contexts.time, "sleep", lambda _: None)
    side = Side()
    contexts = TLSContexts(side.files(tmp_path))
    await contexts.context()
    (tmp_path / "key.pem").unlink()
    with pytest.raises(ConfigurationError, match=r"key\.pem cannot be read: No such file"):
        await contexts.context()
    side.files(tmp_path)
    assert shake(await contexts.context(), side.server(client=side))


async def test_unchanged_wrong_files_are_not_read_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Otherwise each of a hundred concurrent connections would wait for a renewal to complete."""
    pauses: list[float] = []
    monkeypatch.setattr(tls_contexts.time, "sleep", pauses.append)
    side, other = Side(), Side()
    contexts = TLSContexts(side.files(tmp_path))
    await contexts.context()
    (tmp_path / "key.pem").write_bytes(other.key)
    for _ in range(3):
        with pytest.raises(ConfigurationError, match="does not match the certificate") as caught:
            await contexts.context()
        assert isinstance(caught.value.__cause__, ssl.SSLError)
    assert len(pauses) == 4


async def test_connections_at_once_read_the_files_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    created: list[TLS] = []
    create = tls_contexts._create_context
    monkeypatch.setattr(tls_contexts, "_create_context", lambda tls: created.append(tls) or create(tls))
    contexts = TLSContexts(Side().files(tmp_path))
    assert len(set(await asyncio.gather(*[contexts.context() for _ in range(50)]))) == 1
    assert len(created) == 1


async def test_files_whose_times_were_kept_are_read_again(tmp_path: Path) -> None:
    """`cp --preserve` keeps the inode, the size and the modification time."""
    old, new = Side(), Side()
    contexts = TLSContexts(old.files(tmp_path))
    await contexts.context()
    for name, content in (("ca.pem", new.ca), ("cert.pem", new.cert), ("key.pem", new.key)):
        path = tmp_path / name
        times = (path.stat().st_atime_ns, path.stat().st_mtime_ns)
        path.write_bytes(content)
        os.utime(path, ns=times)
    assert shake(await contexts.context(), new.server(client=new))


async def test_a_directory_that_is_swapped_by_a_link(tmp_path: Path) -> None:
    """Kubernetes replaces the files of a secret like this."""
    sides = {"old": Side(), "new": Side()}
    for name, side in sides.items():
        (tmp_path / name).mkdir()
        side.files(tmp_path / name)
    (tmp_path / "data").symlink_to("old")
    data = tmp_path / "data"
    contexts = TLSContexts(TLS(ca=data / "ca.pem", cert=data / "cert.pem", key=data / "key.pem"))
    assert shake(await contexts.context(), sides["old"].server(client=sides["old"]))
    (tmp_path / "next").symlink_to("new")
    (tmp_path / "next").rename(tmp_path / "data")
    assert shake(await contexts.context(), sides["new"].server(client=sides["new"]))


async def test_text_beside_the_certificates_is_ignored(daemon: Side) -> None:
    others = trustme.CA().cert_pem.bytes() + "\n# Our authority, in M\u00fcnchen\n".encode()
    assert shake(await TLSContexts(TLS(ca=others + daemon.ca)).context(), daemon.server())


def encrypted(key: bytes) -> bytes:
    """Return an encrypted private key."""
    found = load_pem_private_key(key, None)
    return found.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, BestAvailableEncryption(b"secret"))


async def test_wrong_material(daemon: Side, client: Side, tmp_path: Path) -> None:
    empty = tmp_path / "empty.pem"
    empty.touch()
    table = [
        (TLS(ca=empty), rf"{empty} contains no certificate in PEM format"),
        (TLS(ca=b"0\x82\x01"), r"contains no certificate in PEM format\. It is DER or PKCS#12: convert it"),
        (TLS(cert=b"0\x82\x01"), r"no certificate with its private key in PEM format\. It is DER or PKCS#12"),
        (TLS(ca=b"no pem"), r"TLS\(ca=\.\.\.\) contains no certificate"),
        (TLS(ca="ca\u00e9".encode()), r"TLS\(ca=\.\.\.\) contains no certificate"),
        (TLS(ca=tmp_path / "none.pem"), r"none\.pem cannot be read: No such file or directory\. Create it"),
        (TLS(cert=empty), rf"{empty}: no certificate with its private key"),
        (TLS(cert=client.cert), r"TLS\(cert=\.\.\.\): no certificate with its private key in PEM format"),
        (TLS(cert=client.cert, key=b"none"), r"TLS\(cert=\.\.\.\) and TLS\(key=\.\.\.\): no certificate with"),
        (TLS(cert=client.cert, key=daemon.key), "the private key does not match the certificate"),
        (TLS(cert=tmp_path / "none.pem", key=client.key), r"none\.pem cannot be read: No such file"),
        (TLS(cert=client.cert, key=encrypted(client.key)), r"the private key is encrypted\. Decrypt it"),
    ]
    for tls, message in table:
        with pytest.raises(ConfigurationError, match=message):
            await TLSContexts(tls).context()


def descriptors() -> int:
    """Return the number of open files of this process."""
    return len(list(Path("/proc/self/fd").iterdir()))


async def test_no_descriptor_is_left(daemon: Side, client: Side) -> None:
    await TLSContexts(TLS()).context()
    before = descriptors()
    await TLSContexts(TLS(ca=daemon.ca, cert=client.cert, key=client.key)).context()
    with pytest.raises(ConfigurationError):
        await TLSContexts(TLS(cert=client.cert, key=daemon.key)).context()
    assert descriptors() == before
