"""What moves a deadline and what never does: rests, extensions, sorting anew, coming back, merging; closing unanswered."""

from __future__ import annotations

from datetime import timedelta
from itertools import product
from typing import Any
from uuid import UUID

import pytest

from tests.domain.cases.clockwork import (
    MORNING,
    adopt,
    claimed,
    clock,
    clocks,
    due_ids,
    dues,
    marks,
    opened,
    paces_with,
    sweep,
)
from tests.village import Village, at
from wushi.domain.areas.queries import calendar_of
from wushi.domain.cases import services
from wushi.domain.cases.errors import BeyondCap, PleaIsOpen, TooLateToExtend
from wushi.domain.cases.models import CallBack, Case, Clock
from wushi.domain.cases.queries import Wanted, page_for
from wushi.domain.cases.rules import Tray
from wushi.domain.cases.services import Called
from wushi.domain.cases.services import sweep as striking
from wushi.kernel.verb import reading

WORDS = {"words": "说明"}


def secretary(village: Village) -> Any:
    """Who holds it."""
    return village.officer("陈书记")


def rest(village: Village, case: Case, since: str, until_on: str) -> None:
    """It waits for dry weather, at most to a day."""
    services.pause_case(
        actor=secretary(village),
        case_id=case.id,
        reason_code="weather",
        until_on=at(f"{until_on} 00:00").date(),
        now=at(since),
        **WORDS,
    )


def handle(village: Village, case: Case, when: str) -> None:
    """The secretary says it is done."""
    services.handle_case(actor=secretary(village), case_id=case.id, outcome="resolved", now=at(when), **WORDS)


# ---- rests ----
def test_a_rest_moves_the_time_for_handling_by_its_working_time_and_nothing_else(village: Village) -> None:
    case = claimed(village)
    before, promised = dues(village, case), clock(village, case, "resolution").due_at
    assert promised == at("2026-11-05 18:00"), "three working days after Monday"
    rest(village, case, "2026-11-02 10:00", "2026-11-06")
    assert dues(village, case) == {**before, ("pause", 1): at("2026-11-07 00:00")}
    services.resume_case(actor=secretary(village), case_id=case.id, now=at("2026-11-04 15:00"))
    # Monday 5.5 hours of work, Tuesday 7.5, Wednesday 4.5: Friday and Monday, and 2.5 hours of Tuesday
    assert dues(village, case) == {**before, ("resolution", 1): at("2026-11-10 10:30")}
    assert village.again(case).due_at == at("2026-11-10 10:30")
    with reading(village.house):
        worked = calendar_of(village.county).work_between
        assert worked(promised, at("2026-11-10 10:30")) == timedelta(hours=17.5)
        assert worked(at("2026-11-02 10:00"), at("2026-11-04 15:00")) == timedelta(hours=17.5)


def test_a_clock_for_the_signature_does_not_rest(village: Village) -> None:
    case = claimed(village)
    handle(village, case, "2026-11-02 09:30")
    services.reopen_case(actor=village.holding(case), case_id=case.id, now=at("2026-11-02 09:40"))
    services.claim_case(actor=secretary(village), case_id=case.id, now=at("2026-11-02 09:50"))
    rest(village, case, "2026-11-02 10:00", "2026-11-06")
    resting = {c.name for c in clocks(village, case) if c.paused_at is not None}
    assert resting == {"resolution"}
    assert all(c.next_at is not None for c in clocks(village, case) if c.ended_at is None and not c.paused_at)


def test_a_worker_that_was_away_does_not_lengthen_a_rest(village: Village) -> None:
    case, same = claimed(village), claimed(village)
    for one in (case, same):
        rest(village, one, "2026-11-02 10:00", "2026-11-04")
    late, early = clock(village, case, "pause"), clock(village, same, "pause")
    assert late.due_at == early.due_at == at("2026-11-05 00:00")
    services.mark_clock(actor=village.house, clock_id=early.id, now=early.due_at)
    services.mark_clock(actor=village.house, clock_id=late.id, now=at("2026-11-16 12:00"))
    assert village.again(case).due_at == village.again(same).due_at
    assert village.again(case).state == "working"


