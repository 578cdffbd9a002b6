"""A calendar, working hours or a rule changes: what runs is planned anew and its trace says why; and the rehearsal of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, time, timedelta
from typing import Any

import pytest

from tests.domain.cases.clockwork import (
    MORNING,
    adopt,
    claimed,
    clock,
    clocks,
    coming,
    dues,
    opened,
    paces_with,
)
from tests.village import Village, at, workday
from wushi.domain.areas.services import load_calendar, set_hours
from wushi.domain.audit.models import Leaf
from wushi.domain.cases import services
from wushi.domain.cases.models import Case, Clock
from wushi.domain.cases.queries.rehearsal import Book, Difference, Rehearsed, book_of, rehearse
from wushi.domain.cases.rules import RouteRule
from wushi.domain.cases.services import Called, replan_county
from wushi.domain.outbox.models import Row
from wushi.kernel.verb import reading, unscoped

WORDS = {"words": "说明"}
MORNING_ONLY = ((time(8), time(12)),)


def rest_days(village: Village, *days: str) -> None:
    """The county does not work on these days."""
    load_calendar(actor=village.house, days=[workday(f"{d} rest 停工") for d in days], source="test")


def jobs(village: Village, change: Callable[[], object]) -> list[dict[str, Any]]:
    """What a change leaves for the background."""
    before = len(_jobs(village))
    change()
    return _jobs(village)[before:]


def _jobs(village: Village) -> list[dict[str, Any]]:
    with unscoped("test: look into the outbox"):
        rows = Row.objects.filter(county=village.county, kind="job", name="cases.replan").order_by("id")
        return [row.payload for row in rows]


def replanned(village: Village, case: Case) -> list[dict[str, Any]]:
    """The facts of its leaves of planning anew."""
    with reading(village.house):
        rows = Leaf.objects.filter(
            county=case.county,
            subject="cases.case",
            subject_id=str(case.id),
            verb="cases.replan_case",
        )
        return [leaf.facts for leaf in rows.order_by("step")]


def handled(village: Village) -> Case:
    """One that is done; the resident is asked."""
    case = claimed(village)
    services.handle_case(
        actor=village.officer("陈书记"), case_id=case.id, outcome="resolved", now=MORNING, **WORDS
    )
    return case


def over(village: Village) -> Case:
    """One that is closed."""
    case = handled(village)
    services.confirm_case(actor=village.holding(case), case_id=case.id, now=MORNING)
    return case


# ---- a calendar ----
def test_a_holiday_moves_what_runs_and_says_why(village: Village) -> None:
    case, closed = claimed(village), over(village)
    before, ended = dues(village, case), clocks(village, closed)
    left = jobs(village, lambda: rest_days(village, "2026-11-04"))
    assert left == [{"county": village.county, "cause": "calendar", "open_too": "0"}]
    assert dues(village, case) == before, "in the background, not in the verb that loads a calendar"
    assert replan_county(village.county, "calendar") == 1
    assert dues(village, case) == {**before, ("resolution", 1): at("2026-11-06 18:00")}
    row = village.again(case)
    assert row.due_at == at("2026-11-06 18:00")
    leaf = replanned(village, case)[0]
    # the first call is due on Tuesday as before, and would be supervised later, after the holiday
    assert leaf["cause"] == "calendar" and set(leaf["clocks"]) == {"resolution:1", "contact:1"}
    assert leaf["due"].startswith("2026-11-06T10:00")
    assert [(c.id, c.due_at, c.ended_at) for c in clocks(village, closed)] == [
        (c.id, c.due_at, c.ended_at) for c in ended
    ]
    assert replanned(village, closed) == []
    assert replan_county(village.county, "calendar") == 0, "done again, nothing differs"
    assert len(replanned(village, case)) == 1


def test_a_working_saturday_brings_it_nearer_and_the_next_mark_with_it(village: Village) -> None:
    case = claimed(village, at("2026-11-05 09:00"))
    assert village.again(case).due_at == at("2026-11-10 18:00")
    load_calendar(actor=village.house, days=[workday("2026-11-07 work 调休上班")], source="test")
    replan_county(village.county, "calendar")
    assert village.again(case).due_at == at("2026-11-09 18:00")
    resolution = clock(village, case, "resolution")
    assert resolution.next_at == resolution.yellow_at < resolution.due_at
    said = [c for c in coming(village, case, MORNING) if c.clock == "resolution"]
    assert [c.at for c in said] == [resolution.yellow_at]


def test_a_mark_that_was_passed_is_not_passed_again(village: Village) -> None:
    case = claimed(village)
    resolution = clock(village, case, "resolution")
    services.mark_clock(actor=village.house, clock_id=resolution.id, now=resolution.yellow_at)
    rest_days(village, "2026-11-05", "2026-11-06")
    replan_county(village.county, "calendar")
    moved = clock(village, case, "resolution")
    assert (moved.reached, moved.due_at, moved.next_at) == (
        "yellow",
        at("2026-11-09 18:00"),
        at("2026-11-09 18:00"),
    )


def test_rests_and_extensions_are_kept(village: Village) -> None:
    case, actor = claimed(village), village.officer("陈书记")
    clerk = village.officer("周分流员", duty="town_clerk")
    services.request_extension(actor=actor, case_id=case.id, amount=1, now=MORNING, **WORDS)
    services.decide_extension(actor=clerk, case_id=case.id, granted=True, now=MORNING)
    services.pause_case(
        actor=actor,
        case_id=case.id,
        reason_code="weather",
        until_on=date(2026, 11, 3),
        now=at("2026-11-02 14:30"),
        **WORDS,
    )
    services.resume_case(actor=actor, case_id=case.id, now=at("2026-11-02 16:30"))
    assert village.again(case).due_at == at("2026-11-09 10:00"), "four days and two hours of work"
    rest_days(village, "2026-11-05")
    replan_county(village.county, "calendar")
    assert village.again(case).due_at == at("2026-11-10 10:00")


def test_what_rests_stays_at_rest(village: Village) -> None:
    case = claimed(village)
    services.pause_case(
        actor=village.officer("陈书记"),
        case_id=case.id,
        reason_code="weather",
        until_on=date(2026, 11, 6),
        now=MORNING,
        **WORDS,
    )
    until = clock(village, case, "pause")
    rest_days(village, "2026-11-04")
    replan_county(village.county, "calendar")
    resolution, pause = clock(village, case, "resolution"), clock(village, case, "pause")
    assert (resolution.due_at, resolution.next_at) == (at("2026-11-06 18:00"), None)
    assert (pause.due_at, pause.next_at) == (until.due_at, until.next_at), "its last day was a day, not work"


# ---- hours ----
def test_other_hours_move_what_counts_working_time(village: Village) -> None:
    case = opened(village)
    assert dues(village, case)[("claim", 1)] == at("2026-11-02 15:30"), "four hours of work"
    since = date(2026, 11, 1)
    left = jobs(
        village,
        lambda: set_hours(actor=village.house, since=since, spans=MORNING_ONLY, basis="试验"),
    )
    assert left == [{"county": village.county, "cause": "calendar", "open_too": "0"}]
    assert replan_county(village.county, "calendar") == 1
    after = dues(village, case)
    assert after[("claim", 1)] == at("2026-11-03 09:00"), "three on Monday, the fourth on Tuesday"
    assert after[("resolution", 1)] == at("2026-11-05 18:00"), "days are days, whatever their hours"
    assert "claim:1" in replanned(village, case)[0]["clocks"]


# ---- rules ----
def test_a_promise_is_kept_under_new_rules(village: Village) -> None:
    case = claimed(village)
    before = dues(village, case)
    left = jobs(village, lambda: adopt(village, paces=paces_with("help", amount=1)))
    assert left == [{"county": village.county, "cause": "rules", "open_too": "0"}]
    assert replan_county(village.county, "rules") == 0
    assert dues(village, case) == before and replanned(village, case) == []
    assert village.again(claimed(village)).due_at == at("2026-11-03 18:00"), "what comes in now goes by them"


@pytest.mark.parametrize(("days", "due"), [(1, "2026-11-03 18:00"), (5, "2026-11-09 18:00")])
def test_declared_for_what_is_open_too_they_move_it(village: Village, days: int, due: str) -> None:
    case, closed, asked = claimed(village), over(village), handled(village)
    before = [(c.id, c.due_at) for one in (closed, asked) for c in clocks(village, one)]
    left = jobs(village, lambda: adopt(village, open_too=True, paces=paces_with("help", amount=days)))
    assert left == [{"county": village.county, "cause": "rules", "open_too": "1"}]
    assert replan_county(village.county, "rules", open_too=True) == 1
    assert village.again(case).due_at == at(due)
    row = clock(village, case, "resolution")
    assert (row.pace, row.pace_version, row.amount) == ("help", 2, days)
    leaf = replanned(village, case)[0]
    assert (leaf["cause"], leaf["clocks"]) == ("rules", ["resolution:1"])
    assert [(c.id, c.due_at) for one in (closed, asked) for c in clocks(village, one)] == before
    assert replan_county(village.county, "rules", open_too=True) == 0


def test_the_same_rules_once_more_move_nothing(village: Village) -> None:
    case, quiet = claimed(village), opened(village)
    for kind, of in (("urgent", case), ("major", quiet)):
        services.blow_whistle(
            actor=village.officer("陈书记"),
            case_id=of.id,
            kind=kind,
            called=[Called("JT")],
            now=MORNING,
            **WORDS,
        )
    before = dues(village, case), dues(village, quiet)
    assert before[0][("roll_call", 1)] == at("2026-11-02 10:00"), "an urgent whistle"
    adopt(village, open_too=True)
    assert replan_county(village.county, "rules", open_too=True) == 0
    assert (dues(village, case), dues(village, quiet)) == before
    assert replanned(village, case) == []


# ---- rehearsal ----
def rehearsed(village: Village, change: Callable[[Book], Book]) -> Rehearsed:
    """What another book would have done to what was told; the outcome, after a look that nothing was written."""
    tables, found = (Leaf, Case, Clock), []

    def kept() -> list[Any]:
        with reading(village.house):
            return [list(t.objects.filter(county=village.county).order_by("id").values()) for t in tables]

    def try_it() -> None:
        with reading(village.house):
            book = change(book_of(village.county))
            found.append(rehearse(village.county, book, at("2026-11-12 12:00")))

    before = kept()
    assert jobs(village, try_it) == []
    assert kept() == before
    return found[0]


def told_three(village: Village) -> tuple[Case, Case, Case]:
    """Help, an inquiry, and a help with an elder at the other end of the week."""
    return (
        opened(village),
        opened(village, at("2026-11-03 10:00"), category="house"),
        opened(village, at("2026-11-06 10:00"), wants_reply=False),
    )


def test_the_book_in_force_differs_in_nothing(village: Village) -> None:
    told_three(village)
    found = rehearsed(village, lambda book: book)
    assert (found.tried, found.differences, found.counts) == (3, (), {})
    assert found.late_before == found.late_after == 3


def test_another_pace_is_rehearsed(village: Village) -> None:
    help_, _inquiry, later = told_three(village)
    before = [village.again(c) for c in (help_, later)]

    def slower(book: Book) -> Book:
        paces = tuple(replace(p, amount=5) if p.code == "help" else p for p in book.paces)
        return replace(book, paces=paces)

    found = rehearsed(village, slower)
    assert found.counts == {"resolution": 2}
    assert [(d.number, d.what) for d in found.differences] == [
        (help_.number, "resolution"),
        (later.number, "resolution"),
    ]
    first = found.differences[0]
    assert (first.was, first.would_be) == (utc("2026-11-05 18:00"), utc("2026-11-09 18:00"))
    assert first.moved == timedelta(days=4)
    assert (found.late_before, found.late_after) == (3, 2), "Friday's would still have been in time"
    assert [village.again(c) for c in (help_, later)] == before
    assert [village.again(c).due_at for c in (help_, later)] == [c.due_at for c in before]


def test_another_route_is_rehearsed_on_every_day(village: Village) -> None:
    _help, inquiry, _later = told_three(village)
    line = RouteRule(
        "house", 2, "house", "", "", "county", "department", "JT", True, date(2027, 1, 1), None, "试验"
    )
    found = rehearsed(village, lambda b: replace(b, routes=(*b.routes, line), any_day=True))
    assert found.differences == (
        Difference(
            inquiry.number,
            inquiry.opened_at,
            "route",
            f"secretary:{village.code}:",
            f"department:{village.county}:JT",
        ),
    )
    assert found.counts == {"route": 1}
    assert rehearsed(village, lambda b: replace(b, routes=(*b.routes, line))).counts == {}, "not yet in force"


def test_another_calendar_is_rehearsed(village: Village) -> None:
    help_, inquiry, later = told_three(village)

    def idle(book: Book) -> Book:
        days = {**book.calendar.days, date(2026, 11, 4): False}
        return replace(book, calendar=replace(book.calendar, days=days))

    found = rehearsed(village, idle)
    # Wednesday was in the way of Monday's help and of Tuesday's inquiry; who wants no reply has no clock for it
    assert {(d.number, d.what, d.moved) for d in found.differences} == {
        (help_.number, "resolution", timedelta(days=1)),
        (inquiry.number, "resolution", timedelta(days=1)),
        (inquiry.number, "contact", timedelta(days=1)),
    }
    assert later.number not in {d.number for d in found.differences}
    assert found.counts == {"resolution": 2, "contact": 1}


def test_a_line_that_is_missing_is_seen(village: Village) -> None:
    told_three(village)
    found = rehearsed(
        village, lambda b: replace(b, paces=tuple(p for p in b.paces if p.clock != "whole"), any_day=True)
    )
    assert found.counts == {"whole": 3}
    assert {(d.would_be, d.moved) for d in found.differences} == {("", None)}


def utc(text: str) -> str:
    """A local time as a difference writes it."""
    return at(text).astimezone(UTC).isoformat()


def test_rules_adopted_for_a_county_do_not_touch_another(village: Village) -> None:
    other = Village.founded(str(int(village.county) + 5000))
    case = claimed(other)
    change = lambda: adopt(village, open_too=True, paces=paces_with("help", amount=1))  # noqa: E731
    assert jobs(other, change) == []
    assert replan_county(village.county, "rules", open_too=True) == 0
    assert other.again(case).due_at == at("2026-11-05 18:00")
