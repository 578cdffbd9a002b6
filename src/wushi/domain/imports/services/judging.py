"""Every row is looked at before anything counts: a thousand at a time, so that it shows how far it is and can begin again."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from wushi.domain.audit.services import record
from wushi.domain.imports import files
from wushi.domain.imports.models import Batch, Line
from wushi.domain.imports.queries import actor_of_batch, counts_of, key_of, known_subjects, visible_to
from wushi.domain.imports.registry import importer_for, importer_of
from wushi.domain.imports.states import MOVES, BatchState
from wushi.domain.outbox.services import leave_notice
from wushi.kernel.actor import Actor
from wushi.kernel.errors import NotFound
from wushi.kernel.states import move
from wushi.kernel.verb import DB_TIME, chore, reading, verb
from wushi.plumbing.fields import blind_index
from wushi.plumbing.sheets.importer import CHUNK, Importer, Judged, Said, Verdict, values_of
from wushi.plumbing.sheets.reading import read
from wushi.plumbing.sheets.table import Row
from wushi.plumbing.writes import insert_bulk

WOULD_DO = (Verdict.NEW, Verdict.CHANGED)


class Outrun(Exception):
    """The columns were told anew meanwhile: another look has begun."""


def seen(actor: Actor, batch_id: UUID) -> Batch:
    """The batch as it is now. Raises NotFound."""
    with reading(actor):
        row = visible_to(actor).filter(id=batch_id).first()
    if row is None:
        raise NotFound()
    return row


def preview(county: str, batch_id: UUID, step: int) -> None:
    """Look at every row of a batch; begun again from the first after a break. Does nothing where another look has begun."""
    house = Actor.of_house(county)
    batch = seen(house, batch_id)
    if batch.state != BatchState.LOOKING or batch.step != step:
        return
    heads = [head for column in importer_of(batch.kind).columns for head in column.heads]
    table = read(files.place_of(county, batch_id), heads=heads, sheet=batch.sheet)
    met: set[Any] = set()
    try:
        with chore(county, "judge_import"):
            row = _looked_at_by_us(batch, step)
            Line.objects.filter(county=county, batch=batch_id).delete()
            row.done = 0
            row.save(update_fields=["done"])
        for first in range(0, len(table.rows), CHUNK):
            _look_at(batch, table.rows[first : first + CHUNK], met, (step, first))
    except Outrun:
        return
    finish_preview(actor=house, batch_id=batch_id, seen_step=step)


def _looked_at_by_us(batch: Batch, step: int, done: int | None = None) -> Batch:
    """The batch, locked. Raises Outrun where another look has begun, or another worker is at the same one."""
    row = Batch.objects.select_for_update().filter(county=batch.county, id=batch.id).get()
    if row.step != step or row.state != BatchState.LOOKING or done not in (None, row.done):
        raise Outrun
    return row


def _look_at(batch: Batch, rows: Sequence[Row], met: set[Any], at: tuple[int, int]) -> None:
    with chore(batch.county, "judge_import"):
        row = _looked_at_by_us(batch, *at)
        importer, actor = importer_for(row), actor_of_batch(batch)
        lines = [_line(batch, importer, one) for one in rows]
        _find_twins(importer, lines, met)
        judge_lines(importer, actor, [line for line in lines if not line.reason])
        insert_bulk(lines)
        row.done += len(rows)
        row.save(update_fields=["done"])


def _find_twins(importer: Importer, lines: Sequence[Line], met: set[Any]) -> None:
    """Rows that say again what an earlier row of the file said: the whole row by its key, or a value only one may have."""
    alone = [column.name for column in importer.columns if column.unique]
    for line in lines:
        if line.reason:
            continue
        if line.key_index and line.key_index in met:
            line.verdict, line.reason = Verdict.DUPLICATE, "twice_in_file"
            continue
        values = json.loads(line.raw)
        said = {name: blind_index("import", f"{name}|{values[name]}") for name in alone if values.get(name)}
        taken = [name for name, index in said.items() if index in met]
        if taken:
            line.verdict, line.reason, line.column = Verdict.ERROR, "value_twice", taken[0]
            continue
        met.update({line.key_index, *said.values()} - {b""})


def _line(batch: Batch, importer: Importer, row: Row) -> Line:
    values, reason, column = values_of(importer.columns, batch.mapping, row)
    return Line(
        county=batch.county,
        batch_id=batch.id,
        number=row.number,
        verdict=Verdict.ERROR if reason else "",
        reason=reason,
        column=column,
        raw=json.dumps({name: value for name, value in values.items() if value}, ensure_ascii=False),
        key_index=b"" if reason else key_of(batch, importer.key(values)),
    )


def said_by(importer: Importer, lines: Sequence[Line]) -> list[Said]:
    """Rows as their room gets them, with what an earlier file of the source made of the same key."""
    known = known_subjects(lines[0].county, [line.key_index for line in lines]) if lines else {}
    blank = {column.name: "" for column in importer.columns}
    return [
        Said(line.number, blank | json.loads(line.raw or "{}"), known.get(line.key_index)) for line in lines
    ]


def judge_lines(importer: Importer, actor: Actor, lines: Sequence[Line]) -> list[Judged]:
    """The room's word on each row, written onto the lines."""
    judged = importer.judge(actor=actor, rows=said_by(importer, lines)) if lines else []
    for line, verdict in zip(lines, judged, strict=True):
        line.verdict, line.reason = verdict.verdict, verdict.reason
        line.column, line.subject = verdict.column, verdict.subject
    return judged


