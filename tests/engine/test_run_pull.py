"""`containers.run` with images of a local registry."""

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

# The daemon requires the header even for registries without authentication.
NO_CREDENTIALS = {"X-Registry-Auth": "e30="}
SHOW = ["sh", "-c", "echo $EDITION"]


@pytest.fixture(scope="module")
def registry() -> Iterator[registries.Registry]:
    with registries.running() as found:
        yield found


@pytest.fixture
def image(registry: registries.Registry, name: Names) -> str:
    return registry.name(name("edition"))


@pytest.fixture(autouse=True)
def removed_image(image: str, engine_host: str) -> Iterator[None]:
    """Remove the image after the test."""
    yield
    assert engines.request(engine_host, "DELETE", f"/images/{image}?force=1")[0] in (200, 404)


async def create_image(docker: Docker, names: Names, image: str, edition: int) -> None:
    """Create an image that contains its edition number, on this host only."""
    base = await created(docker, names, "true")
    await docker.containers.commit(base, repository=image, changes=[f"ENV EDITION={edition}"])


async def push(docker: Docker, image: str, headers: Any = NO_CREDENTIALS) -> None:
    answer = await docker.request("POST", f"/images/{image}/push", parameters={"tag": "latest"}, headers=headers)
    assert "errorDetail" not in answer.text, answer.text


async def remove(docker: Docker, image: str) -> None:
    await docker.request("DELETE", f"/images/{image}")


async def test_a_missing_image_is_pulled(docker: Docker, name: Names, image: str) -> None:
    await create_image(docker, name, image, 1)
    await push(docker, image)
    await remove(docker, image)
    with pytest.raises(NotFound):
        await docker.containers.run(image, SHOW, config=offline(name), pull="never")
    result = await docker.containers.run(image, SHOW, config=offline(name))
    assert (result.exit_code, result.stdout) == (0, b"1\n")


async def test_an_existing_image_is_pulled_with_always_only(docker: Docker, name: Names, image: str) -> None:
    await create_image(docker, name, image, 2)
    await push(docker, image)
    await create_image(docker, name, image, 1)
    for pull, edition in (("never", b"1\n"), ("missing", b"1\n"), ("always", b"2\n"), ("never", b"2\n")):
        mode: Any = pull
        result = await docker.containers.run(image, SHOW, config=offline(name), pull=mode)
        assert result.stdout == edition, pull


@pytest.mark.parametrize("pull", ["missing", "always"])
async def test_an_image_missing_in_the_registry_is_not_found(
    docker: Docker, name: Names, image: str, pull: Any
) -> None:
    with pytest.raises(NotFound, match="not found"):
        await docker.containers.run(image, SHOW, config=offline(name), pull=pull)


async def test_credentials_are_sent_to_the_registry(docker: Docker, name: Names) -> None:
    with registries.running(htpasswd={"user": "secret"}) as locked:
        image = locked.name(name("locked"))
        auth = AuthConfig(username="user", password="secret", serveraddress=locked.address)
        try:
            await create_image(docker, name, image, 7)
            await push(docker, image, _header(auth))
            await remove(docker, image)
            for wrong in (None, AuthConfig(username="user", password="guess", serveraddress=locked.address)):
                with pytest.raises(DockerError, match="auth"):
                    await docker.containers.run(image, SHOW, config=offline(name), auth=wrong)
            result = await docker.containers.run(image, SHOW, config=offline(name), auth=auth)
            assert result.stdout == b"7\n"
        finally:
            await docker.request("DELETE", f"/images/{image}", parameters={"force": True})


def _header(auth: AuthConfig) -> dict[str, str]:
    return {"X-Registry-Auth": base64.urlsafe_b64encode(json.dumps(unstructure(auth)).encode()).decode()}
