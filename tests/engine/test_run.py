"""`containers.run` on a real engine."""

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


async def states(docker: Docker, names: Names) -> list[str]:
    """Return the states of the remaining containers of this test."""
    ((label, value),) = names.labels.items()
    found = await docker.containers.list(all=True, filters={"label": [f"{label}={value}"]})
    for container in found:
        if container.state == "running":  # newer daemons update their lists some time after a kill
            await docker.containers.wait(container.id)
    found = await docker.containers.list(all=True, filters={"label": [f"{label}={value}"]})
    return [str(container.state) for container in found]


async def test_exit_code_and_output_are_returned(docker: Docker, name: Names) -> None:
    result = await docker.containers.run(
        "busybox", ["sh", "-c", "echo out; echo err >&2; exit 5"], config=offline(name)
    )
    assert (result.exit_code, result.stdout, result.stderr, result.error) == (5, b"out\n", b"err\n", "")
    assert (await docker.containers.inspect(result.container_id)).id == result.container_id


async def test_the_command_of_the_image_is_the_default(docker: Docker, name: Names) -> None:
    result = await docker.containers.run("busybox", config=offline(name), stdin="echo from the shell\nexit 4\n")
    assert (result.exit_code, result.stdout) == (4, b"from the shell\n")


async def test_stdin_is_empty_by_default(docker: Docker, name: Names) -> None:
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
async def test_stdin_accepts_many_types(docker: Docker, name: Names, stdin: Any, expected: bytes) -> None:
    fed = stdin() if callable(stdin) else stdin
    result = await docker.containers.run("busybox", ["cat"], config=offline(name), stdin=fed, auto_remove=True)
    assert (result.exit_code, result.stdout) == (0, expected)


async def test_five_megabytes_are_sent_and_received(docker: Docker, name: Names) -> None:
    data = random.Random(2).randbytes(5_000_000)
    result = await docker.containers.run("busybox", ["cat"], config=offline(name), stdin=data, auto_remove=True)
    assert result.exit_code == 0
    assert result.stdout == data


async def test_a_container_that_does_not_read_stdin(docker: Docker, name: Names) -> None:
    async with asyncio.timeout(30):
        result = await docker.containers.run(
            "busybox", ["echo", "done"], config=offline(name), stdin=bytes(5_000_000), auto_remove=True
        )
    assert (result.exit_code, result.stdout) == (0, b"done\n")


async def test_an_error_of_the_stdin_iterator_is_raised(docker: Docker, name: Names) -> None:
    async def broken() -> AsyncIterator[bytes]:
        yield b"some"
        raise LookupError("nothing more")

    with pytest.raises(LookupError, match="nothing more"):
        await docker.containers.run("busybox", ["cat"], config=offline(name), stdin=broken())
    assert await states(docker, name) == ["exited"]


async def test_with_a_terminal_all_output_is_stdout(docker: Docker, name: Names) -> None:
    script = "test -t 1 && echo terminal; echo err >&2"
    result = await docker.containers.run("busybox", ["sh", "-c", script], config=offline(name, Tty=True))
    assert (result.stdout, result.stderr) == (b"terminal\r\nerr\r\n", b"")


@pytest.mark.parametrize("script", ["exit 0", "exit 3"])
async def test_auto_remove_completes_before_the_call_returns(docker: Docker, name: Names, script: str) -> None:
    result = await docker.containers.run("busybox", ["sh", "-c", script], config=offline(name), auto_remove=True)
    assert result.exit_code == int(script.split()[1])
    with pytest.raises(NotFound):
        await docker.containers.inspect(result.container_id)


async def test_the_name_can_be_reused_after_auto_remove(docker: Docker, name: Names) -> None:
    called = name("again")
    for _ in range(3):
        result = await docker.containers.run("busybox", ["true"], name=called, config=offline(name), auto_remove=True)
        assert result.exit_code == 0


async def test_a_name_in_use_is_a_conflict(docker: Docker, name: Names) -> None:
    called = name("taken")
    await docker.containers.create({"Image": "busybox"}, name=called)
    with pytest.raises(Conflict, match=called):
        await docker.containers.run("busybox", ["true"], name=called, config=offline(name))
    assert await states(docker, name) == []


