"""Nobody opens the tray: the clock takes the matter up, the town finds the way, it comes back, and is not right twice."""

from __future__ import annotations

import pytest

from tests.village import Village, at
from wushi.domain.cases.errors import NothingAbove, NothingBelow
from wushi.domain.cases.models import Case, Clock, Watch
from wushi.domain.cases.queries import Wanted, explain, page_for
from wushi.domain.cases.rules import Tray
from wushi.domain.cases.services import (
    assign_case,
    claim_case,
    close_case,
    contact_case,
    escalate_case,
    hand_back_case,
    handle_case,
    instruct_case,
    reopen_case,
    send_back_case,
    supervise_case,
    transfer_case,
)
from wushi.kernel.errors import NotAllowed
from wushi.kernel.verb import reading


def words(case: Case, village: Village) -> dict[str, Clock]:
    """The newest run of each of its clocks."""
    with reading(village.house):
        rows = Clock.objects.filter(county=village.county, case=case).order_by("run")
        return {row.name: row for row in rows}


def test_overdue_in_a_tray_nobody_opened_until_supervision_closes_it(village: Village) -> None:
    secretary = village.officer("陈书记")
    clerk = village.officer("周分流员", duty="town_clerk")
    supervisor = village.officer("郑督办", duty="supervisor")
    case = village.told("井边路路灯不亮，晚上看不见", at("2026-11-16 09:00"), category="light")
    resident = village.holding(case)
    whole = words(case, village)["whole"].due_at

    # a request for help is signed for within four office hours: 9-12 and 14:30-15:30
    assert village.strike(at("2026-11-16 15:29")) == ["claim yellow"]
    assert village.again(case).state == "assigned"
    assert village.strike(at("2026-11-16 15:30"))[-1] == "claim red"
    case = village.again(case)
    assert (case.state, case.tray_duty, case.tray_area) == ("waiting", "town_clerk", village.town)
    assert village.sees(secretary, case)
    with reading(clerk):
        assert [c.id for c in page_for(clerk, Wanted("tray")).rows] == [case.id]
        assert explain(case, at("2026-11-16 15:30")).coming

    # the town knows how, and gives it back with the solution
    assign_case(
        actor=clerk, case_id=case.id, tray=Tray("town_clerk", village.town), now=at("2026-11-16 16:00")
    )
    claim_case(actor=clerk, case_id=case.id, now=at("2026-11-16 16:01"))
    hand_back_case(
        actor=clerk, case_id=case.id, words="供电所已派人，请书记到现场对接", now=at("2026-11-16 16:30")
    )
    case = village.again(case)
    assert (case.state, case.tray_duty, case.came_from) == ("assigned", "secretary", [])
    claim_case(actor=secretary, case_id=case.id, now=at("2026-11-16 17:00"))
    contact_case(actor=secretary, case_id=case.id, way="phone", now=at("2026-11-16 17:05"))
    handle_case(
        actor=secretary, case_id=case.id, outcome="resolved", words="灯修好了", now=at("2026-11-17 10:00")
    )
    assert village.again(case).resolved_level == "village"

    # not right: a new time for handling, the whole-case clock goes on
    reopen_case(actor=resident, case_id=case.id, words="又灭了", now=at("2026-11-17 20:00"))
    case = village.again(case)
    clocks = words(case, village)
    assert (clocks["resolution"].run, clocks["resolution"].due_at) == (2, at("2026-11-20 18:00"))
    assert (clocks["whole"].run, clocks["whole"].due_at, clocks["whole"].ended_at) == (1, whole, None)
    assert case.supervised == "" and case.due_at == at("2026-11-20 18:00")
    claim_case(actor=secretary, case_id=case.id, now=at("2026-11-18 09:00"))
    handle_case(
        actor=secretary, case_id=case.id, outcome="resolved", words="换了灯泡", now=at("2026-11-18 11:00")
    )

    # the second refusal goes to supervision
    reopen_case(actor=resident, case_id=case.id, now=at("2026-11-18 19:00"))
    case = village.again(case)
    assert (case.refusals, case.supervised) == (2, "red")
    with reading(supervisor):
        assert [c.id for c in page_for(supervisor, Wanted("watching")).rows] == [case.id]
    claim_case(actor=secretary, case_id=case.id, now=at("2026-11-19 09:00"))
    handle_case(
        actor=secretary, case_id=case.id, outcome="resolved", words="换了整套灯具", now=at("2026-11-19 15:00")
    )
    with pytest.raises(NotAllowed):
        close_case(actor=clerk, case_id=case.id, words="办好了")
    close_case(actor=supervisor, case_id=case.id, words="现场看过，灯亮", now=at("2026-11-20 10:00"))
    case = village.again(case)
    assert (case.state, case.closing, case.rating) == ("closed", "supervisor", "")
    assert not [c for c in words(case, village).values() if c.ended_at is None]
    assert "cases.supervise_case" in village.trace(case)


