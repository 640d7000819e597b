"""Validation of arguments, and their encoding for URLs."""

import datetime
import os
import time
from collections.abc import Iterator
from typing import Any
from urllib.parse import unquote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aiodockerapi._wire.arguments import integer, optional_bool, path_segment, query, text, timestamp
from aiodockerapi.errors import InvalidArgument, InvalidArgumentType

# --- path segments


@pytest.mark.parametrize(
    ("value", "segment"),
    [
        ("web", "web"),
        ("f" * 64, "f" * 64),
        ("a", "a"),
        ("0", "0"),
        ("web_1.backup-2", "web_1.backup-2"),
        ("a..b", "a..b"),
        (".hidden", ".hidden"),
        ("..a", "..a"),
        ("a.", "a."),
        ("-", "-"),
        ("~x", "~x"),
        ("name:tag", "name%3Atag"),
        ("sha256:abc", "sha256%3Aabc"),
        ("name@sha256:abc", "name%40sha256%3Aabc"),
        ("a+b", "a%2Bb"),
        ("a&b=c;d", "a%26b%3Dc%3Bd"),
        ("a'b\"c", "a%27b%22c"),
        ("a<b>", "a%3Cb%3E"),
        ("[x]", "%5Bx%5D"),
        ("a*b!", "a%2Ab%21"),
        ("caf\u00e9", "caf%C3%A9"),
        ("日本", "%E6%97%A5%E6%9C%AC"),
        ("e\u0301", "e%CC%81"),
        ("\u2024\u2024", "%E2%80%A4%E2%80%A4"),
        ("\uff0f", "%EF%BC%8F"),
        ("\u202e", "%E2%80%AE"),
        ("None", "None"),
        ("json", "json"),
    ],
)
def test_a_name_or_id_is_one_segment(value: str, segment: str) -> None:
    assert path_segment(value, "container") == segment
    assert unquote(segment) == value


FORBIDDEN = ["", ".", "..", "...", "a/b", "/", "/web", "web/", "../x", "a/../b", "?", "a?b", "a?force=1", "#", "a#b"]
FORBIDDEN += ["\0", "a\0", "a\x1fb", "a\x7f", "a\r\nHost: evil", "a\nb", "a\tb", "\udc80", "a\ud800"]
FORBIDDEN_UNLESS_LOOSE = [
    "%",
    "%2e%2e",
    "%2F",
    "a%2Fb",
    "a%b",
    "\\",
    "..\\x",
    "a\\b",
    " ",
    "a b",
    " a",
    "a ",
    "a\u00a0b",
    "a\u2028b",
    "\u3000",
]


@pytest.mark.parametrize("value", [*FORBIDDEN, *FORBIDDEN_UNLESS_LOOSE], ids=ascii)
def test_names_that_could_change_the_path_are_rejected(value: str) -> None:
    with pytest.raises(InvalidArgument, match="container"):
        path_segment(value, "container")


@pytest.mark.parametrize("value", FORBIDDEN, ids=ascii)
def test_loose_names_cannot_change_the_path(value: str) -> None:
    with pytest.raises(InvalidArgument):
        path_segment(value, "volume", loose=True)


@pytest.mark.parametrize("value", FORBIDDEN_UNLESS_LOOSE, ids=ascii)
def test_loose_names_may_contain_spaces_percent_signs_and_backslashes(value: str) -> None:
    assert unquote(path_segment(value, "volume", loose=True)) == value


@pytest.mark.parametrize("value", [None, 5, 1.5, b"web", True, ["web"], {"Id": "web"}, object()])
def test_non_strings_are_rejected(value: Any) -> None:
    with pytest.raises(InvalidArgumentType, match="container must be a string"):
        path_segment(value, "container")


@given(value=st.text(), loose=st.booleans())
def test_accepted_names_are_single_segments(value: str, loose: bool) -> None:
    try:
        segment = path_segment(value, "container", loose=loose)
    except InvalidArgument:
        return
    assert unquote(segment) == value
    assert not set(segment) & set("/?#\\ \r\n\0")
    assert segment.strip(".")


# --- other values


def test_text_is_unchanged() -> None:
    assert text("", "name") == ""
    assert text(" any ", "name") == " any "


def test_long_values_are_shortened_in_errors() -> None:
    with pytest.raises(InvalidArgumentType) as caught:
        text([0] * 100_000, "name")  # type: ignore[arg-type]
    assert len(str(caught.value)) < 200


@pytest.mark.parametrize("value", [None, 0, 1, -1, 1 << 70])
def test_integers_are_unchanged(value: int | None) -> None:
    assert integer(value, "timeout") == value


