"""Encoding of a request, and parsing of the head of its response."""

from collections.abc import Iterable

import h11
import pytest
from hypothesis import given
from hypothesis import strategies as st

from aiodockerapi._wire.handshake import BadHead, Handshake, Head
from aiodockerapi.errors import InvalidArgument
from tests.wire.splits import POSITIONS, single_bytes, split

UPGRADE = {"Host": "docker", "Connection": "Upgrade", "Upgrade": "tcp"}
SWITCHING = (
    b"HTTP/1.1 101 UPGRADED\r\n"
    b"Content-Type: application/vnd.docker.raw-stream\r\nConnection: Upgrade\r\nUpgrade: tcp\r\n\r\n"
)


def opened(method: str = "POST", headers: dict[str, str] = UPGRADE) -> Handshake:
    handshake = Handshake(method, "/v1.41/containers/web/attach", headers)
    handshake.opening()
    return handshake


def responded(parts: Iterable[bytes], method: str = "POST") -> tuple[Head | None, bytes]:
    """Return the head, and all bytes after it."""
    handshake = opened(method)
    rest = iter(parts)
    for part in rest:
        head = handshake.feed(part)
        if head is not None:
            return head, handshake.rest + b"".join(rest)
    return None, b""


# --- the request


def test_a_request_without_a_body() -> None:
    assert Handshake("GET", "/_ping", {"Host": "docker"}).opening() == b"GET /_ping HTTP/1.1\r\nHost: docker\r\n\r\n"


def test_a_request_with_a_body_has_a_content_length() -> None:
    opening = Handshake("POST", "/exec/1/start", {"Host": "docker"}, b'{"Tty":true}').opening()
    assert opening == b'POST /exec/1/start HTTP/1.1\r\nHost: docker\r\nContent-Length: 12\r\n\r\n{"Tty":true}'


def test_a_post_without_a_body_has_a_content_length() -> None:
    assert b"Content-Length: 0\r\n\r\n" in Handshake("POST", "/", {"Host": "docker"}).opening()


def test_header_names_keep_their_case() -> None:
    assert b"\r\nX-Registry-Auth: e30=\r\n" in Handshake("GET", "/", {"Host": "d", "X-Registry-Auth": "e30="}).opening()


def test_the_headers_passed_in_are_not_changed() -> None:
    headers = {"Host": "docker"}
    Handshake("POST", "/", headers, b"body").opening()
    assert headers == {"Host": "docker"}


SECRET = "c2VjcmV0"


@pytest.mark.parametrize(
    "value", ["%\r\nEvil: yes", "%\nEvil: yes", "%\r", "%\0", "%\x7f", "% ", " %", "%é", "%\udc80"]
)
def test_invalid_header_values_are_rejected_and_not_shown(value: str) -> None:
    with pytest.raises(InvalidArgument) as caught:
        opened(headers=UPGRADE | {"X-Auth": value.replace("%", SECRET)})
    assert "'X-Auth'" in str(caught.value)
    assert SECRET not in str(caught.value)
    assert caught.value.__cause__ is None


@pytest.mark.parametrize("name", ["X y", "X\r\nEvil: yes", "X:", "é", ""])
def test_invalid_header_names_are_rejected(name: str) -> None:
    with pytest.raises(InvalidArgument):
        opened(headers=UPGRADE | {name: "value"})


@pytest.mark.parametrize("target", ["/a b", "/a\r\nEvil: yes", "/é", ""])
def test_invalid_targets_are_rejected(target: str) -> None:
    with pytest.raises(InvalidArgument):
        Handshake("GET", target, UPGRADE).opening()


def test_invalid_methods_are_rejected() -> None:
    with pytest.raises(InvalidArgument):
        Handshake("GET / HTTP/1.1\r\nEvil:", "/", UPGRADE).opening()


# --- the response


@pytest.mark.parametrize(
    "follows", [b"", b"first bytes", b"\x01\x00\x00\x00\x00\x00\x00\x02hi", b"HTTP/1.1 200 OK\r\n\r\n"]
)
def test_bytes_after_the_head_of_an_upgrade_belong_to_the_stream(follows: bytes) -> None:
    head, rest = responded([SWITCHING + follows])
    assert head == Head(
        101, {"content-type": "application/vnd.docker.raw-stream", "connection": "Upgrade", "upgrade": "tcp"}
    )
    assert rest == follows


