"""Reading who is signed in, who holds which post, and which posts nobody holds."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import Q, QuerySet

from wushi.domain.accounts.duties import LEADING, SECOND_FACTOR, Duty
from wushi.domain.accounts.models import Post, StandIn, Unit, User
from wushi.domain.accounts.permissions import may_appoint
from wushi.domain.accounts.rules import rule_on, still_signed_in
from wushi.domain.areas import queries as areas
from wushi.kernel.actor import Actor, Grant


@dataclass(frozen=True)
class PostLine:
    """A post as the edge needs it; ``stands_in_for`` is the ref of the person whose post it is, '' for one's own."""

    duty: str
    area: str
    unit: str
    stands_in_for: str = ""


@dataclass(frozen=True)
class SignedIn:
    """Who a browser's token belongs to."""

    sign_in_id: UUID
    county: str
    user_id: UUID | None
    person_id: UUID | None
    username: str
    name: str
    posts: tuple[PostLine, ...]
    second_factor: bool
    totp_enrolled: bool
    seen_at: datetime | None = None

    @property
    def needs_second_factor(self) -> bool:
        """An administrator who has not shown his second factor yet."""
        return not self.second_factor and any(p.duty in SECOND_FACTOR for p in self.posts)


def token_hash(token: str) -> bytes:
    """What is stored of a browser's token."""
    return hashlib.sha256(token.encode()).digest()


# The edge's one statement: sign-in, person, posts and stand-ins. Local days, because posts begin and end by day.
_EDGE = """
SELECT s.id, s.county, s.person, s.second_factor, s.created_at, s.seen_at, s.expires_at,
       u.id, u.username, u.name, u.totp_since IS NOT NULL, now(),
       (SELECT coalesce(json_agg(json_build_array(p.duty, p.area, p.unit, '')), '[]') FROM accounts_post p
         WHERE p.user_id = u.id AND p.ended_at IS NULL AND p.valid_from <= d.today
           AND (p.valid_until IS NULL OR p.valid_until > d.today)),
       (SELECT coalesce(json_agg(json_build_array(p.duty, p.area, p.unit, 'user:' || p.user_id)), '[]')
          FROM accounts_standin i JOIN accounts_post p ON p.id = i.post_id
         WHERE i.user_id = u.id AND i.ended_at IS NULL AND i.valid_from <= d.today AND i.valid_until > d.today
           AND p.ended_at IS NULL AND (p.valid_until IS NULL OR p.valid_until > d.today))
  FROM accounts_signin s
  LEFT JOIN accounts_user u ON u.id = s.user_id
 CROSS JOIN (SELECT (now() AT TIME ZONE 'Asia/Shanghai')::date AS today) d
 WHERE s.token_hash = %s AND s.ended_at IS NULL AND (u.id IS NULL OR u.is_active)
"""


def signed_in(token: str) -> SignedIn | None:
    """Who holds the token now; None for nobody, too old, idle too long, or an account that was closed."""
    with connection.cursor() as cursor:
        cursor.execute(_EDGE, [token_hash(token)])
        row: tuple[Any, ...] | None = cursor.fetchone()
    if row is None:
        return None
    posts = tuple(PostLine(*line) for line in (*row[12], *row[13]))
    rule = rule_on(row[11].date())
    administers = any(p.duty in SECOND_FACTOR for p in posts)
    idle = None if row[7] is None else rule.administrator_idle if administers else rule.staff_idle
    if not still_signed_in(created=row[4], seen=row[5], expires=row[6], now=row[11], idle=idle):
        return None
    return SignedIn(
        row[0], row[1], row[7], row[2], row[8] or "", row[9] or "", posts, row[3], bool(row[10]), row[5]
    )


def actor_of(who: SignedIn) -> Actor:
    """The actor of a signed-in browser; a duty over a merged area covers what came before it."""
    if who.user_id is None:
        return Actor(f"person:{who.person_id}", who.county)
    if who.needs_second_factor:
        return Actor(f"user:{who.user_id}", who.county)
    return Actor(f"user:{who.user_id}", who.county, grants=grants_of(who.posts))


def grants_of(posts: Iterable[PostLine]) -> frozenset[Grant]:
    """The grants of posts, widened to the areas that the posts' areas took the place of."""
    found: set[Grant] = set()
    for post in posts:
        codes = areas.with_predecessors(post.area) if len(post.area) >= 6 else {post.area}
        found.update(Grant(post.duty, code, post.unit) for code in codes)
    return frozenset(found)


def grants_of_user(user_id: UUID, day: date) -> frozenset[Grant]:
    """What a member of staff may do on a day, by his posts and those he stands in for: for deeds that end after he left the
    page. Nothing for an account that was closed."""
    if not User.objects.filter(id=user_id, is_active=True).exists():
        return frozenset()
    lent = StandIn.objects.filter(user_id=user_id, ended_at=None, valid_from__lte=day, valid_until__gt=day)
    stood = [s.post for s in lent.select_related("post") if s.post.ended_at is None]
    return grants_of(PostLine(p.duty, p.area, p.unit) for p in (*posts_of(user_id, day), *stood))


