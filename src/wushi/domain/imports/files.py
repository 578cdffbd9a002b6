"""Where the bytes of a batch lie: beside the photos, readable by this program alone."""

from __future__ import annotations

import os
import shutil
import time
from datetime import timedelta
from pathlib import Path
from uuid import UUID

from django.conf import settings


def folder_of(county: str) -> Path:
    """The folder of a county's files."""
    return Path(settings.MEDIA_ROOT) / "imports" / county


def place_of(county: str, batch_id: UUID) -> Path:
    """Where the file of a batch lies; its name says nothing of what is in it."""
    return folder_of(county) / f"{batch_id}.table"


def keep(county: str, batch_id: UUID, source: Path) -> Path:
    """A copy that is on the disk before any row says so."""
    place = place_of(county, batch_id)
    place.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    part = place.with_suffix(".part")
    descriptor = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "wb") as out, source.open("rb") as file:
        shutil.copyfileobj(file, out)
        out.flush()
        os.fsync(out.fileno())
    part.replace(place)
    return place


def say_progress(county: str, batch_id: UUID, done: int) -> None:
    """How far a transaction got that nobody else can look into yet."""
    place = place_of(county, batch_id).with_suffix(".done")
    part = place.with_suffix(".next")
    part.write_text(str(done))
    part.replace(place)


def progress_of(county: str, batch_id: UUID) -> int:
    """What was said last; 0 for nothing."""
    try:
        return int(place_of(county, batch_id).with_suffix(".done").read_text())
    except (OSError, ValueError):
        return 0


def sweep(county: str, keep: timedelta) -> None:
    """A file whose row was never written (the machine stopped in between) is not kept longer than others."""
    folder, since = folder_of(county), time.time() - keep.total_seconds()
    for path in folder.iterdir() if folder.is_dir() else ():
        if path.stat().st_mtime < since:
            path.unlink(missing_ok=True)


def forget(county: str, batch_id: UUID) -> None:
    """Nothing of it is left on the disk."""
    place = place_of(county, batch_id)
    for path in (place, place.with_suffix(".done"), place.with_suffix(".part")):
        path.unlink(missing_ok=True)
