"""Containers whose image is somewhere else: `run` against a registry of our own."""

from __future__ import annotations

import base64
import json
from typing import TYPE_CHECKING, Any

import pytest

from aiodockerapi import Docker, DockerError, NotFound, unstructure
from aiodockerapi.models import AuthConfig
from tests.support import engine as engines
from tests.support import registry as registries
from tests.support.containers import created, offline

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.support.names import Names

OPEN_TO_ALL = {"X-Registry-Auth": "e30="}  # the daemon wants the header even where nobody asks who we are
SHOW = ["sh", "-c", "echo $EDITION"]


@pytest.fixture(scope="module")
def registry() -> Iterator[registries.Registry]:
    with registries.running() as found:
        yield found


@pytest.fixture
def image(registry: registries.Registry, name: Names) -> str:
    return registry.name(name("edition"))


@pytest.fixture(autouse=True)
def forgotten(image: str, engine_host: str) -> Iterator[None]:
    """What bears the image's name is removed at the end."""
    yield
    assert engines.request(engine_host, "DELETE", f"/images/{image}?force=1")[0] in (200, 404)


async def make(docker: Docker, names: Names, image: str, edition: int) -> None:
    """An image that knows its number, on this host only."""
    base = await created(docker, names, "true")
    await docker.containers.commit(base, repository=image, changes=[f"ENV EDITION={edition}"])


async def push(docker: Docker, image: str, headers: Any = OPEN_TO_ALL) -> None:
    answer = await docker.request("POST", f"/images/{image}/push", parameters={"tag": "latest"}, headers=headers)
    assert "errorDetail" not in answer.text, answer.text


async def forget(docker: Docker, image: str) -> None:
    await docker.request("DELETE", f"/images/{image}")


async def test_a_missing_image_is_pulled(docker: Docker, name: Names, image: str) -> None:
    await make(docker, name, image, 1)
    await push(docker, image)
    await forget(docker, image)
    with pytest.raises(NotFound):
        await docker.containers.run(image, SHOW, config=offline(name), pull="never")
    result = await docker.containers.run(image, SHOW, config=offline(name))
    assert (result.exit_code, result.stdout) == (0, b"1\n")


async def test_an_image_that_is_here_is_pulled_only_when_asked_for(docker: Docker, name: Names, image: str) -> None:
    await make(docker, name, image, 2)
    await push(docker, image)
    await make(docker, name, image, 1)
    for pull, edition in (("never", b"1\n"), ("missing", b"1\n"), ("always", b"2\n"), ("never", b"2\n")):
        mode: Any = pull
        result = await docker.containers.run(image, SHOW, config=offline(name), pull=mode)
        assert result.stdout == edition, pull


@pytest.mark.parametrize("pull", ["missing", "always"])
async def test_what_the_registry_does_not_have_is_not_found(docker: Docker, name: Names, image: str, pull: Any) -> None:
    with pytest.raises(NotFound, match="not found"):
        await docker.containers.run(image, SHOW, config=offline(name), pull=pull)


async def test_a_registry_with_a_password_is_shown_it(docker: Docker, name: Names) -> None:
    with registries.running(htpasswd={"user": "secret"}) as locked:
        image = locked.name(name("locked"))
        auth = AuthConfig(username="user", password="secret", serveraddress=locked.address)
        try:
            await make(docker, name, image, 7)
            await push(docker, image, _header(auth))
            await forget(docker, image)
            for wrong in (None, AuthConfig(username="user", password="guess", serveraddress=locked.address)):
                with pytest.raises(DockerError, match="auth"):
                    await docker.containers.run(image, SHOW, config=offline(name), auth=wrong)
            result = await docker.containers.run(image, SHOW, config=offline(name), auth=auth)
            assert result.stdout == b"7\n"
        finally:
            await docker.request("DELETE", f"/images/{image}", parameters={"force": True})


def _header(auth: AuthConfig) -> dict[str, str]:
    return {"X-Registry-Auth": base64.urlsafe_b64encode(json.dumps(unstructure(auth)).encode()).decode()}