def lending(post: PostLine) -> str:
    """The relation of an actor who stands in: whose post it is, its duty and area, and nothing else of that person."""
    return f"stands_in:{post.stands_in_for}|{post.duty}|{post.area}"


def in_force(day: date) -> Q:
    """Posts held on a day."""
    return Q(ended_at=None, valid_from__lte=day) & (Q(valid_until=None) | Q(valid_until__gt=day))


def posts_over(area: str, day: date, duties: Iterable[str] = tuple(Duty)) -> QuerySet[Post]:
    """Current posts exactly over an area, with their people."""
    rows = Post.objects.filter(
        in_force(day), county=area[:6], area=area, duty__in=list(duties), user__is_active=True
    )
    return rows.select_related("user").order_by("valid_from", "id")


def posts_under(area: str, day: date, duties: Iterable[str]) -> QuerySet[Post]:
    """Current posts over an area and whatever lies in it, with their people."""
    return (
        Post.objects.filter(
            in_force(day),
            county=area[:6],
            area__gte=area,
            area__lt=area + ":",
            duty__in=list(duties),
            user__is_active=True,
        )
        .select_related("user")
        .order_by("area", "duty", "id")
    )


def holders(duty: str, area: str, day: date) -> list[User]:
    """The people who hold a duty over exactly this area, and those who stand in for them today."""
    posts = list(posts_over(area, day, [duty]))
    stand_ins = StandIn.objects.filter(
        post__in=posts, ended_at=None, valid_from__lte=day, valid_until__gt=day, user__is_active=True
    ).select_related("user")
    return [p.user for p in posts] + [s.user for s in stand_ins]


def posts_of(user_id: UUID, day: date) -> list[Post]:
    """A person's current posts."""
    return list(Post.objects.filter(in_force(day), user_id=user_id).order_by("duty", "area"))


def staff_of(actor: Actor, day: date) -> QuerySet[Post]:
    """Current posts of the actor's areas, for the staff page."""
    where = Q(pk__in=[])
    for grant in actor.grants:
        where |= Q(area__startswith=grant.area)
    return (
        Post.objects.filter(where, in_force(day), county=actor.county)
        .select_related("user")
        .order_by("area", "duty", "id")
    )


def staff_people(actor: Actor) -> QuerySet[User]:
    """The county's members of staff by name, with or without a post, for those who may appoint."""
    rows = (
        User.objects.filter(county=actor.county, is_active=True)
        if may_appoint(actor, actor.county)
        else User.objects.none()
    )
    return rows.order_by("name", "username")


def stand_ins_of(actor: Actor, day: date) -> list[StandIn]:
    """Stand-ins now and to come in the actor's areas."""
    rows = StandIn.objects.filter(county=actor.county, ended_at=None, valid_until__gt=day)
    rows = rows.select_related("user", "post", "post__user").order_by("valid_from")
    return [r for r in rows if any(r.post.area.startswith(g.area) for g in actor.grants)]


def areas_answered_for(user_id: UUID, day: date) -> list[str]:
    """The areas of a person's posts, and of those he stands in for."""
    lent = StandIn.objects.filter(user_id=user_id, ended_at=None, valid_from__lte=day, valid_until__gt=day)
    stood = [s.post.area for s in lent.select_related("post")]
    return [*(p.area for p in posts_of(user_id, day)), *stood]


def still_serves(user_id: UUID, duties: Iterable[str], area: str, day: date) -> bool:
    """Whether he holds, or stands in for, a post of one of the duties over exactly this area today."""
    served = Post.objects.filter(in_force(day), area=area, duty__in=list(duties), county=area[:6])
    if served.filter(user_id=user_id).exists():
        return True
    lent = StandIn.objects.filter(user_id=user_id, ended_at=None, valid_from__lte=day, valid_until__gt=day)
    return lent.filter(post__in=served).exists()


def names_of(ids: Iterable[UUID]) -> dict[UUID, str]:
    """Names of members of staff by id, in one statement."""
    wanted = {i for i in ids if i}
    return dict(User.objects.filter(id__in=wanted).values_list("id", "name")) if wanted else {}


def unit_names(county: str) -> dict[str, str]:
    """Code -> name of the county's units."""
    return dict(Unit.objects.filter(county=county).values_list("code", "name"))


def units_of(county: str, day: date) -> list[Unit]:
    """Units in force."""
    rows = Unit.objects.filter(county=county, valid_from__lte=day).exclude(valid_until__lte=day)
    return list(rows.order_by("kind", "code"))


def vacancies(county: str, under: str, day: date) -> list[tuple[str, str]]:
    """(duty, area) of villages without a secretary and grids without a lead, inside an area."""
    held = set(
        Post.objects.filter(
            in_force(day), county=county, duty__in=list(LEADING), area__startswith=under, user__is_active=True
        ).values_list("duty", "area")
    )
    wanted = [(Duty.SECRETARY.value, p.code) for p in areas.places_under(under, "village")]
    wanted += [(Duty.GRID_LEAD.value, p.code) for p in areas.places_under(under, "grid")]
    return [pair for pair in wanted if pair not in held]
