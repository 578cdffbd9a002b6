"""Text search: newest rows first as far as that is cheap, then the index of words; no plan that flips with the word.

A common word is found by reading the newest rows of each scope (the index of words would hand out a tenth of the county), a
rare one by the index of words (reading by time would read the whole county). Both give the same page.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import connection
from django.utils import timezone

from wushi.domain.accounts.duties import AREA_READERS, Duty
from wushi.domain.cases.models import UNSEALED
from wushi.domain.cases.permissions import lent_posts, trays_of
from wushi.kernel.actor import Actor
from wushi.plumbing.fields import tsquery, tsquery_any
from wushi.plumbing.pages import Cursor
from wushi.plumbing.tokens import last_quarters, query_tokens

Pairs = list[tuple[datetime, UUID]]
_COLUMN = {9: "town", 12: "village", 15: "grid"}
# how many of the newest rows of a scope are read at first; how many at most, of all scopes together, when those held some hits
WALK, FAR = 1000, 6000
# then the index of words, of so many of the latest quarters at first: a page is full of new ones long before all are fetched
QUARTERS = (2, 6)

# What a search can be narrowed to, as columns that every step of it carries.
NARROWING = ("state", "kind", "category", "urgency", "channel", "supervised")
_NARROWED = ", ".join(NARROWING)
_WHOLE = "seal >= %s"


@dataclass(frozen=True)
class _Part:
    """One scope over the columns of a request; ``walks`` = an index serves it in the order of time."""

    sql: str
    params: Sequence[Any]
    walks: bool = True


def _area_parts(actor: Actor) -> list[_Part]:
    found = []
    for grant in sorted(actor.grants):
        if grant.duty in AREA_READERS and grant.area[:6] == actor.county:
            if len(grant.area) == 6:
                found.append(_Part(_WHOLE, [len(grant.area)]))
            else:
                found.append(
                    _Part(f"{_COLUMN[len(grant.area)]} = %s AND seal >= %s", [grant.area, len(grant.area)])
                )
        if grant.duty == Duty.DEPARTMENT and grant.unit:
            found.append(_Part("unit = %s AND seal = %s", [grant.unit, UNSEALED]))
    return found


def _tray_parts(actor: Actor) -> list[_Part]:
    found = []
    for duty, area, unit in trays_of(actor):
        of_unit = duty == Duty.DEPARTMENT
        sql = "tray_duty = %s AND tray_area = %s" + (" AND unit = %s" if of_unit else "")
        found.append(_Part(sql, [duty, area, unit] if of_unit else [duty, area]))
        watched = (
            "id IN (SELECT case_id FROM cases_watch w WHERE w.county = %s AND w.until IS NULL"
            " AND w.tray_duty = %s AND w.tray_area = %s AND w.unit = %s)"
        )
        found.append(_Part(watched, [actor.county, duty, area, unit], walks=False))
    return found


def _own_parts(actor: Actor) -> list[_Part]:
    if actor.kind == "person":
        return [_Part("reporter_id = %s", [actor.id])]
    if actor.kind != "user":
        return []
    watched = (
        "id IN (SELECT case_id FROM cases_watch w WHERE w.county = %s AND w.until IS NULL AND w.user_id = %s)"
    )
    return [
        _Part("holder_id = %s", [actor.id]),
        *(
            _Part(
                "holder_id = %s AND tray_duty = ANY(%s) AND tray_area = %s",
                [UUID(holder), list(duties), area],
            )
            for holder, duties, area in lent_posts(actor)
        ),
        _Part("taken_by_id = %s AND seal = %s", [actor.id, UNSEALED]),
        _Part(watched, [actor.county, actor.id], walks=False),
    ]


def _parts(actor: Actor) -> list[_Part]:
    """The scopes of ``queries.scopes`` as SQL (a test holds the two equal); who sees the whole county needs no other."""
    areas = _area_parts(actor)
    whole = [part for part in areas if part.sql == _WHOLE]
    if whole:
        # all but what is sealed to a tray, which he sees if he empties it
        sealed = [p for p in _tray_parts(actor) if p.params[0] == Duty.SUPERVISOR]
        return [whole[0], *sealed]
    return [*areas, *_tray_parts(actor), *_own_parts(actor)]


@dataclass(frozen=True)
class _Asked:
    """What narrows every statement of one search."""

    county: str
    query: str
    same: Mapping[str, str]
    accused: UUID | None
    after: Cursor | None
    size: int

    @property
    def newest(self) -> date:
        """The latest local day a hit of this page can have."""
        return timezone.localdate(self.after.at) if self.after else timezone.localdate()

    def narrowing(self) -> tuple[str, list[Any]]:
        """Conditions on hits: not about the reader himself, of the state (kind, category, ...) asked for."""
        sql = ""
        params: list[Any] = []
        if self.accused:
            sql, params = sql + " AND accused_id IS DISTINCT FROM %s", [*params, self.accused]
        for column, value in self.same.items():
            sql, params = f"{sql} AND {column} = %s", [*params, value]
        return sql, params

    def beyond(self) -> tuple[str, list[Any]]:
        """After the cursor, as a range of the indexes by time."""
        return (" AND (opened_at, id) < (%s, %s)", [self.after.at, self.after.id]) if self.after else ("", [])


def search_page(
    actor: Actor, text: str, after: Cursor | None, size: int, same: Mapping[str, str] | None = None
) -> Pairs:
    """(opened_at, id) of one page of what the text finds, newest first, of rows the actor may see.

    ``same`` narrows by columns of NARROWING.
    """
    narrowed = {column: value for column, value in (same or {}).items() if column in NARROWING and value}
    words, parts = query_tokens(text), _parts(actor)
    if not words or not parts:
        return []
    asked = _Asked(
        actor.county, tsquery(words), narrowed, actor.id if actor.kind == "user" else None, after, size
    )
    walk = WALK
    while walk:
        found, whole = _walked(asked, parts, walk)
        if whole or len(found) > size:
            return found
        # the share of hits among the rows just read tells how far one would have to read
        needed = walk * (size + 1) * 4 // (3 * len(found)) if found else 0
        walk = needed if walk == WALK and needed * sum(p.walks for p in parts) <= FAR else 0
    for quarters in QUARTERS:
        # whatever lies before these quarters is older than all of theirs: a page they fill is the page
        found = _by_words(asked, parts, last_quarters(asked.newest, quarters))
        if len(found) > size:
            return found
    return _by_words(asked, parts)


def _walked(asked: _Asked, parts: list[_Part], walk: int) -> tuple[Pairs, bool]:
    """Hits among the newest ``walk`` rows of each scope, as far back as all scopes were read; whether that was everything."""
    beyond, beyond_params = asked.beyond()
    narrowing, narrowing_params = asked.narrowing()
    ctes, ends, params = [], [], []
    for number, part in enumerate(parts):
        limit = f" ORDER BY opened_at DESC, id DESC LIMIT {walk}" if part.walks else ""
        # the words are asked for in the list of columns: as a condition they would not pass row-level security's barrier
        ctes.append(
            f"r{number} AS MATERIALIZED (SELECT opened_at, id, tokens @@ %s::tsquery AS hit, {_NARROWED}, accused_id"
            f" FROM cases_case WHERE county = %s AND {part.sql}{beyond}{limit})"
        )
        params += [asked.query, asked.county, *part.params, *beyond_params]
        if part.walks:
            ends.append(f"SELECT CASE WHEN count(*) = {walk} THEN min(opened_at) END AS at FROM r{number}")
    rows = " UNION ALL ".join(f"SELECT * FROM r{number}" for number in range(len(parts)))
    sql = f"""
        WITH {", ".join(ctes)}, horizon AS (SELECT max(at) AS at FROM ({" UNION ALL ".join(ends)}) ends)
        SELECT horizon.at, found.opened_at, found.id FROM horizon LEFT JOIN LATERAL (
            SELECT DISTINCT opened_at, id FROM ({rows}) rows
             WHERE hit{narrowing} AND (horizon.at IS NULL OR opened_at > horizon.at)
             ORDER BY opened_at DESC, id DESC LIMIT %s) found ON true
         ORDER BY 2 DESC, 3 DESC"""
    with connection.cursor() as cursor:
        cursor.execute(sql, [*params, *narrowing_params, asked.size + 1])
        lines = cursor.fetchall()
    return [(row[1], row[2]) for row in lines if row[2] is not None], lines[0][0] is None


def _by_words(asked: _Asked, parts: list[_Part], quarters: Sequence[str] = ()) -> Pairs:
    """Hits of the index of words first (of some quarters only, where named), in a materialised list, then scope and order."""
    query = f"({asked.query}) & ({tsquery_any(quarters)})" if quarters else asked.query
    scope = " OR ".join(f"({part.sql})" for part in parts)
    beyond, beyond_params = asked.beyond()
    narrowing, narrowing_params = asked.narrowing()
    sql = f"""
        WITH hits AS MATERIALIZED (
            SELECT id, opened_at, {_NARROWED}, town, village, grid, unit, seal, tray_duty, tray_area, holder_id, taken_by_id,
                   reporter_id, accused_id
              FROM cases_case WHERE county = %s AND tokens @@ %s::tsquery)
        SELECT opened_at, id FROM hits
         WHERE ({scope}){narrowing}{beyond}
         ORDER BY opened_at DESC, id DESC LIMIT %s"""
    params = [
        asked.county,
        query,
        *(p for part in parts for p in part.params),
        *narrowing_params,
        *beyond_params,
    ]
    with connection.cursor() as cursor:
        cursor.execute(sql, [*params, asked.size + 1])
        return [(row[0], row[1]) for row in cursor.fetchall()]
