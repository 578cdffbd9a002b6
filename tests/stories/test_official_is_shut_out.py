"""What turns out to be about an official does not exist for him, his unit, or anybody he could ask."""

from __future__ import annotations

from datetime import date
from uuid import UUID

import pytest

from tests.village import Village
from wushi.domain.accounts.services import arrange_stand_in
from wushi.domain.cases.errors import NothingAbove
from wushi.domain.cases.models import Clock
from wushi.domain.cases.queries import Wanted, count_for, lamps_under, page_for
from wushi.domain.cases.queries.lists import LISTS
from wushi.domain.cases.rules import Tray
from wushi.domain.cases.services import (
    Called,
    add_words,
    appeal_case,
    assign_case,
    blow_whistle,
    claim_case,
    handle_case,
    mark_official,
    merge_case,
    return_case,
)
from wushi.domain.outbox.models import Row
from wushi.kernel.actor import Actor
from wushi.kernel.errors import Invalid, NotFound
from wushi.kernel.verb import reading, unscoped


def everything_he_sees(actor: Actor, village: Village) -> list[object]:
    """Every list, count, search and lamp of an actor."""
    seen: list[object] = []
    with reading(actor):
        for name in LISTS:
            seen.append([c.id for c in page_for(actor, Wanted(name)).rows])
            seen.append(str(count_for(actor, Wanted(name))))
        seen.append([c.id for c in page_for(actor, Wanted("area", text="低保")).rows])
        seen.append([(x.village, x.open, x.overdue) for x in lamps_under(village.county, village.code)])
    return seen


def test_the_accused_and_his_colleagues_see_what_they_saw_before(village: Village) -> None:
    secretary = village.officer("陈书记")
    deputy = village.officer("钱副书记", duty="deputy", area=village.code)
    lead = village.officer("王网格长", duty="grid_lead")
    clerk, supervisor = (
        village.officer("周分流员", duty="town_clerk"),
        village.officer("沈督办", duty="supervisor"),
    )
    before = {a.ref: everything_he_sees(a, village) for a in (secretary, deputy, lead)}

    case = village.case("低保名额给了书记的亲戚")
    claim_case(actor=secretary, case_id=case.id)
    mark_official(actor=clerk, case_id=case.id, accused_id=village.user_id("陈书记"), words="群众电话里说的")

    for actor in (secretary, deputy, lead):
        assert everything_he_sees(actor, village) == before[actor.ref]
        assert not village.sees(actor, case)
        with pytest.raises(NotFound):
            claim_case(actor=actor, case_id=case.id)
    moved = village.again(case)
    assert (moved.state, moved.tray_duty, moved.tray_area, moved.holder_id) == (
        "waiting",
        "town_clerk",
        village.town,
        None,
    )
    assert village.sees(clerk, case) and village.sees(supervisor, case)
    with reading(clerk):
        assert [c.id for c in page_for(clerk, Wanted("tray")).rows] == [case.id]
        assert [c.id for c in page_for(clerk, Wanted("area", text=case.number)).rows] == [case.id]
    with reading(secretary):
        assert page_for(secretary, Wanted("area", text=case.number)).rows == []


def test_who_typed_it_in_for_the_resident_is_shut_out_too(village: Village) -> None:
    lead = village.officer("王网格长", duty="grid_lead")
    case = village.case("网格长多收了钱", actor=lead, on_behalf=True, consent="word", name="刘奶奶")
    assert village.sees(lead, case)
    mark_official(actor=village.holding(case), case_id=case.id, accused_id=None)
    assert not village.sees(lead, case)
    assert village.sees(village.officer("周分流员", duty="town_clerk"), case)


def test_a_town_official_is_above_the_village_so_the_district_takes_it(village: Village) -> None:
    clerk = village.officer("周分流员", duty="town_clerk")
    secretary = village.officer("陈书记")
    case = village.case("乡里办事的人要好处")
    mark_official(actor=secretary, case_id=case.id, accused_id=village.user_id("周分流员"))
    assert not village.sees(clerk, case)
    assert not village.sees(secretary, case), "nobody below the level above the accused"
    assert village.sees(village.officer("吴分流员", duty="district_clerk"), case)


def test_a_district_official_is_shut_out_with_his_whole_level(village: Village) -> None:
    clerk = village.officer("吴分流员", duty="district_clerk")
    leader = village.officer("方区长", duty="district_lead")
    supervisor = village.officer("沈督办", duty="supervisor")
    before = {a.ref: everything_he_sees(a, village) for a in (clerk, leader)}
    case = village.case("区里的人吃拿卡要，低保也要收钱")
    mark_official(actor=supervisor, case_id=case.id, accused_id=village.user_id("吴分流员"))
    for actor in (clerk, leader, village.officer("周分流员", duty="town_clerk")):
        assert not village.sees(actor, case)
    assert {a.ref: everything_he_sees(a, village) for a in (clerk, leader)} == before
    assert village.sees(supervisor, case)
    with reading(supervisor):
        assert [c.id for c in page_for(supervisor, Wanted("tray")).rows] == [case.id]
        assert [c.id for c in page_for(supervisor, Wanted("area", text="吃拿卡要")).rows] == [case.id]
    claim_case(actor=supervisor, case_id=case.id)
    handle_case(actor=supervisor, case_id=case.id, outcome="explained", words="已转区纪委")
    with pytest.raises(NothingAbove):
        appeal_case(actor=village.holding(case), case_id=case.id, level="district")