def test_what_rests_is_not_overdue(village: Village) -> None:
    """By the database's own time: it would be late by now, and rests until the day after tomorrow."""
    with reading(village.house) as scope:
        now = scope.now
    opened_at = now - timedelta(days=8)
    case = claimed(village, opened_at)
    services.pause_case(
        actor=secretary(village),
        case_id=case.id,
        reason_code="weather",
        until_on=(now + timedelta(days=2)).date(),
        now=opened_at + timedelta(hours=1),
        **WORDS,
    )
    assert village.again(case).due_at < now and overdue(village) == []
    resting = clock(village, case, "resolution")
    assert resting.id not in due_ids(village, now + timedelta(days=1)), "nor does it strike"
    assert services.mark_clock(actor=village.house, clock_id=resting.id, now=now + timedelta(days=1)) is False


def test_what_is_late_is_not_put_to_rest(village: Village) -> None:
    with reading(village.house) as scope:
        now = scope.now
    case = claimed(village, now - timedelta(days=30))
    assert overdue(village) == [case.id]
    until = (now + timedelta(days=2)).date()
    with pytest.raises(TooLateToExtend):
        services.pause_case(
            actor=secretary(village), case_id=case.id, reason_code="weather", until_on=until, **WORDS
        )


def overdue(village: Village) -> list[Any]:
    """What the secretary's list of overdue requests shows."""
    actor = secretary(village)
    with reading(actor):
        return [row.id for row in page_for(actor, Wanted("overdue")).rows]


def test_it_rests_no_longer_than_the_county_allows(village: Village) -> None:
    case = claimed(village)
    with pytest.raises(BeyondCap) as refused:
        rest(village, case, "2026-11-02 10:00", "2026-11-17")
    assert refused.value.facts["left"] == 10
    rest(village, case, "2026-11-02 10:00", "2026-11-13")
    services.resume_case(actor=secretary(village), case_id=case.id, now=at("2026-11-13 10:00"))
    with pytest.raises(BeyondCap) as refused:
        rest(village, case, "2026-11-13 10:30", "2026-11-17")
    assert refused.value.facts["left"] == 1, "nine of the ten working days are used up"


# ---- extensions ----
def test_an_extension_adds_exactly_its_working_days(village: Village) -> None:
    case = claimed(village)
    clerk, before = village.officer("周分流员", duty="town_clerk"), dues(village, case)
    plead = services.request_extension
    plead(actor=secretary(village), case_id=case.id, amount=2, now=at("2026-11-05 17:59"), **WORDS)
    assert dues(village, case) == before, "asking alone gives nothing"
    with pytest.raises(PleaIsOpen):
        plead(actor=secretary(village), case_id=case.id, amount=1, now=at("2026-11-05 17:59"), **WORDS)
    services.decide_extension(actor=clerk, case_id=case.id, granted=True, now=at("2026-11-06 10:00"))
    assert dues(village, case) == {**before, ("resolution", 1): at("2026-11-09 18:00")}
    assert village.again(case).due_at == at("2026-11-09 18:00")
    with pytest.raises(BeyondCap) as refused:
        plead(actor=secretary(village), case_id=case.id, amount=4, now=at("2026-11-06 11:00"), **WORDS)
    assert refused.value.facts["left"] == 3, "five working days in all"
    plead(actor=secretary(village), case_id=case.id, amount=3, now=at("2026-11-06 11:00"), **WORDS)
    services.decide_extension(actor=clerk, case_id=case.id, granted=False, words="够了")
    assert village.again(case).due_at == at("2026-11-09 18:00")
    with pytest.raises(TooLateToExtend):
        plead(actor=secretary(village), case_id=case.id, amount=1, now=at("2026-11-09 18:00"), **WORDS)


def test_an_extension_in_working_minutes_adds_minutes(village: Village) -> None:
    adopt(village, paces=paces_with("help", amount=600, unit="work_minute", extension_cap=120))
    case, clerk = claimed(village), village.officer("周分流员", duty="town_clerk")
    assert village.again(case).due_at == at("2026-11-03 11:30"), "ten hours of work"
    services.request_extension(actor=secretary(village), case_id=case.id, amount=90, now=MORNING, **WORDS)
    services.decide_extension(actor=clerk, case_id=case.id, granted=True, now=MORNING)
    assert village.again(case).due_at == at("2026-11-03 15:30"), "half an hour before noon, an hour after"


