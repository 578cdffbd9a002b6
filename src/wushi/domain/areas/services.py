"""Founding, changing, merging and splitting areas; loading calendars."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

from django.utils import timezone
from pypinyin import lazy_pinyin
from shapely.errors import ShapelyError
from shapely.geometry import shape

from wushi.domain.areas.errors import AreasNotTogether, BadHours, BadOutline, CodeTaken, UnknownArea
from wushi.domain.areas.events import AreasReplaced, CalendarChanged
from wushi.domain.areas.models import NATION, Area, CalendarDay, GridKind, Version, WorkHours
from wushi.domain.areas.permissions import may_load_calendar, may_order_areas
from wushi.domain.areas.rules import level_of, parent_of
from wushi.domain.audit.services import record
from wushi.kernel.actor import Actor
from wushi.kernel.errors import NotAllowed
from wushi.kernel.events import announce
from wushi.kernel.ids import uuid7
from wushi.kernel.verb import DB_TIME, verb
from wushi.plumbing.cache import forget_county


@dataclass(frozen=True)
class NewArea:
    """What is known of an area when it begins."""

    code: str
    name: str
    grid_kind: str = ""
    households: int | None = None
    outline: dict[str, Any] | None = None
    lead_name: str = ""
    lead_phone: str = ""


@dataclass(frozen=True)
class NewDay:
    """One dated row of a calendar."""

    day: date
    is_workday: bool
    name: str = ""


def pinyin_of(name: str) -> str:
    """Initials, a blank, then the syllables: what lists sort and people type by."""
    syllables = lazy_pinyin(name)
    return ("".join(s[0] for s in syllables if s) + " " + " ".join(syllables)).lower()[:240]


def changed(county: str) -> None:
    """Tell every process's caches that something of the county changed; call inside the verb that changed it."""
    Version.objects.update_or_create(county=county, defaults={"mark": uuid7()})
    forget_county(county)


def _row(new: NewArea, since: date) -> Area:
    level = level_of(new.code)
    if not level:
        raise UnknownArea(area=new.code[:15])
    return Area(
        county=new.code[:6] if len(new.code) >= 6 else "",
        code=new.code,
        parent=parent_of(new.code),
        level=level,
        name=new.name,
        pinyin=pinyin_of(new.name),
        grid_kind=new.grid_kind or (GridKind.BASIC if level == "grid" else ""),
        households=new.households,
        outline=_checked(new.outline),
        lead_name=new.lead_name,
        lead_phone=new.lead_phone,
        valid_from=since,
        step=1,
    )


def _checked(outline: dict[str, Any] | None) -> dict[str, Any] | None:
    if outline is None:
        return None
    try:
        geometry = shape(outline)
        good = (
            geometry.geom_type in {"Polygon", "MultiPolygon"} and geometry.is_valid and not geometry.is_empty
        )
    except (ShapelyError, AttributeError, KeyError, TypeError, ValueError, IndexError) as error:
        raise BadOutline() from error
    if not good:
        raise BadOutline()
    return outline


@verb
def load_areas(
    *, actor: Actor, areas: Sequence[NewArea], since: date, source: str, now: datetime = DB_TIME
) -> int:
    """The published list of divisions is taken over for a county; what is there already stays. Returns how many are new.

    One leaf for the list (it decides nothing of its own): the county's code, the number of rows and the source.
    """
    if not may_order_areas(actor, actor.county):
        raise NotAllowed()
    rows = [_row(new, since) for new in areas]
    there = set(
        Area.objects.filter(code__in=[r.code for r in rows], valid_until=None).values_list("code", flat=True)
    )
    fresh = [r for r in rows if r.code not in there]
    Area.objects.bulk_create(fresh, batch_size=1000)
    if fresh:
        changed(actor.county)
        subject = next((r for r in fresh if r.code == actor.county), fresh[0])
        record(subject=subject, rows=len(fresh), source=source)
    return len(fresh)


@verb
def found_area(*, actor: Actor, area: NewArea, now: datetime = DB_TIME) -> Area:
    """A new grid (or village) begins today."""
    if not may_order_areas(actor, area.code):
        raise NotAllowed()
    if Area.objects.filter(code=area.code, valid_until=None).exists():
        raise CodeTaken(area=area.code)
    if not Area.objects.filter(code=parent_of(area.code), valid_until=None).exists():
        raise UnknownArea(area=parent_of(area.code))
    row = _row(area, timezone.localdate(now))
    row.save(force_insert=True)
    changed(actor.county)
    record(subject=row, area=row.code)
    return row


@verb
def describe_area(*, actor: Actor, area: NewArea, now: datetime = DB_TIME) -> Area:
    """What the public is told of an area changes: name, households, outline, the lead's name and number."""
    row = _in_force(area.code)
    if not may_order_areas(actor, area.code):
        raise NotAllowed()
    row.name, row.pinyin, row.households = area.name, pinyin_of(area.name), area.households
    row.grid_kind = area.grid_kind or row.grid_kind
    row.lead_name, row.lead_phone = area.lead_name, area.lead_phone
    row.outline = _checked(area.outline) if area.outline is not None else row.outline
    row.step += 1
    row.save()
    changed(actor.county)
    record(subject=row, area=row.code, outlined=area.outline is not None)
    return row


