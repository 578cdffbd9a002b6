"""When a matter does not settle where it first lay: returned, accepted, dispatched, declined, closed, withdrawn."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.village import SINCE, Village
from wushi.domain.cases.errors import NoTray, TooLateToReopen
from wushi.domain.cases.queries import Wanted, explain, page_for
from wushi.domain.cases.rules import Tray
from wushi.domain.cases.services import (
    accept_case,
    adopt_rules,
    assign_case,
    claim_case,
    close_case,
    confirm_case,
    decline_case,
    handle_case,
    reopen_case,
    return_case,
    withdraw_case,
)
from wushi.domain.cases.services.setup import default_rules
from wushi.kernel.errors import Invalid, NotAllowed
from wushi.kernel.states import MoveRefused
from wushi.kernel.verb import reading


def by_hand(village: Village) -> None:
    """The county's routes from now on: everything waits at the town to be dispatched."""
    rules = default_rules(SINCE, "SY")
    route = {"code": "town", "level": "town", "duty": "town_clerk", "automatic": False, "basis": "试验"}
    adopt_rules(actor=village.house, rules=replace(rules, routes=(route,)))


def test_a_return_goes_one_level_up_and_comes_back_to_the_right_tray(village: Village) -> None:
    secretary, clerk = village.officer("陈书记"), village.officer("周分流员", duty="town_clerk")
    case = village.case("去小学的路边塌了一块", category="road")
    with pytest.raises(Invalid):
        return_case(actor=secretary, case_id=case.id, reason_code="other", words="")
    return_case(actor=secretary, case_id=case.id, reason_code="not_our_duty", words="要动用乡里养护经费")
    case = village.again(case)
    assert (case.state, case.tray_duty, case.tray_area, case.holder_id) == (
        "waiting",
        "town_clerk",
        village.town,
        None,
    )
    with reading(clerk):
        assert [c.id for c in page_for(clerk, Wanted("tray")).rows] == [case.id]
    with pytest.raises(NoTray):
        assign_case(actor=clerk, case_id=case.id, tray=Tray("secretary", "999999100201"))
    with pytest.raises(NoTray):
        assign_case(actor=clerk, case_id=case.id, tray=Tray("department", village.county, "NONE"))
    assign_case(
        actor=clerk,
        case_id=case.id,
        tray=Tray("department", village.county, "JT"),
        words="请交通局看一下路基",
    )
    department = village.officer("郑科长", duty="department", unit="JT")
    with reading(department):
        assert [c.id for c in page_for(department, Wanted("tray")).rows] == [case.id]
    claim_case(actor=department, case_id=case.id)
    assert village.sees(secretary, case), "the village keeps sight of what happens in it"


def test_where_no_route_decides_the_tray_accepts_and_dispatches(village: Village) -> None:
    by_hand(village)
    clerk = village.officer("周分流员", duty="town_clerk")
    case = village.case("自来水发黄")
    assert (case.state, case.step, case.tray_area) == ("received", 1, village.town)
    with reading(clerk):
        assert explain(case, case.opened_at).route == "town"
    with pytest.raises(MoveRefused):
        assign_case(actor=clerk, case_id=case.id, tray=Tray("secretary", village.code))
    accept_case(actor=clerk, case_id=case.id)
    assign_case(actor=clerk, case_id=case.id, tray=Tray("secretary", village.code))
    claim_case(actor=village.officer("陈书记"), case_id=case.id)
    assert village.trace(case) == [
        "cases.open_case",
        "cases.accept_case",
        "cases.assign_case",
        "cases.claim_case",
    ]


def test_declining_names_the_right_channel(village: Village) -> None:
    by_hand(village)
    clerk = village.officer("周分流员", duty="town_clerk")
    case = village.case("法院判了不服")
    with pytest.raises(Invalid):
        decline_case(actor=clerk, case_id=case.id, channel_code="", words="去法院")
    with pytest.raises(Invalid):
        decline_case(actor=clerk, case_id=case.id, channel_code="court", words="")
    decline_case(actor=clerk, case_id=case.id, channel_code="court", words="可以向中级法院上诉，十五日内")
    assert village.again(case).state == "declined"
    assert village.lamp() == "green"


def test_a_supervisor_closes_with_a_reason_and_it_is_not_satisfied(village: Village) -> None:
    secretary, supervisor = village.officer("陈书记"), village.officer("沈督办", duty="supervisor")
    case = village.case()
    claim_case(actor=secretary, case_id=case.id)
    handle_case(actor=secretary, case_id=case.id, outcome="explained", words="说明了政策")
    with pytest.raises(NotAllowed):
        close_case(actor=secretary, case_id=case.id, words="联系不上")
    with pytest.raises(Invalid):
        close_case(actor=supervisor, case_id=case.id, words="")
    close_case(actor=supervisor, case_id=case.id, words="电话三次无人接，已留言")
    done = village.again(case)
    assert (done.state, done.closing, done.rating) == ("closed", "supervisor", "")


def test_taking_it_back_and_coming_too_late(village: Village) -> None:
    case = village.case()
    withdraw_case(actor=village.holding(case), case_id=case.id, words="自己修好了")
    assert village.again(case).state == "withdrawn"

    secretary = village.officer("陈书记")
    other = village.case("水渠堵了")
    claim_case(actor=secretary, case_id=other.id)
    handled = handle_case(actor=secretary, case_id=other.id, outcome="resolved", words="清了")
    confirm_case(actor=village.holding(other), case_id=other.id)
    from datetime import timedelta

    closed = village.again(other).closed_at
    assert closed and handled
    with pytest.raises(TooLateToReopen):
        reopen_case(
            actor=village.holding(other), case_id=other.id, now=closed + timedelta(days=15, seconds=1)
        )
    reopen_case(actor=village.holding(other), case_id=other.id, now=closed + timedelta(days=15))
