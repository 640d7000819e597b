"""The runner: which results fail a case, and how the figures are evaluated and formatted."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from benchmarks._harness import Case, Goal, runner
from benchmarks._harness.processes import Failed
from benchmarks._harness.report import CaseReport
from benchmarks._harness.runner import Plan, run_case
from benchmarks._harness.table import number, text

Answer = Callable[[], dict[str, Any]]


def answer(value: object = "same", cpu: float = 1.0, **extra: float) -> Answer:
    """Return a function that returns what the process of a client reports."""
    return lambda: {"value": value, "cpu": cpu, "wall": 2 * cpu, "extra": extra}


def failing() -> dict[str, Any]:
    raise Failed("connection lost\n    after 3 requests")


@pytest.fixture
def report(monkeypatch: pytest.MonkeyPatch) -> Callable[..., CaseReport]:
    """Run a case whose clients report the given results, without processes; each result is a round."""

    def run(answers: dict[str, list[Answer]], **more: Any) -> CaseReport:
        waiting = {client: iter(some) for client, some in answers.items()}
        monkeypatch.setattr(runner, "ask_client", lambda case, client, host, size: next(waiting[client])())
        clients = dict.fromkeys(answers, lambda host, size, meter: None)
        rounds = max(map(len, answers.values()))
        return run_case(Case(name="case", title="A case", clients=clients, **more), Plan(rounds))

    return run


def test_medians_ratios_and_goals(report: Callable[..., CaseReport]) -> None:
    result = report(
        {
            "aiodockerapi": [answer(cpu=1.0, left=0), answer(cpu=3.0, left=0), answer(cpu=1.5, left=0)],
            "floor": [answer(cpu=3.0), answer(cpu=3.0), answer(cpu=9.0)],
        },
        size={"each": 10},
        scale=lambda size: 1000 / size["each"],
        unit="ms each",
        goal=[Goal("floor", 0.4), Goal(None, 0, "left")],
    )

    ours = next(row for row in result.rows if row.client == "aiodockerapi")
    figure = result.main(ours)
    assert figure is not None
    assert (figure.median, figure.least, figure.most) == (150, 100, 300)
    assert result.ratio(ours) == 0.5
    assert [(verdict.text, verdict.value, verdict.met) for verdict in result.verdicts] == [
        ("CPU <= 0.4 x floor", 0.5, False),
        ("left <= 0", 0, True),
    ]
    assert result.faults == []


def test_higher_figures_can_be_better(report: Callable[..., CaseReport]) -> None:
    result = report(
        {"aiodockerapi": [answer(rate=240.0)], "docker CLI": [answer(rate=120.0)]},
        figure="rate",
        better="higher",
        goal=Goal("docker CLI", 1.2),
    )

    assert [verdict.met for verdict in result.verdicts] == [True]


def test_a_client_with_a_different_result_fails_the_case(report: Callable[..., CaseReport]) -> None:
    result = report({"floor": [answer(1)], "aiodockerapi": [answer(1)], "aiodocker": [answer(2)]})

    [fault] = result.faults
    assert fault == "aiodocker: the result 2 differs from that of floor, 1"


def test_a_client_with_a_different_result_in_a_later_round_fails_the_case(report: Callable[..., CaseReport]) -> None:
    result = report({"floor": [answer(1), answer(1)], "aiodockerapi": [answer(1), answer(2)]})

    assert len(result.faults) == 1


def test_a_client_that_fails_fails_the_case(report: Callable[..., CaseReport]) -> None:
    result = report({"floor": [answer(), answer()], "aiodocker": [failing]})

    assert result.faults == ["aiodocker: connection lost\n    after 3 requests"]
    assert "failed: connection lost\n" in text(result)


def test_a_client_that_is_known_to_fail_does_not_fail_the_case(report: Callable[..., CaseReport]) -> None:
    result = report({"floor": [answer()], "aiodocker": [failing]}, may_fail={"aiodocker": "hangs after 100 streams"})

    assert result.faults == []
    assert "failed: hangs after 100 streams" in text(result)


def test_a_report_survives_json(report: Callable[..., CaseReport]) -> None:
    result = report(
        {"floor": [answer(), answer()], "aiodockerapi": [answer(), answer(left=1.0)]}, goal=Goal("floor", 1)
    )

    assert CaseReport.from_json(result.to_json()) == result


@pytest.mark.parametrize(
    ("value", "formatted"),
    [(0, "0"), (3.0, "3"), (1234.5, "1,234"), (45.67, "45.7"), (4.567, "4.57"), (0.4567, "0.457"), (0.04567, "0.0457")],
)
def test_figures_are_formatted_with_three_digits(value: float, formatted: str) -> None:
    assert number(value) == formatted
