"""What an actor may know of: his areas, his trays, his own. One list of scopes, used by point reads and by pages."""

from __future__ import annotations

from functools import reduce
from operator import or_

from django.db.models import Exists, OuterRef, Q, QuerySet

from wushi.domain.accounts.duties import AREA_READERS, Duty
from wushi.domain.areas.rules import DIGITS
from wushi.domain.cases.models import UNSEALED, Case, Part, Watch
from wushi.domain.cases.permissions import lent_posts, trays_of
from wushi.domain.people.queries import followed_by
from wushi.kernel.actor import Actor
from wushi.plumbing.bench import HeldRows, fits, held

_COLUMN = {DIGITS["town"]: "town", DIGITS["village"]: "village", DIGITS["grid"]: "grid"}


def any_of(scopes: list[Q]) -> Q:
    """One of the scopes; no scope is no row."""
    return reduce(or_, scopes) if scopes else Q(pk__in=[])


def area_scopes(actor: Actor) -> list[Q]:
    """Equality on the column of each grant's level, above the seal."""
    found = {}
    for grant in actor.grants:
        if grant.duty not in AREA_READERS or actor.county != grant.area[:6]:
            continue
        size = len(grant.area)
        if size == DIGITS["county"]:
            # never an empty Q: OR-ed with another it would vanish instead of covering everything
            found[grant.area] = Q(county=actor.county, seal__gte=size)
        elif size == DIGITS["grid"]:
            # the village too: what is open has an index by village, and one by grid would serve nobody else
            found[grant.area] = Q(village=grant.area[: DIGITS["village"]], grid=grant.area, seal__gte=size)
        else:
            found[grant.area] = Q(**{_COLUMN[size]: grant.area}, seal__gte=size)
    # a wider area makes the narrower ones inside it superfluous
    return [
        q for area, q in sorted(found.items()) if not any(area != a and area.startswith(a) for a in found)
    ]


def unit_scopes(actor: Actor) -> list[Q]:
    """A department's clerks see what lies with their unit."""
    units = {g.unit for g in actor.grants if g.duty == Duty.DEPARTMENT and g.unit}
    return [Q(unit=unit, seal=UNSEALED) for unit in sorted(units)]


def tray_scopes(actor: Actor) -> list[Q]:
    """What lies in the trays he empties (a tray is never below the seal: mark_official moves it above)."""
    found = []
    for duty, area, unit in trays_of(actor):
        where = Q(tray_duty=duty, tray_area=area)
        found.append(where & Q(unit=unit) if duty == Duty.DEPARTMENT else where)
    return found


def held_scopes(actor: Actor) -> list[Q]:
    """What he signed for, and what those signed for in whose posts he stands in."""
    if actor.kind != "user":
        return []
    lent = [Q(holder=h, tray_duty__in=duties, tray_area=area) for h, duties, area in lent_posts(actor)]
    return [Q(holder=actor.id), *lent]


def own_scopes(actor: Actor) -> list[Q]:
    """His own: held, stood in for, typed in for others; told by him or by whom he follows; the one his receipt is for."""
    if actor.kind == "user":
        return [*held_scopes(actor), Q(taken_by=actor.id, seal=UNSEALED)]
    if actor.kind == "person":
        return [Q(reporter=actor.id), family_scope(actor)]
    if actor.kind == "receipt" and actor.id:
        return [Q(id=actor.id)]
    return []


def family_scope(actor: Actor) -> Q:
    """What those told whom he follows; nothing that is sealed: it is about an official, and theirs alone."""
    return Q(reporter__in=followed_by(actor).order_by().values("followed_id"), seal=UNSEALED)


def watched_by(actor: Actor) -> list[Q]:
    """Which watches are his: in person, or through a tray he empties."""
    whose = [Q(user=actor.id)] if actor.kind == "user" else []
    return whose + [Q(tray_duty=duty, tray_area=area, unit=unit) for duty, area, unit in trays_of(actor)]


def watching(actor: Actor) -> QuerySet[Watch]:
    """The watches that are his."""
    return Watch.objects.filter(any_of(watched_by(actor)), county=actor.county, until=None)


def open_parts(actor: Actor) -> QuerySet[Part]:
    """Parts in other people's matters that his trays have still to answer."""
    whose = [Q(tray_duty=duty, tray_area=area, unit=unit) for duty, area, unit in trays_of(actor)]
    return Part.objects.filter(any_of(whose), county=actor.county, answered_at=None, released_at=None)


def base(actor: Actor) -> QuerySet[Case]:
    """The county's rows without those about the actor himself."""
    rows = Case.objects.filter(county=actor.county)
    return rows.exclude(accused=actor.id) if actor.kind == "user" else rows


def visible_to(actor: Actor) -> QuerySet[Case]:
    """Every request the actor may know about: his areas, his trays, his own. Point reads and verbs start here."""
    if "house" in actor.relations:
        return Case.objects.filter(county=actor.county)
    scopes = [*area_scopes(actor), *unit_scopes(actor), *tray_scopes(actor), *own_scopes(actor)]
    if actor.kind == "user":
        scopes.append(Q(Exists(watching(actor).filter(county=OuterRef("county"), case=OuterRef("id")))))
    return base(actor).filter(any_of(scopes))


def exists_for(actor: Actor, case: Case) -> bool:
    """``visible_to`` for a row on the bench, by the same scopes; what tells of families there is asked of nobody."""
    if "house" in actor.relations:
        return True
    if actor.kind == "user" and case.accused_id is not None and case.accused_id == actor.id:
        return False
    own = [Q(reporter=actor.id)] if actor.kind == "person" else own_scopes(actor)
    scopes = [*area_scopes(actor), *unit_scopes(actor), *tray_scopes(actor), *own]
    if any(fits(scope, case) for scope in scopes):
        return True
    bench = held(Watch)
    if bench is None or actor.kind != "user":
        return False
    return HeldRows(Watch, bench).filter(any_of(watched_by(actor)), case=case, until=None).exists()


def by_receipt(actor: Actor) -> Case | None:
    """The request a receipt's holder is looking at."""
    if actor.kind != "receipt" or actor.id is None:
        return None
    return Case.objects.filter(county=actor.county, id=actor.id).first()


def of_receipt(county: str, receipt: str) -> Case | None:
    """The request a receipt code belongs to; the code itself is the right to see it."""
    return Case.objects.filter(county=county, receipt=receipt).first()


def mine_of(actor: Actor) -> QuerySet[Case]:
    """What a signed-in resident told, newest first."""
    if actor.kind != "person":
        return Case.objects.none()
    return Case.objects.filter(county=actor.county, reporter=actor.id).order_by("-opened_at", "-id")


def of_family(actor: Actor) -> QuerySet[Case]:
    """What those told whom a signed-in resident follows, newest first."""
    if actor.kind != "person":
        return Case.objects.none()
    return Case.objects.filter(family_scope(actor), county=actor.county).order_by("-opened_at", "-id")