def look_again(actor: Actor, batch: Batch) -> dict[str, int]:
    """What the file of a batch would do now, for one that counts already; nothing is written. Verdict -> how many rows."""
    importer = importer_for(batch)
    heads = [head for column in importer.columns for head in column.heads]
    table = read(files.place_of(batch.county, batch.id), heads=heads, sheet=batch.sheet)
    met: set[Any] = set()
    counts: dict[str, int] = {}
    for first in range(0, len(table.rows), CHUNK):
        with reading(actor):
            lines = [_line(batch, importer, one) for one in table.rows[first : first + CHUNK]]
            _find_twins(importer, lines, met)
            judge_lines(importer, actor, [line for line in lines if not line.reason])
        for line in lines:
            counts[line.verdict] = counts.get(line.verdict, 0) + 1
    return counts


@verb
def finish_preview(*, actor: Actor, batch_id: UUID, seen_step: int, now: datetime = DB_TIME) -> Batch:
    """Every row was looked at: how many are new, changed, the same, twice or wrong."""
    row = Batch.objects.select_for_update().filter(county=actor.county, id=batch_id).get()
    if row.step != seen_step:
        return row
    step = move(MOVES, "finish_preview", row.state)
    row.state, row.counts, row.done, row.step = step.target, counts_of(row), row.total, row.step + 1
    row.save()
    record(subject=row, **{str(verdict): row.counts.get(verdict, 0) for verdict in Verdict})
    leave_notice([f"import:{row.id}"])
    return row


def chunks_of(batch: Batch) -> Iterator[list[Line]]:
    """The rows that would do something, in the order of the file, a thousand at a time."""
    after = 0
    while rows := list(_doing(batch).filter(number__gt=after, applied=False).order_by("number")[:CHUNK]):
        yield rows
        after = rows[-1].number


def chunks_back(batch: Batch) -> Iterator[list[Line]]:
    """The rows that did something, the last first: what an earlier row made may hold what a later one put in."""
    before = 2**31 - 1
    while rows := list(_doing(batch).filter(number__lt=before, applied=True).order_by("-number")[:CHUNK]):
        yield rows
        before = rows[-1].number


def _doing(batch: Batch) -> QuerySet[Line]:
    return Line.objects.filter(county=batch.county, batch=batch.id, verdict__in=WOULD_DO)
