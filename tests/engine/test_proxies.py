"""Proxies of config.json as environment variables in containers and builds."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from aiodockerapi import Docker
from tests.support.containers import offline
from tests.support.images import context
from tests.support.settings import Home

if TYPE_CHECKING:
    from tests.support.names import Names


async def test_containers_and_builds_have_the_variables(
    engine_host: str, name: Names, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = Home(tmp_path / "home")
    home.config({"proxies": {"default": {"httpProxy": "http://p:1", "noProxy": "lan"}}})
    monkeypatch.setenv("DOCKER_CONFIG", str(home.docker))
    async with Docker(engine_host, proxies=True) as docker:
        ran = await docker.containers.run("busybox", ["env"], config=offline(name, Env=["NO_PROXY=mine"]))
        built = await docker.images.build(
            context("FROM busybox\nRUN env\n"), build_args={"no_proxy": "mine"}, labels=name.labels, no_cache=True
        )
    common = {"HTTP_PROXY=http://p:1", "http_proxy=http://p:1"}
    assert {*common, "NO_PROXY=mine", "no_proxy=lan"} <= set(ran.stdout.decode().splitlines())
    assert {*common, "NO_PROXY=lan", "no_proxy=mine"} <= set(built.log.splitlines())
