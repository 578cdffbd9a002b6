"""Work lists: mine, my tray, my area, watching, overdue; number and text search. Keyset pages, one limited branch a scope."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from wushi.domain.cases.models import Case
from wushi.domain.cases.queries import scopes
from wushi.domain.cases.queries.figures import figure
from wushi.domain.cases.queries.search import NARROWING, search_page
from wushi.domain.cases.rules import LOCAL, is_number
from wushi.domain.cases.states import OPEN, UNDER_WAY, CaseState
from wushi.kernel.actor import Actor
from wushi.kernel.verb import current_scope
from wushi.plumbing.pages import PAGE, Count, Cursor, Page, count_of, cut, ids_of_page

LISTS = ("mine", "tray", "parts", "area", "watching", "overdue")
_OPEN = Q(state__in=sorted(s.value for s in OPEN))
_RUNNING = Q(state__in=sorted(s.value for s in UNDER_WAY))
_UNSIGNED = Q(state__in=[CaseState.RECEIVED, CaseState.WAITING, CaseState.ASSIGNED])


@dataclass(frozen=True)
class Wanted:
    """Which list, and what it is narrowed to. ``text`` searches; a whole number finds its case whatever the list.

    ``figure``: what a figure counted (``queries.figures``); KeyError for one there is not.
    """

    list: str = "mine"
    text: str = ""
    state: str = ""
    kind: str = ""
    category: str = ""
    urgency: str = ""
    channel: str = ""
    supervised: str = ""
    tag: str = ""
    area: str = ""
    figure: str = ""
    since: date | None = None
    until: date | None = None

    @property
    def same(self) -> dict[str, str]:
        """The columns it is narrowed to."""
        return {name: getattr(self, name) for name in NARROWING if getattr(self, name)}

    @property
    def narrows(self) -> bool:
        """Whether it is narrowed at all."""
        return bool(self.same or self.tag or self.area or self.figure or self.since or self.until)


def _narrowed(rows: QuerySet[Any], wanted: Wanted) -> QuerySet[Any]:
    """Days are local days; an area is one the reader's own scopes are cut to, never widened by."""
    rows = rows.filter(**wanted.same)
    if wanted.tag:
        rows = rows.filter(tags__contains=[wanted.tag])
    column = {9: "town", 12: "village", 15: "grid"}.get(len(wanted.area))
    if column:
        rows = rows.filter(**{column: wanted.area})
    if wanted.figure:
        rows = rows.filter(figure(wanted.figure, _now()))
    if wanted.since:
        rows = rows.filter(opened_at__gte=datetime.combine(wanted.since, time(0), tzinfo=LOCAL))
    if wanted.until:
        after = datetime.combine(wanted.until + timedelta(days=1), time(0), tzinfo=LOCAL)
        rows = rows.filter(opened_at__lt=after)
    return rows


def _now() -> datetime:
    scope = current_scope()
    assert scope is not None
    return scope.now


def _branches(actor: Actor, wanted: Wanted) -> tuple[list[QuerySet[Any]], str, bool]:
    """(branches, field they are ordered by, descending)."""
    rows = _narrowed(scopes.base(actor), wanted)
    if wanted.list == "mine":
        return (
            [rows.filter(s, _OPEN, holder__isnull=False) for s in scopes.held_scopes(actor)],
            "due_at",
            False,
        )
    if wanted.list == "tray":
        return (
            [rows.filter(s, _OPEN, _UNSIGNED, holder=None) for s in scopes.tray_scopes(actor)],
            "due_at",
            False,
        )
    if wanted.list == "parts":
        asked = scopes.open_parts(actor).values("case_id")
        return [rows.filter(id__in=asked)], "due_at", False
    if wanted.list == "watching":
        mine = scopes.watching(actor).filter(county=OuterRef("county"), case=OuterRef("id"))
        ids = scopes.watching(actor).values("case_id")
        return [rows.filter(Exists(mine), id__in=ids)], "opened_at", True
    everything = [*scopes.area_scopes(actor), *scopes.unit_scopes(actor)]
    if wanted.list == "overdue":
        branches = [*everything, *scopes.held_scopes(actor), *scopes.tray_scopes(actor)]
        return [rows.filter(s, _RUNNING, due_at__lt=_now()) for s in branches], "due_at", False
    return [rows.filter(s) for s in (everything or scopes.own_scopes(actor))], "opened_at", True


def page_for(actor: Actor, wanted: Wanted, after: Cursor | None = None, size: int = PAGE) -> Page[Case]:
    """One page of a list, of requests the actor may see and no others (a test holds it equal to ``visible_to``)."""
    text = wanted.text.strip()
    if is_number(text):
        return Page(list(scopes.visible_to(actor).filter(number=text.upper())[:1]))
    if text:
        pairs = search_page(actor, text, after, size, wanted.same)
    else:
        branches, field, descending = _branches(actor, wanted)
        pairs = ids_of_page(branches, field=field, descending=descending, after=after, size=size)
    ids, next_cursor = cut(pairs, size)
    found = Case.objects.filter(county=actor.county, id__in=ids).in_bulk() if ids else {}
    return Page([found[i] for i in ids if i in found], next_cursor)


def count_for(actor: Actor, wanted: Wanted) -> Count:
    """How many, counted to 1,000."""
    branches, _, _ = _branches(actor, wanted)
    return count_of(branches)
