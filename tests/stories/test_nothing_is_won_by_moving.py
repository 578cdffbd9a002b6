"""Merging, splitting, resting, sending up and down: none of it wins time, hides what is sealed, or leaves a matter to nobody."""

from __future__ import annotations

from datetime import date
from uuid import uuid4

import pytest

from tests.village import Village, at
from wushi.domain.accounts.services import end_post
from wushi.domain.cases.errors import (
    BeyondCap,
    MergeIntoOlder,
    NoPlea,
    NothingAbove,
    NothingBelow,
    TooLateToExtend,
)
from wushi.domain.cases.models import Case, Clock, Flag, Part, Pause
from wushi.domain.cases.queries import Wanted, master_of, page_for, timeline_of_master
from wushi.domain.cases.rules import Tray
from wushi.domain.cases.services import (
    ask_partner,
    assign_case,
    claim_case,
    confirm_case,
    decide_extension,
    draw_callbacks,
    escalate_case,
    hand_back_case,
    handle_case,
    mark_official,
    merge_case,
    pause_case,
    record_callback,
    reopen_case,
    request_extension,
    return_case,
    split_case,
    take_number,
    unmerge_case,
    withdraw_case,
)
from wushi.kernel.errors import NotAllowed
from wushi.kernel.states import MoveRefused
from wushi.kernel.verb import reading


def flags(village: Village) -> set[str]:
    """The kinds of everything the levels above were told."""
    with reading(village.house):
        return set(Flag.objects.filter(county=village.county).values_list("kind", flat=True))


def running(village: Village, case: Case) -> set[str]:
    """The names of its clocks that run."""
    with reading(village.house):
        rows = Clock.objects.filter(county=village.county, case=case, ended_at=None)
        return set(rows.values_list("name", flat=True))


def test_the_elder_takes_in_the_younger(village: Village) -> None:
    secretary = village.officer("陈书记")
    old = village.told("路灯不亮", at("2026-11-16 09:00"))
    new = village.told("建议换新路灯", at("2026-11-18 09:00"), kind="suggestion")
    with pytest.raises(MergeIntoOlder):
        merge_case(actor=secretary, case_id=old.id, master_id=new.id)
    slow = village.told("建议修亭子", at("2026-11-16 08:00"), kind="suggestion")
    merge_case(actor=secretary, case_id=old.id, master_id=slow.id, now=at("2026-11-16 10:00"))
    assert flags(village) == {"merged_later"}


def test_who_told_it_first_takes_it_back_and_the_others_go_on(village: Village) -> None:
    secretary = village.officer("陈书记")
    first, second = village.case("路灯不亮"), village.case("灯坏了")
    merge_case(actor=secretary, case_id=second.id, master_id=first.id)
    withdraw_case(actor=village.holding(first), case_id=first.id)
    second = village.again(second)
    assert (second.state, second.merged_into_id, village.again(first).closing) == (
        "assigned",
        None,
        "withdrawn",
    )
    assert running(village, second) == {"claim", "contact", "resolution", "whole"}


def test_whoever_had_it_left_while_it_was_merged(village: Village) -> None:
    secretary, clerk = village.officer("陈书记"), village.officer("周分流员", duty="town_clerk")
    first, second = village.case("路灯不亮"), village.case("灯坏了")
    claim_case(actor=secretary, case_id=second.id)
    merge_case(actor=secretary, case_id=second.id, master_id=first.id)
    end_post(actor=village.house, post_id=village.posts["陈书记"].id)
    unmerge_case(actor=clerk, case_id=second.id)
    second = village.again(second)
    assert (second.state, second.holder_id) == ("assigned", None)
    assert "handover" in running(village, second)


