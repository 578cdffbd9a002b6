"""Sending a kept photo. Permission is the caller's: he has read the row the photo belongs to."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpResponse

from wushi.domain.files.pictures import path_of


def photo_response(photo: Any) -> HttpResponse:
    """The bytes; kept by this browser only, for an hour (an address with a receipt in it is a secret)."""
    if photo is None:
        raise Http404
    path = path_of(photo.county, photo.id)
    if not path.exists():
        raise Http404
    response = HttpResponse(path.read_bytes(), content_type="image/jpeg")
    response["Cache-Control"] = "private, max-age=3600"
    response["Content-Disposition"] = "inline"
    return response
