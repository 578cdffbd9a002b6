"""A file comes in, its columns are told; and it is forgotten after its time."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import UUID

from django.utils import timezone

from wushi.domain.audit.services import record
from wushi.domain.imports import files
from wushi.domain.imports.errors import ColumnsMissing, FileForgotten
from wushi.domain.imports.models import Batch, KnownHeads, Line
from wushi.domain.imports.permissions import may_act_on
from wushi.domain.imports.queries import visible_to
from wushi.domain.imports.registry import importer_of
from wushi.domain.imports.rules import rule_on
from wushi.domain.imports.states import MOVES, BatchState
from wushi.domain.outbox.services import leave_job
from wushi.kernel.actor import Actor
from wushi.kernel.errors import Invalid, NotAllowed, NotFound
from wushi.kernel.ids import uuid7
from wushi.kernel.states import move
from wushi.kernel.verb import DB_TIME, chore, verb
from wushi.plumbing.sheets.importer import Asking
from wushi.plumbing.sheets.reading import read
from wushi.plumbing.sheets.table import Table
from wushi.plumbing.text import clean
from wushi.plumbing.writes import insert_plain

SAMPLES = 3
SAMPLE_CHARS = 60


@dataclass(frozen=True)
class NewFile:
    """A file with what it is of (``kind``) and where it comes from (``source``, which system's or office's list)."""

    kind: str
    source: str
    file_name: str
    path: Path
    sheet: str = ""


def _heads_of(kind: str) -> list[str]:
    return [head for column in importer_of(kind).columns for head in column.heads]


def take_file(*, actor: Actor, new: NewFile) -> Batch:
    """A file is taken in; the same file of the same source again is the same batch. Raises what the file is refused for.

    It is parsed before any transaction begins: a reader of its own takes seconds for a large file.
    """
    if not importer_of(new.kind).may(actor):
        raise NotAllowed()
    table = read(new.path, heads=_heads_of(new.kind), sheet=new.sheet, keep=SAMPLES)
    return keep_file(actor=actor, new=new, table=table)


@verb
def keep_file(*, actor: Actor, new: NewFile, table: Table, now: datetime = DB_TIME) -> Batch:
    """A file that can be read is kept as a batch; its columns are told next."""
    if not importer_of(new.kind).may(actor):
        raise NotAllowed()
    digest = hashlib.sha256(new.path.read_bytes()).digest()
    row = Batch(
        id=uuid7(),
        county=actor.county,
        kind=new.kind,
        source=clean(new.source, field="source", limit=60, required=True),
        file_name=clean(Path(new.file_name).name, field="file", limit=200),
        sha256=digest,
        size=new.path.stat().st_size,
        by=actor.ref,
        taken_at=now,
        step=1,
    )
    describe(row, table)
    row.options = _told_before(row)
    files.keep(actor.county, row.id, new.path)
    if not insert_plain(row, " ON CONFLICT DO NOTHING"):
        files.forget(actor.county, row.id)
        return _offered_again(actor, row)
    record(subject=row, kind=row.kind, rows=row.total)
    return row


def _told_before(row: Batch) -> dict[str, Any]:
    """What was told last of the words of the same source."""
    same = Batch.objects.filter(county=row.county, kind=row.kind, source=row.source, undone_at=None)
    found = same.order_by("-taken_at", "-id").values_list("options", flat=True).first()
    return dict(found or {})


def _offered_again(actor: Actor, found: Batch) -> Batch:
    """The batch the file is already; somebody else's is the district's to open."""
    same = Batch.objects.filter(
        county=actor.county,
        kind=found.kind,
        source=found.source,
        sha256=found.sha256,
        undone_at=None,
        forgotten_at=None,
    ).get()
    if not may_act_on(actor, same):
        raise NotAllowed()
    return same


def describe(row: Batch, table: Table) -> None:
    """What a page shows of a file before its columns are told."""
    row.form, row.sheet, row.sheets = table.kind, table.sheet[:120], list(table.sheets)
    row.heads = [head[:SAMPLE_CHARS] for head in table.heads]
    row.fingerprint, row.total = table.fingerprint, table.total
    row.samples = json.dumps(
        [[cell[:SAMPLE_CHARS] for cell in line.cells] for line in table.rows[:SAMPLES]], ensure_ascii=False
    )


def locked(actor: Actor, batch_id: UUID) -> Batch:
    """The batch, for whoever may act on it."""
    row = visible_to(actor).select_for_update(of=("self",)).filter(id=batch_id).first()
    if row is None:
        raise NotFound()
    return row


def choose_sheet(*, actor: Actor, batch_id: UUID, sheet: str) -> Batch:
    """Another sheet of the same workbook is meant. Raises UnknownSheet."""
    from wushi.domain.imports.services.judging import seen

    before = seen(actor, batch_id)
    if before.forgotten_at:
        raise FileForgotten(days=rule_on(timezone.localdate()).keep.days)
    path = files.place_of(actor.county, batch_id)
    table = read(path, heads=_heads_of(before.kind), sheet=sheet, keep=SAMPLES)
    return turn_to_sheet(actor=actor, batch_id=batch_id, table=table)


@verb
def turn_to_sheet(*, actor: Actor, batch_id: UUID, table: Table, now: datetime = DB_TIME) -> Batch:
    """The batch is of another sheet of its workbook from now on; its columns are told anew."""
    row = locked(actor, batch_id)
    move(MOVES, "map_columns", row.state)
    describe(row, table)
    row.mapping, row.state, row.step = {}, BatchState.TAKEN, row.step + 1
    row.save()
    record(subject=row, rows=row.total)
    return row


@verb
def map_columns(
    *, actor: Actor, batch_id: UUID, mapping: Mapping[str, int], now: datetime = DB_TIME
) -> Batch:
    """It is told which column of the file means what; the rows are looked at in the background. Raises ColumnsMissing."""
    row = locked(actor, batch_id)
    step = move(MOVES, "map_columns", row.state)
    if row.forgotten_at:
        raise FileForgotten(days=rule_on(timezone.localdate(now)).keep.days)
    columns = importer_of(row.kind).columns
    told = {column.name: mapping[column.name] for column in columns if column.name in mapping}
    if any(index not in range(len(row.heads)) for index in told.values()) or len(set(told.values())) < len(
        told
    ):
        raise Invalid(fields={"mapping": "unknown"})
    missing = [column.heads[0] for column in columns if column.required and column.name not in told]
    if missing:
        raise ColumnsMissing(columns="、".join(missing))
    row.mapping, row.state, row.done, row.counts = told, step.target, 0, {}
    row.trouble, row.trouble_facts, row.step = "", {}, row.step + 1
    row.save()
    _remember(row, now)
    record(subject=row, columns=sorted(told))
    leave_job("imports.preview", county=row.county, batch_id=row.id, step=row.step)
    return row


@verb
def tell_words(*, actor: Actor, batch_id: UUID, options: Mapping[str, Any], now: datetime = DB_TIME) -> Batch:
    """It is told what words of the source mean here (which area, which state); the rows are looked at once more."""
    row = locked(actor, batch_id)
    step = move(MOVES, "tell_words", row.state)
    if row.forgotten_at:
        raise FileForgotten(days=rule_on(timezone.localdate(now)).keep.days)
    if not isinstance(importer_of(row.kind), Asking):
        raise NotAllowed()
    row.options = {**row.options, **options}
    row.step += 1
    if row.mapping:
        row.state, row.done, row.counts, row.trouble, row.trouble_facts = step.target, 0, {}, "", {}
        leave_job("imports.preview", county=row.county, batch_id=row.id, step=row.step)
    row.save()
    record(subject=row, told=sorted(options))
    return row


def _remember(row: Batch, now: datetime) -> None:
    KnownHeads.objects.update_or_create(
        county=row.county,
        kind=row.kind,
        source=row.source,
        fingerprint=row.fingerprint,
        defaults={"mapping": row.mapping, "told_at": now},
    )


def forget_rows(county: str) -> int:
    """Files, cells and what stood before are forgotten after their time, one batch a transaction; how many. For the sweep."""
    gone = 0
    while (batch_id := _forget_one(county)) is not None:
        files.forget(county, batch_id)
        gone += 1
    files.sweep(county, rule_on(timezone.localdate()).keep)
    return gone


def _forget_one(county: str) -> UUID | None:
    with chore(county, "forget_imports") as scope:
        since = scope.now - rule_on(timezone.localdate(scope.now)).keep
        old = Batch.objects.select_for_update().filter(county=county, taken_at__lt=since, forgotten_at=None)
        row = old.order_by("id").first()
        if row is None:
            return None
        Line.objects.filter(county=county, batch=row.id).update(raw=b"", before=b"")
        row.samples, row.forgotten_at = "", scope.now
        row.save(update_fields=["samples", "forgotten_at"])
        return row.id