def _in_force(code: str) -> Area:
    row = Area.objects.select_for_update().filter(code=code, valid_until=None).first()
    if row is None:
        raise UnknownArea(area=code[:15])
    return row


@verb
def load_grids(*, actor: Actor, grids: Sequence[NewArea], now: datetime = DB_TIME) -> tuple[int, int]:
    """A file of grids is taken over whole or not at all: new ones begin, known ones are described anew; (new, changed)."""
    new = changed_ones = 0
    for grid in grids:
        if Area.objects.filter(code=grid.code, valid_until=None).exists():
            describe_area(actor=actor, area=grid, now=now)
            changed_ones += 1
        else:
            found_area(actor=actor, area=grid, now=now)
            new += 1
    if grids:
        record(subject=_in_force(grids[0].code), step=0, new=new, changed=changed_ones)
    return new, changed_ones


@verb
def replace_areas(
    *, actor: Actor, old: Sequence[str], new: Sequence[NewArea], now: datetime = DB_TIME
) -> list[Area]:
    """Areas are merged (many into one) or split (one into many) inside one county.

    Old rows keep their old codes; each ended area names its successors, and a duty over a successor covers what came
    before it. Who listens moves posts and open matters.
    """
    _check_together(old, [n.code for n in new])
    if not all(may_order_areas(actor, code) for code in old):
        raise NotAllowed()
    today = timezone.localdate(now)
    ended = [_in_force(code) for code in sorted(old)]
    for row in ended:
        row.valid_until, row.successors, row.step = today, [n.code for n in new], row.step + 1
        row.save()
        record(subject=row, area=row.code, successors=[n.code for n in new])
    begun = []
    for one in new:
        if Area.objects.filter(code=one.code, valid_until=None).exists():
            raise CodeTaken(area=one.code)
        fresh = _row(one, today)
        fresh.save(force_insert=True)
        record(subject=fresh, area=fresh.code, predecessors=sorted(old))
        begun.append(fresh)
    changed(actor.county)
    announce(AreasReplaced(actor=actor, at=now, old=tuple(sorted(old)), new=tuple(n.code for n in new)))
    return begun


def _check_together(old: Sequence[str], new: Sequence[str]) -> None:
    levels = {level_of(code) for code in (*old, *new)}
    parents = {parent_of(code) for code in (*old, *new)}
    if (
        not old
        or not new
        or (len(old) > 1 and len(new) > 1)
        or len(levels) != 1
        or len(parents) != 1
        or set(old) & set(new)
    ):
        raise AreasNotTogether()


@verb
def load_calendar(
    *, actor: Actor, days: Iterable[NewDay], source: str, county: str = "", now: datetime = DB_TIME
) -> int:
    """Holidays and make-up working days are taken over; a day that is there already is replaced. Returns the rows."""
    scope = county or actor.county
    if not may_load_calendar(actor, scope):
        raise NotAllowed()
    rows = [
        CalendarDay(
            county=scope, day=d.day, is_workday=d.is_workday, name=d.name, source=source, loaded_at=now
        )
        for d in days
    ]
    CalendarDay.objects.bulk_create(
        rows,
        update_conflicts=True,
        unique_fields=["county", "day"],
        update_fields=["is_workday", "name", "source", "loaded_at"],
    )
    if rows:
        _tell_counties(scope, actor.county)
        years = sorted({r.day.year for r in rows})
        record(subject=rows[0], calendar=scope, rows=len(rows), first=years[0], last=years[-1])
        announce(CalendarChanged(actor=actor, at=now, county=scope))
    return len(rows)


def _tell_counties(scope: str, own: str) -> None:
    """Every county that follows the changed lines reads them again."""
    if scope == NATION:
        for each in Version.objects.select_for_update().order_by("county").values_list("county", flat=True):
            changed(each)
    changed(own)


@verb
def set_hours(
    *,
    actor: Actor,
    since: date,
    spans: Sequence[tuple[time, time]],
    basis: str,
    county: str = "",
    now: datetime = DB_TIME,
) -> WorkHours:
    """From a day on people work these hours (summer, winter). Raises BadHours for spans that overlap or run backwards."""
    scope = county or actor.county
    if not may_load_calendar(actor, scope):
        raise NotAllowed()
    flat = [moment for span in spans for moment in span]
    if not spans or len(spans) > 6 or any(a >= b for a, b in zip(flat, flat[1:], strict=False)):
        raise BadHours()
    row, _new = WorkHours.objects.update_or_create(
        county=scope,
        valid_from=since,
        defaults={
            "spans": [[a.strftime("%H:%M"), b.strftime("%H:%M")] for a, b in spans],
            "basis": basis,
            "loaded_at": now,
        },
    )
    _tell_counties(scope, actor.county)
    record(subject=row, calendar=scope, since=since, spans=len(spans))
    announce(CalendarChanged(actor=actor, at=now, county=scope))
    return row
