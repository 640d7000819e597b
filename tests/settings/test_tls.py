"""TLS settings: valid and invalid arguments, and the repr."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from aiodockerapi import ConfigurationError
from aiodockerapi._settings import TLS

PEM = "-----BEGIN PRIVATE KEY-----\nsecret\n-----END PRIVATE KEY-----\n"


def test_arguments_are_paths_or_pem() -> None:
    tls = TLS(ca=Path("/certs/ca.pem"), cert="cert.pem", key=PEM.encode())
    assert (tls.ca, tls.cert, tls.key) == ("/certs/ca.pem", "cert.pem", PEM.encode())
    assert tls.files == ("/certs/ca.pem", "cert.pem")
    assert TLS(cert=PEM, key=PEM).key == PEM.encode(), "text that begins like PEM is not a path"


def test_the_repr_does_not_show_pem() -> None:
    tls = TLS(ca="/certs/ca.pem", cert=PEM, key=PEM.encode())
    assert repr(tls) == "TLS(ca='/certs/ca.pem', cert=<PEM>, key=<PEM>, verify=True, server_name=None)"


def test_verification_is_the_default() -> None:
    assert TLS().verify
    assert TLS() == TLS(verify=True, server_name=None)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"key": "key.pem"}, r"TLS\(key=...\) requires cert="),
        ({"ca": 5}, "must be paths of PEM files, or PEM as bytes, not int"),
        ({"cert": ""}, "or PEM as bytes, not an empty string"),
        ({"verify": "no"}, r"TLS\(verify=...\) must be True or False, not 'no'"),
        ({"verify": None}, "must be True or False"),
        ({"server_name": ""}, r"TLS\(server_name=...\) must be a host name"),
        ({"server_name": 5}, "must be a host name, not 5"),
        ({"server_name": ".lab"}, "must be a host name, not '.lab'"),
        ({"server_name": "a..b"}, "must be a host name"),
        ({"server_name": "a\0b"}, "must be a host name"),
        ({"server_name": "a" * 64}, "must be a host name"),
    ],
)
def test_invalid_arguments_are_refused(arguments: dict[str, Any], message: str) -> None:
    with pytest.raises(ConfigurationError, match=message):
        TLS(**arguments)
