"""`pytest --podman tests/engine`: the tests of an engine against Podman's service, with a ledger of expected failures.

A test that the ledger does not name must pass. A test that it names must fail with the expected error; if it passes, or fails
with another error, the run fails. A test that hangs is interrupted, and Podman's service is replaced. Each process of
pytest-xdist has a separate service, but the names of network devices are the same for all of them.
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
from tests.support.podman_ledger import GROUPS, Entry, entries, error_text, tests_of

__all__ = ["PodmanRun", "podman_run"]

_NAME = "podman-run"
_SUPPORTED, _UNSUPPORTED = {"engine_host", "spare_engine"}, {"engine_tcp", "manager", "members"}
"""The fixtures that Podman can provide, and those that it cannot."""

_DEADLINE, _SHORT, _MARGIN = 20.0, 6.0, 15.0
"""Seconds: the timeout of a test, that of a test that is known to hang, and the time between cancellation and interruption."""


class Hang(Exception):
    """A test did not end within its timeout."""


class PodmanRun:
    """The pytest plugin: Podman as the engine, a timeout for each test, and the comparison of results with the ledger."""

    def __init__(self) -> None:
        self._stack = ExitStack()
        # A symbolic link to the socket of the current service, for fixtures that outlive a service.
        self._address = Path("/tmp", f"podman-{secrets.token_hex(4)}", "socket")
        self._runs = False

    @property
    def host(self) -> str:
        """The address of Podman's service, which is started on first use; it does not change when the service is replaced."""
        if not self._runs:
            self._start()
        return f"unix://{self._address}"

    @contextmanager
    def whole(self) -> Iterator[engines.Engine]:
        """Yield Podman for a test that requires a whole engine, and restore the image for other tests afterwards."""
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
        """Interrupt code that blocks the process; after any hang, replace the service."""
        seconds = _seconds(item) + _MARGIN

        def interrupt(*_: object) -> None:
            raise Hang(f"the test blocked for {seconds:.0f} s")

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
        """Keep the tests that are run against Podman. All tests in the ledger must exist, unless single tests are selected."""
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
                report.longrepr = f"the test passes, but the ledger expects a failure: {entry.reason}"
        elif entry.pattern.search(error_text(call.excinfo.value)):
            # After a failed setup, pytest must skip the test; the summary counts it as an expected failure.
            report.outcome = "passed" if report.when == "call" else "skipped"
            report.__dict__["podman"] = entry.group  # serialized with the report by pytest-xdist
        else:
            report.sections.append(("the ledger expects", f"{entry.reason}\n{entry.pattern.pattern}"))
            report.sections.append(("the text of the failure", error_text(call.excinfo.value)))
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
        terminalreporter.line(f"{len(differing):4} failed as the ledger expects:")
        for group, description in GROUPS.items():
            if group in differing:
                terminalreporter.line(f"     {differing.count(group):4} {description}")
        terminalreporter.line(f"{unexpected:4} unexpected")

    def pytest_unconfigure(self) -> None:
        self._stack.close()


def _module(item: pytest.Item) -> str:
    return item.path.stem


def _parts(item: pytest.Item) -> tuple[str, str]:
    """Return the name of the function of a test, and the ID of its parameters."""
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
    return entries(_module(item)) is not None and bool(fixtures & _SUPPORTED) and not fixtures & _UNSUPPORTED


def _check_complete(items: list[pytest.Item]) -> None:
    here: dict[str, list[tuple[str, str]]] = {}
    for item in filter(_concerns, items):
        here.setdefault(_module(item), []).append(_parts(item))
    for module, tests in here.items():
        for name, part in tests_of(module):
            if not any(name == test and part in case for test, case in tests):
                raise pytest.UsageError(f"the ledger of {module} names {name} {part}, which is not a test for Podman")


def _ending(test: Callable[..., Any], seconds: float) -> Callable[..., Any]:
    """Return the test with a timeout."""

    @functools.wraps(test)
    async def run(*args: Any, **kwargs: Any) -> None:
        try:
            async with asyncio.timeout(seconds) as limit:
                await test(*args, **kwargs)
        except TimeoutError as error:
            if limit.expired():
                raise Hang(f"the test did not end within {seconds:.0f} s") from error
            raise

    return run


def podman_run(config: pytest.Config) -> PodmanRun | None:
    """Return the plugin if pytest was called with --podman."""
    if not config.getoption("podman"):
        return None
    if not config.pluginmanager.has_plugin(_NAME):
        config.pluginmanager.register(PodmanRun(), _NAME)
    plugin = config.pluginmanager.get_plugin(_NAME)
    assert isinstance(plugin, PodmanRun)
    return plugin
