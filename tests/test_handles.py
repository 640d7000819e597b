"""Handles: they have every call for one object, without its id, and delegate to the group."""

from __future__ import annotations

import inspect
from typing import Any
from unittest import mock

import pytest

from aiodockerapi import Docker, handles
from aiodockerapi.handles import Bound, Handle

# For each handle: the method of the client that creates it, and the groups of its calls with the name of their first argument
# and a prefix.
HANDLES = {
    handles.ContainerHandle: ("container", [("containers", {"container"}, ""), ("exec", {"container"}, "exec_")]),
    handles.ExecHandle: ("exec_instance", [("exec", {"exec_id"}, "")]),
    handles.ImageHandle: (
        "image",
        [("images", {"image", "reference", "images"}, ""), ("distribution", {"image"}, "distribution_")],
    ),
    handles.NetworkHandle: ("network", [("networks", {"network"}, "")]),
    handles.VolumeHandle: ("volume", [("volumes", {"volume"}, "")]),
    handles.PluginHandle: ("plugin", [("plugins", {"plugin"}, "")]),
    handles.NodeHandle: ("node", [("nodes", {"node"}, "")]),
    handles.ServiceHandle: ("service", [("services", {"service"}, "")]),
    handles.TaskHandle: ("task", [("tasks", {"task"}, "")]),
    handles.SecretHandle: ("secret", [("secrets", {"secret"}, "")]),
    handles.ConfigHandle: ("config", [("configs", {"config"}, "")]),
}


def docker() -> Docker:
    return Docker("unix:///nonexistent.sock", api_version="1.44")


def expected(handle: type[Handle]) -> dict[str, tuple[str, str]]:
    """Return the calls that a handle must have: group and method by their name in the handle.

    Calls such as `containers.run` are excluded: their first argument is not an existing object.
    """
    found: dict[str, tuple[str, str]] = {}
    client = docker()
    for group, ids, prefix in HANDLES[handle][1]:
        for name, method in inspect.getmembers(type(getattr(client, group)), inspect.isfunction):
            parameters = list(inspect.signature(method).parameters)[1:]
            if (
                not name.startswith("_")
                and parameters
                and parameters[0] in ids
                and (group, name) != ("containers", "run")
            ):
                found[prefix + name] = (group, name)
    return found


BOUND = [(handle, name, *where) for handle in HANDLES for name, where in expected(handle).items()]


def test_each_handle_is_tested() -> None:
    assert {cls.__name__ for cls in HANDLES} == set(handles.__all__)


@pytest.mark.parametrize("handle", HANDLES, ids=lambda cls: cls.__name__)
def test_a_handle_has_exactly_the_calls_for_its_object(handle: type[Handle]) -> None:
    bound = {name for name, value in vars(handle).items() if isinstance(value, Bound)}
    assert bound == set(expected(handle))


@pytest.mark.parametrize(("handle", "name", "group", "method"), BOUND)
def test_a_bound_call_has_the_signature_of_the_group_without_the_id(
    handle: type[Handle], name: str, group: str, method: str
) -> None:
    client = docker()
    instance = getattr(client, HANDLES[handle][0])("some-id")
    assert type(instance) is handle
    call, original = getattr(instance, name), getattr(getattr(client, group), method)
    expected_parameters = list(inspect.signature(original).parameters.values())
    parameters = list(inspect.signature(call).parameters.values())
    has_id = expected_parameters[0].kind is not inspect.Parameter.VAR_POSITIONAL
    assert parameters == (expected_parameters[1:] if has_id else expected_parameters)
    assert inspect.getdoc(call) == inspect.getdoc(original)
    assert inspect.getdoc(getattr(handle, name)) == inspect.getdoc(original)
    assert call.__name__ == method
    assert inspect.iscoroutinefunction(call) == inspect.iscoroutinefunction(original)


@pytest.mark.parametrize(("handle", "name", "group", "method"), BOUND)
def test_a_bound_call_forwards_its_arguments(handle: type[Handle], name: str, group: str, method: str) -> None:
    client = docker()
    instance = getattr(client, HANDLES[handle][0])("some-id")
    received: list[Any] = []

    def spy(*arguments: Any, **named: Any) -> str:
        received.append((arguments, named))
        return "result"

    with mock.patch.object(vars(handle)[name], "method", mock.create_autospec(spy, side_effect=spy)):
        assert getattr(instance, name)("second", option="third") == "result"
    [((own, *arguments), named)] = received
    assert type(own) is type(getattr(client, group))
    assert own._engine is client._engine
    assert (arguments, named) == (["some-id", "second"], {"option": "third"})


def test_handles_are_equal_if_type_id_and_client_are() -> None:
    one, other = docker(), docker()
    container = one.container("web")
    assert container.id == "web"
    assert repr(container) == "<ContainerHandle web>"
    assert container == one.container("web")
    assert hash(container) == hash(one.container("web"))
    assert container != one.container("db")
    assert container != one.exec_instance("web")
    assert container != other.container("web")
    assert container != "web"
