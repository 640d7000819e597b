"""Error responses."""

import json
from typing import Any

import pytest

from aiodockerapi import errors
from aiodockerapi._transport.diagnostics.api_errors import ErrorResponse
from aiodockerapi._wire.request_info import RequestInfo
from aiodockerapi.errors import APIError, ConnectFailed, DockerError, StaleVersion, UnsupportedVersion


def failed(
    status: int,
    body: bytes | dict[str, Any],
    *,
    method: str = "POST",
    path: str = "/containers/web/stop",
    content_type: str = "",
) -> DockerError:
    raw = json.dumps(body).encode() if isinstance(body, dict) else body
    headers = {"content-type": content_type} if content_type else {}
    return ErrorResponse(status, headers, raw).error(RequestInfo(method, path))


@pytest.mark.parametrize(
    ("status", "cls"),
    [
        (400, errors.BadRequest),
        (401, errors.Unauthorized),
        (403, errors.Forbidden),
        (404, errors.NotFound),
        (409, errors.Conflict),
        (500, errors.ServerError),
        (501, errors.NotImplementedByDaemon),
        (502, errors.ServerError),
        (503, errors.Unavailable),
        (599, errors.ServerError),
        (402, APIError),
        (405, APIError),
        (418, APIError),
        (302, APIError),
        (102, APIError),
    ],
)
def test_the_exception_class_for_a_status(status: int, cls: type[APIError]) -> None:
    error = failed(status, {"message": "no"})
    assert type(error) is cls
    assert isinstance(error, APIError)
    assert (error.status, error.method, error.path) == (status, "POST", "/containers/web/stop")


def test_the_text_of_an_error() -> None:
    assert str(failed(404, {"message": "No such container: web"})) == (
        "404: No such container: web (POST /containers/web/stop)"
    )


@pytest.mark.parametrize(
    ("body", "message"),
    [
        (b'{"message":"No such container: web"}\n', "No such container: web"),
        (b'{"message":" spaced\\n"}', "spaced"),
        ('{"message":"größer"}'.encode(), "größer"),
        (b'{"cause":"container is running","response":409}', "container is running"),
        (b'{"message":"","cause":"why"}', "why"),
        (b'{"message":["a"]}', "['a']"),
        (b"404 page not found\n", "404 page not found"),
        (b"plain text", "plain text"),
        (b"caf\xe9", "caf\ufffd"),
        (b"{broken", "{broken"),
        (b'{"message":"cut sho', '{"message":"cut sho'),
        (b'{"other":1}', '{"other":1}'),
        (b"[1]", "[1]"),
        (b"null", "null"),
        (b'{"message":' + b"[" * 100_000, '{"message":' + "[" * 1989 + "... (100011 characters)"),
    ],
    ids=range(15),
)
def test_the_message_from_the_body(body: bytes, message: str) -> None:
    error = failed(409, body)
    assert isinstance(error, APIError)
    assert error.message == message


@pytest.mark.parametrize("body", [b"", b" \r\n"])
def test_an_error_without_a_message(body: bytes) -> None:
    assert "the daemon gave no reason" in str(failed(500, body))


def test_an_error_in_json_without_a_message() -> None:
    assert "the daemon gave no reason" in str(failed(500, {}, content_type="application/json"))


def test_404_without_a_message_has_two_possible_reasons() -> None:
    assert "the object does not exist, or the operation is not supported" in str(failed(404, b""))


@pytest.mark.parametrize("body", [b'{"message":"page not found"}', b"404 page not found\n", b"Not Found\n"])
def test_an_unknown_path_is_an_operation_that_the_daemon_does_not_support(body: bytes) -> None:
    assert "not found: the daemon does not support this operation" in str(failed(404, body)).lower()


def test_a_response_to_head_has_no_message() -> None:
    error = failed(404, b"", method="HEAD", path="/containers/web/archive")
    assert isinstance(error, errors.NotFound)
    assert "responses to HEAD have no body" in str(error)


@pytest.mark.parametrize("status", [301, 302, 307, 308])
def test_a_redirect_is_not_from_a_daemon(status: int) -> None:
    assert "is there a proxy in front of the daemon?" in str(failed(status, b"<html>moved</html>"))


@pytest.mark.parametrize("status", [400, 409, 500, 503])
def test_a_stale_version_is_the_same_error_for_every_status(status: int) -> None:
    error = failed(status, {"message": "rpc error: code = Unknown desc = update out of sequence"})
    assert type(error) is StaleVersion
    assert error.status == status


@pytest.mark.parametrize(
    "message",
    [
        "client version 1.20 is too old. Minimum supported API version is 1.24, please upgrade your client",
        "client version 1.99 is too new. Maximum supported API version is 1.41",
    ],
)
def test_a_refused_api_version_has_its_own_error(message: str) -> None:
    error = failed(400, {"message": message})
    assert type(error) is UnsupportedVersion
    assert str(error) == message
    assert type(failed(500, {"message": message})) is errors.ServerError


def test_a_daemon_that_expects_tls_refuses_plain_http() -> None:
    error = failed(400, b"Client sent an HTTP request to an HTTPS server.\n")
    assert type(error) is ConnectFailed
    assert "expects TLS" in str(error)


@pytest.mark.parametrize(
    ("message", "version"),
    [
        ("client version 1.45 is too new. Maximum supported API version is 1.41", "1.41"),
        ("client version 1.41 is too old. Minimum supported API version is 1.44, please upgrade your client", "1.44"),
        ("Client version 1.41 is too old", None),
    ],
)
def test_the_supported_version_is_an_attribute(message: str, version: str | None) -> None:
    error = failed(400, {"message": message})
    assert isinstance(error, UnsupportedVersion)
    assert error.supported == version


def test_a_web_page_instead_of_a_message() -> None:
    body = b"\n<!doctype html><title lang=en> Bad \n Gateway </title>"
    assert "the response is a web page ('Bad Gateway')" in str(failed(502, body))


@pytest.mark.parametrize("value", ["", " ", "\t  ", ",", "Basic", 'Basic realm="x"', "Bearer realm=x, Basic"])
@pytest.mark.parametrize("name", ["www-authenticate", "proxy-authenticate"])
def test_any_authentication_header_gives_an_error_of_this_library(name: str, value: str) -> None:
    error = ErrorResponse(401, {name: value}, b"denied").error(RequestInfo("GET", "/info"), "tcp://lab:2375")
    assert isinstance(error, errors.Unauthorized)
    assert ("requires HTTP authentication" in error.message) == bool(value.strip())
