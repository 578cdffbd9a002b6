"""A whole staff at once: everybody with his first post, as ``register_user`` and ``appoint`` would enter one by one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from wushi.domain.accounts.duties import Duty
from wushi.domain.accounts.errors import PostTaken, UnknownDuty, UnknownUnit
from wushi.domain.accounts.models import Post, Unit, User
from wushi.domain.accounts.permissions import may_appoint
from wushi.domain.areas import queries as areas
from wushi.domain.audit.services import record
from wushi.kernel.actor import Actor
from wushi.kernel.errors import NotAllowed
from wushi.kernel.verb import DB_TIME, verb
from wushi.plumbing.fields import blind_index
from wushi.plumbing.personal import normal_phone
from wushi.plumbing.writes import insert_bulk, serialised


@dataclass(frozen=True)
class NewStaff:
    """Somebody and his first post."""

    username: str
    name: str
    duty: str
    area: str
    unit: str
    phone: str = ""


@verb
def enlist_staff(
    *, actor: Actor, staff: Sequence[NewStaff], since: date, now: datetime = DB_TIME
) -> list[User]:
    """A list of staff is entered, each with his post; who is there by his name stays as he is. Returns the new ones.

    Raises UnknownDuty, UnknownUnit, PostTaken where one of them could not be appointed; then nobody is entered.
    """
    if not may_appoint(actor, actor.county):
        raise NotAllowed()
    serialised(f"staff:{actor.county}")
    there = set(
        User.objects.filter(username__in=[s.username for s in staff]).values_list("username", flat=True)
    )
    fresh = [one for one in staff if one.username not in there]
    _check(actor.county, fresh)
    users, posts = [], []
    for one in fresh:
        user = _user(actor.county, one)
        users.append(user)
        posts.append(
            Post(
                county=actor.county,
                user=user,
                duty=one.duty,
                area=one.area,
                unit=one.unit,
                valid_from=since,
                step=1,
            )
        )
    insert_bulk(users)
    insert_bulk(posts)
    for user, post in zip(users, posts, strict=True):
        record(subject=user, as_verb="accounts.register_user")
        record(
            subject=post,
            as_verb="accounts.appoint",
            user=user.id,
            duty=post.duty,
            area=post.area,
            unit=post.unit,
            since=since,
        )
    if users:
        record(subject=users[0], step=0, staff=len(users))
    return users


def _user(county: str, one: NewStaff) -> User:
    number = normal_phone(one.phone)
    user = User(
        county=county,
        username=one.username,
        name=one.name,
        phone=number,
        phone_index=blind_index("phone", number),
        step=1,
    )
    user.set_unusable_password()
    return user


def _check(county: str, staff: Sequence[NewStaff]) -> None:
    units = set(Unit.objects.filter(county=county).values_list("code", flat=True))
    leads = set(
        Post.objects.filter(county=county, duty=Duty.GRID_LEAD, ended_at=None).values_list("area", flat=True)
    )
    for one in staff:
        if one.duty not in set(Duty) or (one.duty == Duty.GRID_LEAD and len(one.area) != 15):
            raise UnknownDuty(duty=one.duty)
        if one.unit and one.unit not in units:
            raise UnknownUnit(unit=one.unit)
        areas.existing(one.area)
        if one.duty == Duty.GRID_LEAD:
            if one.area in leads:
                raise PostTaken(area=one.area)
            leads.add(one.area)
