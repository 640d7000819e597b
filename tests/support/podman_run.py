"""`pytest --podman tests/engine`: the tests of an engine against Podman's service, with a ledger of where it differs.

A test that the ledger does not name has to pass. One that it names has to fail, and to say what stands there; if it passes,
or fails in another way, that is a failure of the run. A test that does not end is cut off, and Podman's service is replaced.
Each process of pytest-xdist has a service of its own, but what their networks make on the machine bears the same names.
"""

from __future__ import annotations

import asyncio
import functools
import inspect
import secrets
import signal
from collections.abc import Callable, Generator, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import pytest

from tests.support import engine as engines
from tests.support import podman
from tests.support.engine._image import ensure_image
from tests.support.podman_ledger import GROUPS, Entry, entries, said, tests_of

__all__ = ["PodmanRun", "podman_run"]

_NAME = "podman-run"
_ENGINES, _OTHERS = {"engine_host", "spare_engine"}, {"engine_tcp", "manager", "members"}
"""The fixtures of a test that Podman can serve, and those that ask for more than it is."""

_DEADLINE, _SHORT, _MARGIN = 20.0, 6.0, 15.0
"""Seconds for a test, for one that is known to hang, and in addition before what cannot be cancelled is interrupted."""


class Hang(Exception):
    """A test did not end in its time."""


class PodmanRun:
    """The plugin: Podman in the engine's place, a deadline for every test, and the ledger's word on each result."""

    def __init__(self) -> None:
        self._stack = ExitStack()
        # A link, and the same one for each service: it is told to fixtures that outlive one.
        self._address = Path("/tmp", f"podman-{secrets.token_hex(4)}", "socket")
        self._runs = False

    @property
    def host(self) -> str:
        """The address of Podman's service, which is started by the first who asks; it stays when the service is replaced."""
        if not self._runs:
            self._start()
        return f"unix://{self._address}"

    @contextmanager
    def whole(self) -> Iterator[engines.Engine]:
        """Podman for a test that touches all of it; the image that others need is there again afterwards."""
        yield engines.Engine(self.host, None, ours=True)
        ensure_image(self.host, ours=True)

    def _start(self) -> None:
        self._stack.enter_context(podman.running(self._address))
        self._runs = True

    def _replace(self) -> None:
        if self._runs:
            try:
                self._stack.close()
            finally:
                self._start()

    @contextmanager
    def _limited(self, item: pytest.Item) -> Iterator[None]:
        """Interrupt what blocks the process itself; whatever hung, nobody goes on with the same service."""
        seconds = _seconds(item) + _MARGIN

        def interrupt(*_: object) -> None:
            raise Hang(f"it blocked for {seconds:.0f} s")

        before = signal.signal(signal.SIGALRM, interrupt)
        signal.setitimer(signal.ITIMER_REAL, seconds)
        try:
            yield
        except Hang:
            signal.setitimer(signal.ITIMER_REAL, 0)
            self._replace()
            raise
        finally:
            signal.setitimer(signal.ITIMER_REAL, 0)
            signal.signal(signal.SIGALRM, before)

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_setup(self, item: pytest.Item) -> Generator[None, Any, Any]:
        with self._limited(item):
            return (yield)

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_call(self, item: pytest.Item) -> Generator[None, Any, Any]:
        with self._limited(item):
            return (yield)

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_teardown(self, item: pytest.Item) -> Generator[None, Any, Any]:
        with self._limited(item):
            return (yield)

    @pytest.hookimpl(tryfirst=True)
    def pytest_pyfunc_call(self, pyfuncitem: pytest.Function) -> None:
        if inspect.iscoroutinefunction(pyfuncitem.obj):
            pyfuncitem.obj = _ending(pyfuncitem.obj, _seconds(pyfuncitem))

    @pytest.hookimpl(tryfirst=True)
    def pytest_collection_modifyitems(self, config: pytest.Config, items: list[pytest.Item]) -> None:
        """Keep what the ledger is about. All that it names must be there, unless only a part was asked for."""
        if not any("::" in argument for argument in config.invocation_params.args):
            _check_complete(items)
        kept = [item for item in items if _concerns(item)]
        config.hook.pytest_deselected(items=[item for item in items if not _concerns(item)])
        items[:] = kept

    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def pytest_runtest_makereport(
        self, item: pytest.Item, call: pytest.CallInfo[None]
    ) -> Generator[None, pytest.TestReport, pytest.TestReport]:
        report = yield
        entry = _entry(item)
        if entry is None or report.when == "teardown" or (report.when == "setup" and report.passed):
            return report
        if call.excinfo is None:
            if not entry.sometimes:
                report.outcome = "failed"
                report.longrepr = f"Podman passes what the ledger says it does not: {entry.reason}"
        elif entry.says.search(said(call.excinfo.value)):
            # Behind a failed setup no test may run: for pytest that is one which was skipped, for our summary it is not.
            report.outcome = "passed" if report.when == "call" else "skipped"
            report.__dict__["podman"] = entry.group  # travels with the report from a process of pytest-xdist
        else:
            report.sections.append(("the ledger expects", f"{entry.reason}\n{entry.says.pattern}"))
            report.sections.append(("what it is held against", said(call.excinfo.value)))
        return report

    @pytest.hookimpl(tryfirst=True)
    def pytest_report_teststatus(self, report: pytest.TestReport) -> tuple[str, str, str] | None:
        return ("as in the ledger", "d", "DIFFERS") if getattr(report, "podman", None) else None

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        stats = terminalreporter.stats
        differing = [report.podman for report in stats.get("as in the ledger", ())]
        unexpected = len(stats.get("failed", ())) + len(stats.get("error", ()))
        terminalreporter.section("Podman")
        terminalreporter.line(f"{len(stats.get('passed', ())):4} passed")
        terminalreporter.line(f"{len(differing):4} answered otherwise, as the ledger says:")
        for group, words in GROUPS.items():
            if group in differing:
                terminalreporter.line(f"     {differing.count(group):4} {words}")
        terminalreporter.line(f"{unexpected:4} unexpected")

    def pytest_unconfigure(self) -> None:
        self._stack.close()


