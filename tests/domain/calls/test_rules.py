"""Ladders, copies, silence, batteries, waits: decisions on plain data."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wushi.domain.calls.rules import (
    CUSTOMARY,
    HabitsRule,
    LadderRule,
    battery_errand,
    dedupe_key,
    fraction_of,
    is_same_call,
    ladder_for,
    rung_area,
    rung_of,
    silent_from,
    spread_of,
    urgency_of,
    when_next,
)

AT = datetime(2026, 11, 23, 20, 0, tzinfo=UTC)
DAY = date(2026, 11, 23)
HABITS = HabitsRule(1)


def line(
    code: str, after: int, urgency: str = "", again: int = 0, since: date = date(2021, 1, 1)
) -> LadderRule:
    return LadderRule(code, 1, urgency, after, "village", ("secretary",), again, since, None, "test")


def test_a_class_with_lines_of_its_own_uses_only_those_and_none_means_the_customary() -> None:
    lines = [line("b", 60), line("a", 0), line("red", 0, "emergency")]
    assert [r.code for r in ladder_for(lines, urgency="ordinary", day=DAY)] == ["a", "b"]
    assert [r.code for r in ladder_for(lines, urgency="emergency", day=DAY)] == ["red"]
    assert ladder_for([], urgency="emergency", day=DAY) == CUSTOMARY
    later = [line("a", 0, since=date(2027, 1, 1))]
    assert ladder_for(later, urgency="ordinary", day=DAY) == CUSTOMARY, "what begins later rings nobody today"


def test_a_place_in_no_known_grid_rings_its_village() -> None:
    known = {"grid": "341504200211003", "village": "341504200211", "county": "341504"}
    assert rung_area("grid", **known) == "341504200211003"
    assert rung_area("town", **known) == "341504200"
    assert rung_area("grid", **{**known, "grid": ""}) == "341504200211"


@given(st.lists(st.integers(1, 3600), min_size=1, max_size=6, unique=True), st.booleans())
def test_rungs_come_in_order_and_an_empty_one_waits_for_nobody(gaps: list[int], empty: bool) -> None:
    ladder = [line("0", 0), *(line(str(s), s) for s in sorted(gaps))]
    times = [when_next(ladder, taken=n, opened=AT, now=AT, empty=empty) for n in range(1, len(ladder))]
    assert None not in times
    if empty:
        assert set(times) == {AT}
    else:
        assert all(a < b for a, b in pairwise(times) if a and b)
    assert when_next(ladder, taken=len(ladder), opened=AT, now=AT) is None


def test_the_last_rung_repeats_from_now_on() -> None:
    ladder = [line("a", 0), line("b", 60, again=300)]
    late = AT + timedelta(hours=3)
    assert when_next(ladder, taken=2, opened=AT, now=late) == late + timedelta(seconds=300)
    assert when_next(ladder, taken=9, opened=AT, now=late) == late + timedelta(seconds=300)
    assert rung_of(ladder, 9).code == "b"


def test_what_makes_two_messages_the_same() -> None:
    known = {"uid": "A", "session": "s", "payload": b"\x01", "otherwise": "w1"}
    by_name = dedupe_key(given="n", counter=4, **known)
    assert by_name == dedupe_key(given="n", counter=5, **{**known, "otherwise": "w2"})
    assert by_name != dedupe_key(given="n", counter=4, **{**known, "uid": "B"})
    by_counter = dedupe_key(given="", counter=4, **known)
    assert by_counter == dedupe_key(given="", counter=4, **{**known, "otherwise": "w2"})
    assert by_counter != dedupe_key(given="", counter=4, **{**known, "session": "rejoined"})
    assert dedupe_key(given="", counter=None, **known) != dedupe_key(
        given="", counter=None, **{**known, "otherwise": "w2"}
    )
    assert all(len(key) <= 64 for key in (by_name, by_counter))


@pytest.mark.parametrize(("seconds", "same"), [(0, True), (90, True), (91, False), (-90, True), (-91, False)])
def test_ninety_seconds(seconds: int, same: bool) -> None:
    assert is_same_call(last_press=AT, pressed=AT + timedelta(seconds=seconds), seconds=90) is same


def test_what_a_model_does_not_say_is_red() -> None:
    classes = {"press": "ordinary"}
    assert urgency_of("press", None, classes=classes, buttons={}) == "ordinary"
    assert urgency_of("press_double", None, classes=classes, buttons={}) == "emergency"
    assert urgency_of("press", 2, classes=classes, buttons={2: "emergency"}) == "emergency"


@pytest.mark.parametrize(
    ("percent", "low", "errand"),
    [
        (21, False, ""),
        (20, False, "battery"),
        (11, True, "battery"),
        (10, False, "battery_urgent"),
        (None, True, "battery"),
        (None, False, ""),
    ],
)
def test_batteries(percent: int | None, low: bool, errand: str) -> None:
    assert battery_errand(percent, low=low, habits=HABITS) == errand


def test_volts_and_silence() -> None:
    assert [fraction_of(v, empty=2.0, full=3.0) for v in (1.0, 2.0, 2.5, 3.0, 9.0)] == [0, 0, 50, 100, 100]
    assert fraction_of(3.0, empty=3.0, full=3.0) == 0
    assert silent_from(AT, interval=3600, habits=HABITS) == AT + timedelta(minutes=150)


def test_who_was_never_answered_is_in_the_figures() -> None:
    found = spread_of([(30.0, 120.0), (60.0, 120.0), (300.0, 120.0), (None, 120.0)])
    assert (found.of, found.median, found.p90, found.within, found.share) == (4, 60, None, 2, 0.5)
    assert spread_of([]).share is None


@given(st.lists(st.floats(0, 1e6), min_size=1, max_size=40))
def test_the_middle_lies_between_the_shortest_and_the_ninth(times: list[float]) -> None:
    found = spread_of([(t, 1e9) for t in times])
    assert found.within == found.of == len(times)
    assert found.median is not None and found.p90 is not None
    assert round(min(times)) <= found.median <= found.p90 <= round(max(times))
