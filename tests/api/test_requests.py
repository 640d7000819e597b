"""Requests before they are sent."""

import pytest

from aiodockerapi._engine.features import FEATURES
from aiodockerapi._engine.request import Request, request
from aiodockerapi.errors import InvalidArgumentType

SECRET = "c2VjcmV0"


def test_a_minimal_request() -> None:
    made = request("GET", "/info")
    assert made == Request("GET", "/info")
    assert made.target == "/info"
    assert dict(made.headers) == {}
    assert made.body is None
    assert made.versioned


def test_parameters_are_encoded_in_the_query() -> None:
    made = request("POST", "/containers/web/stop", {"t": 5, "signal": None, "all": False})
    assert made.target == "/containers/web/stop?t=5&all=false"
    assert (made.path, made.query) == ("/containers/web/stop", "t=5&all=false")


@pytest.mark.parametrize("parameters", [None, {}, {"t": None}])
def test_without_parameters_there_is_no_question_mark(parameters: dict[str, None] | None) -> None:
    assert request("POST", "/x", parameters).target == "/x"


def test_a_parameter_of_an_invalid_type_is_refused() -> None:
    with pytest.raises(InvalidArgumentType):
        request("GET", "/x", {"names": {"a": "b"}})


def test_the_content_type_is_sent_as_a_header() -> None:
    made = request("POST", "/x", body=b"{}", content_type="application/json", headers={"X-A": "b"})
    assert made.headers == {"X-A": "b", "Content-Type": "application/json"}
    assert made.body == b"{}"


def test_the_headers_passed_in_are_not_changed() -> None:
    headers = {"X-A": "b"}
    request("POST", "/x", headers=headers, content_type="text/plain")
    assert headers == {"X-A": "b"}


def test_requests_do_not_share_headers() -> None:
    assert dict(request("GET", "/a", headers={"X-A": "b"}).headers) != dict(request("GET", "/b").headers)


def test_a_request_has_the_features_that_it_requires() -> None:
    feature = FEATURES["containers.stop.signal"]
    assert request("POST", "/x", features=(feature,)).features == (feature,)


def test_credentials_are_not_shown() -> None:
    shown = repr(request("POST", "/x", headers={"X-Registry-Auth": SECRET}, body=SECRET.encode()))
    assert SECRET not in shown
    assert "'/x'" in shown
