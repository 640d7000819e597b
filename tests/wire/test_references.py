"""Image references."""

import time
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aiodockerapi._wire.references import Reference, parse_reference
from aiodockerapi.errors import InvalidArgument, InvalidArgumentType

DIGEST = "sha256:" + "0123456789abcdef" * 4


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("busybox", ("busybox", "", "")),
        ("busybox:latest", ("busybox", "latest", "")),
        ("busybox:1.36-musl_x", ("busybox", "1.36-musl_x", "")),
        ("busybox:V1", ("busybox", "V1", "")),
        ("busybox:_", ("busybox", "_", "")),
        ("busybox:" + "t" * 128, ("busybox", "t" * 128, "")),
        (f"busybox@{DIGEST}", ("busybox", "", DIGEST)),
        (f"busybox:1@{DIGEST}", ("busybox", "1", DIGEST)),
        ("library/busybox:1", ("library/busybox", "1", "")),
        ("a/b/c/d", ("a/b/c/d", "", "")),
        ("a-b.c_d__e--f", ("a-b.c_d__e--f", "", "")),
        ("localhost/x", ("localhost/x", "", "")),
        ("localhost:5000/x:1", ("localhost:5000/x", "1", "")),
        ("name:5000", ("name", "5000", "")),
        ("registry.example.com/team/app:v1", ("registry.example.com/team/app", "v1", "")),
        ("Registry.Example.COM/app", ("Registry.Example.COM/app", "", "")),
        ("127.0.0.1:5000/app", ("127.0.0.1:5000/app", "", "")),
        ("[::1]:5000/app:1", ("[::1]:5000/app", "1", "")),
        ("[fe80::1]/app", ("[fe80::1]/app", "", "")),
        ("xn--n3h.com/app", ("xn--n3h.com/app", "", "")),
        ("x" * 255, ("x" * 255, "", "")),
        ("x@sha512+b64u.v1:" + "a" * 32, ("x", "", "sha512+b64u.v1:" + "a" * 32)),
    ],
)
def test_parts_of_a_reference(text: str, parts: tuple[str, str, str]) -> None:
    assert parse_reference(text) == Reference(*parts)


MALFORMED = f"""
    :tag @{DIGEST} busybox: busybox@ busybox:-x busybox:.x busybox:{"t" * 129} busybox:a:b busybox:\u00e9
    busybox@sha256 busybox@sha256:abc busybox@{DIGEST}g busybox@{DIGEST}:tag
    /busybox busybox/ a//b a/../b ../x . .. -a a- a..b a.-b a___b a._b _a {"x" * 256} caf\u00e9 \uff15
    host:port/x [::1] [::g]/x -h/x https://example.com/x a?b a#b a%b a\\b a\0
""".split()


@pytest.mark.parametrize("text", [*MALFORMED, "", " ", " busybox", "busybox ", "busybox\n", "bus ybox"], ids=ascii)
def test_malformed_references_are_rejected(text: str) -> None:
    with pytest.raises(InvalidArgument, match="image reference"):
        parse_reference(text)


@pytest.mark.parametrize("text", ["Busybox", "library/BusyBox", "localhost/Web:1"])
def test_uppercase_names_are_rejected_with_a_hint(text: str) -> None:
    with pytest.raises(InvalidArgument, match="names must be lowercase"):
        parse_reference(text)


def test_the_error_names_the_kind_of_object() -> None:
    with pytest.raises(InvalidArgument, match="invalid plugin reference"):
        parse_reference("vieux/sshfs:", "plugin")


@pytest.mark.parametrize("value", [None, 5, b"busybox", ["busybox"]])
def test_non_strings_are_rejected(value: Any) -> None:
    with pytest.raises(InvalidArgumentType, match="the image reference must be a string"):
        parse_reference(value)


@pytest.mark.parametrize(
    ("text", "version"),
    [("busybox", "latest"), ("busybox:1", "1"), (f"busybox@{DIGEST}", DIGEST), (f"busybox:1@{DIGEST}", DIGEST)],
)
def test_version(text: str, version: str) -> None:
    assert parse_reference(text).version == version


@given(text=st.text(alphabet="aA0.:/@_-[]", max_size=20))
def test_round_trip(text: str) -> None:
    try:
        name, tag, digest = parse_reference(text)
    except InvalidArgument:
        return
    assert name + (f":{tag}" if tag else "") + (f"@{digest}" if digest else "") == text


@pytest.mark.parametrize("part", ["a", "a.", "a-", "a_", "a/", "a:", "a@", "a@b.", "-", "1:", "A", "[:", "a.a-"])
def test_long_texts_are_rejected_quickly(part: str) -> None:
    start = time.process_time()
    with pytest.raises(InvalidArgument):
        parse_reference(part * 100_000 + "!")
    assert time.process_time() - start < 10
