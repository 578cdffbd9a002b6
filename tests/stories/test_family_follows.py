"""Children who live elsewhere follow and report for their parents, who agreed, and only as long as both want it."""

from __future__ import annotations

from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db import IntegrityError

from tests.stories.test_people_are_told import kinds, post, work_off
from tests.support import statements
from tests.village import Village
from wushi.domain.accounts import tasks
from wushi.domain.accounts.errors import CodeTooSoon, WrongCode
from wushi.domain.accounts.services import check_code, request_code
from wushi.domain.audit.queries import trace_of
from wushi.domain.cases import services as cases
from wushi.domain.cases.models import Case
from wushi.domain.cases.queries import Wanted, mine_of, of_family, page_for
from wushi.domain.cases.rules import Tray
from wushi.domain.notify.models import Notice
from wushi.domain.people.errors import LivesElsewhere, OneSelf, TooManyBonds
from wushi.domain.people.models import Bond, Person
from wushi.domain.people.queries import bond_to, bonds_here, followed_by, followers_of, followers_to_tell
from wushi.domain.people.services import (
    NewBond,
    NewPerson,
    ask_for_consent,
    check_consent,
    end_bond,
    note_person,
    tie_bond,
    tie_bond_for,
)
from wushi.kernel.actor import Actor
from wushi.kernel.errors import Invalid, NotAllowed, NotFound
from wushi.kernel.verb import chore, reading

__all__ = ["post"]


@pytest.fixture
def sent(monkeypatch: pytest.MonkeyPatch) -> list[tuple[Any, ...]]:
    """What reached a phone: the outside world is the one thing that is not real here."""
    out: list[tuple[Any, ...]] = []
    monkeypatch.setattr(tasks, "_senders", [lambda *said, **about: out.append((*said, about))])
    return out


def number(village: Village, n: int) -> str:
    """A phone of this test's own: limits are per phone, whatever the county."""
    return f"139{village.county}{n:02d}"


def resident(village: Village, n: int) -> Actor:
    """Somebody signed in by phone."""
    person = note_person(actor=village.house, person=NewPerson(phone=number(village, n)))
    return Actor(f"person:{person.id}", village.county)


def tied(village: Village, follower: Actor, n: int, sent: list[Any], called: str = "妈妈") -> Bond:
    """As on the telephone: the code comes to the parent, who reads it aloud."""
    asked = ask_for_consent(actor=follower, phone=number(village, n))
    tasks.send_code(code_id=str(asked.id), county=village.county, about="family")
    code_id = check_consent(actor=follower, phone=number(village, n), code=sent[-1][1])
    return tie_bond(actor=follower, code_id=code_id, phone=number(village, n), called=called)


def noted(village: Village, staff: Actor, follower: int, followed: int, **more: str) -> Bond:
    """As the village notes it."""
    known = {"village": village.code, "consent": "word", **more}
    return tie_bond_for(
        actor=staff, new=NewBond(number(village, follower), number(village, followed), **known)
    )


def mothers(village: Village, text: str = "井边路路灯不亮", n: int = 1) -> Case:
    """What the mother told with her number."""
    return village.case(text, phone=number(village, n))


def test_a_daughter_follows_with_the_code_her_mother_reads_to_her(village: Village, sent: list[Any]) -> None:
    before = mothers(village)
    daughter, mother = resident(village, 2), resident(village, 1)
    assert not village.sees(daughter, before)
    bond = tied(village, daughter, 1, sent)
    assert sent[-1][0] == number(village, 1) and sent[-1][2] == {"about": "family"}
    assert (bond.consent, bond.called, str(bond.follower_id)) == ("message", "妈妈", str(daughter.id))
    after = mothers(village, "门口井盖松了")
    with reading(daughter):
        assert [c.id for c in of_family(daughter)] == [after.id, before.id]
        assert list(mine_of(daughter)) == []
        assert [c.id for c in page_for(daughter, Wanted(list="area")).rows] == [after.id, before.id]
        assert [b.id for b in followed_by(daughter)] == [bond.id] and not followers_of(daughter)
    assert village.sees(daughter, before) and village.sees(daughter, after)
    with reading(mother):
        assert [b.id for b in followers_of(mother)] == [bond.id], "she sees who follows her"
    with reading(village.house):
        leaves = trace_of(county=village.county, subject="people.bond", subject_id=bond.id)
        assert [leaf.verb for leaf in leaves] == ["people.tie_bond"]
        assert "妈妈" not in str(leaves[0].facts) and number(village, 1) not in str(leaves[0].facts)


