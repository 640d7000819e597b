"""Typing of the client: the daemon, handles, any request, errors. Checked, not run."""

import asyncio
from collections.abc import Mapping
from datetime import datetime
from typing import Any, assert_type

import aiodockerapi
from aiodockerapi import (
    APIError,
    ContainerHandle,
    DecodingError,
    Docker,
    DockerError,
    Endpoint,
    ExecHandle,
    Filters,
    NotFound,
    OperationFailed,
    Output,
    Response,
    UnsupportedFeature,
    When,
    errors,
)
from aiodockerapi.models import (
    AuthConfig,
    AuthResponse,
    ContainerInspectResponse,
    ContainerSummary,
    ContainerWaitResponse,
    EventMessage,
    HostConfig,
    Ping,
    SystemDataUsageResponse,
    SystemInfo,
    SystemVersion,
)


async def the_client() -> None:
    async with Docker("unix:///run/docker.sock", api_version="1.44", connect_timeout=None) as docker:
        assert_type(docker, Docker)
        assert_type(docker.endpoint, Endpoint)
        assert_type(docker.endpoint.source, str)
        assert_type(docker.api_version, str | None)
        assert_type(await docker.negotiate(), str)
        assert_type(await docker.supports("containers.stop.signal"), bool)
    await docker.aclose()
    assert_type(aiodockerapi.__version__, str)


async def the_daemon(docker: Docker) -> None:
    assert_type(await docker.system.ping(), Ping)
    assert_type((await docker.system.ping()).api_version, str)
    assert_type(await docker.system.version(), SystemVersion)
    assert_type(await docker.system.info(), SystemInfo)
    assert_type((await docker.system.info()).ncpu, int)
    assert_type(await docker.system.disk_usage(type=["image", "volume"], verbose=True), SystemDataUsageResponse)
    assert_type(await docker.system.auth(AuthConfig(username="u", password="p")), AuthResponse)
    assert_type(await docker.system.auth({"username": "u"}), AuthResponse)
    event = EventMessage()
    assert_type(event.action, str)
    assert_type(event.time, datetime | None)
    assert_type(event.time_nano, int)


async def handles(docker: Docker) -> None:
    web = docker.container("web")
    assert_type(web, ContainerHandle)
    assert_type(web.id, str)
    assert_type(await web.inspect(size=True), ContainerInspectResponse)
    assert_type(await web.stop(timeout=5), bool)
    assert_type(await web.logs(tail=5), Output)
    assert_type(await web.wait(), ContainerWaitResponse)
    await web.rename("other")
    await web.resize(24, 80)
    created = await web.exec_create({"Cmd": ["ls"]})
    command = docker.exec_instance(created.id)
    assert_type(command, ExecHandle)
    assert_type(await command.start(), Output)
    async with web.attach(stdin=True) as attached:
        await attached.send("x")
    await asyncio.gather(*(docker.container(name).remove(force=True) for name in ("a", "b")))


async def any_request(docker: Docker) -> None:
    response = await docker.request("GET", "/containers/json", parameters={"all": True, "limit": 3, "x": None})
    assert_type(response, Response)
    assert_type(response.status, int)
    assert_type(response.headers, Mapping[str, str])
    assert_type(response.body, bytes)
    assert_type(response.text, str)
    assert_type(response.json(), Any)
    assert_type(response.decode(list[ContainerSummary]), list[ContainerSummary])
    assert_type(response.decode(HostConfig), HostConfig)
    await docker.request("POST", "/x", body=HostConfig(auto_remove=True))
    await docker.request("POST", "/x", body={"A": [1, None]}, headers={"X-A": "b"}, versioned=False)
    await docker.request("POST", "/x", body=[1, 2])
    await docker.request("POST", "/x", body=b"raw", parameters={"names": ["a", "b"]})
    async with docker.request("GET", "/x") as download:
        async for chunk in download:
            assert_type(chunk, bytes)


def standard_exception(error: ConnectionError | ValueError) -> None:
    """Accepts exceptions of the standard library."""


async def exceptions(docker: Docker) -> None:
    try:
        await docker.containers.start("web")
    except NotFound as error:
        assert_type(error.status, int)
        assert_type(error.message, str)
        assert_type(error.path, str)
    except APIError as error:
        assert_type(error.method, str)
    except OperationFailed as error:
        assert_type(error.code, int | None)
    except UnsupportedFeature as error:
        assert_type(error.needs, str)
    except DecodingError as error:
        assert_type(error.path, str)
    except errors.TransportError as error:
        standard_exception(error)
    except errors.ConfigurationError as error:
        standard_exception(error)
    except DockerError as error:
        assert_type(error, DockerError)


def annotations(since: When, filters: Filters, docker: Docker) -> None:
    docker.system.events(since=since, filters=filters)
    plain: dict[str, list[str]] = {"label": ["a"]}
    docker.system.events(filters=plain)