@pytest.mark.parametrize("value", [True, False, 1.0, "1", b"1", [1]])
def test_non_integers_are_rejected(value: Any) -> None:
    with pytest.raises(InvalidArgumentType, match="timeout must be an integer"):
        integer(value, "timeout")


def test_minimum_of_an_integer() -> None:
    assert integer(-1, "timeout", least=-1) == -1
    assert integer(None, "timeout", least=0) is None
    with pytest.raises(InvalidArgument, match="at least 0, not -1"):
        integer(-1, "timeout", least=0)


@pytest.mark.parametrize("value", [None, True, False])
def test_bools_are_unchanged(value: bool | None) -> None:
    assert optional_bool(value, "force") is value


@pytest.mark.parametrize("value", [0, 1, "true", "", [], b""])
def test_non_bools_are_rejected(value: Any) -> None:
    with pytest.raises(InvalidArgumentType, match="force must be True or False"):
        optional_bool(value, "force")


# --- queries


@pytest.mark.parametrize(
    ("pairs", "expected"),
    [
        ({}, ""),
        ({"a": None}, ""),
        ({"a": None, "b": "1", "c": None}, "b=1"),
        ({"all": True, "size": False}, "all=true&size=false"),
        ({"limit": 0, "t": -1}, "limit=0&t=-1"),
        ({"name": ""}, "name="),
        ({"a": "x y&z=1+2#?/%"}, "a=x%20y%26z%3D1%2B2%23%3F%2F%25"),
        ({"a": "caf\u00e9\r\n"}, "a=caf%C3%A9%0D%0A"),
        ({"filters": '{"label":["a=b"]}'}, "filters=%7B%22label%22%3A%5B%22a%3Db%22%5D%7D"),
        ({"names": ["a:1", "b", "a:1"]}, "names=a%3A1&names=b&names=a%3A1"),
        ({"names": ("a", "")}, "names=a&names="),
        ({"names": []}, ""),
        ({"names": iter(["a", "b"])}, "names=a&names=b"),
        ({"names": {"a": 1}.keys()}, "names=a"),
        ({"b": "1", "a": "2"}, "b=1&a=2"),
    ],
)
def test_a_query(pairs: dict[str, Any], expected: str) -> None:
    assert query(pairs) == expected


@pytest.mark.parametrize(
    "value", [{"a": "b"}, b"x", bytearray(b"x"), 1.5, object(), [1], [None], [b"x"], [["a"]], [True]]
)
def test_invalid_query_values_are_rejected(value: Any) -> None:
    with pytest.raises(InvalidArgumentType, match="names"):
        query({"names": value})


@pytest.mark.parametrize("value", [os.fsdecode(b"/\xff"), ["ok", "\ud800"]])
def test_strings_that_are_not_unicode_are_rejected(value: Any) -> None:
    with pytest.raises(InvalidArgument, match="path"):
        query({"path": value})


# --- points in time

NAIVE = datetime.datetime(1970, 1, 1, tzinfo=datetime.UTC).replace(tzinfo=None)
CET = datetime.timezone(datetime.timedelta(hours=1))


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (None, None),
        (0, "0"),
        (1714564800, "1714564800"),
        (0.0, "0.000000000"),
        (1714564800.25, "1714564800.250000000"),
        (datetime.datetime(2024, 5, 1, 12, tzinfo=datetime.UTC), "1714564800.000000000"),
        (datetime.datetime(2024, 5, 1, 13, tzinfo=CET), "1714564800.000000000"),
        (datetime.datetime(2024, 5, 1, 12, 0, 0, 1, tzinfo=datetime.UTC), "1714564800.000001000"),
        (datetime.datetime(1969, 12, 31, tzinfo=datetime.UTC), "0.000000000"),
        (datetime.datetime.min.replace(tzinfo=datetime.UTC), "0.000000000"),
        (datetime.datetime(9999, 12, 31, tzinfo=datetime.UTC), "253402214400.000000000"),
        ("1714564800", "1714564800"),
        ("1714564800.123456789", "1714564800.123456789"),
        ("2024-05-01T12:00:00Z", "1714564800.000000000"),
        ("2024-05-01T13:00:00+01:00", "1714564800.000000000"),
        ("2024-05-01 12:00:00.5+00:00", "1714564800.500000000"),
        ("2024-05-01T12:00:00.123456Z", "1714564800.123456000"),
        ("2024-05-01T12:00:00.123456789Z", "1714564800.123456789"),
        ("2024-05-01T13:00:00.12345678+01:00", "1714564800.123456780"),
    ],
)
def test_a_point_in_time(value: Any, expected: str | None) -> None:
    assert timestamp(value, "since") == expected