def test_the_code_read_aloud_signs_nobody_in_and_serves_no_other_follower(
    village: Village, sent: list[Any]
) -> None:
    daughter, stranger = resident(village, 2), resident(village, 3)
    asked = ask_for_consent(actor=daughter, phone=number(village, 1))
    tasks.send_code(code_id=str(asked.id), county=village.county, about="family")
    code = sent[-1][1]
    with pytest.raises(WrongCode):
        check_code(county=village.county, phone=number(village, 1), code=code)
    with pytest.raises(WrongCode):
        check_code(county=village.county, phone=number(village, 1), code=f"{daughter.id}|{code}")
    with pytest.raises(WrongCode):
        check_consent(actor=stranger, phone=number(village, 1), code=code)
    code_id = check_consent(actor=daughter, phone=number(village, 1), code=code)
    with pytest.raises(NotAllowed):
        tie_bond(actor=daughter, code_id=code_id, phone=number(village, 4))
    tie_bond(actor=daughter, code_id=code_id, phone=number(village, 1))
    with pytest.raises(WrongCode):
        tie_bond(actor=daughter, code_id=code_id, phone=number(village, 1))


def test_a_sign_in_code_ties_nobody(village: Village, sent: list[Any]) -> None:
    daughter = resident(village, 2)
    asked = request_code(actor=village.resident(), phone=number(village, 1))
    tasks.send_code(code_id=str(asked.id), county=village.county)
    with pytest.raises(WrongCode):
        check_consent(actor=daughter, phone=number(village, 1), code=sent[-1][1])


def test_asking_tells_nothing_of_the_number_and_has_the_limits_of_signing_in(
    village: Village, sent: list[Any]
) -> None:
    daughter = resident(village, 2)
    mothers(village)
    for n in (1, 9):  # known here, and not
        assert ask_for_consent(actor=daughter, phone=number(village, n)).county == village.county
        with pytest.raises(CodeTooSoon):
            ask_for_consent(actor=daughter, phone=number(village, n))
    with reading(village.house):
        index = Person.objects.filter(county=village.county)
        assert number(village, 9) not in {p.phone for p in index}, "nobody is entered by being asked for"
    with pytest.raises(NotAllowed):
        ask_for_consent(actor=village.resident(), phone=number(village, 1))
    with pytest.raises(NotAllowed):
        check_consent(actor=village.officer("陈书记"), phone=number(village, 1), code="123456")


def test_the_village_notes_who_agreed_by_word_or_on_paper(village: Village) -> None:
    secretary, lead = village.officer("陈书记"), village.officer("李网格", duty="grid_lead")
    far = village.officer("张书记", area=village.sibling)
    bond = noted(village, secretary, 2, 1, consent="paper", called="爸")
    assert (bond.consent, bond.village) == ("paper", village.code)
    assert noted(village, lead, 2, 1).id == bond.id, "asked twice it is the same bond"
    with reading(village.house):
        assert Bond.objects.filter(county=village.county).count() == 1
    for nobody in (far, village.officer("王镇长", duty="town_clerk"), resident(village, 2)):
        with pytest.raises(NotAllowed):
            noted(village, nobody, 3, 1)
    with pytest.raises(Invalid) as refused:
        tie_bond_for(actor=secretary, new=NewBond("1", "2", village.code, "message"))
    wrong = {"follower_phone": "bad_mobile", "followed_phone": "bad_mobile", "consent": "required"}
    assert refused.value.facts["fields"] == wrong
    elsewhere = NewPerson(phone=number(village, 8), village=village.sibling)
    note_person(actor=village.house, person=elsewhere)
    with pytest.raises(LivesElsewhere):
        noted(village, secretary, 2, 8)
    # known, but as nobody's: that he agreed is said by no village that does not know him
    note_person(actor=village.house, person=NewPerson(phone=number(village, 9)))
    with pytest.raises(LivesElsewhere):
        noted(village, secretary, 2, 9)
    with reading(far):
        assert list(bonds_here(far)) == []
    with reading(lead):
        assert [b.id for b in bonds_here(lead)] == [bond.id]


def test_nobody_follows_himself_and_there_are_limits(village: Village, sent: list[Any]) -> None:
    secretary, daughter = village.officer("陈书记"), resident(village, 2)
    with pytest.raises(OneSelf):
        tied(village, daughter, 2, sent)
    for n in range(10, 16):
        noted(village, secretary, 2, n)
    with pytest.raises(TooManyBonds) as refused:
        noted(village, secretary, 2, 16)
    assert refused.value.facts == {"most": 6}
    for n in range(20, 26):
        noted(village, secretary, n, 1)
    with pytest.raises(TooManyBonds):
        tied(village, resident(village, 26), 1, sent)
    with reading(daughter):
        ended = followed_by(daughter)[0].id
    end_bond(actor=daughter, bond_id=ended)
    noted(village, secretary, 2, 16)


