"""People come and go, areas are merged and split: nothing is ever left with nobody."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from tests.village import SINCE, Village, square
from wushi.domain.accounts import queries as accounts
from wushi.domain.accounts.errors import BadDates, PostTaken, UnknownDuty
from wushi.domain.accounts.services import arrange_stand_in, end_post, end_stand_in, found_unit
from wushi.domain.accounts.services.posts import NewUnit
from wushi.domain.areas import queries as areas
from wushi.domain.areas.errors import AreasNotTogether, BadOutline, CodeTaken, UnknownArea
from wushi.domain.areas.services import NewArea, describe_area, found_area, load_areas, replace_areas
from wushi.domain.cases.queries import Wanted, page_for
from wushi.domain.cases.services import claim_case, confirm_case, handle_case, reopen_case
from wushi.kernel.actor import Actor
from wushi.kernel.errors import NotAllowed
from wushi.kernel.verb import reading, unscoped


def test_ending_a_post_takes_effect_at_once_and_leaves_a_tray(village: Village) -> None:
    secretary = village.officer("陈书记")
    working, handled = village.case("路灯不亮"), village.case("水渠堵了")
    for case in (working, handled):
        claim_case(actor=secretary, case_id=case.id)
    handle_case(actor=secretary, case_id=handled.id, outcome="resolved", words="清了")

    end_post(actor=village.house, post_id=village.posts["陈书记"].id)

    assert village.actor("陈书记").grants == frozenset()
    left = village.again(working)
    assert (left.state, left.holder_id, left.tray_duty, left.tray_area) == (
        "assigned",
        None,
        "secretary",
        village.code,
    )
    assert village.again(handled).state == "handled"
    assert village.trace(working)[-1] == "cases.release_case"
    with unscoped("test"):
        assert ("secretary", village.code) in accounts.vacancies(village.county, village.town, date.today())

    successor = village.officer("李书记")
    with reading(successor):
        assert [c.id for c in page_for(successor, Wanted("tray")).rows] == [working.id]
    reopen_case(actor=village.holding(handled), case_id=handled.id, words="又堵了")
    claim_case(actor=successor, case_id=handled.id)


def test_a_grid_has_one_lead_at_a_time(village: Village) -> None:
    village.officer("王网格长", duty="grid_lead")
    with pytest.raises(PostTaken):
        village.officer("李网格长", duty="grid_lead")
    village.people.pop("李网格长", None)
    end_post(actor=village.house, post_id=village.posts["王网格长"].id)
    village.people["赵网格长"] = village.people["王网格长"]
    village.appoint("赵网格长", duty="grid_lead", since=date.today())
    with pytest.raises(UnknownDuty):
        village.appoint("赵网格长", duty="grid_lead", area=village.code)


def test_the_database_itself_refuses_a_second_lead(village: Village) -> None:
    from django.db.utils import IntegrityError

    from wushi.domain.accounts.models import Post

    village.officer("王网格长", duty="grid_lead")
    with pytest.raises(IntegrityError, match="accounts_one_grid_lead_at_a_time"), unscoped("test"):
        Post(
            county=village.county,
            user=village.people["王网格长"],
            duty="grid_lead",
            area=village.grid,
            valid_from=date(2024, 1, 1),
        ).save(force_insert=True)


def test_a_stand_in_does_the_work_for_his_days(village: Village) -> None:
    secretary = village.officer("陈书记")
    village.officer("吴会计", duty="grid_worker")
    held, lying = village.case("路灯不亮"), village.case("水渠堵了")
    claim_case(actor=secretary, case_id=held.id)
    today = date.today()
    with pytest.raises(BadDates):
        arrange_stand_in(
            actor=secretary,
            post_id=village.posts["陈书记"].id,
            user_id=village.user_id("吴会计"),
            first=today,
            last=today - timedelta(1),
        )
    with pytest.raises(NotAllowed):
        arrange_stand_in(
            actor=village.officer("张书记", area=village.sibling),
            post_id=village.posts["陈书记"].id,
            user_id=village.user_id("吴会计"),
            first=today,
            last=today,
        )
    row = arrange_stand_in(
        actor=secretary,
        post_id=village.posts["陈书记"].id,
        user_id=village.user_id("吴会计"),
        first=today,
        last=today,
    )
    stand_in = village.actor("吴会计")
    with reading(stand_in):
        assert [c.id for c in page_for(stand_in, Wanted("mine")).rows] == [held.id]
        assert [c.id for c in page_for(stand_in, Wanted("tray")).rows] == [lying.id]
    handle_case(actor=stand_in, case_id=held.id, outcome="resolved", words="代陈书记看过，修好了")
    end_stand_in(actor=secretary, stand_in_id=row.id)
    assert not village.actor("吴会计").has_duty(["secretary"])


def test_two_villages_become_one_and_the_duty_covers_what_came_before(village: Village) -> None:
    secretary = village.officer("陈书记")
    case = village.case("路灯不亮", area_code=village.code)
    claim_case(actor=secretary, case_id=case.id)
    merged = f"{village.town}210"
    with pytest.raises(AreasNotTogether):
        replace_areas(actor=village.house, old=[village.code, village.grid], new=[NewArea(merged, "孙白村")])
    with pytest.raises(NotAllowed):
        replace_areas(actor=secretary, old=[village.code, village.sibling], new=[NewArea(merged, "孙白村")])

    replace_areas(actor=village.house, old=[village.code, village.sibling], new=[NewArea(merged, "孙白村")])

    after = village.again(case)
    assert (after.village, after.tray_area, after.holder_id) == (
        village.code,
        merged,
        village.user_id("陈书记"),
    )
    moved = village.actor("陈书记")
    assert moved.holds("secretary", over=merged) and moved.holds("secretary", over=village.code)
    handle_case(actor=moved, case_id=case.id, outcome="resolved", words="修好了")
    with unscoped("test"):
        assert areas.place(village.code).ended  # type: ignore[union-attr]
        with pytest.raises(UnknownArea):
            areas.existing(village.code)


def test_a_grid_is_split_and_a_point_decides_where_its_matters_go(village: Village) -> None:
    lead = village.officer("王网格长", duty="grid_lead")
    east = NewArea(f"{village.code}012", "东网格", outline=square(115.905, 31.80, 0.005))
    west = NewArea(f"{village.code}011", "西网格", outline=square(115.90, 31.80, 0.005))
    case = village.case("井盖坏了", longitude=115.908, latitude=31.802)
    from wushi.domain.cases.rules import Tray
    from wushi.domain.cases.services import assign_case, return_case

    return_case(actor=village.officer("陈书记"), case_id=case.id, reason_code="not_our_duty")
    clerk = village.officer("周分流员", duty="town_clerk")
    assign_case(actor=clerk, case_id=case.id, tray=Tray("grid_lead", village.grid))
    replace_areas(actor=village.house, old=[village.grid], new=[west, east])
    assert village.again(case).tray_area == east.code
    with unscoped("test"):
        assert areas.grid_at(village.county, 115.908, 31.802).grid == east.code
    assert lead.ref == village.actor("王网格长").ref
    assert village.actor("王网格长").holds("grid_lead", over=west.code)


def test_areas_are_founded_and_described_and_wrong_ones_refused(village: Village) -> None:
    new = NewArea(
        f"{village.code}003",
        "三网格",
        outline=square(115.93, 31.80),
        lead_name="王长河",
        lead_phone="13800000001",
    )
    found_area(actor=village.house, area=new)
    with pytest.raises(CodeTaken):
        found_area(actor=village.house, area=new)
    with pytest.raises(UnknownArea):
        found_area(actor=village.house, area=NewArea(f"{village.county}999999", "无"))
    with pytest.raises(BadOutline):
        found_area(
            actor=village.house,
            area=NewArea(f"{village.code}004", "四网格", outline={"type": "Polygon", "coordinates": "x"}),
        )
    describe_area(
        actor=village.house,
        area=NewArea(new.code, "三网格", households=70, lead_name="刘桂花", lead_phone="13800000002"),
    )
    with unscoped("test"):
        place = areas.place(new.code)
    assert place and (place.households, place.lead_name) == (70, "刘桂花")


def test_founding_twice_changes_nothing(county: str) -> None:
    house = Actor.of_house(county)
    rows = [NewArea(county, "试验区"), NewArea(f"{county}100", "孙岗乡")]
    assert load_areas(actor=house, areas=rows, since=SINCE, source="test") == 2
    assert load_areas(actor=house, areas=rows, since=SINCE, source="test") == 0
    unit = NewUnit("A", "单位", "department", county)
    assert found_unit(actor=house, unit=unit).id == found_unit(actor=house, unit=unit).id


def test_nobody_lends_himself_rights_and_clerks_lend_only_everyday_posts_below_them(village: Village) -> None:
    today = date.today()
    clerk = village.officer("吴分流员", duty="district_clerk")
    village.officer("许管理员", duty="district_admin")
    village.officer("沈督办", duty="supervisor")
    village.officer("陈书记")
    days = {"first": today, "last": today}
    for name in ("许管理员", "沈督办"):
        for to in ("吴分流员", "陈书记"):
            with pytest.raises(NotAllowed):
                arrange_stand_in(
                    actor=clerk, post_id=village.posts[name].id, user_id=village.user_id(to), **days
                )
    with pytest.raises(NotAllowed):
        arrange_stand_in(
            actor=clerk, post_id=village.posts["陈书记"].id, user_id=village.user_id("吴分流员"), **days
        )
    with pytest.raises(NotAllowed):
        arrange_stand_in(
            actor=village.actor("沈督办"),
            post_id=village.posts["沈督办"].id,
            user_id=village.user_id("陈书记"),
            **days,
        )
    arrange_stand_in(
        actor=clerk, post_id=village.posts["陈书记"].id, user_id=village.user_id("沈督办"), **days
    )


def test_a_stand_in_sees_what_was_signed_for_through_that_post_and_no_more(village: Village) -> None:
    village.officer("陈书记")
    village.appoint("陈书记", duty="secretary", area=village.sibling)
    village.officer("吴会计", duty="grid_worker")
    here, there = village.case("路灯不亮"), village.case("水渠堵了", area_code=village.sibling)
    for case in (here, there):
        claim_case(actor=village.actor("陈书记"), case_id=case.id)
    today = date.today()
    row = arrange_stand_in(
        actor=village.house,
        post_id=village.posts["陈书记"].id,
        user_id=village.user_id("吴会计"),
        first=today,
        last=today,
    )
    stand_in = village.actor("吴会计")
    assert village.sees(stand_in, here) and not village.sees(stand_in, there)

    taken = village.case("井盖坏了")
    claim_case(actor=stand_in, case_id=taken.id)
    end_stand_in(actor=village.house, stand_in_id=row.id)
    left = village.again(taken)
    assert (left.state, left.holder_id) == ("assigned", None), (
        "what he signed for through it lies in the tray again"
    )


def test_a_stand_in_whose_days_are_over_is_ended_by_the_house(village: Village) -> None:
    from wushi.domain.accounts.services.posts import end_expired_stand_ins

    village.officer("陈书记")
    village.officer("吴会计", duty="grid_worker")
    before = date.today() - timedelta(days=3)
    arrange_stand_in(
        actor=village.house,
        post_id=village.posts["陈书记"].id,
        user_id=village.user_id("吴会计"),
        first=before,
        last=before,
    )
    assert end_expired_stand_ins(village.county) == 1
    assert end_expired_stand_ins(village.county) == 0


def test_reopened_after_its_holder_left_it_lies_in_the_tray(village: Village) -> None:
    secretary = village.officer("陈书记")
    case = village.case("路灯不亮")
    claim_case(actor=secretary, case_id=case.id)
    handle_case(actor=secretary, case_id=case.id, outcome="resolved", words="修好了")
    confirm_case(actor=village.holding(case), case_id=case.id)
    end_post(actor=village.house, post_id=village.posts["陈书记"].id)
    reopen_case(actor=village.holding(case), case_id=case.id, words="又灭了")
    assert village.again(case).holder_id is None
    claim_case(actor=village.officer("李书记"), case_id=case.id)


def test_a_post_that_ended_meanwhile_signs_for_nothing(village: Village) -> None:
    stale = village.officer("陈书记")
    case = village.case("路灯不亮")
    end_post(actor=village.house, post_id=village.posts["陈书记"].id)
    with pytest.raises(NotAllowed):
        claim_case(actor=stale, case_id=case.id)


def test_a_file_of_grids_is_taken_over_whole_or_not_at_all(village: Village) -> None:
    import json

    from wushi.domain.areas import outlines
    from wushi.domain.areas.errors import BadGrids
    from wushi.domain.areas.services import load_grids

    def file(*grids: tuple[str, object]) -> str:
        features = [
            {"type": "Feature", "properties": {"code": c, "name": "网格", "households": 50}, "geometry": g}
            for c, g in grids
        ]
        return json.dumps({"type": "FeatureCollection", "features": features})

    good = file((village.grid, square(115.95, 31.8)), (f"{village.code}009", square(115.96, 31.8)))
    assert load_grids(actor=village.house, grids=outlines.read(good)) == (1, 1)
    half = file(
        (f"{village.code}010", square(115.97, 31.8)),
        (f"{village.code}011", {"type": "Point", "coordinates": [0, 0]}),
    )
    with pytest.raises(BadOutline):
        load_grids(actor=village.house, grids=outlines.read(half))
    with unscoped("test"):
        assert areas.place(f"{village.code}010") is None
        assert areas.grid_at(village.county, 115.965, 31.805).grid == f"{village.code}009"
    for bad in (
        "",
        "{}",
        '{"features": []}',
        '{"features": [{"properties": {"code": "1", "name": "x"}}]}',
        '{"features": [3]}',
    ):
        with pytest.raises(BadGrids):
            outlines.read(bad)