@pytest.fixture
def now(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(time, "time_ns", lambda: 1714564800_123456789)
    yield
    monkeypatch.undo()


@pytest.mark.parametrize(
    ("delta", "expected"),
    [
        (datetime.timedelta(0), "1714564800.123456789"),
        (datetime.timedelta(minutes=10), "1714564200.123456789"),
        (datetime.timedelta(microseconds=1), "1714564800.123455789"),
        (datetime.timedelta(minutes=-1), "1714564860.123456789"),
        (datetime.timedelta.max, "0.000000000"),
    ],
)
@pytest.mark.usefixtures("now")
def test_a_timedelta_is_before_now(delta: datetime.timedelta, expected: str) -> None:
    assert timestamp(delta, "since") == expected


@pytest.mark.parametrize(
    ("delta", "expected"),
    [
        ("10m", "1714564200.123456789"),
        ("+10m", "1714564200.123456789"),
        ("-10m", "1714565400.123456789"),
        ("1h30m", "1714559400.123456789"),
        ("1.5h", "1714559400.123456789"),
        (".5s", "1714564799.623456789"),
        ("2.s1ms", "1714564798.122456789"),
        ("1us", "1714564800.123455789"),
        ("1\u00b5s1\u03bcs", "1714564800.123454789"),
        ("1.9ns", "1714564800.123456788"),
        ("0s", "1714564800.123456789"),
        ("999999999999999999h", "0.000000000"),
    ],
)
@pytest.mark.usefixtures("now")
def test_a_duration_in_the_format_of_the_docker_cli_is_before_now(delta: str, expected: str) -> None:
    assert timestamp(delta, "since") == expected


def test_a_zero_timedelta_is_now() -> None:
    before, encoded, after = time.time(), timestamp(datetime.timedelta(0), "since"), time.time()
    assert encoded is not None
    assert before - 1 < float(encoded) < after + 1


@given(moment=st.datetimes(min_value=NAIVE, timezones=st.timezones()))
def test_datetimes_keep_their_microseconds(moment: datetime.datetime) -> None:
    encoded = timestamp(moment, "since")
    assert encoded is not None
    seconds, _, nanoseconds = encoded.partition(".")
    microseconds = int(seconds) * 10**6 + int(nanoseconds) // 1000
    expected = (moment - datetime.datetime(1970, 1, 1, tzinfo=datetime.UTC)) // datetime.timedelta(microseconds=1)
    assert microseconds == max(expected, 0)


class UnknownOffset(datetime.tzinfo):
    """A time zone without a UTC offset."""

    def utcoffset(self, moment: datetime.datetime | None) -> None:
        return None

    dst = tzname = utcoffset


@pytest.mark.parametrize(
    "value",
    [
        NAIVE,
        datetime.datetime(2024, 5, 1, tzinfo=UnknownOffset()),
        "2024-05-01T12:00:00",
        "2024-05-01",
    ],
)
def test_times_without_a_zone_are_rejected(value: Any) -> None:
    with pytest.raises(InvalidArgument, match="since must be a datetime with a time zone"):
        timestamp(value, "since")


@pytest.mark.parametrize(
    "value",
    [
        *("", "now", "-1", "1e9", "1.1234567890", " 1", "1\n", "\uff11", "24-05-01T12:00:00Z"),
        *("m", "10M", "10d", "1h5", "1h 5m", ".s", "1..5s", "-", "10m\n", "\uff11m", "1e3s", "--1s"),
    ],
)
def test_malformed_times_are_rejected(value: str) -> None:
    with pytest.raises(InvalidArgument, match="since"):
        timestamp(value, "since")


@pytest.mark.parametrize("value", [-1, -0.5, 1e12, 1714564800_000, float("nan"), float("inf"), float("-inf")])
def test_numbers_out_of_range_are_rejected(value: float) -> None:
    with pytest.raises(InvalidArgument, match="seconds since 1970"):
        timestamp(value, "since")


@pytest.mark.parametrize("value", [True, False, b"1714564800", [1714564800], datetime.date(2024, 5, 1), object()])
def test_other_types_are_rejected_as_times(value: Any) -> None:
    with pytest.raises(InvalidArgumentType, match="since must be a datetime"):
        timestamp(value, "since")


def test_a_float_is_precise_to_microseconds() -> None:
    for microsecond in range(0, 1_000_000, 997):
        moment = datetime.datetime(2026, 11, 23, 17, 22, 41, microsecond, tzinfo=datetime.UTC)
        assert timestamp(moment.timestamp(), "since") == timestamp(moment, "since")
