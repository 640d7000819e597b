"""Fixtures and hooks for all tests. A daemon is started only when a test requests an engine."""

from __future__ import annotations

import inspect
import os
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.support import engine as engines
from tests.support.guard import guarded
from tests.support.names import Names
from tests.support.podman_run import podman_run

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Generator, Iterator

    from aiodockerapi import Docker

# The engine for tests: one that runs already or the version of this machine, or that of another Debian release.
_SUITE = os.environ.get("ENGINE_SUITE", "")
_MAIN = engines.Spec(f"main-{_SUITE}", suite=_SUITE) if _SUITE else engines.DEFAULT
_SPARE = engines.Spec(f"spare-{_SUITE}", suite=_SUITE) if _SUITE else engines.Spec("spare")

_holder = pytest.StashKey[int]()


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--uvloop", action="store_true", help="run async tests on uvloop instead of the event loop of asyncio"
    )
    parser.addoption(
        "--podman",
        action="store_true",
        help="run tests of an engine against Podman's service, with its ledger of expected failures",
    )


def pytest_configure(config: pytest.Config) -> None:
    # An engine is held by the run, not by a worker: workers end at different times.
    worker: dict[str, int] = getattr(config, "workerinput", {})
    config.stash[_holder] = worker.get("engine_holder", os.getpid())
    # The docker configuration of the user must not affect the tests.
    os.environ["DOCKER_CONFIG"] = str(Path(__file__).parent / "none")
    podman_run(config)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Repeat a failed test with a real daemon once in CI, whose machines are busy; pytest's summary reports it as a rerun.

    Elsewhere, and for tests without a daemon, the first result counts.
    """
    if os.environ.get("CI"):
        for item in items:
            if {"engine", "faults", "test_readme.py"} & set(item.path.parts):
                item.add_marker(pytest.mark.flaky(reruns=1))
    # Tests that require exclusive use of an engine run one after another: they start first, with the others in parallel.
    items.sort(key=lambda item: not {"spare_engine", "members"} & set(getattr(item, "fixturenames", ())))


@pytest.hookimpl(wrapper=True)
def pytest_pyfunc_call(pyfuncitem: pytest.Function) -> Generator[None, object, object]:
    """Run a test with a deadline; after a failure, replace the engine if it no longer works."""
    if inspect.iscoroutinefunction(pyfuncitem.obj):
        pyfuncitem.obj = guarded(pyfuncitem.obj)
    try:
        return (yield)
    except Exception:
        engines.mend(pyfuncitem.config.stash[_holder], _MAIN)
        raise


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_auto_num_workers() -> int:
    """Return two workers per processor for `-n auto`: tests of an engine mostly wait for it."""
    return min(2 * len(os.sched_getaffinity(0)), 8)


@pytest.hookimpl(optionalhook=True)
def pytest_configure_node(node: object) -> None:
    """Pass the process ID of the run to a pytest-xdist worker."""
    node.workerinput["engine_holder"] = os.getpid()  # type: ignore[attr-defined]


def pytest_unconfigure(config: pytest.Config) -> None:
    if not hasattr(config, "workerinput"):
        engines.release(config.stash[_holder], _MAIN)
        engines.release(config.stash[_holder], _SPARE)


@pytest.fixture(scope="session")
def anyio_backend(pytestconfig: pytest.Config) -> tuple[str, dict[str, bool]]:
    """The event loop for async tests: that of asyncio, or uvloop."""
    return "asyncio", {"use_uvloop": pytestconfig.getoption("uvloop")}


@pytest.fixture(scope="session")
def engine_host(pytestconfig: pytest.Config) -> str:
    """The address of an engine with `busybox:latest`: one that runs already and may have other users, or a private one."""
    if podman := podman_run(pytestconfig):
        return podman.host
    return engines.acquire(pytestconfig.stash[_holder], _MAIN).host


@pytest.fixture(scope="session")
def engine_tcp(pytestconfig: pytest.Config) -> str:
    """The TCP address of such an engine, which may be another one."""
    holder = pytestconfig.stash[_holder]
    tcp = engines.acquire(holder, _MAIN).tcp or engines.acquire(holder, _MAIN, own=True).tcp
    assert tcp is not None, "a private engine listens on TCP"
    return tcp


@pytest.fixture
def spare_engine(pytestconfig: pytest.Config) -> Iterator[engines.Engine]:
    """A private engine for exclusive use, for example to prune it, join it to a swarm, or break it."""
    if podman := podman_run(pytestconfig):
        with podman.whole() as engine:
            yield engine
        return
    with engines.alone(pytestconfig.stash[_holder], _SPARE) as engine:
        yield engine


@pytest.fixture
def name(engine_host: str) -> Iterator[Names]:
    """A generator of names for the objects of a test; objects with these names are removed at the end."""
    names = Names(engine_host)
    yield names
    names.remove()


@pytest.fixture
async def docker(engine_host: str) -> AsyncIterator[Docker]:
    """A client of that engine."""
    from aiodockerapi import Docker  # Imported here because some tests check what an import loads.

    async with Docker(engine_host) as client:
        yield client
