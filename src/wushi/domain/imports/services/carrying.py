"""A batch counts whole or not at all, and is taken back whole or not at all."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection
from django.utils import timezone

from wushi.domain.audit.services import record
from wushi.domain.imports import files
from wushi.domain.imports.errors import ChangedMeanwhile, ChangedSince, FileForgotten, NothingToCommit
from wushi.domain.imports.models import Batch, Line
from wushi.domain.imports.queries import actor_of_batch
from wushi.domain.imports.registry import importer_for
from wushi.domain.imports.rules import rule_on
from wushi.domain.imports.services.judging import WOULD_DO, chunks_back, chunks_of, said_by
from wushi.domain.imports.services.taking import locked
from wushi.domain.imports.states import BACK, MOVES, BatchState
from wushi.domain.outbox.services import leave_job, leave_notice
from wushi.kernel.actor import Actor
from wushi.kernel.states import move
from wushi.kernel.verb import DB_TIME, verb
from wushi.plumbing.fields import seal
from wushi.plumbing.sheets.importer import Done, Verdict
from wushi.plumbing.text import clean


@verb
def commit_batch(*, actor: Actor, batch_id: UUID, now: datetime = DB_TIME) -> Batch:
    """Somebody has seen what would happen and wants it: it is carried out in the background. Asked twice it is one deed."""
    row = locked(actor, batch_id)
    if row.state in (BatchState.CARRYING, BatchState.DONE):
        return row
    step = move(MOVES, "commit_batch", row.state)
    if row.forgotten_at:
        raise FileForgotten(days=rule_on(timezone.localdate(now)).keep.days)
    if not any(row.counts.get(verdict) for verdict in WOULD_DO):
        raise NothingToCommit()
    _turn(row, step.target)
    record(subject=row, rows=row.total)
    leave_job("imports.carry_out", county=row.county, batch_id=row.id)
    return row


def _turn(row: Batch, state: str) -> None:
    row.state, row.done, row.trouble, row.trouble_facts = state, 0, "", {}
    row.step += 1
    row.save()


def _of_worker(actor: Actor, batch_id: UUID) -> Batch:
    return Batch.objects.select_for_update().filter(county=actor.county, id=batch_id).get()


@verb
def carry_out_batch(*, actor: Actor, batch_id: UUID, now: datetime = DB_TIME) -> Batch:
    """All rows of a batch that are new or changed count from now on, in one transaction. Raises ChangedMeanwhile."""
    row = _of_worker(actor, batch_id)
    if row.state != BatchState.CARRYING:
        return row
    step = move(MOVES, "carry_out_batch", row.state)
    importer, who = importer_for(row), actor_of_batch(row)
    tally: dict[str, int] = {}
    for lines in chunks_of(row):
        said = said_by(importer, lines)
        judged = importer.judge(actor=who, rows=said)
        wrong = sum(one.verdict in (Verdict.ERROR, Verdict.DUPLICATE) for one in judged)
        if wrong:
            raise ChangedMeanwhile(n=wrong)
        wanted = [one for one, verdict in zip(said, judged, strict=True) if verdict.verdict in WOULD_DO]
        verdicts = {one.number: verdict.verdict for one, verdict in zip(said, judged, strict=True)}
        done = importer.apply(actor=who, rows=wanted, now=now) if wanted else []
        _note(row, done, verdicts)
        for one in done:
            tally[verdicts[one.number]] = tally.get(verdicts[one.number], 0) + 1
        row.done += len(lines)
        files.say_progress(row.county, row.id, row.done)
    row.state, row.committed_at, row.step = step.target, now, row.step + 1
    row.save()
    record(subject=row, kind=row.kind, new=tally.get(Verdict.NEW, 0), changed=tally.get(Verdict.CHANGED, 0))
    leave_notice([f"import:{row.id}"])
    return row


_NOTE = """
UPDATE imports_line SET subject = d.subject, subject_step = d.step, before = d.before, verdict = d.verdict, applied = true
  FROM unnest(%s::int[], %s::uuid[], %s::int[], %s::bytea[], %s::text[]) AS d(number, subject, step, before, verdict)
 WHERE imports_line.county = %s AND imports_line.batch_id = %s AND imports_line.number = d.number
"""


def _note(row: Batch, done: Sequence[Done], verdicts: dict[int, Verdict]) -> None:
    """What each row made and what stood there before, in one statement."""
    if not done:
        return
    columns: list[Any] = [
        [one.number for one in done],
        [one.subject for one in done],
        [one.step for one in done],
        [seal(json.dumps(dict(one.before), ensure_ascii=False)) for one in done],
        [str(verdicts[one.number]) for one in done],
    ]
    with connection.cursor() as cursor:
        cursor.execute(_NOTE, [*columns, row.county, row.id])


@verb
def undo_batch(*, actor: Actor, batch_id: UUID, reason: str, now: datetime = DB_TIME) -> Batch:
    """Somebody says why a batch must be taken back; that happens in the background, whole or not at all."""
    row = locked(actor, batch_id)
    if row.state in (BatchState.UNDOING, BatchState.UNDONE):
        return row
    step = move(MOVES, "undo_batch", row.state)
    if row.forgotten_at:
        raise FileForgotten(days=rule_on(timezone.localdate(now)).keep.days)
    row.undo_reason = clean(reason, field="reason", limit=200, required=True)
    _turn(row, step.target)
    record(subject=row)
    leave_job("imports.take_back", county=row.county, batch_id=row.id)
    return row


@verb
def take_back_batch(*, actor: Actor, batch_id: UUID, now: datetime = DB_TIME) -> Batch:
    """What a batch made is gone and what it changed is as before, in one transaction. Raises ChangedSince."""
    row = _of_worker(actor, batch_id)
    if row.state != BatchState.UNDOING:
        return row
    step = move(MOVES, "take_back_batch", row.state)
    importer, who = importer_for(row), actor_of_batch(row)
    changed = 0
    for lines in chunks_back(row):
        pairs = [(Verdict(line.verdict), _done(line)) for line in lines if line.subject]
        changed += len(importer.undo(actor=who, rows=pairs, now=now))
        row.done += len(lines)
        files.say_progress(row.county, row.id, row.done)
    if changed:
        raise ChangedSince(n=changed)
    Line.objects.filter(county=row.county, batch=row.id).update(applied=False)
    row.state, row.undone_at, row.step = step.target, now, row.step + 1
    row.save()
    record(subject=row, kind=row.kind, rows=row.done)
    leave_notice([f"import:{row.id}"])
    return row


def _done(line: Line) -> Done:
    assert line.subject is not None
    return Done(line.number, line.subject, line.subject_step, json.loads(line.before or "{}"))


@verb
def note_trouble(
    *, actor: Actor, batch_id: UUID, code: str, facts: dict[str, Any], now: datetime = DB_TIME
) -> Batch:
    """The background could not do it: the batch stands where it stood before, and says why."""
    row = _of_worker(actor, batch_id)
    if row.state in BACK:
        row.trouble, row.trouble_facts = code, facts
        row.state, row.done, row.step = BACK[BatchState(row.state)], 0, row.step + 1
        row.save()
        record(subject=row, code=code)
        leave_notice([f"import:{row.id}"])
    return row