@pytest.mark.parametrize(
    ("command", "exit_code", "message"),
    [
        ("nowhere", 127, "executable file not found"),
        ("/nowhere", 127, "no such file or directory"),
        ("/etc/passwd", 126, "permission denied"),
        ("/etc", 126, "permission denied|is a directory"),
    ],
)
@pytest.mark.parametrize("auto_remove", [False, True])
async def test_a_command_that_cannot_be_executed_is_a_result(
    docker: Docker, name: Names, command: str, exit_code: int, message: str, auto_remove: bool
) -> None:
    result = await docker.containers.run("busybox", [command], config=offline(name), auto_remove=auto_remove)
    assert (result.exit_code, result.stdout, result.stderr) == (exit_code, b"", b"")
    assert any(phrase in result.error for phrase in message.split("|"))
    assert await states(docker, name) == ([] if auto_remove else ["created"])


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
async def test_other_start_failures_are_errors(
    docker: Docker, name: Names, host: dict[str, Any], error: type[APIError]
) -> None:
    with pytest.raises(error, match="nowhere"):
        await docker.containers.run("busybox", ["true"], config=offline(name, HostConfig=host))
    assert await states(docker, name) == [], "a container that has not been started is removed"


@pytest.mark.parametrize("exit_code", [126, 127])
async def test_an_exit_code_of_the_command_itself_is_not_an_error(docker: Docker, name: Names, exit_code: int) -> None:
    result = await docker.containers.run("busybox", ["sh", "-c", f"exit {exit_code}"], config=offline(name))
    assert (result.exit_code, result.error) == (exit_code, "")
    assert await states(docker, name) == ["exited"]


async def test_a_missing_image_is_not_found_without_pull(docker: Docker, name: Names) -> None:
    image = name("absent")
    with pytest.raises(NotFound, match=image):
        await docker.containers.run(image, ["true"], pull="never")


@pytest.mark.parametrize("pull", ["missing", "always"])
async def test_an_unreachable_registry_is_an_error(docker: Docker, name: Names, pull: Any) -> None:
    with pytest.raises(ServerError, match=r"127\.0\.0\.1:9"):
        await docker.containers.run(f"127.0.0.1:9/{name('absent')}", ["true"], config=offline(name), pull=pull)
    assert await states(docker, name) == []


async def test_the_configuration_is_a_model_or_a_mapping_and_is_not_modified(docker: Docker, name: Names) -> None:
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


async def test_image_and_command_take_precedence_over_the_configuration(docker: Docker, name: Names) -> None:
    result = await docker.containers.run(
        "busybox", ["echo", "call"], config=offline(name, Image="nowhere", Cmd=["echo", "config"], Entrypoint=[])
    )
    assert result.stdout == b"call\n"


async def test_an_image_is_found_by_its_id(docker: Docker, name: Names) -> None:
    inspected = (await docker.request("GET", "/images/busybox:latest/json")).json()["Id"]
    for image in (inspected, inspected.removeprefix("sha256:"), inspected.removeprefix("sha256:")[:12]):
        result = await docker.containers.run(image, ["echo", "here"], config=offline(name), auto_remove=True)
        assert result.stdout == b"here\n"


@pytest.mark.parametrize("options", [{"pull": "sometimes"}, {"on_cancel": "pause"}, {"image": ""}, {"command": "ls"}])
async def test_an_invalid_argument_is_refused_before_a_container_is_created(
    docker: Docker, name: Names, options: dict[str, Any]
) -> None:
    arguments: dict[str, Any] = {"image": "busybox", "command": ["true"], "config": offline(name)} | options
    with pytest.raises(InvalidArgument):
        await docker.containers.run(**arguments)
    assert await states(docker, name) == []


async def test_removal_by_another_client_ends_the_call(docker: Docker, name: Names) -> None:
    async def remove_it() -> AsyncIterator[bytes]:
        yield b"line\n"
        await docker.containers.remove(called, force=True)

    called = name("gone")
    result = await docker.containers.run("busybox", ["cat"], name=called, config=offline(name), stdin=remove_it())
    assert result.exit_code == 137
    assert result.stdout in (b"", b"line\n")
