"""Somebody dies or moves away: the register says so, and what hung at his wall forgets whom to tell."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from uuid import UUID

import pytest

from tests.stories.calling import button, known, line_of, press, trace, work_off
from tests.village import Village
from wushi.domain.calls.models import Device, Errand
from wushi.domain.calls.services import do_errand, free_device, hand_back_device
from wushi.domain.notify.models import Notice
from wushi.domain.people.importing import Residents
from wushi.domain.people.models import Person
from wushi.domain.people.services import NewPerson, leave_register, note_person, rejoin_register
from wushi.kernel.errors import Invalid, NotAllowed, NotFound
from wushi.kernel.verb import reading
from wushi.plumbing.sheets.importer import Done, Said, Verdict


@pytest.fixture(autouse=True)
def _button(monkeypatch: pytest.MonkeyPatch) -> None:
    known(monkeypatch)


def hung_for(village: Village, phone: str = "13811112222") -> tuple[Person, Device]:
    """An old woman with a button at her door and a daughter to be told."""
    new = NewPerson(name="刘桂香", phone=phone, village=village.code)
    person = note_person(actor=village.house, person=new)
    staff = village.officer("书记", phone="13900000001")
    device = button(
        village,
        staff,
        person_id=person.id,
        helps=("alone",),
        contact_name="刘家大姐",
        contact_phone="13711112222",
        tells_family=True,
    )
    return person, device


def device_of(village: Village, device: Device) -> Device:
    with reading(village.house):
        return Device.objects.get(county=village.county, id=device.id)


def person_of(village: Village, person: Person) -> Person:
    with reading(village.house):
        return Person.objects.get(county=village.county, id=person.id)


def errands(village: Village) -> list[Errand]:
    with reading(village.house):
        return list(Errand.objects.filter(county=village.county, done_at=None, kind="collect"))


@pytest.mark.parametrize("reason", ["died", "moved"])
def test_the_device_forgets_whom_to_tell_and_is_collected(village: Village, reason: str) -> None:
    person, device = hung_for(village)
    line_of(village)
    secretary = village.actor("书记")
    left = leave_register(actor=secretary, person_id=person.id, reason=reason, on=date(2026, 1, 2))
    assert (left.left_why, left.left_on) == (reason, date(2026, 1, 2))
    freed = device_of(village, device)
    assert (freed.person_id, freed.contact_name, freed.contact_phone, freed.helps) == (None, "", "", [])
    assert not freed.tells_family and freed.state == "installed" and freed.place == device.place
    assert len(errands(village)) == 1 and trace(freed)[-1] == "free_device"
    work_off(village)
    with reading(village.house):
        assert Notice.objects.filter(
            county=village.county, kind="calls.errand", facts__what="collect"
        ).exists()
    # asked twice it is the same, and nothing is left a second time
    again = leave_register(actor=secretary, person_id=person.id, reason=reason)
    assert (again.step, again.left_on) == (left.step, date(2026, 1, 2))
    assert len(errands(village)) == 1
    # who remains may still press it
    call = press(freed, "press_sos")
    assert call is not None and call.state == "ringing" and call.person_id is None and call.phone == ""
    hand_back_device(actor=secretary, device_id=device.id, reason="death")
    assert errands(village) == [], "collected"


def test_somebody_of_the_village_sees_to_it(village: Village) -> None:
    person, _device = hung_for(village)
    leave_register(actor=village.actor("书记"), person_id=person.id, reason="moved")
    (errand,) = errands(village)
    do_errand(actor=village.actor("书记"), errand_id=errand.id)
    assert errands(village) == []


def test_who_may_say_so_and_what_cannot_be(village: Village) -> None:
    person, device = hung_for(village)
    secretary = village.actor("书记")
    other = village.officer("邻村书记", area=village.sibling)
    for actor in (other, village.officer("部门", duty="department", unit="JT"), village.resident()):
        with pytest.raises(NotAllowed):
            leave_register(actor=actor, person_id=person.id, reason="died")
        with pytest.raises(NotAllowed):
            rejoin_register(actor=actor, person_id=person.id)
    with pytest.raises(NotAllowed):
        free_device(actor=secretary, device_id=device.id, reason="died")
    for wrong in ({"reason": "tired"}, {"reason": "died", "on": date.today() + timedelta(days=2)}):
        with pytest.raises(Invalid):
            leave_register(actor=secretary, person_id=person.id, **wrong)  # type: ignore[arg-type]
    with pytest.raises(NotFound):
        leave_register(actor=secretary, person_id=UUID(int=1), reason="died")
    assert device_of(village, device).contact_phone == "13711112222"


def test_he_is_here_after_all(village: Village) -> None:
    person, device = hung_for(village)
    secretary = village.actor("书记")
    leave_register(actor=secretary, person_id=person.id, reason="died")
    back = rejoin_register(actor=secretary, person_id=person.id)
    assert (back.left_why, back.left_on) == ("", None)
    assert rejoin_register(actor=secretary, person_id=person.id).step == back.step
    # what was forgotten is forgotten: it is told anew
    assert device_of(village, device).contact_phone == ""


def said(number: int, **values: str) -> Said:
    """A row of the list."""
    columns = Residents.columns
    told = {column.name: column.parse(values.get(column.name, "")) for column in columns}
    return Said(number, told)


def test_the_list_says_so(village: Village) -> None:
    person, device = hung_for(village)
    clerk = village.officer("镇办", duty="town_clerk")
    common: Mapping[str, str] = {"name": "刘桂香", "phone": "13811112222", "village": village.code}
    rows = [
        said(1, **common, status="已去世"),
        said(2, name="从未登记", phone="13811113333", village=village.code, status="迁出"),
        said(3, name="新来的", phone="13811114444", village=village.code, status="在册"),
    ]
    importer = Residents()
    with reading(clerk):
        judged = importer.judge(actor=clerk, rows=rows)
    assert [one.verdict for one in judged] == [Verdict.CHANGED, Verdict.SAME, Verdict.NEW]
    from wushi.domain.people.services import enter_register, take_back_register

    done = enter_register(actor=clerk, rows=rows)
    assert [one.number for one in done] == [1, 3]
    assert person_of(village, person).left_why == "died"
    assert device_of(village, device).contact_phone == "" and len(errands(village)) == 1
    with reading(clerk):
        assert importer.judge(actor=clerk, rows=rows[:1])[0].verdict == Verdict.SAME
    taken: list[tuple[Verdict, Done]] = [(Verdict.CHANGED, done[0]), (Verdict.NEW, done[1])]
    assert take_back_register(actor=clerk, rows=taken) == []
    assert person_of(village, person).left_why == ""
    with pytest.raises(ValueError, match="unknown"):
        said(4, **common, status="不知道")


def test_a_later_list_says_otherwise_and_is_taken_back(village: Village) -> None:
    from wushi.domain.people.services import enter_register, take_back_register

    person, _device = hung_for(village)
    clerk = village.officer("镇办", duty="town_clerk")
    since = date.today() - timedelta(days=40)
    leave_register(actor=village.actor("书记"), person_id=person.id, reason="died", on=since)
    common: Mapping[str, str] = {"name": "刘桂香", "phone": "13811112222", "village": village.code}
    # a list that says nothing of it changes nothing
    assert enter_register(actor=clerk, rows=[said(1, **common)]) == []
    for word, why in (("在册", ""), ("迁出", "moved")):
        done = enter_register(actor=clerk, rows=[said(1, **common, status=word)])
        assert person_of(village, person).left_why == why
        assert enter_register(actor=clerk, rows=[said(1, **common, status=word)]) == []
        assert take_back_register(actor=clerk, rows=[(Verdict.CHANGED, done[0])]) == []
        back = person_of(village, person)
        assert (back.left_why, back.left_on) == ("died", since)
