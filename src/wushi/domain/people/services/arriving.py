"""Those who told something in another system: entered many at once, and as if they had never come."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from wushi.domain.audit.services import record
from wushi.domain.people.models import Person
from wushi.domain.people.services.entering import NewPerson
from wushi.kernel.actor import Actor
from wushi.kernel.errors import NotAllowed
from wushi.kernel.verb import DB_TIME, verb
from wushi.plumbing.fields import blind_index
from wushi.plumbing.writes import insert_bulk


@verb
def note_people(
    *, actor: Actor, people: Sequence[NewPerson], now: datetime = DB_TIME
) -> list[tuple[Person, bool]]:
    """Residents are entered by their phones, once each, in the order given; each with whether he is new. The house alone."""
    if "house" not in actor.relations:
        raise NotAllowed()
    indexes = [blind_index("phone", one.phone) for one in people]
    there = Person.objects.exclude(phone_index=b"").filter(
        county=actor.county, phone_index__in={index for index in indexes if index}
    )
    known = {bytes(row.phone_index): row for row in there} if any(indexes) else {}
    found, fresh = [], []
    for one, index in zip(people, indexes, strict=True):
        row = known.get(index) if index else None
        is_new = row is None
        if row is None:
            row = Person(
                county=actor.county, name=one.name, phone=one.phone, phone_index=index, village=one.village,
                entered_at=now, step=1,
            )  # fmt: skip
            fresh.append(row)
            if index:
                known[index] = row
        found.append((row, is_new))
    insert_bulk(fresh)
    for row in fresh:
        record(subject=row)
    return found


@verb
def forget_people(*, actor: Actor, ids: Sequence[UUID], now: datetime = DB_TIME) -> int:
    """Residents whom a list made and nobody changed since are gone with it; how many. The house alone.

    Somebody to whom another matter points cannot go: the database refuses it, and the whole is undone.
    """
    if "house" not in actor.relations:
        raise NotAllowed()
    rows = list(Person.objects.filter(county=actor.county, id__in=list(ids), step=1, household=None))
    for row in rows:
        record(subject=row, step=2)
    Person.objects.filter(county=actor.county, id__in=[row.id for row in rows]).delete()
    return len(rows)
