"""Photos and recordings of a thing. Permission comes from the thing: the caller has read it through its own ``visible_to``."""

from __future__ import annotations

from uuid import UUID

from wushi.domain.files.models import Photo, Recording


def photos_of(county: str, owner_id: UUID) -> list[Photo]:
    """The photos of one owner row, oldest first."""
    return list(Photo.objects.filter(county=county, owner_id=owner_id).order_by("id"))


def photo_of(county: str, owner_ids: list[UUID], photo_id: UUID) -> Photo | None:
    """One photo if it belongs to one of the owners."""
    return Photo.objects.filter(county=county, owner_id__in=owner_ids, id=photo_id).first()


def recordings_of(county: str, owner_id: UUID) -> list[Recording]:
    """The recordings of one owner row, oldest first."""
    return list(Recording.objects.filter(county=county, owner_id=owner_id).order_by("id"))


def recording_of(county: str, owner_ids: list[UUID], recording_id: UUID) -> Recording | None:
    """One recording if it belongs to one of the owners."""
    return Recording.objects.filter(county=county, owner_id__in=owner_ids, id=recording_id).first()


def unclaimed_recording(county: str, uploader: str, recording_id: UUID) -> Recording | None:
    """One recording of the same sender that no form was sent with yet."""
    return Recording.objects.filter(county=county, owner_id=None, uploader=uploader, id=recording_id).first()
