"""People, units, posts and stand-ins."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db.models import Q
from django.utils import timezone

from wushi.domain.accounts.duties import Duty
from wushi.domain.accounts.errors import (
    BadDates,
    PostTaken,
    UnknownDuty,
    UnknownUnit,
    UnknownUser,
    UsernameTaken,
)
from wushi.domain.accounts.events import PostEnded
from wushi.domain.accounts.models import Post, SignIn, StandIn, Unit, User
from wushi.domain.accounts.permissions import may_appoint, may_arrange_stand_in
from wushi.domain.accounts.queries import in_force
from wushi.domain.areas import queries as areas
from wushi.domain.audit.services import record
from wushi.kernel.actor import Actor
from wushi.kernel.errors import NotAllowed
from wushi.kernel.events import announce
from wushi.kernel.verb import DB_TIME, unscoped, verb
from wushi.plumbing.fields import blind_index
from wushi.plumbing.personal import normal_phone
from wushi.plumbing.writes import serialised


@dataclass(frozen=True)
class NewUnit:
    """What is known of a unit when it begins."""

    code: str
    name: str
    kind: str
    area: str
    parent: str = ""


def _user(actor: Actor, user_id: UUID) -> User:
    user = User.objects.select_for_update().filter(id=user_id, county=actor.county).first()
    if user is None:
        raise UnknownUser()
    return user


@verb
def register_user(
    *, actor: Actor, username: str, name: str, phone: str = "", now: datetime = DB_TIME
) -> User:
    """A member of staff is entered; he cannot sign in before a password is set for him."""
    if not may_appoint(actor, actor.county):
        raise NotAllowed()
    if User.objects.filter(username=username).exists():
        raise UsernameTaken(username=username)
    number = normal_phone(phone)
    user = User(
        county=actor.county,
        username=username,
        name=name,
        phone=number,
        phone_index=blind_index("phone", number),
        step=1,
    )
    user.set_unusable_password()
    user.save(force_insert=True)
    record(subject=user)
    return user


@verb
def found_unit(*, actor: Actor, unit: NewUnit, now: datetime = DB_TIME) -> Unit:
    """A unit (单位) begins; asked twice it is the same one."""
    if not may_appoint(actor, unit.area):
        raise NotAllowed()
    row = Unit.objects.filter(county=actor.county, code=unit.code).first()
    if row:
        return row
    row = Unit(county=actor.county, valid_from=timezone.localdate(now), step=1, **unit.__dict__)
    row.save(force_insert=True)
    record(subject=row, unit=row.code, kind=row.kind)
    return row


@verb
def appoint(
    *,
    actor: Actor,
    user_id: UUID,
    duty: str,
    area: str,
    unit: str = "",
    since: date | None = None,
    now: datetime = DB_TIME,
) -> Post:
    """A person takes up a post: a duty over an area in a unit, from a day on."""
    if not may_appoint(actor, area):
        raise NotAllowed()
    if duty not in set(Duty) or (duty == Duty.GRID_LEAD and len(area) != 15):
        raise UnknownDuty(duty=duty)
    areas.existing(area)
    if unit and not Unit.objects.filter(county=actor.county, code=unit).exists():
        raise UnknownUnit(unit=unit)
    user = _user(actor, user_id)
    first = since or timezone.localdate(now)
    serialised(f"post:{area}:{duty}")
    taken = Post.objects.select_for_update().filter(county=actor.county, area=area, duty=duty, ended_at=None)
    taken = taken.filter(Q(valid_until=None) | Q(valid_until__gt=first))
    if duty == Duty.GRID_LEAD and taken.exists():
        raise PostTaken(area=area)
    post = Post(county=actor.county, user=user, duty=duty, area=area, unit=unit, valid_from=first, step=1)
    post.save(force_insert=True)
    record(subject=post, user=user.id, duty=duty, area=area, unit=unit, since=first)
    return post


@verb
def end_post(*, actor: Actor, post_id: UUID, now: datetime = DB_TIME) -> Post:
    """A person leaves a post at once; what he held by it goes back to the tray of the duty, and a vacancy is told."""
    post = Post.objects.select_for_update(of=("self",)).filter(id=post_id, county=actor.county).first()
    if post is None or not may_appoint(actor, post.area):
        raise NotAllowed()
    if post.ended_at:
        return post
    today = timezone.localdate(now)
    post.ended_at, post.valid_until, post.step = now, max(today, post.valid_from), post.step + 1
    post.save()
    for stand_in in StandIn.objects.select_for_update().filter(post=post, ended_at=None).order_by("id"):
        _end_stand_in(actor, stand_in, now)
    others = Post.objects.filter(in_force(today), county=post.county, duty=post.duty, area=post.area)
    vacant = not others.exists()
    record(subject=post, user=post.user_id, duty=post.duty, area=post.area, vacant=vacant)
    announce(
        PostEnded(
            actor=actor,
            at=now,
            user_id=post.user_id,
            duty=post.duty,
            area=post.area,
            unit=post.unit,
            vacant=vacant,
        )
    )
    return post


@verb
def move_posts(*, actor: Actor, old: str, new: str, now: datetime = DB_TIME) -> int:
    """Posts over an area that ended go on over its successor; a second grid lead becomes a grid worker."""
    if not may_appoint(actor, old):
        raise NotAllowed()
    moved = 0
    today = timezone.localdate(now)
    for post in (
        Post.objects.select_for_update().filter(in_force(today), county=actor.county, area=old).order_by("id")
    ):
        duty = post.duty
        if (
            duty == Duty.GRID_LEAD
            and Post.objects.filter(in_force(today), county=actor.county, area=new, duty=duty).exists()
        ):
            duty = Duty.GRID_WORKER.value
        post.ended_at, post.valid_until, post.step = now, max(today, post.valid_from), post.step + 1
        post.save()
        unit = new if post.unit == old else post.unit
        fresh = Post(
            county=actor.county,
            user_id=post.user_id,
            duty=duty,
            area=new,
            unit=unit,
            valid_from=today,
            step=1,
        )
        fresh.save(force_insert=True)
        record(subject=post, user=post.user_id, duty=post.duty, area=old, successor=fresh.id)
        record(subject=fresh, user=post.user_id, duty=duty, area=new)
        moved += 1
    return moved


@verb
def arrange_stand_in(
    *, actor: Actor, post_id: UUID, user_id: UUID, first: date, last: date, now: datetime = DB_TIME
) -> StandIn:
    """AB角: somebody stands in for a post from the first day to the last (included)."""
    post = Post.objects.filter(id=post_id, county=actor.county, ended_at=None).first()
    if post is None or not may_arrange_stand_in(actor, f"user:{post.user_id}", post.duty, post.area):
        raise NotAllowed()
    if user_id == actor.id:
        raise NotAllowed()  # nobody lends himself another's rights
    if last < first:
        raise BadDates()
    user = _user(actor, user_id)
    if user.id == post.user_id or not user.is_active:
        raise UnknownUser()
    until = date.fromordinal(last.toordinal() + 1)
    row = StandIn(county=actor.county, post=post, user=user, valid_from=first, valid_until=until, step=1)
    row.save(force_insert=True)
    record(subject=row, post=post.id, user=user.id, first=first, last=last)
    return row


@verb
def end_stand_in(*, actor: Actor, stand_in_id: UUID, now: datetime = DB_TIME) -> StandIn:
    """A stand-in ends at once."""
    row = (
        StandIn.objects.select_for_update(of=("self",))
        .select_related("post")
        .filter(id=stand_in_id, county=actor.county)
        .first()
    )
    if row is None or not may_arrange_stand_in(
        actor, f"user:{row.post.user_id}", row.post.duty, row.post.area
    ):
        raise NotAllowed()
    if not row.ended_at:
        _end_stand_in(actor, row, now)
    return row


def _end_stand_in(actor: Actor, row: StandIn, now: datetime) -> None:
    """Over at once; what he signed for through it goes back to the tray (who listens sees to it)."""
    row.ended_at, row.step = now, row.step + 1
    row.save(update_fields=["ended_at", "step"])
    post = row.post
    record(subject=row, post=post.id, user=row.user_id)
    announce(
        PostEnded(
            actor=actor,
            at=now,
            user_id=row.user_id,
            duty=post.duty,
            area=post.area,
            unit=post.unit,
            vacant=False,
        )
    )


def end_expired_stand_ins(county: str) -> int:
    """Stand-ins whose last day is over are ended by the house; how many. Called by the worker's sweep."""
    with unscoped("which stand-ins are over"):
        today = timezone.localdate()
        over = list(
            StandIn.objects.filter(county=county, ended_at=None, valid_until__lte=today).values_list(
                "id", flat=True
            )
        )
    for stand_in_id in over:
        end_stand_in(actor=Actor.of_house(county), stand_in_id=stand_in_id)
    return len(over)