def test_an_empty_tray_is_not_skipped(village: Village) -> None:
    case = village.told("井盖坏了", at("2026-11-16 09:00"), urgency="urgent")
    seen = []
    for hour in range(9, 24):
        village.strike(at(f"2026-11-16 {hour:02d}:59"))
        row = village.again(case)
        if (row.tray_duty, row.tray_area) not in seen:
            seen.append((row.tray_duty, row.tray_area))
    assert seen == [
        ("secretary", village.code),
        ("town_clerk", village.town),
        ("district_clerk", village.county),
    ]
    # above the district there is no tray: it is supervised instead
    village.strike(at("2026-11-18 18:00"))
    case = village.again(case)
    assert (case.tray_duty, case.supervised) == ("district_clerk", "red")
    with reading(village.house):
        watching = Watch.objects.filter(county=village.county, case=case, until=None)
        assert {(w.tray_duty, w.reason) for w in watching} >= {
            ("secretary", "escalated"),
            ("town_clerk", "escalated"),
            ("supervisor", "supervised"),
        }


def test_up_by_hand_and_back_to_the_same_hands(village: Village) -> None:
    secretary = village.officer("陈书记")
    district = village.officer("区分流", duty="district_clerk")
    clerk = village.officer("周分流员", duty="town_clerk")
    case = village.case()
    claim_case(actor=secretary, case_id=case.id)
    with pytest.raises(NothingBelow):
        hand_back_case(actor=secretary, case_id=case.id, words="交回")
    escalate_case(actor=secretary, case_id=case.id, words="要区里的电网计划")
    escalate_case(actor=clerk, case_id=case.id, words="乡里也定不了")
    case = village.again(case)
    assert [step[0] for step in case.came_from] == ["secretary", "town_clerk"]
    with pytest.raises(NothingAbove):
        escalate_case(actor=district, case_id=case.id, words="再上一级")
    hand_back_case(actor=district, case_id=case.id, words="列入本月计划，乡里对接")
    assert village.again(case).tray_duty == "town_clerk"
    hand_back_case(actor=clerk, case_id=case.id, words="供电所周四来，请书记带路")
    case = village.again(case)
    assert (case.tray_duty, case.holder_id, case.came_from) == ("secretary", secretary.id, [])
    assert village.sees(clerk, case) and village.sees(district, case)


def test_across_to_another_tray_with_the_deadline_it_had(village: Village) -> None:
    secretary, other = village.officer("陈书记"), village.officer("外村书记", area=village.sibling)
    case = village.case()
    due = case.due_at
    claim_case(actor=secretary, case_id=case.id)
    transfer_case(
        actor=secretary, case_id=case.id, tray=Tray("secretary", village.sibling), reason_code="not_our_area"
    )
    case = village.again(case)
    assert (case.state, case.tray_area, case.holder_id, case.due_at) == (
        "assigned",
        village.sibling,
        None,
        due,
    )
    claim_case(actor=other, case_id=case.id)
    assert village.again(case).holder_id == other.id


def test_words_from_above(village: Village) -> None:
    secretary = village.officer("陈书记")
    leader = village.officer("区领导", duty="district_lead")
    supervisor = village.officer("郑督办", duty="supervisor")
    case = village.case()
    claim_case(actor=secretary, case_id=case.id)
    with pytest.raises(NotAllowed):
        instruct_case(actor=secretary, case_id=case.id, words="我自己批示")
    instruct_case(actor=leader, case_id=case.id, words="本周内办好，向群众说明")
    supervise_case(actor=supervisor, case_id=case.id, colour="red", words="三天内报结果")
    supervise_case(actor=supervisor, case_id=case.id, colour="yellow", words="请抓紧")
    assert village.again(case).supervised == "red"
    handle_case(actor=secretary, case_id=case.id, outcome="resolved", words="办好了")
    send_back_case(actor=supervisor, case_id=case.id, words="现场没修")
    case = village.again(case)
    assert (case.state, case.holder_id, case.outcome, case.refusals) == ("working", secretary.id, "", 0)
    with reading(leader):
        assert [c.id for c in page_for(leader, Wanted("watching")).rows] == [case.id]
