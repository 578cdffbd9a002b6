"""Reading batches and their rows."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Count, QuerySet
from django.utils import timezone

from wushi.domain.accounts import queries as accounts
from wushi.domain.imports.models import Batch, KnownHeads, Line
from wushi.domain.imports.permissions import sees_every_batch
from wushi.domain.imports.registry import importers_for
from wushi.kernel.actor import Actor
from wushi.plumbing.fields import blind_index
from wushi.plumbing.sheets.importer import guess

ROWS = 50


@dataclass(frozen=True)
class LinePage:
    """Rows in the order of the file, and the number after which the next page begins (0 at the end)."""

    rows: list[Line]
    after: int = 0


def visible_to(actor: Actor) -> QuerySet[Batch]:
    """The batches of kinds the actor may bring in: all for the district, his own for others."""
    kinds = [importer.kind for importer in importers_for(actor)]
    found = Batch.objects.filter(county=actor.county, kind__in=kinds)
    return found if sees_every_batch(actor) else found.filter(by=actor.ref)


def batches_for(actor: Actor, most: int = 50) -> list[Batch]:
    """The latest batches."""
    return list(visible_to(actor).order_by("-taken_at", "-id")[:most])


def lines_of(batch: Batch, verdict: str = "", after: int = 0, size: int = ROWS) -> LinePage:
    """One page of a batch's rows, of one verdict or all."""
    found = Line.objects.filter(county=batch.county, batch=batch.id, number__gt=after)
    if verdict:
        found = found.filter(verdict=verdict)
    rows = list(found.order_by("number")[: size + 1])
    return LinePage(rows[:size], rows[size - 1].number if len(rows) > size else 0)


def counts_of(batch: Batch) -> dict[str, int]:
    """Verdict -> how many rows."""
    found = Line.objects.filter(county=batch.county, batch=batch.id).order_by()
    return dict(found.values_list("verdict").annotate(n=Count("id")))


def wrong_lines(batch: Batch) -> dict[int, tuple[str, str]]:
    """Number -> (reason, column) of the rows with something wrong, for the file that goes back."""
    found = Line.objects.filter(county=batch.county, batch=batch.id).exclude(reason="").order_by("number")
    return {n: (reason, column) for n, reason, column in found.values_list("number", "reason", "column")}


def values_in(line: Line) -> dict[str, str]:
    """What a row says, by column; empty once it was forgotten."""
    found: dict[str, str] = json.loads(line.raw) if line.raw else {}
    return found


def unknown_words(batch: Batch, reason: str, column: str, most: int = 60) -> list[str]:
    """What stands in a column of the rows refused for a reason, each word once, in the order of the file."""
    found = Line.objects.filter(county=batch.county, batch=batch.id, reason=reason).order_by("number")
    words: dict[str, None] = {}
    for line in found[:5000]:
        word = values_in(line).get(column, "")
        if word:
            words[word] = None
        if len(words) == most:
            break
    return list(words)


def samples_in(batch: Batch) -> list[list[str]]:
    """The first rows of the file."""
    found: list[list[str]] = json.loads(batch.samples) if batch.samples else []
    return found


def offered_mapping(batch: Batch, columns: Any) -> dict[str, int]:
    """Which head means which column: as told for this batch, else as told for such heads before, else guessed by name."""
    if batch.mapping:
        return dict(batch.mapping)
    known = KnownHeads.objects.filter(
        county=batch.county, kind=batch.kind, source=batch.source, fingerprint=batch.fingerprint
    ).first()
    return dict(known.mapping) if known else guess(columns, batch.heads)


def key_of(batch: Batch, key: str) -> bytes:
    """What a row's key is looked up by: of its kind and source alone."""
    return blind_index("import", f"{batch.kind}|{batch.source}|{key}") if key else b""


def known_subjects(county: str, keys: list[bytes]) -> dict[bytes, UUID]:
    """Key -> what an earlier file of the same source made of it."""
    found = Line.objects.filter(county=county, applied=True, key_index__in=[key for key in keys if key])
    rows = found.order_by("id").values_list("key_index", "subject")
    return {bytes(key): subject for key, subject in rows if subject}


def actor_of_batch(batch: Batch) -> Actor:
    """Whoever brought it in, with what he may do today; the house where the command line did."""
    return actor_again(batch.county, batch.by)


def actor_again(county: str, ref: str) -> Actor:
    """An actor by his ref, with the posts he holds today. No post is no right."""
    if ref.startswith("house:"):
        return Actor.of_house(county)
    bare = Actor(ref, county)
    if bare.kind != "user" or bare.id is None:
        return bare
    return Actor(ref, county, accounts.grants_of_user(bare.id, timezone.localdate()))
