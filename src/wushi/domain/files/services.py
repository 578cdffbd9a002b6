"""Keeping photos and recordings and giving them an owner."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

from django.db import models
from django.utils import timezone

from wushi.domain.audit.services import record
from wushi.domain.files.errors import (
    PhotoGone,
    RecordingGone,
    TicketSpent,
    TooManyPhotos,
    TooManyRecordings,
)
from wushi.domain.files.models import Photo, Recording
from wushi.domain.files.pictures import Picture, path_of, put
from wushi.domain.files.rules import MAX_PER_OWNER, ORPHAN_HOURS, sound_rule_on
from wushi.domain.files.sounds import Sound, sound_path
from wushi.kernel.actor import Actor
from wushi.kernel.ids import uuid7
from wushi.kernel.verb import DB_TIME, chore, verb
from wushi.plumbing.writes import insert_once


@verb
def keep_photo(*, actor: Actor, picture: Picture, ticket: UUID, now: datetime = DB_TIME) -> Photo:
    """A photo is kept until a form claims it; a ticket serves once (TicketSpent)."""
    row = Photo(
        id=uuid7(),
        county=actor.county,
        ticket=ticket,
        uploader=actor.ref,
        sha256=picture.sha256,
        size=len(picture.data),
        width=picture.width,
        height=picture.height,
        kept_at=now,
        step=1,
    )
    _keep(row, picture.data)
    return row


@verb
def keep_recording(*, actor: Actor, sound: Sound, ticket: UUID, now: datetime = DB_TIME) -> Recording:
    """A recording is kept as it was sent until a form claims it; a ticket serves once (TicketSpent)."""
    row = Recording(
        id=uuid7(),
        county=actor.county,
        ticket=ticket,
        uploader=actor.ref,
        sha256=sound.sha256,
        size=len(sound.data),
        kind=sound.kind,
        seconds=sound.seconds,
        kept_at=now,
        step=1,
    )
    _keep(row, sound.data)
    return row


def place_of(row: Any) -> Path:
    """Where the file of a row lies."""
    if isinstance(row, Recording):
        return sound_path(row.county, row.id, row.kind)
    return path_of(row.county, row.id)


def _keep(row: Any, data: bytes) -> None:
    """The file, then the row, then its leaf; a spent ticket leaves no file."""
    put(place_of(row), data)
    stored, fresh = insert_once(row, key=("county", "ticket"))
    if not fresh:
        place_of(row).unlink(missing_ok=True)
        raise TicketSpent()
    record(subject=stored, size=row.size)


@verb
def attach_photos(
    *, actor: Actor, owner: models.Model, photo_ids: Sequence[UUID], now: datetime = DB_TIME
) -> int:
    """Photos become part of a thing (the caller has checked that he may add to it). Raises TooManyPhotos, PhotoGone."""
    wanted = list(dict.fromkeys(photo_ids))
    there = Photo.objects.filter(county=actor.county, owner_id=owner.pk).count() if wanted else 0
    if there + len(wanted) > MAX_PER_OWNER:
        raise TooManyPhotos(limit=MAX_PER_OWNER)
    found = _give(Photo, owner, wanted, actor.county, now)
    if found != len(wanted):
        raise PhotoGone(wanted=len(wanted), found=found)
    return found


@verb
def attach_recordings(
    *, actor: Actor, owner: models.Model, recording_ids: Sequence[UUID], now: datetime = DB_TIME
) -> int:
    """Recordings become part of a thing, as photos do. Raises TooManyRecordings, RecordingGone."""
    wanted, limit = list(dict.fromkeys(recording_ids)), sound_rule_on(timezone.localdate(now)).per_owner
    there = Recording.objects.filter(county=actor.county, owner_id=owner.pk).count() if wanted else 0
    if there + len(wanted) > limit:
        raise TooManyRecordings(limit=limit)
    found = _give(Recording, owner, wanted, actor.county, now)
    if found != len(wanted):
        raise RecordingGone(wanted=len(wanted), found=found)
    return found


def _give(model: Any, owner: models.Model, wanted: list[UUID], county: str, now: datetime) -> int:
    """The rows that nobody has claimed yet get their owner; how many there were."""
    if not wanted:
        return 0
    since = now - timedelta(hours=ORPHAN_HOURS)
    rows = list(
        model.objects.select_for_update()
        .filter(county=county, id__in=wanted, owner_id=None, kept_at__gt=since)
        .order_by("id")
    )
    model.objects.filter(county=county, id__in=[row.id for row in rows]).update(
        owner_kind=owner._meta.label_lower, owner_id=owner.pk, step=models.F("step") + 1
    )
    for row in rows:
        row.step += 1
        record(subject=row, owner=owner.pk)
    return len(rows)


def discard_photos(*, actor: Actor, photo_ids: Sequence[UUID], recording_ids: Sequence[UUID] = ()) -> int:
    """What came with what is not kept (a complaint about an official) goes at once; how many."""
    gone: list[Path] = []
    with chore(actor.county, "discard_photos"):
        for model, ids in ((Photo, photo_ids), (Recording, recording_ids)):
            wanted = list(ids)[:MAX_PER_OWNER]
            if wanted:
                gone += _drop(model, model.objects.filter(county=actor.county, id__in=wanted, owner_id=None))
    return _unlink(gone)


def sweep_orphans(county: str) -> int:
    """Photos and recordings nobody sent a form with are thrown away; how many."""
    gone: list[Path] = []
    with chore(county, "sweep_orphan_photos") as scope:
        since = scope.now - timedelta(hours=ORPHAN_HOURS)
        for model in (Photo, Recording):
            gone += _drop(model, model.objects.filter(county=county, owner_id=None, kept_at__lt=since)[:500])
    return _unlink(gone)


def _drop(model: Any, found: Any) -> list[Path]:
    """The rows go; where their files lie."""
    rows = list(found)
    ids = [row.id for row in rows]
    if ids:
        model.objects.filter(county=rows[0].county, id__in=ids, owner_id=None).delete()
    return [place_of(row) for row in rows]


def _unlink(gone: list[Path]) -> int:
    for path in gone:
        path.unlink(missing_ok=True)
    return len(gone)