def _module(item: pytest.Item) -> str:
    return item.path.stem


def _parts(item: pytest.Item) -> tuple[str, str]:
    """A test's function, and the id of its parameters."""
    case = item.callspec.id if hasattr(item, "callspec") else ""
    return getattr(item, "originalname", item.name), case


def _entry(item: pytest.Item) -> Entry | None:
    found = [entry for entry in entries(_module(item)) or () if entry.names(*_parts(item))]
    if len(found) > 1:
        raise pytest.UsageError(f"the ledger names {item.nodeid} {len(found)} times")
    return found[0] if found else None


def _seconds(item: pytest.Item) -> float:
    entry = _entry(item)
    return _SHORT if entry and entry.hangs else _DEADLINE


def _concerns(item: pytest.Item) -> bool:
    fixtures = set(getattr(item, "fixturenames", ()))
    return entries(_module(item)) is not None and bool(fixtures & _ENGINES) and not fixtures & _OTHERS


def _check_complete(items: list[pytest.Item]) -> None:
    here: dict[str, list[tuple[str, str]]] = {}
    for item in filter(_concerns, items):
        here.setdefault(_module(item), []).append(_parts(item))
    for module, tests in here.items():
        for name, part in tests_of(module):
            if not any(name == test and part in case for test, case in tests):
                raise pytest.UsageError(f"the ledger of {module} names {name} {part}, which is no test for Podman")


def _ending(test: Callable[..., Any], seconds: float) -> Callable[..., Any]:
    """The test, ended where it would go on for longer."""

    @functools.wraps(test)
    async def run(*args: Any, **kwargs: Any) -> None:
        try:
            async with asyncio.timeout(seconds) as limit:
                await test(*args, **kwargs)
        except TimeoutError as error:
            if limit.expired():
                raise Hang(f"it did not end within {seconds:.0f} s") from error
            raise

    return run


def podman_run(config: pytest.Config) -> PodmanRun | None:
    """The plugin, where pytest was called with --podman."""
    if not config.getoption("podman"):
        return None
    if not config.pluginmanager.has_plugin(_NAME):
        config.pluginmanager.register(PodmanRun(), _NAME)
    plugin = config.pluginmanager.get_plugin(_NAME)
    assert isinstance(plugin, PodmanRun)
    return plugin
