"""From a door's QR code to the resident's nod: the shortest whole life of a request."""

from __future__ import annotations

import pytest

from tests.village import Village
from wushi.domain.cases.errors import AboutOfficial
from wushi.domain.cases.models import Case
from wushi.domain.cases.queries import Wanted, page_for, timeline
from wushi.domain.cases.services import claim_case, confirm_case, handle_case, open_case, reopen_case
from wushi.domain.outbox.models import Row
from wushi.kernel.errors import KeyReused, NotAllowed, NotFound
from wushi.kernel.states import MoveRefused
from wushi.kernel.verb import reading, unscoped


def test_a_lamp_is_mended_refused_mended_again_and_nodded_at(village: Village) -> None:
    secretary = village.officer("陈书记")
    assert village.lamp() == "green"

    case = village.case("井边路路灯不亮，晚上看不见")
    assert village.lamp() == "amber"
    assert case.number.startswith("SY-")
    assert case.receipt.startswith(village.county)
    with reading(secretary):
        assert [c.id for c in page_for(secretary, Wanted("tray")).rows] == [case.id]

    claim_case(actor=secretary, case_id=case.id)
    handle_case(actor=secretary, case_id=case.id, outcome="resolved", words="换了灯头")
    assert village.lamp() == "green"

    resident = village.holding(case)
    reopen_case(actor=resident, case_id=case.id, words="还是不亮")
    assert village.again(case).state == "assigned"
    assert village.again(case).holder_id == village.user_id("陈书记")
    claim_case(actor=secretary, case_id=case.id)
    handle_case(actor=secretary, case_id=case.id, outcome="resolved", words="换了镇流器")
    confirm_case(actor=resident, case_id=case.id, rating="satisfied", words="亮了")

    done = village.again(case)
    assert (done.state, done.closing, done.rating, done.refusals) == ("closed", "reporter", "satisfied", 1)
    assert village.trace(case) == [
        "cases.open_case",
        "cases.accept_case",
        "cases.assign_case",
        "cases.claim_case",
        "cases.handle_case",
        "cases.reopen_case",
        "cases.claim_case",
        "cases.handle_case",
        "cases.confirm_case",
    ]
    with reading(resident):
        told = timeline(resident, done)
    assert [s.words for s in told if s.words] == ["换了灯头", "还是不亮", "换了镇流器", "亮了"]
    assert told[3].by_name == "陈书记"


def test_asking_twice_is_one_request_and_another_body_is_refused(village: Village) -> None:
    intake = village.intake("水渠堵了")
    first = open_case(actor=village.resident(), intake=intake)
    second = open_case(actor=village.resident(), intake=intake)
    assert first.id == second.id
    assert village.trace(first).count("cases.open_case") == 1
    with unscoped("test"):
        rows = Row.objects.filter(county=village.county, kind="live").count()
    assert rows == 1

    from dataclasses import replace

    with pytest.raises(KeyReused):
        open_case(actor=village.resident(), intake=replace(intake, text="别的事"))


def test_a_complaint_about_an_official_is_kept_nowhere(village: Village) -> None:
    with pytest.raises(AboutOfficial) as refused:
        village.case("书记收了我的钱", about_official=True)
    assert refused.value.facts["channels"]
    with pytest.raises(AboutOfficial):
        village.case("书记收了我的钱", kind="tip_off")
    with reading(village.house):
        assert not Case.objects.filter(county=village.county).exists()


def test_neighbours_do_not_exist_for_each_other(village: Village) -> None:
    case = village.case()
    village.officer("陈书记")
    sibling = village.officer("张书记", duty="secretary", area=village.sibling)
    assert not village.sees(sibling, case)
    with pytest.raises(NotFound):
        claim_case(actor=sibling, case_id=case.id)
    town = village.officer("周分流员", duty="town_clerk")
    assert village.sees(town, case)
    with pytest.raises(NotAllowed):
        claim_case(actor=town, case_id=case.id)


def test_a_move_that_the_table_has_not_is_refused(village: Village) -> None:
    secretary = village.officer("陈书记")
    case = village.case()
    claim_case(actor=secretary, case_id=case.id)
    with pytest.raises(MoveRefused):
        confirm_case(actor=village.holding(case), case_id=case.id)
    same = claim_case(actor=secretary, case_id=case.id)
    assert same.step == 4, "a second press by the same person changes nothing"


def test_a_named_report_sent_three_times_is_one_request_and_one_person(village: Village) -> None:
    from wushi.domain.people.models import Person

    intake = village.intake("水渠堵了", name="刘奶奶")
    for _ in range(3):
        open_case(actor=village.resident(), intake=intake)
    with reading(village.house):
        assert Person.objects.filter(county=village.county).count() == 1
        assert Case.objects.filter(county=village.county).count() == 1
        assert page_for(village.house, Wanted("area", text="刘奶奶")).rows == []
    town = village.officer("周分流员", duty="town_clerk")
    with reading(town):
        assert page_for(town, Wanted(text="刘奶奶")).rows == [], "people are not looked up by words"
        assert len(page_for(town, Wanted(text="水渠")).rows) == 1
