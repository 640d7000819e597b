"""Names and IDs in every method: invalid ones are refused before a request, unknown ones are not found."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator
from typing import Any, get_origin, get_type_hints

import pytest

from aiodockerapi import Docker, InvalidArgument, InvalidArgumentType, NotFound, StreamCall
from aiodockerapi.api.containers import Containers
from aiodockerapi.api.exec import Exec
from tests.support.proxy import proxied

GROUPS = {"containers": Containers, "exec": Exec}
FURTHER: dict[str, Any] = {
    "new_name": "other",
    "height": 10,
    "width": 10,
    "path": "/",
    "archive": b"",
    "config": {"Cmd": ["true"]},
    "update": {"CpuShares": 512},
    "command": ["true"],
}
"""Required arguments of methods besides the ID."""

INVALID_NAMES = [
    "",
    "/",
    "//",
    ".",
    "..",
    "a/b",
    "../x",
    "a b",
    "a?b",
    "a#b",
    "a%2fb",
    "a\\b",
    "a\nb",
    "a\r\nb",
    "a\0b",
    " a",
]
INVALID_TYPES = [None, 7, b"web", ["web"], {"web": 1}, True]


def methods() -> Iterator[tuple[str, str, list[Any], bool]]:
    """Yield the methods of a container or exec instance, their further arguments, and whether they stream."""
    for group, cls in GROUPS.items():
        for name, method in inspect.getmembers(cls, inspect.isfunction):
            _, *parameters = inspect.signature(method).parameters.values()
            if not name.startswith("_") and parameters and parameters[0].name in {"container", "exec_id"}:
                needed = [one.name for one in parameters[1:] if one.default is one.empty]
                streams = get_origin(get_type_hints(method)["return"]) is StreamCall
                yield group, name, [FURTHER[one] for one in needed], streams


ALL = [pytest.param(group, name, further, id=f"{group}.{name}") for group, name, further, _ in methods()]
STREAMING = [pytest.param(group, name, further, id=f"{group}.{name}") for group, name, further, it in methods() if it]


def test_all_methods_are_tested() -> None:
    found = {parameter.id for parameter in ALL}
    assert {
        "containers.start",
        "containers.commit",
        "containers.logs",
        "exec.create",
        "exec.run",
        "exec.start",
    } <= found
    assert {parameter.id for parameter in STREAMING} == {
        *(
            f"containers.{name}"
            for name in ("attach", "attach_websocket", "export", "get_archive", "logs", "stats", "wait")
        ),
        "exec.start",
    }


@pytest.mark.parametrize(("group", "method", "further"), ALL)
async def test_an_invalid_name_is_refused_before_a_request(
    group: str, method: str, further: list[Any], engine_host: str
) -> None:
    async with proxied(engine_host) as proxy, Docker(proxy.host) as docker:
        call: Callable[..., Any] = getattr(getattr(docker, group), method)
        for name in INVALID_NAMES:
            with pytest.raises(InvalidArgument, match="must be a name or ID"):
                await call(name, *further)
        for name in INVALID_TYPES:
            with pytest.raises(InvalidArgumentType, match="must be a string"):
                await call(name, *further)
        assert proxy.requests == []


@pytest.mark.parametrize(("group", "method", "further"), ALL)
async def test_an_unknown_name_is_not_found(group: str, method: str, further: list[Any], docker: Docker) -> None:
    call: Callable[..., Any] = getattr(getattr(docker, group), method)
    with pytest.raises(NotFound) as caught:
        await call("no-such-thing", *further)
    assert caught.value.status == 404
    is_head = method == "archive_info"  # whose error responses have no body
    assert ("no such container" if is_head else "no-such-thing") in caught.value.message


@pytest.mark.parametrize(("group", "method", "further"), STREAMING)
async def test_an_entered_call_of_an_unknown_name_is_not_found(
    group: str, method: str, further: list[Any], docker: Docker
) -> None:
    with pytest.raises(NotFound):
        async with getattr(getattr(docker, group), method)("no-such-thing", *further):
            raise AssertionError("entered a call of an unknown name")