def lock_served_post(user_id: UUID, duties: Iterable[str], area: str, day: date) -> bool:
    """Lock the posts in force over exactly this area that he holds or stands in for; False when there is none any more."""
    served = Post.objects.filter(in_force(day), county=area[:6], area=area, duty__in=list(duties))
    own = served.select_for_update(of=("self",)).filter(user_id=user_id).order_by("id")
    if list(own):
        return True
    lent = StandIn.objects.select_for_update(of=("self",)).filter(
        user_id=user_id, post__in=served, ended_at=None, valid_from__lte=day, valid_until__gt=day
    )
    return bool(list(lent.order_by("id")))


def served_spans(user_id: UUID, duties: Iterable[str], area: str) -> list[tuple[date, date | None]]:
    """From when to when (excluded) he holds or stands in for posts over exactly this area: ``lock_served_post`` for any day."""
    served = Post.objects.filter(county=area[:6], area=area, duty__in=list(duties), ended_at=None)
    lent = StandIn.objects.filter(user_id=user_id, post__in=served, ended_at=None)
    return [
        *served.filter(user_id=user_id).values_list("valid_from", "valid_until"),
        *lent.values_list("valid_from", "valid_until"),
    ]


def end_sign_ins(user_id: UUID, now: datetime) -> None:
    """Every browser of a person is signed out (inside a verb that records why)."""
    SignIn.objects.filter(user_id=user_id, ended_at=None).update(ended_at=now)
