"""Looking people up: by index only, and for those who may."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from wushi.domain.people.models import Person
from wushi.kernel.actor import Actor
from wushi.plumbing.fields import blind_index
from wushi.plumbing.personal import normal_phone


def person_by_phone(county: str, phone: str) -> Person | None:
    """The person a phone number belongs to; the index is the only way in."""
    index = blind_index("phone", normal_phone(phone))
    return Person.objects.filter(county=county, phone_index=index).first() if index else None


def people_by_id(actor: Actor, ids: Iterable[UUID]) -> dict[UUID, Person]:
    """People by id (a caller has them from rows it may see)."""
    wanted = {i for i in ids if i}
    return {p.id: p for p in Person.objects.filter(county=actor.county, id__in=wanted)} if wanted else {}
