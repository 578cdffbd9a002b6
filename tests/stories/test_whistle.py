"""吹哨报到: three departments are called to one matter, one is late; nothing is done over their open parts."""

from __future__ import annotations

import pytest

from tests.village import Village, at
from wushi.domain.accounts.services import found_unit
from wushi.domain.accounts.services.posts import NewUnit
from wushi.domain.cases.errors import NoPart, NoTray, NoWhistle, OpenParts, WhistleBlown
from wushi.domain.cases.models import Case
from wushi.domain.cases.queries import PartLine, Wanted, page_for, parts_of, whistles_of
from wushi.domain.cases.rules import Tray
from wushi.domain.cases.services import (
    Called,
    answer_part,
    ask_partner,
    blow_whistle,
    claim_case,
    end_whistle,
    grade_part,
    handle_case,
    plan_together,
    release_partner,
    report_for_roll_call,
)
from wushi.kernel.actor import Actor
from wushi.kernel.errors import NotAllowed
from wushi.kernel.verb import reading

NAMES = {"JT": "区交通运输局", "SL": "区水利局", "ZJ": "区住房城乡建设局"}


def departments(village: Village) -> dict[str, Actor]:
    """Three departments with somebody at their desks."""
    for code in ("SL", "ZJ"):
        found_unit(actor=village.house, unit=NewUnit(code, NAMES[code], "department", village.county))
    return {code: village.officer(f"人{code}", duty="department", unit=code) for code in NAMES}


def part_of(village: Village, case: Case, unit: str) -> PartLine:
    """The row of a department's part."""
    with reading(village.house):
        return next(line for line in parts_of(case) if line.row.unit == unit)


def test_three_departments_and_one_of_them_late(village: Village) -> None:
    secretary, desks = village.officer("陈书记"), departments(village)
    supervisor = village.officer("郑督办", duty="supervisor")
    case = village.told("桥头护坡塌了，路也断了", at("2026-11-16 09:00"), kind="hazard")
    claim_case(actor=secretary, case_id=case.id, now=at("2026-11-16 09:10"))
    for desk in desks.values():
        assert not village.sees(desk, case)
    called = [Called("JT"), Called("SL"), Called("ZJ", essential=False)]
    whistle = blow_whistle(
        actor=secretary,
        case_id=case.id,
        kind="urgent",
        called=called,
        words="请到现场",
        now=at("2026-11-16 09:20"),
    )
    assert village.again(case).open_parts == 2
    with pytest.raises(WhistleBlown):
        blow_whistle(actor=secretary, case_id=case.id, kind="major", called=called, words="再吹一次")
    for desk in desks.values():
        with reading(desk):
            assert [c.id for c in page_for(desk, Wanted("parts")).rows] == [case.id]

    # an urgent whistle: sixty office minutes to say that one is there
    jt, sl, zj = (part_of(village, case, code).row for code in NAMES)
    report_for_roll_call(actor=desks["JT"], case_id=case.id, part_id=jt.id, now=at("2026-11-16 09:40"))
    report_for_roll_call(actor=desks["ZJ"], case_id=case.id, part_id=zj.id, now=at("2026-11-16 10:10"))
    with pytest.raises(NoPart):
        report_for_roll_call(actor=desks["JT"], case_id=case.id, part_id=sl.id)
    said = village.strike(at("2026-11-16 10:45"))
    assert [s for s in said if s.startswith("roll_call red")] == ["roll_call red"]
    report_for_roll_call(actor=desks["SL"], case_id=case.id, part_id=sl.id, now=at("2026-11-16 10:50"))
    assert part_of(village, case, "SL").came_late and not part_of(village, case, "JT").came_late
    assert village.again(case).supervised == "yellow"
    assert village.sees(supervisor, case)

    plan_together(
        actor=secretary, case_id=case.id, words="交通封路，水利护坡，周三前完", now=at("2026-11-16 11:00")
    )
    with pytest.raises(OpenParts):
        handle_case(actor=secretary, case_id=case.id, outcome="resolved", words="好了")
    answer_part(
        actor=desks["JT"], case_id=case.id, part_id=jt.id, result="done", words="已封路改道",
        now=at("2026-11-16 16:00"),
    )  # fmt: skip
    with pytest.raises(OpenParts):
        end_whistle(actor=secretary, case_id=case.id, result="done", words="都好了")
    answer_part(
        actor=desks["SL"], case_id=case.id, part_id=sl.id, result="done", words="护坡已加固",
        now=at("2026-11-17 10:00"),
    )  # fmt: skip
    end_whistle(actor=secretary, case_id=case.id, result="done", words="路通了", now=at("2026-11-17 11:00"))
    with pytest.raises(NoWhistle):
        plan_together(actor=secretary, case_id=case.id, words="再商量")

    # graded in both directions, each once, and neither for himself
    grade_part(actor=secretary, case_id=case.id, part_id=sl.id, grade="poor")
    grade_part(actor=desks["SL"], case_id=case.id, part_id=sl.id, grade="good")
    grade_part(actor=desks["SL"], case_id=case.id, part_id=sl.id, grade="poor")
    line = part_of(village, case, "SL")
    assert (line.row.grade_of_part, line.row.grade_of_caller) == ("poor", "good")
    handle_case(
        actor=secretary,
        case_id=case.id,
        outcome="resolved",
        words="护坡加固，路通了",
        now=at("2026-11-17 11:30"),
    )
    with reading(village.house):
        told = whistles_of(case, parts_of(case))[0]
    assert told.row.id == whistle.id and len(told.parts) == 3
    # what was not essential and not answered is nobody's duty any more
    assert part_of(village, case, "ZJ").row.released_at is not None


