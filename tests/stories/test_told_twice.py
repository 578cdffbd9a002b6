"""One matter told twice, two matters told as one, and matters that belong together."""

from __future__ import annotations

from uuid import uuid4

import pytest

from tests.village import Village, at
from wushi.domain.cases.errors import NoMaster
from wushi.domain.cases.models import Clock
from wushi.domain.cases.queries import (
    by_receipt,
    linked_to,
    master_of,
    near_to,
    of_same_person,
    timeline_of_master,
)
from wushi.domain.cases.services import (
    add_words,
    claim_case,
    handle_case,
    link_cases,
    merge_case,
    revise_case,
    split_case,
    take_number,
    unmerge_case,
)
from wushi.kernel.errors import Invalid
from wushi.kernel.states import MoveRefused
from wushi.kernel.verb import reading


def test_merged_and_taken_apart_seen_by_both_residents(village: Village) -> None:
    secretary = village.officer("陈书记")
    first = village.told(
        "井边路灯不亮", at("2026-11-16 09:00"), category="light", name="赵玉兰", phone="13800000021"
    )
    second = village.told("村井旁边那盏灯坏了", at("2026-11-16 10:00"), category="light")
    one, other = village.holding(first), village.holding(second)
    with reading(secretary):
        assert [c.id for c in near_to(secretary, second, at("2026-11-16 10:05"))] == [first.id]
    with pytest.raises(NoMaster):
        merge_case(actor=secretary, case_id=second.id, master_id=second.id)
    merge_case(actor=secretary, case_id=second.id, master_id=first.id, now=at("2026-11-16 10:10"))
    second = village.again(second)
    assert (second.state, second.outcome, village.again(first).merged) == ("merged", "duplicate", 1)
    with pytest.raises(NoMaster):
        merge_case(actor=secretary, case_id=first.id, master_id=second.id)

    claim_case(actor=secretary, case_id=first.id, now=at("2026-11-16 10:20"))
    add_words(actor=one, case_id=first.id, words="我家门牌是十二号", now=at("2026-11-16 10:30"))
    add_words(actor=secretary, case_id=first.id, words="电工下午来", now=at("2026-11-16 10:40"))
    with reading(other):
        assert by_receipt(other) is not None
        seen = by_receipt(other) or second
        steps = timeline_of_master(seen)
        master = master_of(seen)
    assert master is not None and master.state == "working"
    said = [step.words for step in steps]
    assert "电工下午来" in said and "我家门牌是十二号" not in said
    # the other's name, text and receipt are not among what he is shown
    assert not any("赵玉兰" in text or "井边路灯不亮" in text for text in said)

    # it was another lamp after all
    unmerge_case(actor=secretary, case_id=second.id, now=at("2026-11-16 11:00"))
    second = village.again(second)
    assert (second.state, second.merged_into_id, second.outcome) == ("assigned", None, "")
    with reading(village.house):
        running = Clock.objects.filter(county=village.county, case=second, ended_at=None)
        assert {c.name for c in running} == {"claim", "contact", "resolution", "whole"}
        assert {c.due_at for c in running if c.name == "resolution"} == {second.due_at}
    handle_case(
        actor=secretary, case_id=first.id, outcome="resolved", words="修好了", now=at("2026-11-16 16:00")
    )
    assert village.again(second).state == "assigned"
    with reading(one):
        assert timeline_of_master(by_receipt(one) or first) == []


def test_two_matters_told_as_one(village: Village) -> None:
    secretary = village.officer("陈书记")
    case = village.case("路灯不亮，另外垃圾没人清", name="赵玉兰", phone="13800000021", category="light")
    claim_case(actor=secretary, case_id=case.id)
    given = {
        "text": "垃圾没人清",
        "category": "clean",
        "number": take_number(village.county),
        "key": str(uuid4()),
    }
    new = split_case(actor=secretary, case_id=case.id, **given)
    assert split_case(actor=secretary, case_id=case.id, **given).id == new.id
    new = village.again(new)
    assert (new.category, new.state, new.reporter_id) == ("clean", "assigned", case.reporter_id)
    assert new.receipt != case.receipt and new.number != case.number
    with reading(secretary):
        assert [(kind, c.id) for kind, c in linked_to(secretary, case)] == [("split", new.id)]
        assert [c.id for c in of_same_person(secretary, case)] == [new.id]


def test_linked_and_both_go_on(village: Village) -> None:
    secretary = village.officer("陈书记")
    one, other = village.case("自来水发黄"), village.case("水管漏水")
    far = village.case("外村的事", area_code=village.sibling)
    with pytest.raises(NoMaster):
        link_cases(actor=secretary, case_id=one.id, other_id=far.id, kind="related")
    link_cases(actor=secretary, case_id=one.id, other_id=other.id, kind="related")
    step = village.again(one).step
    link_cases(actor=secretary, case_id=one.id, other_id=other.id, kind="related")
    assert village.again(one).step == step
    with reading(secretary):
        assert [c.id for _, c in linked_to(secretary, other)] == [one.id]


def test_sorting_anew_never_moves_a_deadline_later(village: Village) -> None:
    secretary = village.officer("陈书记")
    case = village.told("问路怎么走", at("2026-11-16 09:00"), kind="inquiry")
    assert case.due_at == at("2026-11-17 18:00")
    revise_case(actor=secretary, case_id=case.id, kind="complaint", tags=["worrying"])
    case = village.again(case)
    assert (case.kind, case.tags, case.due_at) == ("complaint", ["worrying"], at("2026-11-17 18:00"))
    slow = village.told("建议修个凉亭", at("2026-11-16 09:00"), kind="suggestion")
    assert slow.due_at == at("2026-11-23 18:00")
    revise_case(actor=secretary, case_id=slow.id, urgency="urgent")
    assert village.again(slow).due_at == at("2026-11-17 18:00")
    revise_case(actor=secretary, case_id=slow.id, urgency="normal")
    assert village.again(slow).due_at == at("2026-11-17 18:00")
    with pytest.raises(Invalid):
        revise_case(actor=secretary, case_id=slow.id, kind="tip_off")
    claim_case(actor=secretary, case_id=slow.id)
    handle_case(actor=secretary, case_id=slow.id, outcome="explained", words="明年规划里有")
    with pytest.raises(MoveRefused):
        revise_case(actor=secretary, case_id=slow.id, kind="help")
