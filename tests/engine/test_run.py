"""Containers from their beginning to their end, in one call."""

from __future__ import annotations

import asyncio
import copy
import random
from typing import TYPE_CHECKING, Any

import pytest

from aiodockerapi import APIError, BadRequest, Conflict, Docker, InvalidArgument, NotFound, ServerError, unstructure
from aiodockerapi.models import ContainerCreateRequest, HostConfig
from tests.support.containers import offline

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from tests.support.names import Names


async def made(docker: Docker, names: Names) -> list[str]:
    """The states of the containers that this test has left."""
    ((label, value),) = names.labels.items()
    found = await docker.containers.list(all=True, filters={"label": [f"{label}={value}"]})
    for container in found:
        if container.state == "running":  # newer daemons' lists lag behind a kill
            await docker.containers.wait(container.id)
    found = await docker.containers.list(all=True, filters={"label": [f"{label}={value}"]})
    return [str(container.state) for container in found]


async def test_exit_code_and_both_outputs_come_as_data(docker: Docker, name: Names) -> None:
    result = await docker.containers.run(
        "busybox", ["sh", "-c", "echo out; echo err >&2; exit 5"], config=offline(name)
    )
    assert (result.exit_code, result.stdout, result.stderr, result.error) == (5, b"out\n", b"err\n", "")
    assert (await docker.containers.inspect(result.container_id)).id == result.container_id


async def test_without_a_command_the_image_says_what_runs(docker: Docker, name: Names) -> None:
    result = await docker.containers.run("busybox", config=offline(name), stdin="echo from the shell\nexit 4\n")
    assert (result.exit_code, result.stdout) == (4, b"from the shell\n")


async def test_without_stdin_there_is_nothing_to_read(docker: Docker, name: Names) -> None:
    result = await docker.containers.run("busybox", ["wc", "-c"], config=offline(name))
    assert result.stdout == b"0\n"


async def parts() -> AsyncIterator[bytes]:
    for part in (b"one ", b"two ", b"three"):
        yield part


@pytest.mark.parametrize(
    ("stdin", "expected"),
    [
        (b"\0\xff", b"\0\xff"),
        ("grün", "grün".encode()),
        (bytearray(b"array"), b"array"),
        (memoryview(b"view"), b"view"),
        (b"", b""),
        (parts, b"one two three"),
    ],
    ids=["bytes", "str", "bytearray", "memoryview", "empty", "async iterator"],
)
async def test_stdin_takes(docker: Docker, name: Names, stdin: Any, expected: bytes) -> None:
    fed = stdin() if callable(stdin) else stdin
    result = await docker.containers.run("busybox", ["cat"], config=offline(name), stdin=fed, auto_remove=True)
    assert (result.exit_code, result.stdout) == (0, expected)


async def test_five_megabytes_go_through_cat(docker: Docker, name: Names) -> None:
    data = random.Random(2).randbytes(5_000_000)
    result = await docker.containers.run("busybox", ["cat"], config=offline(name), stdin=data, auto_remove=True)
    assert result.exit_code == 0
    assert result.stdout == data


async def test_a_container_need_not_read_its_stdin(docker: Docker, name: Names) -> None:
    async with asyncio.timeout(30):
        result = await docker.containers.run(
            "busybox", ["echo", "done"], config=offline(name), stdin=bytes(5_000_000), auto_remove=True
        )
    assert (result.exit_code, result.stdout) == (0, b"done\n")


async def test_an_error_in_the_making_of_stdin_is_raised_as_it_is(docker: Docker, name: Names) -> None:
    async def broken() -> AsyncIterator[bytes]:
        yield b"some"
        raise LookupError("nothing more")

    with pytest.raises(LookupError, match="nothing more"):
        await docker.containers.run("busybox", ["cat"], config=offline(name), stdin=broken())
    assert await made(docker, name) == ["exited"]


async def test_with_a_terminal_all_is_one_output(docker: Docker, name: Names) -> None:
    script = "test -t 1 && echo terminal; echo err >&2"
    result = await docker.containers.run("busybox", ["sh", "-c", script], config=offline(name, Tty=True))
    assert (result.stdout, result.stderr) == (b"terminal\r\nerr\r\n", b"")


@pytest.mark.parametrize("script", ["exit 0", "exit 3"])
async def test_auto_remove_leaves_nothing_once_the_call_returns(docker: Docker, name: Names, script: str) -> None:
    result = await docker.containers.run("busybox", ["sh", "-c", script], config=offline(name), auto_remove=True)
    assert result.exit_code == int(script.split()[1])
    with pytest.raises(NotFound):
        await docker.containers.inspect(result.container_id)


async def test_the_name_is_free_again_after_auto_remove(docker: Docker, name: Names) -> None:
    called = name("again")
    for _ in range(3):
        result = await docker.containers.run("busybox", ["true"], name=called, config=offline(name), auto_remove=True)
        assert result.exit_code == 0


async def test_a_name_that_is_taken_is_a_conflict(docker: Docker, name: Names) -> None:
    called = name("taken")
    await docker.containers.create({"Image": "busybox"}, name=called)
    with pytest.raises(Conflict, match=called):
        await docker.containers.run("busybox", ["true"], name=called, config=offline(name))
    assert await made(docker, name) == []


