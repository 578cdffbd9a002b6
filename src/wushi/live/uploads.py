"""One photo, recording or table by one ticket: to disk as slowly as the line is, checked, a photo re-encoded, kept by a verb."""

from __future__ import annotations

import asyncio
import os
import tempfile
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any
from uuid import UUID

from asgiref.sync import sync_to_async
from django.conf import settings
from django.core import signing
from django.utils import timezone

from wushi.domain.files.errors import NotAPhoto, PhotoTooLarge
from wushi.domain.files.pictures import cleaned
from wushi.domain.files.rules import MAX_BYTES, MEGABYTE
from wushi.domain.files.services import keep_photo, keep_recording
from wushi.domain.files.sounds import heard
from wushi.domain.imports.queries import actor_again
from wushi.domain.imports.services import NewFile, take_file
from wushi.edge.live import read_upload_ticket
from wushi.kernel.actor import Actor
from wushi.kernel.errors import DomainError
from wushi.kernel.verb import unscoped
from wushi.plumbing.sheets.errors import EmptySheet, SheetTooLarge
from wushi.plumbing.sheets.limits import LIMITS as SHEET_LIMITS

Receive = Callable[[], Awaitable[Any]]
# A line that sends nothing for so long is given up; a slow one may take its time.
SILENCE_SECONDS = 30.0
# Decoding needs tens of megabytes each: no more than this many at once.
_decoding = asyncio.Semaphore(2)


class LineDropped(Exception):
    """The sender went away before the end."""


class BadTicket(DomainError):
    """Forged, old, or none."""

    code = "files.ticket_spent"


async def take_upload(ticket: str, length: int, receive: Receive) -> dict[str, Any]:
    """Receive, check and keep what the ticket is for; its id and what is known of it. Raises a refusal, or LineDropped."""
    try:
        body = read_upload_ticket(ticket)
    except signing.BadSignature as error:
        raise BadTicket() from error
    sheet = body.get("k") == "sheet"
    most = SHEET_LIMITS.file_bytes if sheet else MAX_BYTES
    too_large: DomainError = (SheetTooLarge if sheet else PhotoTooLarge)(limit=most // MEGABYTE)
    if length > most:
        raise too_large
    path = await _to_disk(receive, most, too_large)
    try:
        if path.stat().st_size == 0:
            raise EmptySheet() if sheet else NotAPhoto()
        async with _decoding:
            kept: dict[str, Any] = await sync_to_async(_keep, thread_sensitive=False)(body, path)
    finally:
        path.unlink(missing_ok=True)
    return kept


def _keep(body: dict[str, Any], path: Path) -> dict[str, Any]:
    from django.db import connection

    try:
        actor = Actor(str(body["a"]), str(body["c"]))
        ticket = UUID(hex=str(body["n"]))
        if body.get("k") == "sheet":
            return _keep_table(actor, body["f"], path)
        if body.get("k") == "sound":
            spoken = keep_recording(actor=actor, sound=heard(path, timezone.localdate()), ticket=ticket)
            return {"id": str(spoken.id), "kind": spoken.kind, "seconds": spoken.seconds}
        photo = keep_photo(actor=actor, picture=cleaned(path), ticket=ticket)
        return {"id": str(photo.id), "width": photo.width, "height": photo.height}
    finally:
        connection.close()


def _keep_table(actor: Actor, facts: dict[str, str], path: Path) -> dict[str, Any]:
    """A table is read under limits and kept as a batch; a ticket used again gives the same batch."""
    with unscoped("live: what may the holder of this ticket do today"):
        who = actor_again(actor.county, actor.ref)
    new = NewFile(facts["kind"], facts["source"], facts["name"], path)
    return {"id": str(take_file(actor=who, new=new).id)}


async def _to_disk(receive: Receive, most: int, too_large: DomainError) -> Path:
    """The body as it comes, to a file; never more than the limit, whatever the header said."""
    folder = Path(settings.MEDIA_ROOT) / "incoming"
    folder.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=folder)
    size = 0
    try:
        with os.fdopen(handle, "wb") as file:
            while True:
                message = await asyncio.wait_for(receive(), SILENCE_SECONDS)
                if message["type"] == "http.disconnect":
                    raise LineDropped
                chunk = message.get("body", b"")
                size += len(chunk)
                if size > most:
                    raise too_large
                file.write(chunk)
                if not message.get("more_body"):
                    return Path(name)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
