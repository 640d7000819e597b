"""Creating images from containers, on a real engine."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from aiodockerapi import BadRequest, Docker, ServerError
from tests.support.containers import created, ended, offline, started

if TYPE_CHECKING:
    from tests.support.engine import Engine
    from tests.support.names import Names

SLEEP = "exec sleep 1000"
REFUSED = (BadRequest, ServerError)  # 500 with 20.10, 400 with newer engines


async def test_commit_creates_an_image(docker: Docker, name: Names) -> None:
    repository = name("image")
    container = await ended(docker, name, "echo hello > /greeting", Env=["KEPT=1"])
    made = await docker.containers.commit(
        container,
        config={"Labels": {"a": "b"}},
        repository=repository,
        tag="v1",
        comment="a comment",
        author="Jane Doe <jane@example.org>",
        changes=['CMD ["cat", "/greeting"]', "ENV ADDED=2"],
    )
    image = (await docker.request("GET", f"/images/{repository}:v1/json")).json()
    try:
        assert image["Id"] == made.id
        assert (image["Comment"], image["Author"]) == ("a comment", "Jane Doe <jane@example.org>")
        assert image["Config"]["Cmd"] == ["cat", "/greeting"]
        assert {"KEPT=1", "ADDED=2"} <= set(image["Config"]["Env"])
        assert image["Config"]["Labels"]["a"] == "b"
        result = await docker.containers.run(f"{repository}:v1", config=offline(name), auto_remove=True)
        assert result.stdout == b"hello\n"
    finally:
        await docker.request("DELETE", f"/images/{repository}:v1")


@pytest.mark.parametrize(
    ("options", "error", "message"),
    [
        ({"changes": "RUN true"}, BadRequest, "(?i)run is not a valid change command"),
        ({"changes": ["NOPE"]}, BadRequest, "(?i)nope is not a valid change command"),
        ({"repository": "Not A Name"}, REFUSED, "invalid reference format"),
        ({"repository": "fine", "tag": "not fine"}, REFUSED, "invalid tag format"),
    ],
    ids=str,
)
async def test_an_invalid_commit_is_an_error(
    spare_engine: Engine, name: Names, options: dict[str, Any], error: Any, message: str
) -> None:
    async with Docker(spare_engine.host) as docker:
        container = await created(docker, name, SLEEP)
        try:
            with pytest.raises(error, match=message):
                await docker.containers.commit(container, **options)
        finally:
            await docker.containers.remove(container, force=True)


@pytest.mark.parametrize("pause", [True, False])
async def test_commit_pauses_the_container_by_default(docker: Docker, name: Names, pause: bool) -> None:
    container = await started(docker, name, SLEEP)
    before = (await docker.system.info()).system_time
    made = await docker.containers.commit(container, pause=pause)
    await docker.request("DELETE", f"/images/{made.id}")
    after = (await docker.system.info()).system_time
    seen = await docker.system.events(since=before, until=after, filters={"container": container})
    assert [event.action for event in seen if event.action != "commit"] == (["pause", "unpause"] if pause else [])