def test_others_hear_what_was_done_and_not_what_was_said_or_rated(village: Village) -> None:
    secretary = village.officer("陈书记")
    supervisor = village.officer("郑督办", duty="supervisor")
    first, second = village.case("路灯不亮"), village.case("灯坏了")
    merge_case(actor=secretary, case_id=second.id, master_id=first.id)
    claim_case(actor=secretary, case_id=first.id)
    handle_case(actor=secretary, case_id=first.id, outcome="resolved", words="修好了")
    confirm_case(actor=village.holding(first), case_id=first.id, rating="unsatisfied", words="拖得太久")
    draw_callbacks(actor=supervisor, since=at("2020-01-01 00:00"), until=at("2090-01-01 00:00"), number=1)
    record_callback(actor=supervisor, case_id=first.id, result="unsatisfied", words="张三说书记没来过")
    other = village.holding(second)
    with reading(other):
        steps = timeline_of_master(village_row(village, second))
    said = " ".join(step.words for step in steps)
    assert "修好了" in said and "拖得太久" not in said and "张三" not in said
    assert "unsatisfied" not in str([step.facts for step in steps])
    assert not {"open_case", "record_callback", "merge_case"} & {step.verb for step in steps}


def village_row(village: Village, case: Case) -> Case:
    """The row as a page reads it."""
    return Case.objects.get(county=village.county, id=case.id)


def test_sealing_any_of_them_seals_them_all(village: Village) -> None:
    secretary, clerk = village.officer("陈书记"), village.officer("周分流员", duty="town_clerk")
    first, second = village.case("路灯不亮"), village.case("修灯的钱去哪了")
    merge_case(actor=secretary, case_id=second.id, master_id=first.id)
    mark_official(actor=clerk, case_id=second.id, accused_id=village.user_id("陈书记"))
    assert not village.sees(secretary, first) and not village.sees(secretary, second)
    # the receipt of the one may be in the hands of whom it is about
    with reading(village.holding(second)):
        row = village_row(village, second)
        assert master_of(row) is None and timeline_of_master(row) == []
    with pytest.raises(NotAllowed):
        split_case(
            actor=clerk, case_id=first.id, text="另一件", number=take_number(village.county), key=str(uuid4())
        )


def test_what_lies_with_the_supervisor_comes_down_to_nobody(village: Village) -> None:
    supervisor = village.officer("郑督办", duty="supervisor")
    district = village.officer("区分流", duty="district_clerk")
    case = village.case("区里的人收钱")
    mark_official(actor=supervisor, case_id=case.id, accused_id=None, level="district")
    with pytest.raises(NothingAbove):
        return_case(actor=supervisor, case_id=case.id, reason_code="not_our_duty")
    assert not village.sees(district, case)


def test_who_asks_for_more_time_does_not_grant_it(village: Village) -> None:
    secretary = village.officer("陈书记")
    village.appoint("陈书记", duty="town_clerk", area=village.town)
    both = village.actor("陈书记")
    case = village.told("修路", at("2026-11-16 09:00"))
    claim_case(actor=secretary, case_id=case.id, now=at("2026-11-16 09:30"))
    request_extension(actor=both, case_id=case.id, amount=2, words="路长", now=at("2026-11-17 09:00"))
    with pytest.raises(NotAllowed):
        decide_extension(actor=both, case_id=case.id, granted=True)
    # the plea was for this run of handling; done, nobody grants it any more
    handle_case(actor=both, case_id=case.id, outcome="resolved", words="修了一段", now=at("2026-11-17 10:00"))
    reopen_case(actor=village.holding(case), case_id=case.id, now=at("2026-11-17 11:00"))
    claim_case(actor=both, case_id=case.id, now=at("2026-11-17 12:00"))
    clerk = village.officer("周分流员", duty="town_clerk")
    with pytest.raises(NoPlea):
        decide_extension(actor=clerk, case_id=case.id, granted=True)


def test_the_cap_of_more_time_is_the_requests_and_not_each_runs(village: Village) -> None:
    secretary, clerk = village.officer("陈书记"), village.officer("周分流员", duty="town_clerk")
    case = village.told("修路", at("2026-11-16 09:00"))
    claim_case(actor=secretary, case_id=case.id, now=at("2026-11-16 09:30"))
    request_extension(actor=secretary, case_id=case.id, amount=5, words="路长", now=at("2026-11-16 10:00"))
    decide_extension(actor=clerk, case_id=case.id, granted=True, now=at("2026-11-16 11:00"))
    handle_case(
        actor=secretary, case_id=case.id, outcome="resolved", words="修了", now=at("2026-11-16 15:00")
    )
    reopen_case(actor=village.holding(case), case_id=case.id, now=at("2026-11-16 16:00"))
    claim_case(actor=secretary, case_id=case.id, now=at("2026-11-16 17:00"))
    with pytest.raises(BeyondCap):
        request_extension(
            actor=secretary, case_id=case.id, amount=1, words="再加", now=at("2026-11-17 09:00")
        )


