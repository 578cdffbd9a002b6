"""Sending a kept photo, and throwing away what came with what is not kept."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpResponse

from wushi.domain.files.pictures import path_of
from wushi.domain.files.services import discard_photos
from wushi.web.forms import photo_ids, recording_ids


def discard(request: Any) -> None:
    """A complaint about an official keeps nothing, neither the photos nor the recordings that were sent while it was typed."""
    photos, recordings = photo_ids(request), recording_ids(request)
    if photos or recordings:
        discard_photos(actor=request.actor, photo_ids=photos, recording_ids=recordings)


def photo_response(photo: Any) -> HttpResponse:
    """The bytes, for a caller who has read the row it belongs to; this browser may keep them for an hour, nobody else."""
    if photo is None:
        raise Http404
    path = path_of(photo.county, photo.id)
    if not path.exists():
        raise Http404
    response = HttpResponse(path.read_bytes(), content_type="image/jpeg")
    response["Cache-Control"] = "private, max-age=3600"
    response["Content-Disposition"] = "inline"
    return response
