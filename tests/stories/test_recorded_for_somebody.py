"""代录: who was spoken for hears of it and can say that it was not his wish; who takes the call knows the earlier ones."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from tests.stories.test_people_are_told import Post, kinds, post, reporter, work_off
from tests.village import Village, at
from wushi.domain.audit.models import Leaf
from wushi.domain.cases import services as cases
from wushi.domain.cases.errors import Contested, NotRecordedForYou, StaffDoNotRate, TooLateToContest
from wushi.domain.cases.models import Case, Clock, Entry, Flag
from wushi.domain.cases.queries import timeline
from wushi.domain.cases.queries.desk import flags_for
from wushi.domain.cases.services.setup import current_rules
from wushi.kernel.actor import Actor
from wushi.kernel.errors import Invalid, NotAllowed
from wushi.kernel.verb import reading

__all__ = ["post"]
PHONE = "13856411234"
TOLD = at("2026-11-02 09:00")


def recorded(village: Village, actor: Actor, text: str = "王奶奶家水管漏水", **more: Any) -> Case:
    """Typed in for somebody who agreed by word of mouth, on the second of November."""
    known = {"on_behalf": True, "consent": "word", "name": "王秀兰", "phone": PHONE, "channel": "visit"}
    return village.told(text, TOLD, actor, **{**known, **more})


def flags(village: Village, actor: Actor) -> list[str]:
    with reading(actor):
        return [flag.kind for flag in flags_for(actor)]


# ---- the receipt ----
def test_who_was_spoken_for_gets_a_message_of_its_own_with_the_last_day(village: Village, post: Post) -> None:
    worker = village.officer("小赵", duty="grid_worker")
    case = recorded(village, worker, wants_reply=False)
    work_off(village)
    assert kinds(village, reporter(village, case)) == ["cases.recorded_for_you"]
    (letter,) = post.sms.carried
    assert letter.address == PHONE and case.number in letter.text and "11月17日" in letter.text
    assert case.receipt[6:10] in letter.text


def test_what_he_told_himself_is_only_received(village: Village, post: Post) -> None:
    case = village.case(phone=PHONE)
    work_off(village)
    assert kinds(village, reporter(village, case)) == ["cases.received"]


def test_the_days_are_the_countys(village: Village) -> None:
    with reading(village.house):
        rules = current_rules(village.county)
    numbers = {**rules.numbers, "contest_days": 3}
    cases.adopt_rules(actor=village.house, rules=replace(rules, since=date(2026, 1, 1), numbers=numbers))
    case = recorded(village, village.officer("小赵", duty="grid_worker"))
    with pytest.raises(TooLateToContest) as late:
        cases.contest_case(actor=village.holding(case), case_id=case.id, now=TOLD + timedelta(days=4))
    assert late.value.facts == {"days": 3}
    cases.contest_case(actor=village.holding(case), case_id=case.id, now=at("2026-11-05 23:59"))


# ---- contesting ----
def test_it_was_not_his_wish_and_it_ends(village: Village, post: Post) -> None:
    worker = village.officer("小赵", duty="grid_worker")
    secretary, clerk = village.officer("陈书记"), village.officer("周分流员", duty="town_clerk")
    case = recorded(village, worker)
    cases.claim_case(actor=secretary, case_id=case.id, now=TOLD)
    cases.blow_whistle(
        actor=secretary, case_id=case.id, kind="everyday", called=[cases.Called("JT", essential=True)], words="请来",
        now=TOLD,
    )  # fmt: skip
    cases.contest_case(
        actor=village.holding(case), case_id=case.id, words="我没让他报", now=TOLD + timedelta(days=2)
    )
    ended = village.again(case)
    assert (ended.state, ended.closing, ended.outcome) == ("withdrawn", "contested", "withdrawn")
    assert (ended.rating, ended.open_parts) == ("", 0)
    with reading(village.house):
        assert not Clock.objects.filter(county=case.county, case=case, ended_at=None).exists()
        leaf = Leaf.objects.get(county=case.county, subject_id=str(case.id), verb="cases.contest_case")
        entry = Entry.objects.get(county=case.county, case=case, at_step=leaf.step)
    assert entry.text == "我没让他报" and "没让" not in str(leaf.facts) and leaf.facts["was"] == "working"
    work_off(village)
    assert "cases.contested" in kinds(village, worker.ref), "who recorded it hears of it"
    assert "cases.contested" in kinds(village, secretary.ref), "and who had it in hand"
    assert flags(village, clerk) == ["contested"], "the level above looks at it"
    assert flags(village, secretary) == []


def test_a_second_press_is_the_same_and_other_words_are_refused(village: Village) -> None:
    case = recorded(village, village.officer("小赵", duty="grid_worker"))
    holder, when = village.holding(case), TOLD + timedelta(days=1)
    for _n in range(2):
        cases.contest_case(actor=holder, case_id=case.id, words="不是我", now=when)
    with pytest.raises(Contested):
        cases.contest_case(actor=holder, case_id=case.id, words="又不是我", now=when)
    assert village.trace(case).count("cases.contest_case") == 1
    with reading(village.house):
        assert Flag.objects.filter(county=village.county, kind="contested").count() == 1


def test_what_is_closed_stays_closed_and_counts_as_nobodys_satisfaction(village: Village) -> None:
    secretary = village.officer("陈书记")
    case = recorded(village, village.officer("小赵", duty="grid_worker"))
    cases.claim_case(actor=secretary, case_id=case.id, now=TOLD)
    cases.handle_case(actor=secretary, case_id=case.id, outcome="resolved", words="好了", now=TOLD)
    holder = village.holding(case)
    cases.confirm_case(actor=holder, case_id=case.id, rating="satisfied", now=TOLD)
    cases.contest_case(actor=holder, case_id=case.id, now=TOLD + timedelta(days=1))
    after = village.again(case)
    assert (after.state, after.closing, after.rating) == ("closed", "contested", "")
    with pytest.raises(Contested):
        cases.rate_case(actor=holder, case_id=case.id, rating="satisfied", now=TOLD + timedelta(days=2))
    with pytest.raises(Contested):
        cases.reopen_case(actor=holder, case_id=case.id, now=TOLD + timedelta(days=2))


def test_what_was_said_to_be_done_ends_and_was_settled_on_no_level(village: Village) -> None:
    secretary = village.officer("陈书记")
    case = recorded(village, village.officer("小赵", duty="grid_worker"))
    cases.claim_case(actor=secretary, case_id=case.id, now=TOLD)
    cases.handle_case(actor=secretary, case_id=case.id, outcome="resolved", words="好了", now=TOLD)
    cases.contest_case(actor=village.holding(case), case_id=case.id, now=TOLD)
    after = village.again(case)
    assert (after.state, after.outcome, after.resolved_level) == ("withdrawn", "withdrawn", "")


def test_what_was_merged_comes_out_again_and_ends(village: Village) -> None:
    secretary = village.officer("陈书记")
    master = village.told("同一根水管", TOLD - timedelta(hours=1))
    case = recorded(village, village.officer("小赵", duty="grid_worker"))
    cases.merge_case(actor=secretary, case_id=case.id, master_id=master.id, now=TOLD)
    cases.contest_case(actor=village.holding(case), case_id=case.id, now=TOLD)
    assert (village.again(case).state, village.again(case).merged_into_id) == ("withdrawn", None)
    assert (village.again(master).state, village.again(master).merged) == ("assigned", 0)


def test_what_others_told_goes_on_when_the_one_that_took_it_in_is_contested(village: Village) -> None:
    secretary = village.officer("陈书记")
    master = recorded(village, village.officer("小赵", duty="grid_worker"))
    case = village.told("同一根水管", TOLD + timedelta(hours=1))
    cases.merge_case(actor=secretary, case_id=case.id, master_id=master.id, now=TOLD + timedelta(hours=2))
    cases.contest_case(actor=village.holding(master), case_id=master.id, now=TOLD + timedelta(hours=3))
    assert (village.again(master).state, village.again(case).state) == ("withdrawn", "assigned")


def test_only_whom_it_was_recorded_for(village: Village) -> None:
    worker = village.officer("小赵", duty="grid_worker")
    case, own = recorded(village, worker), village.told("自己说的", TOLD)
    beside = replace(village.holding(case), relations=frozenset({"receipt", f"beside:{worker.ref}"}))
    with pytest.raises(StaffDoNotRate):
        cases.contest_case(actor=beside, case_id=case.id, now=TOLD)
    with pytest.raises(NotAllowed):
        cases.contest_case(actor=worker, case_id=case.id, now=TOLD)
    with pytest.raises(NotRecordedForYou):
        cases.contest_case(actor=village.holding(own), case_id=own.id, now=TOLD)
    assert village.again(case).state == "assigned" and flags(village, worker) == []


def test_signed_in_as_the_one_it_was_recorded_for(village: Village) -> None:
    case = recorded(village, village.officer("小赵", duty="grid_worker"))
    person = Actor(f"person:{case.reporter_id}", village.county)
    cases.contest_case(actor=person, case_id=case.id, now=TOLD)
    assert village.again(case).closing == "contested"


def test_a_town_clerk_does_not_look_at_what_he_recorded_himself(village: Village) -> None:
    clerk = village.officer("周分流员", duty="town_clerk")
    district = village.officer("区分流员", duty="district_clerk")
    case = recorded(village, clerk)
    cases.contest_case(actor=village.holding(case), case_id=case.id, now=TOLD)
    assert flags(village, clerk) == [] and flags(village, district) == ["contested"]


def test_recorded_by_the_district_the_supervisor_looks(village: Village) -> None:
    town = village.officer("周分流员", duty="town_clerk")
    village.appoint("周分流员", duty="district_clerk")
    supervisor = village.officer("督办员", duty="supervisor")
    case = recorded(village, village.actor("周分流员"))
    cases.contest_case(actor=village.holding(case), case_id=case.id, now=TOLD)
    assert flags(village, town) == [] and flags(village, supervisor) == ["contested"]


def test_the_trace_tells_it(village: Village) -> None:
    case = recorded(village, village.officer("小赵", duty="grid_worker"))
    cases.contest_case(actor=village.holding(case), case_id=case.id, words="不是我", now=TOLD)
    ended = village.again(case)
    with reading(village.house):
        last = timeline(village.house, ended)[-1]
    assert (last.verb, last.by, last.words) == ("contest_case", "resident", "不是我")


# ---- who is on the line ----
def leaves(village: Village) -> list[Leaf]:
    with reading(village.house):
        return list(Leaf.objects.filter(county=village.county, verb="cases.look_up_caller"))


def test_the_hotline_sees_the_countys_earlier_ones_without_opening_them(village: Village) -> None:
    hotline = village.officer("话务员", duty="hotline")
    here = village.told("水管漏水", TOLD, phone=PHONE, name="王秀兰")
    there = village.told("路灯不亮", TOLD + timedelta(days=1), phone=PHONE, area_code=village.sibling)
    own = recorded(village, hotline, "我打电话说的")
    found = cases.look_up_caller(actor=hotline, phone="138 5641 1234")
    assert [line.number for line in found.earlier] == [there.number, own.number, here.number]
    assert [bool(line.id) for line in found.earlier] == [False, True, False]
    assert (found.earlier[0].place, found.earlier[0].area) == ("", "")
    (leaf,) = leaves(village)
    assert leaf.facts == {"n": 3} and leaf.subject_id == str(here.reporter_id) and leaf.actor == hotline.ref


def test_others_see_what_is_theirs_and_no_more(village: Village) -> None:
    secretary = village.officer("陈书记")
    here = village.told("水管漏水", TOLD, phone=PHONE, name="王秀兰")
    village.told("路灯不亮", TOLD, phone=PHONE, area_code=village.sibling)
    found = cases.look_up_caller(actor=secretary, phone=PHONE)
    assert [(line.id, line.area) for line in found.earlier] == [(here.id, village.grid)]
    assert found.name == "王秀兰"
    neighbour = village.officer("会馆书记", area=f"{village.other_town}201")
    assert cases.look_up_caller(actor=neighbour, phone=PHONE) == cases.Caller()


def test_what_is_sealed_is_not_there_nor_counted(village: Village) -> None:
    hotline = village.officer("话务员", duty="hotline")
    case = recorded(village, hotline)
    cases.mark_official(
        actor=village.holding(case), case_id=case.id, accused_id=None, level="village", now=TOLD
    )
    assert cases.look_up_caller(actor=hotline, phone=PHONE) == cases.Caller()
    assert [leaf.facts for leaf in leaves(village)] == [{"n": 0}]


def test_at_most_ten_and_of_a_number_nobody_has_nothing_is_left(village: Village) -> None:
    hotline = village.officer("话务员", duty="hotline")
    for n in range(11):
        village.told(f"第{n}件", TOLD + timedelta(hours=n), phone=PHONE)
    assert len(cases.look_up_caller(actor=hotline, phone=PHONE).earlier) == 10
    assert cases.look_up_caller(actor=hotline, phone="13999999999").earlier == ()
    assert len(leaves(village)) == 1


def test_who_records_for_nobody_looks_nobody_up(village: Village) -> None:
    department = village.officer("交通局", duty="department", unit="JT")
    for actor in (department, village.resident(), village.officer("管理员", duty="district_admin")):
        with pytest.raises(NotAllowed):
            cases.look_up_caller(actor=actor, phone=PHONE)
    with pytest.raises(Invalid):
        cases.look_up_caller(actor=village.officer("话务员", duty="hotline"), phone="12")
    assert leaves(village) == []