# ---- sorting anew ----
SORTS = [
    {"kind": kind, "category": category, "urgency": urgency}
    for (kind, category), urgency in product(
        [("help", "light"), ("inquiry", "house"), ("hazard", "safety"), ("dispute", "neighbour")],
        ["normal", "urgent"],
    )
]


@pytest.mark.parametrize("start", range(len(SORTS)))
def test_sorting_anew_never_moves_a_deadline_later(village: Village, start: int) -> None:
    clerk = village.officer("周分流员", duty="town_clerk")
    case = opened(village, **SORTS[start])
    services.escalate_case(actor=village.house, case_id=case.id, now=MORNING)
    for sort in [*SORTS[start:], *SORTS[:start]]:
        before = dues(village, case)
        services.revise_case(actor=clerk, case_id=case.id, now=MORNING + timedelta(hours=1), **sort)
        after = dues(village, case)
        assert after.keys() == before.keys()
        assert all(after[name] <= before[name] for name in before)
        assert village.again(case).due_at == after[("resolution", 1)]
        assert after[("whole", 1)] == before[("whole", 1)]


def test_urgent_brings_every_deadline_nearer_that_is_shorter_for_it(village: Village) -> None:
    case, clerk = opened(village), village.officer("周分流员", duty="town_clerk")
    services.escalate_case(actor=village.house, case_id=case.id, now=MORNING)
    before = dues(village, case)
    services.revise_case(actor=clerk, case_id=case.id, urgency="urgent", now=at("2026-11-02 09:10"))
    assert dues(village, case) == {
        **before,
        ("handover", 1): at("2026-11-02 10:00"),
        ("resolution", 1): at("2026-11-03 18:00"),
    }
    services.revise_case(actor=clerk, case_id=case.id, urgency="normal", now=at("2026-11-02 09:20"))
    assert dues(village, case)[("handover", 1)] == at("2026-11-02 10:00"), "what was promised stays"


def test_editing_does_not_stop_a_clock(village: Village) -> None:
    case, clerk = claimed(village), village.officer("周分流员", duty="town_clerk")
    running = standing(village, case)
    services.revise_case(actor=clerk, case_id=case.id, tags=["pressing"], category="clean")
    services.add_words(actor=clerk, case_id=case.id, words="请村里抓紧")
    services.add_words(actor=village.holding(case), case_id=case.id, words="夜里更黑")
    services.supervise_case(actor=clerk, case_id=case.id, colour="yellow", words="抓紧")
    assert standing(village, case) == running
    # the resident reads what is written to him: the first word of who handles it is the first contact, and no more
    services.add_words(actor=secretary(village), case_id=case.id, words="已经去看过")
    contact = clock(village, case, "contact")
    assert contact.ended_by == "add_words"
    assert standing(village, case) == {k: v for k, v in running.items() if k != ("contact", 1)}


def standing(village: Village, case: Case) -> dict[tuple[str, int], tuple[Any, ...]]:
    """The clocks that run, with all that an edit could set back."""
    return {
        (c.name, c.run): (c.started_at, c.due_at, c.next_at, c.reached)
        for c in clocks(village, case)
        if c.ended_at is None
    }


# ---- coming back, merging ----
def test_coming_back_begins_a_new_run_while_the_whole_goes_on(village: Village) -> None:
    case = claimed(village)
    whole = clock(village, case, "whole")
    handle(village, case, "2026-11-03 10:00")
    services.confirm_case(actor=village.holding(case), case_id=case.id, now=at("2026-11-03 12:00"))
    assert dues(village, case) == {}, "closed, nothing runs"
    services.reopen_case(actor=village.holding(case), case_id=case.id, now=at("2026-11-09 10:00"), **WORDS)
    assert dues(village, case) == {
        ("handover", 1): at("2026-11-10 18:00"),
        ("resolution", 2): at("2026-11-12 18:00"),
        ("whole", 1): whole.due_at,
    }
    again = clock(village, case, "whole")
    assert (again.started_at, again.due_at, again.next_at) == (MORNING, whole.due_at, whole.yellow_at)
    first, second = clocks(village, case, "resolution")
    assert (first.ended_by, first.due_at) == ("handle_case", at("2026-11-05 18:00"))
    assert village.again(case).due_at == second.due_at


