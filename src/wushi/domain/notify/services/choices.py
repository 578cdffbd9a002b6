"""How somebody wants to be told, and what he has read."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time
from uuid import UUID

from django.core.exceptions import ValidationError
from django.core.validators import URLValidator, validate_email

from wushi.domain.audit.services import record
from wushi.domain.notify.models import Browser, Notice, Wish
from wushi.domain.notify.rules import CHANNELS
from wushi.kernel.actor import Actor
from wushi.kernel.errors import Invalid, NotAllowed
from wushi.kernel.ids import uuid7
from wushi.kernel.verb import DB_TIME, chore, verb
from wushi.plumbing.fields import blind_index
from wushi.plumbing.text import clean
from wushi.plumbing.writes import insert_once

LANGUAGES = ("", "zh-hans", "en")
_OWN = ("user", "person")


@dataclass(frozen=True)
class Chosen:
    """Channels (None: as the rule says), quiet hours (both or neither), language, and where else he is reached."""

    channels: tuple[str, ...] | None = None
    quiet_from: time | None = None
    quiet_until: time | None = None
    language: str = ""
    every_step: bool = False
    app_id: str = ""
    mail: str = ""


def _checked(chosen: Chosen) -> None:
    wrong: dict[str, str] = {}
    if chosen.channels is not None and not set(chosen.channels) <= set(CHANNELS):
        wrong["channels"] = "unknown"
    if (chosen.quiet_from is None) != (chosen.quiet_until is None):
        wrong["quiet_until"] = "required"
    if chosen.language not in LANGUAGES:
        wrong["language"] = "unknown"
    if chosen.mail:
        try:
            validate_email(chosen.mail)
        except ValidationError:
            wrong["mail"] = "bad_mail"
    if chosen.app_id and not (chosen.app_id.isascii() and len(chosen.app_id) <= 64):
        wrong["app_id"] = "unknown"
    if wrong:
        raise Invalid(fields=wrong)


@verb
def set_wishes(*, actor: Actor, chosen: Chosen, now: datetime = DB_TIME) -> Wish:
    """Somebody says how he wants to be told. Raises Invalid; what is urgent reaches him whatever he says."""
    if actor.kind not in _OWN:
        raise NotAllowed()
    _checked(chosen)
    row, fresh = insert_once(Wish(id=uuid7(), county=actor.county, who=actor.ref), key=("county", "who"))
    row.channels = None if chosen.channels is None else [c for c in CHANNELS if c in chosen.channels]
    row.quiet_from, row.quiet_until = chosen.quiet_from, chosen.quiet_until
    row.language, row.every_step = chosen.language, chosen.every_step
    row.app_id = clean(chosen.app_id, field="app_id", limit=64)
    row.mail = clean(chosen.mail, field="mail", limit=200)
    row.step += not fresh
    row.save()
    record(subject=row, channels=row.channels or [], every_step=row.every_step)
    return row


@verb
def add_browser(*, actor: Actor, subscription: str, now: datetime = DB_TIME) -> Browser:
    """A browser may be woken for him: what ``PushManager.subscribe`` gave. Raises Invalid for what is none."""
    if actor.kind not in _OWN:
        raise NotAllowed()
    try:
        told = json.loads(subscription)
        endpoint, keys = str(told["endpoint"]), told["keys"]
        URLValidator(schemes=["https", "http"])(endpoint)
        kept = {
            "endpoint": endpoint,
            "keys": {"p256dh": str(keys["p256dh"]), "auth": str(keys["auth"])},
        }
    except (ValueError, KeyError, TypeError, ValidationError) as error:
        raise Invalid(fields={"subscription": "unknown"}) from error
    index = blind_index("address", endpoint)
    # the browser belongs to whoever used it last
    gone, _ = Browser.objects.filter(county=actor.county, endpoint_index=index).delete()
    row = Browser(
        county=actor.county,
        who=actor.ref,
        endpoint_index=index,
        subscription=json.dumps(kept),
        since=now,
    )
    row.save(force_insert=True)
    record(subject=row, replaced=bool(gone))
    return row


@verb
def drop_browser(*, actor: Actor, browser_id: UUID, now: datetime = DB_TIME) -> bool:
    """A browser is woken no more; whether there was one."""
    row = Browser.objects.filter(county=actor.county, who=actor.ref, id=browser_id).first()
    if row is None:
        return False
    row.step += 1
    record(subject=row)
    Browser.objects.filter(county=actor.county, id=row.id).delete()
    return True


def mark_read(actor: Actor, ids: Sequence[UUID] | None = None) -> int:
    """His notices were seen (these, or all); how many were not before. A mark for himself, it decides nothing."""
    with chore(actor.county, "mark_notices_read") as scope:
        rows = Notice.objects.filter(county=actor.county, recipient=actor.ref, read_at=None)
        if ids is not None:
            rows = rows.filter(id__in=list(ids))
        return rows.update(read_at=scope.now)
