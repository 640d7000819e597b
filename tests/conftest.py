"""What every test may ask for. Nothing here starts a daemon before a test asks for an engine."""

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

# The engine to test against: the one that is found, or this machine's own; or that of another Debian release.
_SUITE = os.environ.get("ENGINE_SUITE", "")
_MAIN = engines.Spec(f"main-{_SUITE}", suite=_SUITE) if _SUITE else engines.DEFAULT
_SPARE = engines.Spec(f"spare-{_SUITE}", suite=_SUITE) if _SUITE else engines.Spec("spare")

_holder = pytest.StashKey[int]()


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--uvloop", action="store_true", help="run async tests on uvloop instead of asyncio's own loop")
    parser.addoption(
        "--podman", action="store_true", help="run tests of an engine against Podman's service, see its ledger"
    )


def pytest_configure(config: pytest.Config) -> None:
    # An engine is held in the name of the run, not of one of its workers: they end at different times.
    worker: dict[str, int] = getattr(config, "workerinput", {})
    config.stash[_holder] = worker.get("engine_holder", os.getpid())
    # What stands in the docker configuration of who runs the tests is none of their business.
    os.environ["DOCKER_CONFIG"] = str(Path(__file__).parent / "none")
    podman_run(config)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """In CI a test against a real daemon gets a second try, which pytest's closing line tells: its machines are busy.

    Everywhere else, and for everything without a daemon, the first result counts.
    """
    if os.environ.get("CI"):
        for item in items:
            if {"engine", "faults", "test_readme.py"} & set(item.path.parts):
                item.add_marker(pytest.mark.flaky(reruns=1))
    # Those that want a whole engine to themselves can only run one after another: they begin first, and the others fill in.
    items.sort(key=lambda item: not {"spare_engine", "members"} & set(getattr(item, "fixturenames", ())))


@pytest.hookimpl(wrapper=True)
def pytest_pyfunc_call(pyfuncitem: pytest.Function) -> Generator[None, object, object]:
    """Run a test with a deadline; where one against an engine fails, the next ones find an engine that works."""
    if inspect.iscoroutinefunction(pyfuncitem.obj):
        pyfuncitem.obj = guarded(pyfuncitem.obj)
    try:
        return (yield)
    except Exception:
        engines.mend(pyfuncitem.config.stash[_holder], _MAIN)
        raise


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_auto_num_workers() -> int:
    """Two workers for each processor under `-n auto`: tests of an engine spend most of their time waiting for it."""
    return min(2 * len(os.sched_getaffinity(0)), 8)


@pytest.hookimpl(optionalhook=True)
def pytest_configure_node(node: object) -> None:
    """Tell a pytest-xdist worker whose run it belongs to."""
    node.workerinput["engine_holder"] = os.getpid()  # type: ignore[attr-defined]


def pytest_unconfigure(config: pytest.Config) -> None:
    if not hasattr(config, "workerinput"):
        engines.release(config.stash[_holder], _MAIN)
        engines.release(config.stash[_holder], _SPARE)


@pytest.fixture(scope="session")
def anyio_backend(pytestconfig: pytest.Config) -> tuple[str, dict[str, bool]]:
    """The loop for async tests: asyncio's own, or uvloop."""
    return "asyncio", {"use_uvloop": pytestconfig.getoption("uvloop")}


@pytest.fixture(scope="session")
def engine_host(pytestconfig: pytest.Config) -> str:
    """The address of an engine with `busybox:latest`: one that runs already, which may be somebody's own, or ours."""
    if podman := podman_run(pytestconfig):
        return podman.host
    return engines.acquire(pytestconfig.stash[_holder], _MAIN).host


@pytest.fixture(scope="session")
def engine_tcp(pytestconfig: pytest.Config) -> str:
    """The TCP address of such an engine, not necessarily of the same one."""
    holder = pytestconfig.stash[_holder]
    tcp = engines.acquire(holder, _MAIN).tcp or engines.acquire(holder, _MAIN, own=True).tcp
    assert tcp is not None, "an engine of our own listens on TCP"
    return tcp


@pytest.fixture
def spare_engine(pytestconfig: pytest.Config) -> Iterator[engines.Engine]:
    """An engine of our own that no other test uses at the same time: to prune, to join to a swarm, to break."""
    if podman := podman_run(pytestconfig):
        with podman.whole() as engine:
            yield engine
        return
    with engines.alone(pytestconfig.stash[_holder], _SPARE) as engine:
        yield engine


@pytest.fixture
def name(engine_host: str) -> Iterator[Names]:
    """Gives names for what a test makes; all that bears one of them is removed at the end."""
    names = Names(engine_host)
    yield names
    names.remove()


@pytest.fixture
async def docker(engine_host: str) -> AsyncIterator[Docker]:
    """A client of that engine."""
    from aiodockerapi import Docker  # Only here: most tests need no client, and some test what an import costs.

    async with Docker(engine_host) as client:
        yield client
