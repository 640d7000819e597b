"""A test that hangs fails, and lets others go on."""

from __future__ import annotations

import asyncio

import pytest

from tests.support.guard import guarded


async def test_what_hangs_fails_and_shows_where() -> None:
    async def hanging(for_what: str) -> None:
        assert for_what == "for ever"
        await asyncio.Event().wait()

    with pytest.raises(AssertionError, match=r"not ended after 0\.01 seconds") as caught:
        await guarded(hanging, 0.01)("for ever")

    assert caught.value.__cause__ is not None
    assert isinstance(caught.value.__cause__.__cause__, asyncio.CancelledError)


@pytest.mark.parametrize("error", [TimeoutError("its own"), ValueError("another")], ids=repr)
async def test_errors_of_the_test_stay_what_they_are(error: Exception) -> None:
    async def failing() -> None:
        raise error

    with pytest.raises(type(error)) as caught:
        await guarded(failing)()

    assert caught.value is error


async def test_this_one_has_a_deadline(request: pytest.FixtureRequest) -> None:
    assert request.node.obj.__wrapped__.__code__ is test_this_one_has_a_deadline.__code__
