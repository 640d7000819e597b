"""TLS contexts: whom they trust, what they show, and that they follow their files."""

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
from aiodockerapi._transport.tls_contexts import TLSContexts

NAME = "lab.example.org"


class Side:
    """An authority, and a certificate by it."""

    def __init__(self, *names: str) -> None:
        self.authority = trustme.CA()
        self.mine = self.authority.issue_cert(*(names or (NAME,)))
        self.ca = self.authority.cert_pem.bytes()
        self.cert = self.mine.cert_chain_pems[0].bytes()
        self.key = self.mine.private_key_pem.bytes()

    def server(self, *, asks: Side | None = None) -> ssl.SSLContext:
        """The context of a server with that certificate, which may ask its clients for theirs."""
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self.mine.configure_cert(context)
        if asks is not None:
            context.verify_mode = ssl.CERT_REQUIRED
            asks.authority.configure_trust(context)
        return context

    def files(self, folder: Path) -> TLS:
        """Its material in files."""
        for name, content in (("ca.pem", self.ca), ("cert.pem", self.cert), ("key.pem", self.key)):
            fresh = folder / f"{name}.new"
            fresh.write_bytes(content)
            fresh.replace(folder / name)
        return TLS(ca=folder / "ca.pem", cert=folder / "cert.pem", key=folder / "key.pem")


def shake(client: ssl.SSLContext, server: ssl.SSLContext, name: str = NAME) -> str | None:
    """A handshake in memory; returns the TLS version."""
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
    """The daemon's side."""
    return Side()


@pytest.fixture(scope="module")
def client() -> Side:
    """Ours, by another authority."""
    return Side()


async def test_files(daemon: Side, client: Side, tmp_path: Path) -> None:
    files = client.files(tmp_path)
    (tmp_path / "daemon.pem").write_bytes(daemon.ca)
    context = await TLSContexts(TLS(ca=tmp_path / "daemon.pem", cert=files.cert, key=files.key)).context()
    assert shake(context, daemon.server(asks=client)) == "TLSv1.3"
    with pytest.raises(ssl.SSLCertVerificationError, match="Hostname mismatch"):
        shake(context, daemon.server(), "other.example.org")


async def test_pem(daemon: Side, client: Side) -> None:
    context = await TLSContexts(TLS(ca=daemon.ca, cert=client.cert, key=client.key)).context()
    assert shake(context, daemon.server(asks=client))
    combined = await TLSContexts(TLS(ca=daemon.ca, cert=client.key + client.cert)).context()
    assert shake(combined, daemon.server(asks=client))


