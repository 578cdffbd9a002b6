"""Requests of another system as a table: where each lies, which are here already, what a row would do. Reads only."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from django.utils import timezone

from wushi.domain.accounts.duties import Duty
from wushi.domain.areas import queries as areas
from wushi.domain.cases.models import Case
from wushi.domain.cases.queries.rulebook import rulebook
from wushi.domain.cases.rules.arriving import Arrival, Meanings, Unreadable, read_arrival
from wushi.domain.cases.states import CaseState
from wushi.kernel.actor import Actor
from wushi.plumbing.sheets.importer import Judged, Said, Verdict


@dataclass(frozen=True)
class Source:
    """Where rows come from, and what its words mean."""

    name: str
    meanings: Meanings


@dataclass(frozen=True)
class Match:
    """What one row means: the request it tells of, where that lies, the request it was before (None: new); or why not."""

    said: Said
    key: str = ""
    arrival: Arrival | None = None
    area: str = ""
    case: Case | None = None
    reason: str = ""
    column: str = ""

    @property
    def judged(self) -> Judged:
        """The word for it: forward only, from "nobody knows" to what the source says now."""
        if self.reason or self.arrival is None:
            return Judged(Verdict.ERROR, self.reason, self.column)
        if self.case is None:
            return Judged(Verdict.NEW)
        later = self.case.imported_at and self.case.state == CaseState.IMPORTED
        changed = later and self.arrival.ending.state != CaseState.IMPORTED
        return Judged(Verdict.CHANGED if changed else Verdict.SAME, subject=self.case.id)


def may_import_cases(actor: Actor) -> bool:
    """The district's dispatcher and administrator, and the house."""
    whole = actor.holds(Duty.DISTRICT_ADMIN, Duty.DISTRICT_CLERK, over=actor.county)
    return whole or "house" in actor.relations


def natural_key(values: Mapping[str, str]) -> str:
    """The source's own id; without one what was said when, and by which number."""
    if values["source_id"]:
        return f"source_id:{values['source_id']}"
    said = "\x1f".join(values[name] for name in ("text", "title", "told_at", "phone", "place"))
    return f"said:{hashlib.sha256(said.encode()).hexdigest()}" if said.strip("\x1f") else ""


def client_key(source: str, key: str) -> str:
    """What the database knows it by: once a source and id, whichever file it came in."""
    return "i-" + hashlib.sha256(f"{source}\x1f{key}".encode()).hexdigest()[:48]


def match(actor: Actor, source: Source, rows: Sequence[Said], *, lock: bool = False) -> list[Match]:
    """What each row means, in the order given; one statement for all. ``lock`` holds those that are here for a verb."""
    keys = [client_key(source.name, natural_key(said.values)) for said in rows]
    base = Case.objects.filter(county=actor.county, client_key__in=keys).order_by("id")
    known = {case.client_key: case for case in (base.select_for_update(of=("self",)) if lock else base)}
    places, categories = _Places(actor.county, source.meanings), _categories(actor.county)
    found, now = [], timezone.now()
    for said, key in zip(rows, keys, strict=True):
        try:
            arrival = read_arrival(said.values, source.meanings, now)
            area = places.find(arrival.area)
        except Unreadable as error:
            found.append(Match(said, key, reason=error.reason, column=error.column))
            continue
        category = categories.get(arrival.category, "")
        found.append(Match(said, key, replace(arrival, category=category), area, known.get(key)))
    return found


def _categories(county: str) -> dict[str, str]:
    """Code and name of each category -> its code."""
    lines = rulebook(county).categories
    return {line.name: line.code for line in lines} | {line.code: line.code for line in lines}


class _Places:
    """Villages and grids by code, by a word that was explained, by a name only one of them has."""

    def __init__(self, county: str, meanings: Meanings) -> None:
        here = [p for p in areas.map_of(county).places.values() if not p.ended]
        self.codes = {p.code for p in here if p.level in ("village", "grid")}
        self.meanings = meanings
        names: dict[str, list[str]] = {}
        for place in here:
            if place.code in self.codes:
                names.setdefault(place.name, []).append(place.code)
        self.by_name = {name: codes[0] for name, codes in names.items() if len(codes) == 1}

    def find(self, word: str) -> str:
        """The code; where nothing tells, the area chosen for the rest. Raises Unreadable."""
        told = self.meanings.areas.get(word, "") or word
        code = told if told in self.codes else self.by_name.get(told, "") or self.meanings.default_area
        if code in self.codes:
            return code
        raise Unreadable("unknown_area" if word else "required", "area")
