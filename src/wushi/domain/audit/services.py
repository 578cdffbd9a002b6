"""``record()`` puts a leaf beside the deed; the kernel hands all leaves of a transaction to ``write_leaves`` at its end."""

from __future__ import annotations

import hashlib
import re
import secrets
from collections.abc import Iterable
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import models

from wushi.domain.audit.models import Leaf
from wushi.kernel.verb import Trace, add_trace, current_frame
from wushi.plumbing.bench import held
from wushi.plumbing.writes import insert_bulk, insert_many

# Codes, ids, numbers, hashes. A name, a sentence or a phone number of a person does not look like this.
_CODE = re.compile(r"[A-Za-z0-9_.:+/=-]{0,80}")
_PHONE = re.compile(r"(?<!\d)1[3-9]\d{9}(?!\d)")
# leaves of one plain INSERT
AT_ONCE = 500
_DIGEST = re.compile(r"[0-9a-f]{64}")


class TextInLeaf(ValueError):
    """A fact that may be a text, a name or a phone number: such things live in rows that can be replaced, never here."""


def digest(text: str, salt: bytes) -> str:
    """SHA-256 over salt and text, in hex. The salt lies with the text and dies with it."""
    return hashlib.sha256(salt + text.encode()).hexdigest()


def new_salt() -> bytes:
    """128 random bits, kept beside the text."""
    return secrets.token_bytes(16)


def _fact(name: str, value: Any) -> Any:
    if value is None or isinstance(value, bool | int | float):
        return value
    if isinstance(value, UUID):
        return str(value)
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, list | tuple):
        return [_fact(name, item) for item in value]
    text = str(value)
    if _DIGEST.fullmatch(text):
        return text  # a hash may happen to hold eleven digits that look like a phone number
    if not _CODE.fullmatch(text) or _PHONE.search(text):
        raise TextInLeaf(f"fact {name!r} is not a code")
    return text


def record(
    *,
    subject: models.Model,
    as_verb: str = "",
    step: int | None = None,
    happened_at: datetime | None = None,
    **facts: Any,
) -> None:
    """Leave a leaf for the running verb on ``subject`` (its ``step`` field numbers the leaf; 0 where it has none).

    ``as_verb`` names a further deed that the same call carried out (opening a case that a route accepts and assigns);
    ``happened_at`` when it happened where it is only written down now (the history of another system).
    Raises TextInLeaf for a fact that is not a code, and WrongScope outside a verb.
    """
    frame = current_frame()
    add_trace(
        Trace(
            verb=as_verb or frame.name,
            actor=frame.actor,
            at=happened_at or frame.now,
            subject=subject._meta.label_lower,
            subject_id=str(subject.pk),
            step=step if step is not None else getattr(subject, "step", 0),
            facts={name: _fact(name, value) for name, value in facts.items()},
        )
    )


def write_leaves(county: str, traces: Iterable[Trace]) -> None:
    """One INSERT for all leaves of a transaction; the kernel's sink."""
    rows = leaves_of(county, traces)
    # the server takes 65,535 values in a statement; a batch of a whole register leaves more
    (insert_bulk if len(rows) > AT_ONCE and held(Leaf) is None else insert_many)(rows)


def leaves_of(county: str, traces: Iterable[Trace]) -> list[Leaf]:
    """The rows of leaves as verbs left them."""
    return [
        Leaf(
            county=county,
            verb=t.verb,
            actor=t.actor.ref,
            behind=t.actor.behind,
            subject=t.subject,
            subject_id=t.subject_id,
            step=t.step,
            at=t.at,
            facts=t.facts,
        )
        for t in traces
    ]
