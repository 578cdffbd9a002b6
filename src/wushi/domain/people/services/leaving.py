"""Somebody leaves the register: he died, or moved away. What was told and done stays; what was kept for him alone goes."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from django.utils import timezone

from wushi.domain.audit.services import record
from wushi.domain.people.events import PersonLeft
from wushi.domain.people.models import Leaving, Person
from wushi.domain.people.permissions import may_enter_people, may_import_residents
from wushi.kernel.actor import Actor
from wushi.kernel.errors import Invalid, NotAllowed, NotFound
from wushi.kernel.events import announce
from wushi.kernel.verb import DB_TIME, verb


def _person(actor: Actor, person_id: UUID) -> Person:
    """The row, locked, for who keeps the register where he lives."""
    person = Person.objects.select_for_update(of=("self",)).filter(county=actor.county, id=person_id).first()
    if person is None:
        raise NotFound()
    area = person.village or actor.county
    if not (may_enter_people(actor, area) or may_import_residents(actor, area)):
        raise NotAllowed()
    return person


@verb
def leave_register(
    *, actor: Actor, person_id: UUID, reason: str, on: date | None = None, now: datetime = DB_TIME
) -> Person:
    """A resident has died or moved away, since a day; asked twice it is the same. Raises Invalid for a day to come."""
    today = timezone.localdate(now)
    wrong = {}
    if reason not in Leaving.values:
        wrong["reason"] = "unknown"
    if on is not None and on > today:
        wrong["on"] = "too_late"
    if wrong:
        raise Invalid(fields=wrong)
    person = _person(actor, person_id)
    if person.left_why == reason:
        return person
    person.left_why, person.left_on, person.step = reason, on or today, person.step + 1
    person.save(update_fields=["left_why", "left_on", "step"])
    record(subject=person, reason=reason, on=person.left_on)
    announce(PersonLeft(actor=actor, at=now, person_id=person.id, reason=reason))
    return person


@verb
def rejoin_register(*, actor: Actor, person_id: UUID, now: datetime = DB_TIME) -> Person:
    """He is here after all, or again. What was let go of for him meanwhile is arranged anew by hand."""
    person = _person(actor, person_id)
    if not person.left_why:
        return person
    person.left_why, person.left_on, person.step = "", None, person.step + 1
    person.save(update_fields=["left_why", "left_on", "step"])
    record(subject=person, rejoined=True)
    return person