def test_merging_stops_the_clocks_and_taking_apart_brings_their_old_hours_back(village: Village) -> None:
    clerk = village.officer("周分流员", duty="town_clerk")
    case, master = claimed(village), claimed(village, text="同一盏灯")
    services.request_extension(actor=secretary(village), case_id=case.id, amount=1, now=MORNING, **WORDS)
    services.decide_extension(actor=clerk, case_id=case.id, granted=True, now=MORNING)
    rest(village, case, "2026-11-02 10:00", "2026-11-03")
    services.resume_case(actor=secretary(village), case_id=case.id, now=at("2026-11-02 11:00"))
    services.ask_partner(
        actor=secretary(village),
        case_id=case.id,
        tray=Tray("department", village.county, "JT"),
        essential=False,
        now=at("2026-11-02 11:00"),
        **WORDS,
    )
    before = {c.id: (c.due_at, c.yellow_at, c.next_at) for c in clocks(village, case) if c.ended_at is None}
    others = dues(village, master)
    services.merge_case(actor=clerk, case_id=case.id, master_id=master.id, now=at("2026-11-02 14:00"))
    assert dues(village, case) == {}
    assert sweep(village, at("2026-11-02 15:00")) == 0
    services.unmerge_case(actor=clerk, case_id=case.id, now=at("2026-11-03 09:00"))
    after = {c.id: (c.due_at, c.yellow_at, c.next_at) for c in clocks(village, case) if c.ended_at is None}
    assert after == before, "the time in between was no rest"
    assert dues(village, master) == others


# ---- the end without an answer ----
@pytest.mark.parametrize(("percent", "drawn"), [(100, 1), (0, 0)])
def test_unanswered_it_is_closed_and_never_counted_as_satisfied(
    village: Village, percent: int, drawn: int
) -> None:
    adopt(village, numbers={"callback_percent": percent})
    case = claimed(village)
    handle(village, case, "2026-11-02 10:00")
    answer = clock(village, case, "answer")
    assert answer.due_at == at("2026-11-09 23:59"), "seven days, by the calendar"
    sweep(village, answer.due_at - timedelta(minutes=1))
    assert village.again(case).state == "handled"
    sweep(village, answer.due_at)
    done = village.again(case)
    assert (done.state, done.closing, done.rating) == ("closed", "unanswered", "")
    assert (done.rating_attitude, done.rating_speed) == ("", "")
    assert dues(village, case) == {}
    assert marks(village, case) == [("answer", 1, "yellow"), ("answer", 1, "red")]
    with reading(village.house):
        rows = list(CallBack.objects.filter(county=village.county, case=case))
    assert [row.reason for row in rows] == ["unanswered"] * drawn
    supervisor = village.officer("沈督办", duty="supervisor")
    if drawn:
        services.record_callback(actor=supervisor, case_id=case.id, result="satisfied")
        assert village.again(case).rating == "", "what is said on the telephone is no rating"


def test_late_parts_of_an_urgent_whistle_strike_by_its_own_hours(village: Village) -> None:
    case = claimed(village)
    services.blow_whistle(
        actor=secretary(village),
        case_id=case.id,
        kind="urgent",
        called=[Called("JT")],
        now=MORNING,
        **WORDS,
    )
    assert clock(village, case, "roll_call").due_at == at("2026-11-02 10:00"), "an hour of work"
    assert clock(village, case, "part").due_at == at("2026-11-03 18:00")


def test_a_clock_that_fails_keeps_no_other_from_striking(
    village: Village, monkeypatch: pytest.MonkeyPatch
) -> None:
    cases = [village.told(f"第{n}盏灯", at("2026-11-16 09:00")) for n in range(3)]
    broken = striking.mark_clock
    with reading(village.house):
        bad = Clock.objects.get(county=village.county, case=cases[1], name="claim").id

    def fails_once(*, actor: Any, clock_id: UUID) -> bool:
        if clock_id == bad:
            raise RuntimeError("a fault")
        return broken(actor=actor, clock_id=clock_id)

    monkeypatch.setattr(striking, "mark_clock", fails_once)
    told: list[UUID] = []
    striking.sweep_clocks(village.county, lambda clock_id, error: told.append(clock_id))
    assert told == [bad]
    assert [village.again(c).tray_duty == "secretary" for c in cases] == [False, True, False]
    with pytest.raises(RuntimeError):
        striking.sweep_clocks(village.county)