@pytest.mark.parametrize(
    ("command", "exit_code", "words"),
    [
        ("nowhere", 127, "executable file not found"),
        ("/nowhere", 127, "no such file or directory"),
        ("/etc/passwd", 126, "permission denied"),
        ("/etc", 126, "permission denied|is a directory"),
    ],
)
@pytest.mark.parametrize("auto_remove", [False, True])
async def test_a_command_that_cannot_run_is_a_result(
    docker: Docker, name: Names, command: str, exit_code: int, words: str, auto_remove: bool
) -> None:
    result = await docker.containers.run("busybox", [command], config=offline(name), auto_remove=auto_remove)
    assert (result.exit_code, result.stdout, result.stderr) == (exit_code, b"", b"")
    assert any(word in result.error for word in words.split("|"))
    assert await made(docker, name) == ([] if auto_remove else ["created"])


@pytest.mark.parametrize(
    ("host", "error"),
    [
        ({"Devices": [{"PathOnHost": "/dev/nowhere", "PathInContainer": "/dev/x"}]}, ServerError),
        ({"Binds": ["/proc/nowhere/x:/x"]}, ServerError),
        ({"Sysctls": {"net.nowhere": "1"}}, APIError),
        ({"Runtime": "nowhere"}, BadRequest),
        ({"NetworkMode": "nowhere"}, NotFound),
        ({"VolumesFrom": ["nowhere"]}, BadRequest),
    ],
    ids=["device", "mount", "sysctl", "runtime", "network", "container"],
)
async def test_what_is_not_the_commands_fault_is_an_error(
    docker: Docker, name: Names, host: dict[str, Any], error: type[APIError]
) -> None:
    with pytest.raises(error, match="nowhere"):
        await docker.containers.run("busybox", ["true"], config=offline(name, HostConfig=host))
    assert await made(docker, name) == [], "a container that has never run is nobody's"


@pytest.mark.parametrize("exit_code", [126, 127])
async def test_a_command_may_end_with_such_a_code_itself(docker: Docker, name: Names, exit_code: int) -> None:
    result = await docker.containers.run("busybox", ["sh", "-c", f"exit {exit_code}"], config=offline(name))
    assert (result.exit_code, result.error) == (exit_code, "")
    assert await made(docker, name) == ["exited"]


async def test_an_absent_image_is_not_found_where_it_must_not_be_pulled(docker: Docker, name: Names) -> None:
    image = name("absent")
    with pytest.raises(NotFound, match=image):
        await docker.containers.run(image, ["true"], pull="never")


@pytest.mark.parametrize("pull", ["missing", "always"])
async def test_a_registry_that_cannot_be_reached_is_an_error(docker: Docker, name: Names, pull: Any) -> None:
    with pytest.raises(ServerError, match=r"127\.0\.0\.1:9"):
        await docker.containers.run(f"127.0.0.1:9/{name('absent')}", ["true"], config=offline(name), pull=pull)
    assert await made(docker, name) == []


async def test_the_configuration_is_a_model_or_a_mapping_and_stays_as_it_was(docker: Docker, name: Names) -> None:
    model = ContainerCreateRequest(
        env=["A=1"], labels=name.labels, host_config=HostConfig(network_mode="none", memory=32 << 20)
    )
    mapping = unstructure(model)
    before = copy.deepcopy(model), copy.deepcopy(mapping)
    for given in (model, mapping):
        result = await docker.containers.run(
            "busybox", ["sh", "-c", "echo $A; cat"], config=given, stdin="in", auto_remove=True
        )
        assert result.stdout == b"1\nin"
    assert (model, mapping) == before


async def test_the_image_and_command_of_the_call_go_first(docker: Docker, name: Names) -> None:
    result = await docker.containers.run(
        "busybox", ["echo", "call"], config=offline(name, Image="nowhere", Cmd=["echo", "config"], Entrypoint=[])
    )
    assert result.stdout == b"call\n"


async def test_an_image_may_be_named_by_its_id(docker: Docker, name: Names) -> None:
    inspected = (await docker.request("GET", "/images/busybox:latest/json")).json()["Id"]
    for image in (inspected, inspected.removeprefix("sha256:"), inspected.removeprefix("sha256:")[:12]):
        result = await docker.containers.run(image, ["echo", "here"], config=offline(name), auto_remove=True)
        assert result.stdout == b"here\n"


@pytest.mark.parametrize("options", [{"pull": "sometimes"}, {"on_cancel": "cry"}, {"image": ""}, {"command": "ls"}])
async def test_a_wrong_argument_is_refused_before_anything_is_made(
    docker: Docker, name: Names, options: dict[str, Any]
) -> None:
    arguments: dict[str, Any] = {"image": "busybox", "command": ["true"], "config": offline(name)} | options
    with pytest.raises(InvalidArgument):
        await docker.containers.run(**arguments)
    assert await made(docker, name) == []


async def test_a_running_container_that_is_removed_by_others_ends_the_call(docker: Docker, name: Names) -> None:
    async def remove_it() -> AsyncIterator[bytes]:
        yield b"line\n"
        await docker.containers.remove(called, force=True)

    called = name("gone")
    result = await docker.containers.run("busybox", ["cat"], name=called, config=offline(name), stdin=remove_it())
    assert result.exit_code == 137
    assert result.stdout in (b"", b"line\n")
