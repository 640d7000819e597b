"""Error messages for link-local addresses whose network interface is missing or wrong."""

from __future__ import annotations

import errno
import socket

import pytest

from aiodockerapi._settings import Endpoint
from aiodockerapi._transport.diagnostics.translation import connect_failed

CASES = [
    (
        "fe80::1",
        OSError(errno.EINVAL, "Invalid argument"),
        "requires a network interface: [fe80::1%eth0]",
    ),
    ("FE80::1", OSError(errno.EINVAL, "Invalid argument"), "requires a network interface: [FE80::1%eth0]"),
    (
        "fe80::1%eth9",
        socket.gaierror(socket.EAI_NONAME, "Name or service not known"),
        "the network interface 'eth9' in the address does not exist",
    ),
    ("fe80.example.org", OSError(errno.EINVAL, "Invalid argument"), "Invalid argument"),
]


@pytest.mark.parametrize(("host", "error", "reason"), CASES)
def test_a_missing_interface(host: str, error: OSError, reason: str) -> None:
    failed = connect_failed(Endpoint("tcp", host=host, port=2375, source="DOCKER_HOST"), error)
    assert reason in str(failed)
