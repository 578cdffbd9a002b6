"""Keeping photos and giving them an owner."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from django.db import models

from wushi.domain.audit.services import record
from wushi.domain.files.errors import PhotoGone, TicketSpent, TooManyPhotos
from wushi.domain.files.models import Photo
from wushi.domain.files.pictures import Picture, path_of, put
from wushi.domain.files.rules import MAX_PER_OWNER, ORPHAN_HOURS
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
    put(actor.county, row.id, picture.data)
    stored, fresh = insert_once(row, key=("county", "ticket"))
    if not fresh:
        path_of(actor.county, row.id).unlink(missing_ok=True)
        raise TicketSpent()
    record(subject=stored, size=stored.size)
    return stored


@verb
def attach_photos(
    *, actor: Actor, owner: models.Model, photo_ids: Sequence[UUID], now: datetime = DB_TIME
) -> int:
    """Photos become part of a thing (the caller has checked that he may add to it). Raises TooManyPhotos, PhotoGone."""
    wanted = list(dict.fromkeys(photo_ids))
    if not wanted:
        return 0
    there = Photo.objects.filter(county=actor.county, owner_id=owner.pk).count()
    if there + len(wanted) > MAX_PER_OWNER:
        raise TooManyPhotos(limit=MAX_PER_OWNER)
    rows = list(
        Photo.objects.select_for_update()
        .filter(
            county=actor.county, id__in=wanted, owner_id=None, kept_at__gt=now - timedelta(hours=ORPHAN_HOURS)
        )
        .order_by("id")
    )
    if len(rows) != len(wanted):
        raise PhotoGone(wanted=len(wanted), found=len(rows))
    Photo.objects.filter(county=actor.county, id__in=wanted).update(
        owner_kind=owner._meta.label_lower, owner_id=owner.pk, step=models.F("step") + 1
    )
    for row in rows:
        row.step += 1
        record(subject=row, owner=owner.pk)
    return len(rows)


def discard_photos(*, actor: Actor, photo_ids: Sequence[UUID]) -> int:
    """Photos that came with what is not kept (a complaint about an official) go at once; how many."""
    wanted = list(photo_ids)[:MAX_PER_OWNER]
    with chore(actor.county, "discard_photos"):
        unclaimed = Photo.objects.filter(county=actor.county, id__in=wanted, owner_id=None)
        ids = list(unclaimed.values_list("id", flat=True))
        Photo.objects.filter(county=actor.county, id__in=ids, owner_id=None).delete()
    for photo_id in ids:
        path_of(actor.county, photo_id).unlink(missing_ok=True)
    return len(ids)


def sweep_orphans(county: str) -> int:
    """Photos nobody sent a form with are thrown away; how many."""
    with chore(county, "sweep_orphan_photos") as scope:
        old = Photo.objects.filter(
            county=county, owner_id=None, kept_at__lt=scope.now - timedelta(hours=ORPHAN_HOURS)
        ).values_list("id", flat=True)[:500]
        ids = list(old)
        Photo.objects.filter(county=county, id__in=ids, owner_id=None).delete()
    for photo_id in ids:
        path_of(county, photo_id).unlink(missing_ok=True)
    return len(ids)
