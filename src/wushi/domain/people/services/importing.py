"""A register of residents is carried out and taken back, a thousand rows in few statements, a leaf for each."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import connection
from django.utils import timezone

from wushi.domain.areas.rules import columns_of
from wushi.domain.audit.services import record
from wushi.domain.people.models import Household, Person
from wushi.domain.people.permissions import may_import_residents
from wushi.domain.people.register import FIELDS, Match, match
from wushi.domain.people.services.leaving import leave_register, rejoin_register
from wushi.kernel.actor import Actor
from wushi.kernel.errors import NotAllowed
from wushi.kernel.verb import DB_TIME, verb
from wushi.plumbing.fields import blind_index, seal
from wushi.plumbing.sheets.importer import Done, Said, Verdict
from wushi.plumbing.writes import insert_bulk


@verb
def enter_register(*, actor: Actor, rows: Sequence[Said], now: datetime = DB_TIME) -> list[Done]:
    """Rows of a register become residents and households, or change those that are known."""
    matches = match(actor, rows, lock=True)
    if any(one.reason for one in matches):
        raise NotAllowed()
    made = _Homes(actor.county, matches, now)
    new: list[Person] = []
    changed: list[Person] = []
    done: list[Done] = []
    for one in matches:
        if one.verdict == Verdict.SAME:
            continue
        person = one.person or Person(county=actor.county, entered_at=now)
        before = {name: getattr(person, name) for name in FIELDS} | {
            "village": person.village,
            "household": str(person.household_id or ""),
        }
        home, fresh = made.of(one)
        for name in FIELDS if one.person is None else one.changes:
            setattr(person, name, one.said.values[name])
        person.village, person.household_id = one.village, home or person.household_id
        person.step += 1
        (new if one.person is None else changed).append(person)
        if one.person is None:
            before = {}
        if fresh:
            before["made_household"] = str(home)
        if one.becomes is not None:
            before |= {"left_why": person.left_why, "left_on": str(person.left_on or "")}
        before["left"] = _left(person)
        done.append(Done(one.said.number, person.id, person.step, before))
    insert_bulk(made.new)
    for person in new:
        _index(person)
    insert_bulk(new)
    _rewrite(actor.county, changed)
    for row in (*made.new, *new, *changed):
        record(subject=row)
    for one in matches:
        if one.person is not None and one.becomes is not None:
            _become(actor, one.person.id, one.becomes, "", now)
    return done


def _become(actor: Actor, person_id: UUID, why: str, on: str, now: datetime) -> None:
    """Gone since a day (today where none is told), or here again."""
    if why:
        since = date.fromisoformat(on) if on else None
        leave_register(actor=actor, person_id=person_id, reason=why, on=since, now=now)
    else:
        rejoin_register(actor=actor, person_id=person_id, now=now)


def _left(person: Person) -> str:
    """How a row left somebody: the same again after a later list was taken back, another after anybody changed him."""
    said = (person.name, person.phone, person.id_number, person.village, str(person.household_id or ""))
    return hashlib.sha256("\x1f".join(said).encode()).hexdigest()


class _Homes:
    """The households a thousand rows speak of: one per village and address, found or made once."""

    def __init__(self, county: str, matches: Sequence[Match], now: datetime) -> None:
        self.county, self.now = county, now
        self.new: list[Household] = []
        wanted = {blind_index("address", one.address) for one in matches if one.address}
        there = Household.objects.filter(county=county, address_index__in=wanted, until=None).order_by("id")
        self.known: dict[tuple[str, bytes], UUID] = {}
        for home in there if wanted else ():
            self.known.setdefault((home.grid or home.village, home.address_index), home.id)
            self.known.setdefault((home.village, home.address_index), home.id)

    def of(self, one: Match) -> tuple[UUID | None, bool]:
        """(the household of a row, whether this row makes it); none where no address is told."""
        if not one.address:
            return None, False
        area = one.grid or one.village
        index = blind_index("address", one.address)
        if (area, index) in self.known:
            return self.known[area, index], False
        where = columns_of(area)
        home = Household(
            county=self.county,
            town=where["town"],
            village=where["village"],
            grid=where["grid"],
            address=one.address,
            address_index=index,
            since=timezone.localdate(self.now),
            step=1,
        )
        self.new.append(home)
        self.known[area, index] = home.id
        return home.id, True


def _index(person: Person) -> None:
    person.phone_index = blind_index("phone", person.phone)
    person.id_index = blind_index("id_number", person.id_number)


_REWRITE = """
UPDATE people_person SET name = d.name, phone = d.phone, phone_index = d.phone_index, id_number = d.id_number,
       id_index = d.id_index, village = d.village, household_id = d.household, step = d.step
  FROM unnest(%s::uuid[], %s::text[], %s::bytea[], %s::bytea[], %s::bytea[], %s::bytea[], %s::text[], %s::uuid[], %s::int[])
    AS d(id, name, phone, phone_index, id_number, id_index, village, household, step)
 WHERE people_person.county = %s AND people_person.id = d.id
"""


def _rewrite(county: str, people: Sequence[Person]) -> None:
    """People as they stand in memory, in one statement."""
    if not people:
        return
    for person in people:
        _index(person)
    columns: list[Any] = [
        [p.id for p in people],
        [p.name for p in people],
        [seal(p.phone) if p.phone else b"" for p in people],
        [p.phone_index for p in people],
        [seal(p.id_number) if p.id_number else b"" for p in people],
        [p.id_index for p in people],
        [p.village for p in people],
        [p.household_id for p in people],
        [p.step for p in people],
    ]
    with connection.cursor() as cursor:
        cursor.execute(_REWRITE, [*columns, county])


@verb
def take_back_register(
    *, actor: Actor, rows: Sequence[tuple[Verdict, Done]], now: datetime = DB_TIME
) -> list[int]:
    """Rows of a register are as if they had never come; the numbers of those that were changed since, and then nothing is.

    Somebody to whom another matter points cannot go: the database refuses it at the end, and the whole is undone.
    """
    wanted = [done.subject for _, done in rows]
    found = Person.objects.select_for_update(of=("self",)).filter(county=actor.county, id__in=wanted)
    people = {person.id: person for person in found.order_by("id")}
    stand = [
        d.number for _, d in rows if d.subject not in people or _left(people[d.subject]) != d.before["left"]
    ]
    if stand:
        return stand
    if not all(may_import_residents(actor, person.village) for person in people.values()):
        raise NotAllowed()
    gone = [done.subject for verdict, done in rows if verdict == Verdict.NEW]
    back = []
    for verdict, done in rows:
        person = people[done.subject]
        person.step += 1
        record(subject=person)
        if verdict == Verdict.CHANGED:
            for name in (*FIELDS, "village"):
                setattr(person, name, done.before[name])
            home = done.before["household"]
            person.household_id = UUID(home) if home else None
            back.append(person)
    _rewrite(actor.county, back)
    for _verdict, done in rows:
        if "left_why" in done.before:
            _become(actor, done.subject, done.before["left_why"], done.before.get("left_on", ""), now)
    Person.objects.filter(county=actor.county, id__in=gone).delete()
    _leave_homes(
        actor.county, [UUID(d.before["made_household"]) for _, d in rows if "made_household" in d.before]
    )
    return []


def _leave_homes(county: str, made: Sequence[UUID]) -> None:
    """Households that were made and that nobody lives in any more."""
    if made:
        lived_in = Person.objects.filter(county=county, household__in=made).values_list(
            "household_id", flat=True
        )
        Household.objects.filter(county=county, id__in=set(made) - set(lived_in)).delete()