def test_going_higher_does_not_undo_the_seal(village: Village) -> None:
    clerk = village.officer("周分流员", duty="town_clerk")
    case = village.case("乡里办事的人要好处")
    mark_official(actor=village.holding(case), case_id=case.id, accused_id=None, level="town")
    assert not village.sees(clerk, case)
    with pytest.raises(NothingAbove):
        appeal_case(actor=village.holding(case), case_id=case.id, level="town")
    appeal_case(actor=village.holding(case), case_id=case.id, level="district")
    assert not village.sees(clerk, case)


def test_in_a_grids_tray_about_the_secretary(village: Village) -> None:
    secretary, lead = village.officer("陈书记"), village.officer("王网格长", duty="grid_lead")
    clerk = village.officer("周分流员", duty="town_clerk")
    case = village.case("书记把路灯的钱拿走了")
    return_case(actor=secretary, case_id=case.id, reason_code="not_our_duty")
    assign_case(actor=clerk, case_id=case.id, tray=Tray("grid_lead", village.grid))
    mark_official(actor=lead, case_id=case.id, accused_id=village.user_id("陈书记"))
    assert not village.sees(secretary, case) and not village.sees(lead, case)
    assert village.again(case).tray_area == village.town
    with pytest.raises(Invalid):
        mark_official(actor=clerk, case_id=case.id, accused_id=UUID(int=1))


def test_who_stands_in_for_the_accused_post_or_is_lent_one_counts_with_it(village: Village) -> None:
    village.officer("周分流员", duty="town_clerk")
    village.officer("陈书记")
    today = date.today()
    arrange_stand_in(
        actor=village.house,
        post_id=village.posts["周分流员"].id,
        user_id=village.user_id("陈书记"),
        first=today,
        last=today,
    )
    case = village.case("书记的事")
    mark_official(actor=village.holding(case), case_id=case.id, accused_id=village.user_id("陈书记"))
    assert village.again(case).tray_area == village.county
    assert not village.sees(village.actor("陈书记"), case)


def test_who_saw_it_before_hears_nothing_of_it_afterwards(village: Village) -> None:
    secretary = village.officer("陈书记")
    case = village.case("低保名额给了书记的亲戚")
    claim_case(actor=secretary, case_id=case.id)
    heard = {village.again(case).topic, f"lamp:{village.code}", f"user:{village.user_id('陈书记')}"}
    mark_official(actor=village.holding(case), case_id=case.id, accused_id=village.user_id("陈书记"))
    with unscoped("test"):
        last = (
            Row.objects.filter(county=village.county, kind="live")
            .order_by("-id")
            .values_list("id", flat=True)[0]
        )
    add_words(actor=village.holding(case), case_id=case.id, words="我有收条")
    with unscoped("test"):
        later = Row.objects.filter(county=village.county, kind="live", id__gt=last)
        told = {topic for row in later for topic in row.payload["topics"]}
    assert told and not told & heard


def test_parts_whistles_and_merged_requests_are_shut_out_with_it(village: Village) -> None:
    secretary, clerk = village.officer("陈书记"), village.officer("周分流员", duty="town_clerk")
    desk = village.officer("人JT", duty="department", unit="JT")
    case, second = village.case("修路的钱去哪了"), village.case("路款的事")
    merge_case(actor=secretary, case_id=second.id, master_id=case.id)
    claim_case(actor=secretary, case_id=case.id)
    blow_whistle(actor=secretary, case_id=case.id, kind="everyday", called=[Called("JT")], words="请来")
    assert village.sees(desk, case) and village.sees(secretary, second)
    mark_official(actor=clerk, case_id=case.id, accused_id=village.user_id("陈书记"))
    for actor in (secretary, desk):
        assert not village.sees(actor, case) and not village.sees(actor, second)
        with reading(actor):
            assert all(page_for(actor, Wanted(name)).rows == [] for name in LISTS)
    moved = village.again(case)
    assert (moved.open_parts, moved.partners, moved.came_from) == (0, [], [])
    assert village.again(second).seal == moved.seal and village.sees(clerk, second)


def test_what_the_accused_called_done_is_not_done(village: Village) -> None:
    secretary, clerk = village.officer("陈书记"), village.officer("周分流员", duty="town_clerk")
    case = village.case("低保名额给了书记的亲戚")
    claim_case(actor=secretary, case_id=case.id)
    handle_case(actor=secretary, case_id=case.id, outcome="explained", words="符合条件")
    mark_official(actor=clerk, case_id=case.id, accused_id=village.user_id("陈书记"))
    moved = village.again(case)
    assert (moved.state, moved.handled_at, moved.outcome) == ("waiting", None, "")
    with reading(village.house):
        running = Clock.objects.filter(county=village.county, case=case, ended_at=None)
        assert {(c.name, c.run) for c in running} == {("handover", 1), ("resolution", 2), ("whole", 1)}