def test_reported_for_the_mother_it_is_hers(village: Village, sent: list[Any], post: Any) -> None:
    daughter, mother = resident(village, 2), resident(village, 1)
    key, whose = str(uuid4()), {"for_person": mother.id, "wants_reply": True}
    with pytest.raises(NotAllowed):
        village.case("灶房漏水", actor=daughter, **whose)
    tied(village, daughter, 1, sent)
    intake = village.intake("灶房漏水", key=key, name="别的名字", phone=number(village, 7), **whose)
    case = cases.open_case(actor=daughter, intake=intake)
    assert cases.open_case(actor=daughter, intake=intake).id == case.id, "a phone with bad signal asks twice"
    assert (case.reporter_id, case.on_behalf, case.consent) == (mother.id, True, "message")
    with reading(village.house):
        leaf = trace_of(county=village.county, subject="cases.case", subject_id=case.id)[0]
        assert (leaf.actor, leaf.facts["on_behalf"]) == (daughter.ref, True), (
            "who told it stands in the trace"
        )
        assert not Person.objects.filter(county=village.county, name="别的名字").exists()
    with reading(mother):
        assert [c.id for c in mine_of(mother)] == [case.id]
    work_off(village)
    assert kinds(village, mother.ref) == ["people.followed", "cases.recorded_for_you"]
    with pytest.raises(NotAllowed):
        cases.contest_case(actor=daughter, case_id=case.id, words="不是她的意思")
    assert kinds(village, daughter.ref) == [], "who did it is not told of it"
    with pytest.raises(NotAllowed):
        village.case("没有说替谁", actor=daughter, on_behalf=True, consent="word")


def test_who_follows_looks_on_and_decides_nothing(village: Village, sent: list[Any]) -> None:
    secretary, daughter = village.officer("陈书记"), resident(village, 2)
    mother = resident(village, 1)
    tied(village, daughter, 1, sent)
    case = mothers(village)
    deeds: dict[str, Any] = {
        "withdraw_case": {},
        "confirm_case": {},
        "rate_case": {"rating": "satisfied"},
        "reopen_case": {"words": "还没好"},
        "add_words": {"words": "一句"},
        "appeal_case": {"level": "town"},
        "mark_official": {"accused_id": village.user_id("陈书记"), "words": "他"},
    }
    for verb in ("withdraw_case", "add_words", "appeal_case", "mark_official"):
        with pytest.raises(NotAllowed):
            getattr(cases, verb)(actor=daughter, case_id=case.id, **deeds[verb])
    cases.claim_case(actor=secretary, case_id=case.id)
    cases.handle_case(actor=secretary, case_id=case.id, outcome="resolved", words="好了")
    for verb in ("confirm_case", "reopen_case"):
        with pytest.raises(NotAllowed):
            getattr(cases, verb)(actor=daughter, case_id=case.id, **deeds[verb])
    cases.confirm_case(actor=mother, case_id=case.id)
    for verb in ("rate_case", "reopen_case"):
        with pytest.raises(NotAllowed):
            getattr(cases, verb)(actor=daughter, case_id=case.id, **deeds[verb])
    assert village.again(case).rating == ""


def test_she_is_told_without_the_receipt_code(village: Village, sent: list[Any], post: Any) -> None:
    secretary, daughter = village.officer("陈书记"), resident(village, 2)
    mother = resident(village, 1)
    bond = tied(village, daughter, 1, sent)
    case = mothers(village)
    cases.claim_case(actor=secretary, case_id=case.id)
    cases.handle_case(actor=secretary, case_id=case.id, outcome="resolved", words="好了")
    work_off(village)
    assert kinds(village, mother.ref) == ["people.followed", "cases.received", "cases.asked"]
    assert kinds(village, daughter.ref) == ["cases.family_received", "cases.family_asked"]
    with reading(village.house):
        rows = Notice.objects.filter(county=village.county, recipient=daughter.ref)
        said = " ".join(f"{row.facts} {row.link}" for row in rows)
    to_her = [one for one in post.sms.carried if one.address == number(village, 2)]
    said += " ".join(f"{one.text} {one.variables}" for one in to_her)
    assert to_her and case.number in said and f"/me/family/{case.id}/" in said
    assert case.receipt not in said and case.receipt[6:10] not in said.replace(case.number, "")
    end_bond(actor=mother, bond_id=bond.id)
    cases.reopen_case(actor=mother, case_id=case.id, words="还没好")
    cases.claim_case(actor=secretary, case_id=case.id)
    cases.handle_case(actor=secretary, case_id=case.id, outcome="resolved", words="这回好了")
    work_off(village)
    assert kinds(village, daughter.ref) == ["cases.family_received", "cases.family_asked"]