async def test_pem_where_files_have_no_descriptors(daemon: Side, client: Side, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(trust.sys, "platform", "darwin")
    context = await TLSContexts(TLS(ca=daemon.ca, cert=client.cert, key=client.key)).context()
    assert shake(context, daemon.server(asks=client))


async def test_no_other_authority_is_trusted(daemon: Side, client: Side) -> None:
    for tls in (TLS(), TLS(ca=client.ca)):
        with pytest.raises(ssl.SSLCertVerificationError):
            shake(await TLSContexts(tls).context(), daemon.server())


async def test_without_verification_nothing_matters(daemon: Side, client: Side) -> None:
    for tls in (TLS(verify=False), TLS(verify=False, ca=client.ca)):
        assert shake(await TLSContexts(tls).context(), daemon.server(), "other.example.org")


async def test_an_intermediate_authority_may_be_the_one_that_is_trusted() -> None:
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


async def test_a_context_of_the_users_own_is_taken_as_it_is() -> None:
    own = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    assert await TLSContexts(TLS(), own).context() is own


async def test_one_context_for_all_connections(daemon: Side, tmp_path: Path) -> None:
    for tls in (TLS(), TLS(ca=daemon.ca), daemon.files(tmp_path)):
        one = TLSContexts(tls)
        assert await one.context() is await one.context()


async def test_renewed_files_are_used_by_the_next_connection(tmp_path: Path) -> None:
    old, new = Side(), Side()
    ours = TLSContexts(old.files(tmp_path))
    assert shake(await ours.context(), old.server(asks=old))
    new.files(tmp_path)
    assert shake(await ours.context(), new.server(asks=new))
    with pytest.raises(ssl.SSLCertVerificationError):
        shake(await ours.context(), old.server())


async def test_files_that_are_renewed_one_after_the_other(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    old, new = Side(), Side()
    ours = TLSContexts(old.files(tmp_path))
    await ours.context()
    (tmp_path / "cert.pem").write_bytes(new.cert)
    monkeypatch.setattr(trust.time, "sleep", lambda _: new.files(tmp_path))
    assert shake(await ours.context(), new.server(asks=new))


async def test_files_that_stay_wrong_are_an_error_until_they_are_right(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(trust.time, "sleep", lambda _: None)
    side = Side()
    ours = TLSContexts(side.files(tmp_path))
    await ours.context()
    (tmp_path / "key.pem").unlink()
    with pytest.raises(ConfigurationError, match=r"key\.pem cannot be read: No such file"):
        await ours.context()
    side.files(tmp_path)
    assert shake(await ours.context(), side.server(asks=side))


async def test_files_that_are_as_wrong_as_they_were_are_not_read_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of a hundred connections at once, each would wait for them to become right."""
    pauses: list[float] = []
    monkeypatch.setattr(trust.time, "sleep", pauses.append)
    side, other = Side(), Side()
    ours = TLSContexts(side.files(tmp_path))
    await ours.context()
    (tmp_path / "key.pem").write_bytes(other.key)
    for _ in range(3):
        with pytest.raises(ConfigurationError, match="does not belong to the certificate") as caught:
            await ours.context()
        assert isinstance(caught.value.__cause__, ssl.SSLError)
    assert len(pauses) == 4


async def test_connections_at_once_read_the_files_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[TLS] = []
    make = trust._context
    monkeypatch.setattr(trust, "_context", lambda tls: made.append(tls) or make(tls))
    ours = TLSContexts(Side().files(tmp_path))
    assert len(set(await asyncio.gather(*[ours.context() for _ in range(50)]))) == 1
    assert len(made) == 1


async def test_files_whose_times_were_kept_are_read_again(tmp_path: Path) -> None:
    """As `cp --preserve` has it: same place, same size, same time of the last change."""
    old, new = Side(), Side()
    ours = TLSContexts(old.files(tmp_path))
    await ours.context()
    for name, content in (("ca.pem", new.ca), ("cert.pem", new.cert), ("key.pem", new.key)):
        path = tmp_path / name
        times = (path.stat().st_atime_ns, path.stat().st_mtime_ns)
        path.write_bytes(content)
        os.utime(path, ns=times)
    assert shake(await ours.context(), new.server(asks=new))


async def test_a_directory_that_is_swapped_by_a_link(tmp_path: Path) -> None:
    """So does Kubernetes replace the files of a secret."""
    sides = {"old": Side(), "new": Side()}
    for name, side in sides.items():
        (tmp_path / name).mkdir()
        side.files(tmp_path / name)
    (tmp_path / "data").symlink_to("old")
    data = tmp_path / "data"
    ours = TLSContexts(TLS(ca=data / "ca.pem", cert=data / "cert.pem", key=data / "key.pem"))
    assert shake(await ours.context(), sides["old"].server(asks=sides["old"]))
    (tmp_path / "next").symlink_to("new")
    (tmp_path / "next").rename(tmp_path / "data")
    assert shake(await ours.context(), sides["new"].server(asks=sides["new"]))


async def test_what_stands_beside_the_certificates_does_not_matter(daemon: Side) -> None:
    others = trustme.CA().cert_pem.bytes() + "\n# Our authority, in M\u00fcnchen\n".encode()
    assert shake(await TLSContexts(TLS(ca=others + daemon.ca)).context(), daemon.server())


def encrypted(key: bytes) -> bytes:
    """A private key that asks for a password."""
    found = load_pem_private_key(key, None)
    return found.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, BestAvailableEncryption(b"secret"))


async def test_material_that_is_none(daemon: Side, client: Side, tmp_path: Path) -> None:
    empty = tmp_path / "empty.pem"
    empty.touch()
    table = [
        (TLS(ca=empty), rf"{empty} holds no certificate in PEM form"),
        (TLS(ca=b"0\x82\x01"), r"holds no certificate in PEM form\. It is DER or PKCS#12: convert it"),
        (TLS(cert=b"0\x82\x01"), r"no certificate with its private key, both in PEM form\. It is DER or PKCS#12"),
        (TLS(ca=b"no pem"), r"TLS\(ca=\.\.\.\) holds no certificate"),
        (TLS(ca="ca\u00e9".encode()), r"TLS\(ca=\.\.\.\) holds no certificate"),
        (TLS(ca=tmp_path / "none.pem"), r"none\.pem cannot be read: No such file or directory\. Put it there"),
        (TLS(cert=empty), rf"{empty}: no certificate with its private key"),
        (TLS(cert=client.cert), r"TLS\(cert=\.\.\.\): no certificate with its private key, both in PEM form"),
        (TLS(cert=client.cert, key=b"none"), r"TLS\(cert=\.\.\.\) and TLS\(key=\.\.\.\): no certificate with"),
        (TLS(cert=client.cert, key=daemon.key), "the private key does not belong to the certificate"),
        (TLS(cert=tmp_path / "none.pem", key=client.key), r"none\.pem cannot be read: No such file"),
        (TLS(cert=client.cert, key=encrypted(client.key)), r"the private key is encrypted\. Decrypt it"),
    ]
    for tls, words in table:
        with pytest.raises(ConfigurationError, match=words):
            await TLSContexts(tls).context()


def descriptors() -> int:
    """How many files this process has open."""
    return len(list(Path("/proc/self/fd").iterdir()))


async def test_no_descriptor_is_left(daemon: Side, client: Side) -> None:
    await TLSContexts(TLS()).context()
    before = descriptors()
    await TLSContexts(TLS(ca=daemon.ca, cert=client.cert, key=client.key)).context()
    with pytest.raises(ConfigurationError):
        await TLSContexts(TLS(cert=client.cert, key=daemon.key)).context()
    assert descriptors() == before
