"""挂起 and 延期: more time is asked for in the open, capped, and moves exactly what it should."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from tests.village import Village, at
from wushi.domain.areas.queries import calendar_of
from wushi.domain.cases.errors import BeyondCap, NoPlea, PleaIsOpen, TooLateToExtend
from wushi.domain.cases.models import Case, Clock
from wushi.domain.cases.queries import Wanted, page_for
from wushi.domain.cases.services import (
    add_words,
    claim_case,
    decide_extension,
    pause_case,
    request_extension,
    resume_case,
)
from wushi.kernel.errors import Invalid, NotAllowed
from wushi.kernel.verb import reading


def dues(village: Village, case: Case) -> dict[str, Clock]:
    """Its newest clocks by name."""
    with reading(village.house):
        return {c.name: c for c in Clock.objects.filter(county=village.county, case=case).order_by("run")}


def test_a_rest_moves_the_deadline_by_what_it_rested(village: Village) -> None:
    secretary = village.officer("陈书记")
    case = village.told("低保要补材料", at("2026-11-16 09:00"))
    claim_case(actor=secretary, case_id=case.id, now=at("2026-11-16 09:30"))
    before = dues(village, case)
    assert before["resolution"].due_at == at("2026-11-19 18:00")
    with pytest.raises(Invalid):
        pause_case(
            actor=secretary,
            case_id=case.id,
            reason_code="resident",
            until_on=date(2026, 11, 15),
            words="等材料",
        )
    with pytest.raises(BeyondCap) as much:
        pause_case(
            actor=secretary, case_id=case.id, reason_code="resident", until_on=date(2026, 12, 30),
            words="等材料", now=at("2026-11-17 10:00"),
        )  # fmt: skip
    assert much.value.facts["left"] == 10
    pause_case(
        actor=secretary, case_id=case.id, reason_code="resident", until_on=date(2026, 11, 24), words="等材料",
        now=at("2026-11-17 10:00"),
    )  # fmt: skip
    # it is no longer overdue by standing still, and its lamp stays amber
    assert village.strike(at("2026-11-20 12:00")) == ["contact yellow", "contact red", "contact supervision"]
    case = village.again(case)
    assert (case.state, village.lamp()) == ("paused", "amber")
    with reading(secretary):
        assert page_for(secretary, Wanted("overdue")).rows == []

    # what it waited for is there: the resident's own word ends the rest
    add_words(actor=village.holding(case), case_id=case.id, words="材料送到了", now=at("2026-11-20 16:00"))
    case = village.again(case)
    after = dues(village, case)
    with reading(village.house):
        rested = calendar_of(village.county).work_between(at("2026-11-17 10:00"), at("2026-11-20 16:00"))
        moved = calendar_of(village.county).work_between(
            before["resolution"].due_at, after["resolution"].due_at
        )
    assert case.state == "working" and moved == rested and case.due_at == after["resolution"].due_at
    for untouched in ("claim", "contact", "whole"):
        assert after[untouched].due_at == before[untouched].due_at


def test_a_rest_ends_by_itself_on_its_last_day(village: Village) -> None:
    secretary = village.officer("陈书记")
    case = village.told("要等天晴才能铺路", at("2026-11-16 09:00"))
    claim_case(actor=secretary, case_id=case.id, now=at("2026-11-16 09:30"))
    pause_case(
        actor=secretary, case_id=case.id, reason_code="weather", until_on=date(2026, 11, 18), words="下雨",
        now=at("2026-11-16 10:00"),
    )  # fmt: skip
    village.strike(at("2026-11-18 23:59"))
    assert village.again(case).state == "paused"
    assert "pause red" in village.strike(at("2026-11-19 00:00"))
    case = village.again(case)
    assert case.state == "working"
    # rested from Monday 10:00 to Wednesday's end: 2 h + 3.5 h + 2 x 7.5 h
    with reading(village.house):
        moved = calendar_of(village.county).work_between(at("2026-11-19 18:00"), case.due_at)
    assert moved == timedelta(hours=20.5)
    with pytest.raises(BeyondCap) as much:
        pause_case(
            actor=secretary, case_id=case.id, reason_code="weather", until_on=date(2026, 12, 8), words="又下雨",
            now=at("2026-11-19 09:00"),
        )  # fmt: skip
    assert much.value.facts["left"] == 7


def test_more_time_is_asked_before_it_is_due_and_decided_one_level_up(village: Village) -> None:
    secretary = village.officer("陈书记")
    clerk = village.officer("周分流员", duty="town_clerk")
    case = village.told("要修的路太长", at("2026-11-16 09:00"))
    claim_case(actor=secretary, case_id=case.id, now=at("2026-11-16 09:30"))
    with pytest.raises(BeyondCap) as much:
        request_extension(
            actor=secretary, case_id=case.id, amount=6, words="路长", now=at("2026-11-17 09:00")
        )
    assert much.value.facts["left"] == 5
    with pytest.raises(NoPlea):
        decide_extension(actor=clerk, case_id=case.id, granted=True)
    request_extension(actor=secretary, case_id=case.id, amount=3, words="路长", now=at("2026-11-17 09:00"))
    assert village.again(case).due_at == at("2026-11-19 18:00")
    with pytest.raises(PleaIsOpen):
        request_extension(
            actor=secretary, case_id=case.id, amount=1, words="再加", now=at("2026-11-17 09:05")
        )
    with pytest.raises(NotAllowed):
        decide_extension(actor=secretary, case_id=case.id, granted=True)
    with reading(clerk):
        assert [c.id for c in page_for(clerk, Wanted("watching")).rows] == [case.id]
    decide_extension(actor=clerk, case_id=case.id, granted=True, now=at("2026-11-17 10:00"))
    case = village.again(case)
    assert case.due_at == at("2026-11-24 18:00")
    with pytest.raises(BeyondCap) as much:
        request_extension(
            actor=secretary, case_id=case.id, amount=3, words="还不够", now=at("2026-11-18 09:00")
        )
    assert much.value.facts["left"] == 2
    request_extension(actor=secretary, case_id=case.id, amount=2, words="还不够", now=at("2026-11-18 09:00"))
    with pytest.raises(Invalid):
        decide_extension(actor=clerk, case_id=case.id, granted=False)
    decide_extension(
        actor=clerk, case_id=case.id, granted=False, words="先修最坏的一段", now=at("2026-11-18 10:00")
    )
    assert village.again(case).due_at == at("2026-11-24 18:00")
    with pytest.raises(TooLateToExtend):
        request_extension(
            actor=secretary, case_id=case.id, amount=1, words="晚了", now=at("2026-11-24 18:00")
        )


def test_resumed_by_hand(village: Village) -> None:
    secretary = village.officer("陈书记")
    case = village.told("等第三方检测", at("2026-11-16 09:00"))
    claim_case(actor=secretary, case_id=case.id, now=at("2026-11-16 09:30"))
    pause_case(
        actor=secretary, case_id=case.id, reason_code="third_party", until_on=date(2026, 11, 20), words="检测",
        now=at("2026-11-16 20:00"),
    )  # fmt: skip
    resume_case(actor=secretary, case_id=case.id, words="提前出结果", now=at("2026-11-17 07:00"))
    case = village.again(case)
    # it rested through the night only: no working time, no later deadline
    assert (case.state, case.due_at) == ("working", at("2026-11-19 18:00"))


def test_many_short_rests_count_like_one_long_one(village: Village) -> None:
    secretary = village.officer("陈书记")
    case = village.told("等群众回话", at("2026-11-16 08:00"))
    claim_case(actor=secretary, case_id=case.id, now=at("2026-11-16 08:05"))
    refused = 0
    for day in (16, 17, 18, 19, 20, 23, 24, 25, 26, 27):
        for since, until in (("08:10", "12:00"), ("14:30", "18:00")):
            try:
                pause_case(
                    actor=secretary, case_id=case.id, reason_code="resident", until_on=date(2026, 12, 1),
                    words="等回话", now=at(f"2026-11-{day} {since}"),
                )  # fmt: skip
            except BeyondCap:
                refused += 1
                continue
            resume_case(actor=secretary, case_id=case.id, words="回了", now=at(f"2026-11-{day} {until}"))
    case = village.again(case)
    # three working days after the 16th, and no more than ten of rest on top
    assert refused and case.due_at <= at("2026-12-03 18:00")