def test_what_is_late_is_neither_rested_nor_split_unseen(village: Village) -> None:
    secretary = village.officer("陈书记")
    case = village.told("路灯和垃圾", at("2026-11-16 09:00"))
    claim_case(actor=secretary, case_id=case.id, now=at("2026-11-16 09:30"))
    split_case(
        actor=secretary, case_id=case.id, text="垃圾", number=take_number(village.county), key=str(uuid4()),
        now=at("2026-11-19 17:50"),
    )  # fmt: skip
    assert flags(village) == {"late_split"}
    with pytest.raises(TooLateToExtend):
        pause_case(
            actor=secretary, case_id=case.id, reason_code="weather", until_on=date(2026, 11, 25), words="下雨",
            now=at("2026-11-19 18:01"),
        )  # fmt: skip


def test_given_back_to_where_it_came_from_it_is_not_above_it_any_more(village: Village) -> None:
    secretary, clerk = village.officer("陈书记"), village.officer("周分流员", duty="town_clerk")
    case = village.case()
    escalate_case(actor=secretary, case_id=case.id, words="定不了")
    assign_case(actor=clerk, case_id=case.id, tray=Tray("secretary", village.code))
    with pytest.raises(NothingBelow):
        hand_back_case(actor=secretary, case_id=case.id, words="交回自己")
    assert village.again(case).came_from == []


def test_up_and_down_too_often_is_told(village: Village) -> None:
    secretary, clerk = village.officer("陈书记"), village.officer("周分流员", duty="town_clerk")
    case = village.case()
    for _ in range(2):
        escalate_case(actor=secretary, case_id=case.id, words="定不了")
        hand_back_case(actor=clerk, case_id=case.id, words="还是村里办")
    assert flags(village) == {"pingpong"}


def test_what_is_over_leaves_nothing_running(village: Village) -> None:
    secretary = village.officer("陈书记")
    lead = village.officer("王网格长", duty="grid_lead")
    case = village.told("等材料", at("2026-11-16 09:00"))
    claim_case(actor=secretary, case_id=case.id, now=at("2026-11-16 09:30"))
    ask_partner(
        actor=secretary, case_id=case.id, tray=Tray("grid_lead", village.grid), words="看看", essential=False
    )
    pause_case(
        actor=secretary, case_id=case.id, reason_code="material", until_on=date(2026, 11, 20), words="材料",
        now=at("2026-11-16 10:00"),
    )  # fmt: skip
    withdraw_case(actor=village.holding(case), case_id=case.id, now=at("2026-11-17 10:00"))
    assert running(village, case) == set()
    with reading(village.house):
        assert not Pause.objects.filter(county=village.county, case=case, until=None).exists()
        assert not Part.objects.filter(county=village.county, case=case, released_at=None).exists()
    with reading(lead):
        assert page_for(lead, Wanted("parts")).rows == []


def test_another_deed_is_not_answered_as_the_first(village: Village) -> None:
    secretary = village.officer("陈书记")
    case = village.case()
    claim_case(actor=secretary, case_id=case.id)
    given = {"actor": secretary, "case_id": case.id, "words": "办了"}
    handle_case(outcome="resolved", **given)
    step = village.again(case).step
    handle_case(outcome="resolved", **given)
    assert village.again(case).step == step
    with pytest.raises(MoveRefused):
        handle_case(outcome="explained", **given)
    resident = village.holding(case)
    confirm_case(actor=resident, case_id=case.id, rating="satisfied")
    with pytest.raises(MoveRefused):
        confirm_case(actor=resident, case_id=case.id, rating="unsatisfied")
