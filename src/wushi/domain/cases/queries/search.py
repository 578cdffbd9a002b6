"""Text search: hits first in a materialised list, then scope and order; the plan cannot flip to a walk by time."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection

from wushi.domain.accounts.duties import AREA_READERS, Duty
from wushi.domain.cases.models import UNSEALED
from wushi.domain.cases.permissions import trays_of
from wushi.kernel.actor import Actor
from wushi.plumbing.fields import tsquery
from wushi.plumbing.pages import Cursor
from wushi.plumbing.tokens import query_tokens

_COLUMN = {9: "town", 12: "village", 15: "grid"}


def _scope_sql(actor: Actor) -> tuple[str, list[Any]]:
    """The scopes of ``queries.scopes`` over the columns of the hits, as SQL (a test holds the two equal)."""
    parts: list[str] = []
    params: list[Any] = []
    for grant in sorted(actor.grants):
        if grant.duty in AREA_READERS and grant.area[:6] == actor.county:
            if len(grant.area) == 6:
                parts.append("true")
            else:
                parts.append(f"({_COLUMN[len(grant.area)]} = %s AND seal >= %s)")
                params += [grant.area, len(grant.area)]
        if grant.duty == Duty.DEPARTMENT and grant.unit:
            parts.append("(unit = %s AND seal = %s)")
            params += [grant.unit, UNSEALED]
    for duty, area, unit in trays_of(actor):
        parts.append(
            "(tray_duty = %s AND tray_area = %s" + (" AND unit = %s)" if duty == Duty.DEPARTMENT else ")")
        )
        params += [duty, area, unit] if duty == Duty.DEPARTMENT else [duty, area]
        parts.append(
            "id IN (SELECT case_id FROM cases_watch w WHERE w.county = %s AND w.until IS NULL"
            " AND w.tray_duty = %s AND w.tray_area = %s)"
        )
        params += [actor.county, duty, area]
    if actor.kind == "user":
        refs = {actor.ref} | {
            r.removeprefix("stands_in:") for r in actor.relations if r.startswith("stands_in:")
        }
        parts.append("holder_id = ANY(%s)")
        params.append([UUID(r.partition(":")[2]) for r in sorted(refs)])
        parts.append("(taken_by_id = %s AND seal = %s)")
        params += [actor.id, UNSEALED]
        parts.append(
            "id IN (SELECT case_id FROM cases_watch w WHERE w.county = %s AND w.until IS NULL AND w.user_id = %s)"
        )
        params += [actor.county, actor.id]
    elif actor.kind == "person":
        parts.append("reporter_id = %s")
        params.append(actor.id)
    return " OR ".join(parts) or "false", params


def search_page(actor: Actor, text: str, after: Cursor | None, size: int) -> list[tuple[datetime, UUID]]:
    """(opened_at, id) of one page of what the text finds, newest first, of rows the actor may see."""
    words = query_tokens(text)
    if not words:
        return []
    scope, params = _scope_sql(actor)
    beyond = " AND (opened_at, id) < (%s, %s)" if after else ""
    sql = f"""
        WITH hits AS MATERIALIZED (
            SELECT id, opened_at, town, village, grid, unit, seal, tray_duty, tray_area, holder_id, taken_by_id,
                   reporter_id, accused_id
              FROM cases_case WHERE county = %s AND tokens @@ %s::tsquery)
        SELECT opened_at, id FROM hits
         WHERE ({scope}) AND accused_id IS DISTINCT FROM %s{beyond}
         ORDER BY opened_at DESC, id DESC LIMIT %s"""
    whole = [actor.county, tsquery(words), *params, actor.id if actor.kind == "user" else None]
    if not whole[-1]:
        sql = sql.replace("AND accused_id IS DISTINCT FROM %s", "")
        whole.pop()
    whole += [after.at, after.id] if after else []
    with connection.cursor() as cursor:
        cursor.execute(sql, [*whole, size + 1])
        return [(row[0], row[1]) for row in cursor.fetchall()]
