"""A resident asks for a code, shows it, and sees his own matters; the phone number is kept sealed and then only hashed."""

from __future__ import annotations

import pytest
from django.db import connection

from tests.village import Village
from wushi.domain.accounts import tasks
from wushi.domain.accounts.errors import CodeTooSoon, WrongCode
from wushi.domain.accounts.models import SignInCode
from wushi.domain.accounts.services import check_code, request_code
from wushi.domain.cases.queries import mine_of
from wushi.domain.people.models import Person
from wushi.domain.people.queries import people_by_id, person_by_phone
from wushi.domain.people.services import (
    NewPerson,
    found_household,
    move_person_in,
    note_person,
    sign_resident_in,
)
from wushi.kernel.actor import Actor
from wushi.kernel.errors import Invalid, NotAllowed
from wushi.kernel.verb import reading, unscoped


@pytest.fixture
def phone(village: Village) -> str:
    """A number of this test's own: limits are per phone, whatever the county."""
    return f"138{village.county}78"


@pytest.fixture
def sent(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, str]]:
    """What reached the phone: the outside world is the one thing that is not real here."""
    out: list[tuple[str, str]] = []
    monkeypatch.setattr(tasks, "_senders", [lambda phone, code: out.append((phone, code))])
    return out


def raw(column: str, table: str, village: Village) -> list[bytes]:
    """The bytes as the database has them."""
    with reading(village.house), connection.cursor() as cursor:
        cursor.execute(f"SELECT {column} FROM {table} WHERE county = %s", [village.county])
        return [bytes(r[0]) for r in cursor.fetchall()]


def test_a_code_is_sent_then_forgotten_and_opens_my_matters(
    village: Village, phone: str, sent: list[tuple[str, str]]
) -> None:
    anybody = village.resident()
    mine = village.case("路灯不亮", phone=f"{phone[:3]} {phone[3:7]} {phone[7:]}", name="刘秀英")
    village.case("别人的事", phone="13900000000")
    asked = request_code(actor=anybody, phone=f"+86 {phone[:3]}-{phone[3:]}")
    assert raw("phone", "accounts_signincode", village) == [b"plain:" + phone.encode()]
    with pytest.raises(CodeTooSoon):
        request_code(actor=anybody, phone=phone)

    tasks.send_code(code_id=str(asked.id), county=village.county)
    tasks.send_code(code_id=str(asked.id), county=village.county)
    assert len(sent) == 1 and sent[0][0] == phone
    with unscoped("test"):
        row = SignInCode.objects.get(id=asked.id)
    assert (row.phone, row.code) == ("", "")

    with pytest.raises(WrongCode):
        check_code(county=village.county, phone=phone, code="000000" if sent[0][1] != "000000" else "111111")
    code_id = check_code(county=village.county, phone=phone, code=sent[0][1])
    with pytest.raises(NotAllowed):
        sign_resident_in(actor=anybody, code_id=code_id, phone="13900000000")
    signed = sign_resident_in(actor=anybody, code_id=code_id, phone=phone)
    with pytest.raises(WrongCode):
        sign_resident_in(actor=anybody, code_id=code_id, phone=phone)
    me = Actor(f"person:{signed.row.person}", village.county)
    with reading(me):
        assert [c.id for c in mine_of(me)] == [mine.id]


def test_guessing_a_code_ends(village: Village, phone: str, sent: list[tuple[str, str]]) -> None:
    asked = request_code(actor=village.resident(), phone=phone)
    tasks.send_code(code_id=str(asked.id), county=village.county)
    wrong = "000000" if sent[0][1] != "000000" else "111111"
    for _ in range(5):
        with pytest.raises(WrongCode):
            check_code(county=village.county, phone=phone, code=wrong)
    with pytest.raises(WrongCode):
        check_code(county=village.county, phone=phone, code=sent[0][1])


def test_one_person_per_phone_and_only_the_index_finds_him(village: Village, phone: str) -> None:
    first = note_person(actor=village.house, person=NewPerson(name="刘秀英", phone=phone))
    second = note_person(
        actor=village.house,
        person=NewPerson(
            name="刘大妈", phone=phone.translate({ord(d): ord(d) + 0xFEE0 for d in "0123456789"})
        ),
    )
    assert first.id == second.id
    with reading(village.house):
        found = person_by_phone(village.county, f"{phone[:3]}-{phone[3:]}")
        assert found and (found.name, found.phone) == ("刘秀英", phone)
        assert person_by_phone(village.county, "13800000001") is None
        assert people_by_id(village.house, [first.id])[first.id].name == "刘秀英"
    assert raw("phone", "people_person", village) == [b"plain:" + phone.encode()]
    with pytest.raises(Invalid) as refused:
        note_person(actor=village.house, person=NewPerson(phone="123", id_number="11010519491231002Y"))
    assert refused.value.facts["fields"] == {"phone": "bad_phone", "id_number": "bad_id_number"}


def test_a_household_and_who_lives_in_it(village: Village, phone: str) -> None:
    secretary = village.officer("陈书记")
    household = found_household(actor=secretary, area=village.grid, address="井边路12号")
    person = note_person(actor=village.house, person=NewPerson(name="刘秀英", phone=phone))
    move_person_in(actor=secretary, person_id=person.id, household_id=household.id)
    with reading(village.house):
        again = Person.objects.select_related("household").get(county=village.county, id=person.id)
        assert again.household and again.household.address == "井边路12号" and again.village == village.code
    with pytest.raises(NotAllowed):
        found_household(actor=village.officer("张书记", area=village.sibling), area=village.grid, address="x")


def test_dead_codes_are_forgotten_with_their_numbers(village: Village, phone: str) -> None:
    from datetime import timedelta

    from django.utils import timezone

    from wushi.domain.accounts.services.codes import forget_old

    before = timezone.now() - timedelta(days=2)
    old = request_code(actor=village.resident(), phone=phone, now=before)
    fresh = request_code(actor=village.resident(), phone=phone)
    forget_old(village.county)
    with unscoped("test"):
        left = set(SignInCode.objects.filter(county=village.county).values_list("id", flat=True))
    assert fresh.id in left and old.id not in left
