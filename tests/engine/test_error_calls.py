"""Errors of a real engine name the request that failed."""

from __future__ import annotations

import io
import tarfile
from typing import TYPE_CHECKING

import pytest

from aiodockerapi import APIError, Docker, OperationFailed

if TYPE_CHECKING:
    from tests.support.names import Names


async def test_a_failed_pull_names_its_image(docker: Docker) -> None:
    with pytest.raises((APIError, OperationFailed)) as caught:
        await docker.images.pull("127.0.0.1:1/nobody/there:1.2")
    error = caught.value
    assert isinstance(error, APIError | OperationFailed)
    assert (error.method, error.path, error.reference) == ("POST", "/images/create", "127.0.0.1:1/nobody/there:1.2")
    assert str(error).endswith("(POST /images/create, 127.0.0.1:1/nobody/there:1.2)")


async def test_a_failed_build_names_its_tag(docker: Docker, name: Names) -> None:
    tag = name()
    context = io.BytesIO()
    with tarfile.open(fileobj=context, mode="w") as archive:
        dockerfile = b"FROM busybox\nRUN exit 3\n"
        entry = tarfile.TarInfo("Dockerfile")
        entry.size = len(dockerfile)
        archive.addfile(entry, io.BytesIO(dockerfile))
    with pytest.raises(OperationFailed) as caught:
        await docker.images.build(context.getvalue(), tags=tag, network_mode="none")
    assert str(caught.value) == f"{caught.value.message} (POST /build, {tag})"


async def test_a_failed_load_names_its_request(docker: Docker) -> None:
    with pytest.raises((APIError, OperationFailed)) as caught:
        await docker.images.load(b"not tar" * 1000)
    assert str(caught.value).endswith("(POST /images/load)")
