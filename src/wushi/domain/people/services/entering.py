"""Entering residents and households; signing a resident in."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.utils import timezone

from wushi.domain.accounts.services import open_sign_in, spend_code
from wushi.domain.accounts.services.signing import NewSignIn
from wushi.domain.areas import queries as areas
from wushi.domain.areas.rules import columns_of
from wushi.domain.audit.services import record
from wushi.domain.people.models import Household, Person
from wushi.domain.people.permissions import may_enter_people
from wushi.kernel.actor import Actor
from wushi.kernel.errors import Invalid, NotAllowed
from wushi.kernel.verb import DB_TIME, verb
from wushi.plumbing.fields import blind_index
from wushi.plumbing.personal import is_id_number, is_phone, normal_id_number, normal_phone
from wushi.plumbing.text import clean
from wushi.plumbing.writes import insert_once


@dataclass(frozen=True)
class NewPerson:
    """What a resident tells; everything but one of name and phone may be missing."""

    name: str = ""
    phone: str = ""
    id_number: str = ""
    village: str = ""


@verb
def note_person(*, actor: Actor, person: NewPerson, now: datetime = DB_TIME) -> Person:
    """A resident is entered by his phone, once; asked again it is the same person, and what is known stays.

    Raises Invalid for a phone or ID number that cannot be one.
    """
    phone, number = normal_phone(person.phone), normal_id_number(person.id_number)
    wrong = {}
    if phone and not is_phone(phone):
        wrong["phone"] = "bad_phone"
    if number and not is_id_number(number):
        wrong["id_number"] = "bad_id_number"
    if wrong:
        raise Invalid(fields=wrong)
    row = Person(
        county=actor.county,
        name=clean(person.name, field="name", limit=60),
        phone=phone,
        phone_index=blind_index("phone", phone),
        id_number=number,
        id_index=blind_index("id_number", number),
        village=person.village,
        entered_at=now,
        step=1,
    )
    if not phone:
        row.save(force_insert=True)
        record(subject=row)
        return row
    stored, fresh = insert_once(row, key=("county", "phone_index"))
    if fresh:
        record(subject=stored)
    return stored


@verb
def found_household(*, actor: Actor, area: str, address: str, now: datetime = DB_TIME) -> Household:
    """A household is entered in a grid or village."""
    if not may_enter_people(actor, area):
        raise NotAllowed()
    areas.existing(area)
    where = columns_of(area)
    text = clean(address, field="address", limit=200, required=True)
    row = Household(
        county=actor.county,
        town=where["town"],
        village=where["village"],
        grid=where["grid"],
        address=text,
        address_index=blind_index("address", text),
        since=timezone.localdate(now),
        step=1,
    )
    row.save(force_insert=True)
    record(subject=row, area=area)
    return row


@verb
def move_person_in(*, actor: Actor, person_id: UUID, household_id: UUID, now: datetime = DB_TIME) -> Person:
    """A resident belongs to a household from now on."""
    household = Household.objects.filter(county=actor.county, id=household_id).first()
    person = Person.objects.select_for_update(of=("self",)).filter(county=actor.county, id=person_id).first()
    if (
        household is None
        or person is None
        or not may_enter_people(actor, household.grid or household.village)
    ):
        raise NotAllowed()
    person.household, person.village, person.step = household, household.village, person.step + 1
    person.save(update_fields=["household", "village", "step"])
    record(subject=person, household=household.id)
    return person


@verb
def sign_resident_in(*, actor: Actor, code_id: UUID, phone: str, now: datetime = DB_TIME) -> NewSignIn:
    """A resident who showed the code sent to his phone sees his own matters on this browser."""
    index = spend_code(actor=actor, code_id=code_id, now=now)
    if index != blind_index("phone", normal_phone(phone)):
        raise NotAllowed()
    person = note_person(actor=actor, person=NewPerson(phone=phone), now=now)
    signed = open_sign_in(actor=Actor(f"person:{person.id}", actor.county), person_id=person.id, now=now)
    record(subject=signed.row, person=person.id)
    return signed
