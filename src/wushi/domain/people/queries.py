"""Looking people up: by index only, and for those who may; who follows whom."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from django.db.models import QuerySet

from wushi.domain.people.models import Bond, Person
from wushi.domain.people.permissions import villages_tied
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


def current_bonds(county: str) -> QuerySet[Bond]:
    """The bonds of a county that nobody has ended."""
    return Bond.objects.filter(county=county, until=None)


def followed_by(actor: Actor) -> QuerySet[Bond]:
    """The bonds through which a signed-in resident follows others, the oldest first."""
    if actor.kind != "person" or actor.id is None:
        return Bond.objects.none()
    return current_bonds(actor.county).filter(follower=actor.id).order_by("since", "id")


def followers_of(actor: Actor) -> QuerySet[Bond]:
    """The bonds through which others follow a signed-in resident."""
    if actor.kind != "person" or actor.id is None:
        return Bond.objects.none()
    return current_bonds(actor.county).filter(followed=actor.id).order_by("since", "id")


def bonds_here(actor: Actor) -> QuerySet[Bond]:
    """The bonds of those who live in the villages a member of staff notes them for, the newest first."""
    return current_bonds(actor.county).filter(village__in=villages_tied(actor)).order_by("-since", "-id")


def bond_to(actor: Actor, person_id: UUID) -> Bond | None:
    """The current bond through which a signed-in resident follows somebody."""
    return followed_by(actor).filter(followed=person_id).first()


def followers_to_tell(county: str, person_id: UUID) -> list[Person]:
    """Those who follow somebody now and have a phone, for the house."""
    followers = current_bonds(county).filter(followed=person_id).values("follower_id")
    found = Person.objects.filter(county=county, id__in=followers).order_by("id")
    return [person for person in found if person.phone]
