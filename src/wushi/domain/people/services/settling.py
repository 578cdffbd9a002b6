"""Many households at once with those who live in them, as they would be entered one by one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone

from wushi.domain.areas import queries as areas
from wushi.domain.areas.rules import columns_of
from wushi.domain.audit.services import record
from wushi.domain.people.models import Household, Person
from wushi.domain.people.permissions import may_enter_people
from wushi.domain.people.services.entering import NewPerson
from wushi.kernel.actor import Actor
from wushi.kernel.errors import NotAllowed
from wushi.kernel.verb import DB_TIME, verb
from wushi.plumbing.fields import blind_index
from wushi.plumbing.text import clean
from wushi.plumbing.writes import insert_bulk


@dataclass(frozen=True)
class NewHousehold:
    """An address in a grid or village, and who lives there."""

    area: str
    address: str
    people: tuple[NewPerson, ...] = ()


@verb
def settle_households(
    *, actor: Actor, households: Sequence[NewHousehold], now: datetime = DB_TIME
) -> list[Household]:
    """A list of households is entered with their people; a household there by its address stays. Returns the new ones."""
    if not all(may_enter_people(actor, one.area) for one in households):
        raise NotAllowed()
    for code in {one.area for one in households}:
        areas.existing(code)
    indexes = {one.address: blind_index("address", one.address) for one in households}
    there = set(
        Household.objects.filter(county=actor.county, address_index__in=indexes.values()).values_list(
            "address_index", flat=True
        )
    )
    rows: list[Household] = []
    people: list[Person] = []
    for one in households:
        if indexes[one.address] in there:
            continue
        row = _household(actor, one, indexes[one.address], now)
        rows.append(row)
        people += [_person(row, new, now) for new in one.people]
    insert_bulk(rows)
    insert_bulk(people)
    for row in rows:
        record(subject=row, as_verb="people.found_household", area=row.grid or row.village)
    for person in people:
        record(subject=person, as_verb="people.note_person", household=person.household_id)
    if rows:
        record(subject=rows[0], step=0, households=len(rows), people=len(people))
    return rows


def _household(actor: Actor, one: NewHousehold, index: bytes, now: datetime) -> Household:
    where = columns_of(one.area)
    return Household(
        county=actor.county,
        town=where["town"],
        village=where["village"],
        grid=where["grid"],
        address=clean(one.address, field="address", limit=200, required=True),
        address_index=index,
        since=timezone.localdate(now),
        step=1,
    )


def _person(household: Household, new: NewPerson, now: datetime) -> Person:
    return Person(
        county=household.county,
        household=household,
        name=clean(new.name, field="name", limit=60),
        phone=new.phone,
        phone_index=blind_index("phone", new.phone),
        id_number=new.id_number,
        id_index=blind_index("id_number", new.id_number),
        village=household.village,
        entered_at=now,
        step=1,
    )
