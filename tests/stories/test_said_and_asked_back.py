"""Ratings nobody is pushed to, silence that is not satisfaction, call-backs by lot, second looks, kept lists."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, time

import pytest

from tests.village import SINCE, Village, at
from wushi.domain.areas.errors import BadHours
from wushi.domain.areas.services import set_hours
from wushi.domain.cases.errors import FilterNameTaken, NoCallBack, RatedAlready, StaffDoNotRate
from wushi.domain.cases.models import CallBack, Case
from wushi.domain.cases.queries import callbacks_for, filters_for, flags_for
from wushi.domain.cases.services import (
    adopt_rules,
    claim_case,
    close_case,
    confirm_case,
    draw_callbacks,
    drop_filter,
    handle_case,
    look_at_flag,
    rate_case,
    record_callback,
    replan_case,
    save_filter,
)
from wushi.domain.cases.services.setup import default_rules
from wushi.kernel.actor import Actor
from wushi.kernel.errors import Invalid, NotAllowed, NotFound
from wushi.kernel.verb import reading


def handled(village: Village, secretary: Actor, day: str = "2026-11-16") -> Case:
    """Told, taken on, handled in a morning."""
    case = village.told("井边路灯不亮", at(f"{day} 09:00"))
    claim_case(actor=secretary, case_id=case.id, now=at(f"{day} 09:10"))
    handle_case(actor=secretary, case_id=case.id, outcome="resolved", words="修好了", now=at(f"{day} 11:00"))
    return case


def test_three_ratings_and_none_by_staff(village: Village) -> None:
    secretary = village.officer("陈书记")
    case = handled(village, secretary)
    resident = village.holding(case)
    beside = replace(resident, relations=resident.relations | {f"beside:{secretary.ref}"})
    with pytest.raises(StaffDoNotRate):
        confirm_case(actor=beside, case_id=case.id, rating="satisfied")
    with pytest.raises(Invalid):
        confirm_case(actor=resident, case_id=case.id, speed="very")
    confirm_case(actor=resident, case_id=case.id, speed="unsatisfied", now=at("2026-11-16 12:00"))
    case = village.again(case)
    assert (case.state, case.rating, case.rating_attitude, case.rating_speed) == (
        "closed", "", "", "unsatisfied",
    )  # fmt: skip
    with pytest.raises(RatedAlready):
        rate_case(actor=resident, case_id=case.id, rating="satisfied", now=at("2026-11-16 13:00"))


def test_silence_is_closed_as_not_answered_and_may_still_be_rated(village: Village) -> None:
    secretary = village.officer("陈书记")
    supervisor = village.officer("郑督办", duty="supervisor")
    rules = default_rules(SINCE, "SY")
    adopt_rules(actor=village.house, rules=replace(rules, numbers={"callback_percent": 100}))
    case = handled(village, secretary)
    assert "answer red" not in village.strike(at("2026-11-23 23:58"))
    assert "answer red" in village.strike(at("2026-11-23 23:59"))
    case = village.again(case)
    assert (case.state, case.closing, case.rating) == ("closed", "unanswered", "")
    with reading(supervisor):
        assert [(c.case_id, c.reason) for c in callbacks_for(supervisor)] == [(case.id, "unanswered")]
    with reading(secretary):
        assert callbacks_for(secretary) == []
    with pytest.raises(NotAllowed):
        record_callback(actor=secretary, case_id=case.id, result="satisfied")
    record_callback(actor=supervisor, case_id=case.id, result="not_done", words="说灯还不亮")
    with pytest.raises(NoCallBack):
        record_callback(actor=supervisor, case_id=case.id, result="satisfied")
    rate_case(actor=village.holding(case), case_id=case.id, rating="unsatisfied", now=at("2026-11-24 09:00"))
    # what was said on the telephone stands beside the rating and is not the rating
    assert village.again(case).rating == "unsatisfied"


def test_a_draw_by_lot(village: Village) -> None:
    secretary = village.officer("陈书记")
    supervisor = village.officer("郑督办", duty="supervisor")
    cases = [handled(village, secretary, day) for day in ("2026-11-16", "2026-11-17", "2026-11-18")]
    for case in cases:
        close_case(actor=supervisor, case_id=case.id, words="看过", now=at("2026-11-19 09:00"))
    span = {"since": at("2026-11-19 00:00"), "until": at("2026-11-20 00:00")}
    with pytest.raises(NotAllowed):
        draw_callbacks(actor=secretary, number=2, **span)
    with pytest.raises(Invalid):
        draw_callbacks(actor=supervisor, number=0, **span)
    first = draw_callbacks(actor=supervisor, number=2, **span)
    rest = draw_callbacks(actor=supervisor, number=5, **span)
    assert len(first) == 2 and len(rest) == 1
    assert {row.case_id for row in [*first, *rest]} == {case.id for case in cases}
    with reading(village.house):
        assert CallBack.objects.filter(county=village.county).count() == 3


def test_a_second_look_for_the_level_above(village: Village) -> None:
    secretary, clerk = village.officer("陈书记"), village.officer("周分流员", duty="town_clerk")
    case = village.told("自来水发黄", at("2026-11-16 09:00"))
    claim_case(actor=secretary, case_id=case.id, now=at("2026-11-16 09:10"))
    handle_case(
        actor=secretary, case_id=case.id, outcome="resolved", words="好了", now=at("2026-11-16 09:12")
    )
    with reading(secretary):
        assert flags_for(secretary) == []
    with reading(clerk):
        (flag,) = flags_for(clerk)
    assert (flag.kind, flag.case_id) == ("hasty", case.id)
    # to whom it is about it does not exist
    with pytest.raises(NotFound):
        look_at_flag(actor=secretary, flag_id=flag.id)
    look_at_flag(actor=clerk, flag_id=flag.id)
    with reading(clerk):
        assert flags_for(clerk)[0].seen_at is not None


def test_lists_that_are_kept_and_shared(village: Village) -> None:
    secretary, clerk = village.officer("陈书记"), village.officer("周分流员", duty="town_clerk")
    stranger = village.officer("外乡", duty="town_clerk", area=village.other_town)
    mine = save_filter(actor=secretary, name="急难", wanted={"list": "area", "tag": "pressing"})
    with pytest.raises(FilterNameTaken):
        save_filter(actor=secretary, name="急难", wanted={})
    with pytest.raises(NotAllowed):
        save_filter(actor=secretary, name="全乡", wanted={}, shared_area=village.town)
    shared = save_filter(actor=clerk, name="督办中", wanted={"supervised": "red"}, shared_area=village.town)
    with reading(secretary):
        assert {f.id for f in filters_for(secretary)} == {mine.id, shared.id}
    with reading(stranger):
        assert filters_for(stranger) == []
    with pytest.raises(NotFound):
        drop_filter(actor=secretary, filter_id=shared.id)
    drop_filter(actor=clerk, filter_id=shared.id)
    with reading(secretary):
        assert [f.id for f in filters_for(secretary)] == [mine.id]


def test_winter_hours_move_what_runs_and_say_so(village: Village) -> None:
    admin = village.officer("管理", duty="district_admin")
    case = village.told("想问个事", at("2026-11-16 16:30"), kind="inquiry")
    with pytest.raises(BadHours):
        set_hours(actor=admin, since=date(2026, 11, 16), spans=[(time(14), time(12))], basis="")
    with pytest.raises(NotAllowed):
        set_hours(
            actor=village.officer("陈书记"), since=date(2026, 11, 16), spans=[(time(8), time(12))], basis=""
        )
    set_hours(
        actor=admin,
        since=date(2026, 11, 16),
        spans=[(time(8), time(12)), (time(14), time(17, 30))],
        basis="区政府办公室通知：冬季作息",
    )
    assert replan_case(actor=village.house, case_id=case.id, cause="calendar")
    assert not replan_case(actor=village.house, case_id=case.id, cause="calendar")
    assert village.trace(case)[-1] == "cases.replan_case"