@given(follows=st.binary(max_size=40), positions=POSITIONS)
def test_any_split_gives_the_same_head_and_rest(follows: bytes, positions: list[int]) -> None:
    whole = responded([SWITCHING + follows])
    assert responded(split(SWITCHING + follows, positions)) == responded(single_bytes(SWITCHING + follows)) == whole
    assert whole[1] == follows


@pytest.mark.parametrize("interim", [b"100 Continue", b"102 Processing", b"103 Early Hints\r\nLink: x"])
def test_interim_responses_are_skipped(interim: bytes) -> None:
    head, rest = responded([b"HTTP/1.1 " + interim + b"\r\n\r\n", SWITCHING + b"rest"])
    assert head is not None
    assert (head.status, rest) == (101, b"rest")
    assert responded([b"HTTP/1.1 " + interim + b"\r\n\r\n" + SWITCHING + b"rest"]) == (head, rest)


@pytest.mark.parametrize(
    ("response", "status", "rest"),
    [
        (b"HTTP/1.1 200 OK\r\nContent-Type: application/vnd.docker.raw-stream\r\n\r\nbytes", 200, b"bytes"),
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello", 200, b"5\r\nhello"),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello", 200, b"hello"),
        (b"HTTP/1.1 404 Not Found\r\nContent-Length: 2\r\n\r\n{}", 404, b"{}"),
        (b"HTTP/1.1 409 Conflict\r\nContent-Length: 0\r\n\r\n", 409, b""),
        (b"HTTP/1.1 500 Internal Server Error\r\n\r\nno", 500, b"no"),
        (b"HTTP/1.0 400 Bad Request\r\n\r\nClient sent an HTTP request to an HTTPS server.\n", 400, b"Client sent"),
        (b"HTTP/1.1 204 No Content\r\n\r\n", 204, b""),
        (b"HTTP/1.1 304 Not Modified\r\n\r\n", 304, b""),
        (b"HTTP/1.1 302 Found\r\nLocation: /\r\nContent-Length: 0\r\n\r\n", 302, b""),
    ],
)
def test_other_responses(response: bytes, status: int, rest: bytes) -> None:
    head, follows = responded([response])
    assert head is not None
    assert head.status == status
    assert follows.startswith(rest)
    assert responded(single_bytes(response)) == (head, follows)


def test_a_response_to_head() -> None:
    head, _ = responded([b"HTTP/1.1 200 OK\r\nApi-Version: 1.41\r\nContent-Length: 0\r\n\r\n"], "HEAD")
    assert head == Head(200, {"api-version": "1.41", "content-length": "0"})


def test_headers_are_decoded_as_latin_1() -> None:
    head, _ = responded([b"HTTP/1.1 200 OK\r\nX-Name: caf\xe9\r\n\r\n"])
    assert head is not None
    assert head.headers["x-name"] == "café"


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("application/json", "application/json"),
        ("Application/JSON; charset=utf-8", "application/json"),
        (" text/plain ;x", "text/plain"),
        (None, ""),
    ],
)
def test_content_type(value: str | None, expected: str) -> None:
    assert Head(200, {} if value is None else {"content-type": value}).content_type == expected


NAMES = st.text(
    "!#$%&'*+-.^_`|~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz", min_size=1, max_size=12
)
VALUES = st.text(
    st.characters(codec="latin-1", exclude_categories=("Cc",), include_characters="\t\x85\xa0"), max_size=12
).map(lambda value: value.strip(" \t"))
FIELDS = st.lists(st.tuples(NAMES, VALUES), max_size=6)
FRAMING = {"content-length", "transfer-encoding"}


@given(status=st.integers(200, 999), reason=VALUES, fields=FIELDS, space=st.sampled_from(["", " ", "\t \t"]))
def test_a_head_is_parsed_as_h11_does(status: int, reason: str, fields: list[tuple[str, str]], space: str) -> None:
    fields = [field for field in fields if field[0].lower() not in FRAMING]
    lines = [f"HTTP/1.1 {status} {reason}", *(f"{name}:{space}{value}{space}" for name, value in fields), "", ""]
    response = "\r\n".join(lines).encode("latin-1")
    reader = h11.Connection(h11.CLIENT)
    reader.send(h11.Request(method="GET", target="/", headers=[("Host", "docker")]))
    reader.receive_data(response)
    event = reader.next_event()
    assert isinstance(event, h11.Response)
    expected = {name.decode("latin-1"): value.decode("latin-1") for name, value in event.headers}
    assert responded([response]) == (Head(event.status_code, expected), b"")