@pytest.mark.parametrize("who", ["mother", "daughter", "village"])
def test_whoever_ends_it_nothing_is_seen_any_more(village: Village, sent: list[Any], who: str) -> None:
    note_person(actor=village.house, person=NewPerson(phone=number(village, 1), village=village.code))
    secretary, daughter, mother = village.officer("陈书记"), resident(village, 2), resident(village, 1)
    bond = noted(village, secretary, 2, 1)
    case = mothers(village)
    assert village.sees(daughter, case)
    strangers = [resident(village, 3), village.resident(), village.officer("张书记", area=village.sibling)]
    for nobody in strangers:
        with pytest.raises(NotFound):
            end_bond(actor=nobody, bond_id=bond.id)
    by = {"mother": mother, "daughter": daughter, "village": secretary}[who]
    assert end_bond(actor=by, bond_id=bond.id).step == 2
    assert end_bond(actor=by, bond_id=bond.id).step == 2, "a second press changes nothing"
    assert not village.sees(daughter, case)
    with reading(daughter):
        assert not of_family(daughter) and bond_to(daughter, UUID(str(mother.id))) is None
        assert followers_to_tell(village.county, UUID(str(mother.id))) == []
    with pytest.raises(NotAllowed):
        village.case("替妈说", actor=daughter, for_person=mother.id)
    again = noted(village, secretary, 2, 1)
    assert again.id != bond.id and village.sees(daughter, case), "it can be tied again"


def test_what_is_about_an_official_is_her_mother_s_alone(
    village: Village, sent: list[Any], post: Any
) -> None:
    secretary, daughter = village.officer("陈书记"), resident(village, 2)
    clerk = village.officer("王镇长", duty="town_clerk")
    tied(village, daughter, 1, sent)
    case = mothers(village)
    topic = case.topic
    cases.mark_official(
        actor=village.holding(case), case_id=case.id, accused_id=village.user_id("陈书记"), words="说的是他"
    )
    work_off(village)
    assert not village.sees(daughter, case) and village.sees(resident(village, 1), case)
    assert village.again(case).topic != topic, "an open page hears nothing of it either"
    with reading(daughter):
        assert list(of_family(daughter)) == []
    told = len(kinds(village, daughter.ref))
    # the town's to dispatch now, and nobody below it, nor she, hears of what becomes of it
    cases.assign_case(actor=clerk, case_id=case.id, tray=Tray("town_clerk", village.town))
    cases.claim_case(actor=clerk, case_id=case.id)
    cases.handle_case(actor=clerk, case_id=case.id, outcome="resolved", words="查了")
    work_off(village)
    assert len(kinds(village, daughter.ref)) == told and secretary.ref


def test_no_bond_crosses_a_county(village: Village, sent: list[Any]) -> None:
    far = Village.founded(str(int(village.county) - 40000))
    daughter = resident(far, 2)
    here = mothers(village)
    with pytest.raises(NotAllowed):
        noted(village, far.officer("远书记"), 2, 1)
    bond = tied(far, daughter, 3, sent)
    assert bond.county == far.county and not village.sees(daughter, here)
    mother = resident(village, 1)
    with pytest.raises(NotAllowed):
        far.case("替远方的妈", actor=daughter, for_person=mother.id)
    with pytest.raises(IntegrityError), chore(far.county, "test_a_key_across"):
        Bond.objects.filter(county=far.county, id=bond.id).update(followed=mother.id)


def test_reading_what_the_family_told_costs_no_statement_more(village: Village, sent: list[Any]) -> None:
    daughter = resident(village, 2)
    mothers(village)

    def counted() -> tuple[int, int]:
        with reading(daughter), statements() as seen:
            rows = page_for(daughter, Wanted(list="area")).rows
        return len(seen), len(rows)

    before, nothing = counted()
    tied(village, daughter, 1, sent)
    after, one = counted()
    # the ids, and the rows only where there are any
    assert (before, nothing, after, one) == (1, 0, 2, 1)
