"""TLS as data: what its material may be, and what is seen of it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from aiodockerapi import ConfigurationError
from aiodockerapi._settings import TLS

PEM = "-----BEGIN PRIVATE KEY-----\nsecret\n-----END PRIVATE KEY-----\n"


def test_material_is_paths_or_pem() -> None:
    tls = TLS(ca=Path("/certs/ca.pem"), cert="cert.pem", key=PEM.encode())
    assert (tls.ca, tls.cert, tls.key) == ("/certs/ca.pem", "cert.pem", PEM.encode())
    assert tls.files == ("/certs/ca.pem", "cert.pem")
    assert TLS(cert=PEM, key=PEM).key == PEM.encode(), "text that is PEM is no path"


def test_keys_are_not_shown() -> None:
    tls = TLS(ca="/certs/ca.pem", cert=PEM, key=PEM.encode())
    assert repr(tls) == "TLS(ca='/certs/ca.pem', cert=<PEM>, key=<PEM>, verify=True, server_name=None)"


def test_verification_is_the_default() -> None:
    assert TLS().verify
    assert TLS() == TLS(verify=True, server_name=None)


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ({"key": "key.pem"}, r"TLS\(key=...\) needs cert= too"),
        ({"ca": 5}, "the path of a PEM file, or PEM as bytes, not int"),
        ({"cert": ""}, "the path of a PEM file"),
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
def test_what_cannot_be(arguments: dict[str, Any], words: str) -> None:
    with pytest.raises(ConfigurationError, match=words):
        TLS(**arguments)