def test_co_handlers_under_one_lead(village: Village) -> None:
    secretary, lead = village.officer("陈书记"), village.officer("王网格长", duty="grid_lead")
    case = village.case()
    with pytest.raises(NotAllowed):
        ask_partner(actor=secretary, case_id=case.id, tray=Tray("grid_lead", village.grid), words="帮忙")
    claim_case(actor=secretary, case_id=case.id)
    part = ask_partner(
        actor=secretary, case_id=case.id, tray=Tray("grid_lead", village.grid), words="先去看一眼"
    )
    with pytest.raises(NoTray):
        ask_partner(
            actor=secretary, case_id=case.id, tray=Tray("grid_lead", village.grid), words="再去看一眼"
        )
    with pytest.raises(NotAllowed):
        handle_case(actor=lead, case_id=case.id, outcome="resolved", words="我来办结")
    with pytest.raises(OpenParts):
        handle_case(actor=secretary, case_id=case.id, outcome="resolved", words="办结")
    answer_part(actor=lead, case_id=case.id, part_id=part.id, result="done", words="灯座进水了")
    assert village.again(case).open_parts == 0
    second = ask_partner(
        actor=secretary, case_id=case.id, tray=Tray("grid_lead", village.other_grid), words="帮忙扶梯子"
    )
    release_partner(actor=secretary, case_id=case.id, part_id=second.id, words="不用了")
    handle_case(actor=secretary, case_id=case.id, outcome="resolved", words="换了灯座")
    assert village.again(case).state == "handled"


def test_a_grid_does_not_whistle(village: Village) -> None:
    lead, desks = village.officer("王网格长", duty="grid_lead"), departments(village)
    secretary = village.officer("陈书记")
    case = village.case()
    claim_case(actor=secretary, case_id=case.id)
    with pytest.raises(NotAllowed):
        blow_whistle(actor=lead, case_id=case.id, kind="everyday", called=[Called("JT")], words="来")
    with pytest.raises(NoTray):
        blow_whistle(actor=secretary, case_id=case.id, kind="everyday", called=[Called("没有")], words="来")
    assert desks