@given(fields=st.dictionaries(NAMES, VALUES.filter(str.isascii), max_size=6), body=st.binary(max_size=20))
def test_a_request_is_parsed_by_h11(fields: dict[str, str], body: bytes) -> None:
    reserved = {"host", "connection", "expect", *FRAMING}
    headers = {"Host": "docker"} | {name: value for name, value in fields.items() if name.lower() not in reserved}
    reader = h11.Connection(h11.SERVER)
    reader.receive_data(Handshake("POST", "/v1.41/build?q=%20", headers, body).opening())
    request, received = reader.next_event(), b""
    assert isinstance(request, h11.Request)
    assert (request.method, request.target) == (b"POST", b"/v1.41/build?q=%20")
    assert request.headers.raw_items() == [
        (name.encode(), value.encode()) for name, value in (*headers.items(), ("Content-Length", str(len(body))))
    ]
    while isinstance(event := reader.next_event(), h11.Data):
        received += bytes(event.data)
    assert isinstance(event, h11.EndOfMessage)
    assert received == body


def test_lines_of_a_head_may_end_with_a_line_feed() -> None:
    assert responded([b"HTTP/1.1 200 OK\nX: y\n\nrest"]) == (Head(200, {"x": "y"}), b"rest")


# --- malformed heads


@pytest.mark.parametrize("size", range(len(SWITCHING)))
def test_an_incomplete_head_is_not_returned(size: int) -> None:
    assert responded([SWITCHING[:size]]) == (None, b"")


@pytest.mark.parametrize(
    ("response", "reason"),
    [
        (b"HTTP/1.1 200 OK\r\nno colon\r\n\r\n", "contains 'no colon"),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\n", "Content-Length is '6'"),
        (b"HTTP/1.1 200 OK\r\nContent-Length: " + b"9" * 5000 + b"\r\n\r\n", "Content-Length is '999"),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 0x5\r\n\r\n", "Content-Length is '0x5'"),
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip, chunked\r\n\r\n", "Transfer-Encoding"),
        (b"HTTP/1.1 200 OK\r\nX : y\r\n\r\n", "contains 'X : y"),
        (b"HTTP/1.1 200 OK\r\nX: y\r\n folded\r\n\r\n", "contains ' folded"),
        (b"HTTP/1.1 200 OK\r\nX: y\0\r\n\r\n", "contains 'X: y"),
        (b"HTTP/1.1 200 OK\r\nX: " + b"x" * 70_000, "longer than 64 KiB"),
        (b"x" * 70_000, "longer than 64 KiB"),
    ],
)
def test_a_malformed_head(response: bytes, reason: str) -> None:
    with pytest.raises(BadHead) as caught:
        responded([response])
    assert reason in caught.value.reason
    assert len(caught.value.reason) < 200


@pytest.mark.parametrize(
    "response",
    [
        b"garbage",
        b"SSH-2.0-OpenSSH_9.2",
        b"HTTP/1.1 abc OK",
        b"HTTP/1.1 200 OK\rX: y",
        b"HTTP/1.1 099 OK",
        b"HTTP/2.0 200 OK",
        b"\x15\x03\x01\x00\x02\x02\x16",
    ],
)
def test_data_that_is_not_http(response: bytes) -> None:
    with pytest.raises(BadHead) as caught:
        responded([response + b"\r\n\r\n"])
    assert caught.value.reason == ""
    assert caught.value.data.removesuffix(b"\r") == response


def test_an_empty_line_before_the_head_is_not_http() -> None:
    with pytest.raises(BadHead) as caught:
        responded([b"\r\nHTTP/1.1 200 OK\r\n\r\n"])
    assert caught.value.reason == ""


@pytest.mark.parametrize("size", range(1, 8))
def test_data_that_is_not_http_is_detected_early(size: int) -> None:
    with pytest.raises(BadHead) as caught:
        responded([b"SSH-2.0-OpenSSH_9.2"[:size]])
    assert caught.value.data == b"SSH-2.0-OpenSSH_9.2"[:size]


def test_an_upgrade_that_was_not_requested() -> None:
    with pytest.raises(BadHead, match="switches to another protocol"):
        opened(headers={"Host": "docker"}).feed(SWITCHING)
