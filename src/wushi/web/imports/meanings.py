"""What the words of a source mean here: whether it is history, which of its places are which of ours."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from wushi.domain.areas.queries import places_under
from wushi.domain.imports import queries
from wushi.domain.imports.models import Batch
from wushi.domain.imports.registry import importer_of
from wushi.plumbing.sheets.importer import Asking

AREA = "area-"
Options = list[tuple[str, str, bool]]


@dataclass(frozen=True)
class PlaceChoice:
    """A word of the source for a place, and the villages it may be."""

    number: int
    word: str
    options: Options


@dataclass(frozen=True)
class Meaning:
    """The form: live or history, the words nobody knows yet and those told before, where the rest belongs."""

    historic: bool
    default: Options
    places: list[PlaceChoice]
    unknown: bool


def asks(batch: Batch) -> bool:
    """Whether the kind asks what words mean, and it can still be told."""
    return isinstance(importer_of(batch.kind), Asking) and batch.state in ("taken", "ready")


def meaning_of(batch: Batch) -> Meaning | None:
    """The form, for kinds that ask."""
    if not asks(batch):
        return None
    villages = [(place.code, place.name) for place in places_under(batch.county, "village")]
    told = {word: code for word, code in batch.options.get("areas", {}).items() if code}
    unknown = queries.unknown_words(batch, "unknown_area", "area") if batch.state == "ready" else []
    words = [*unknown, *(word for word in told if word not in unknown)]
    return Meaning(
        bool(batch.options.get("historic")),
        _options(villages, batch.options.get("default_area", "")),
        [PlaceChoice(n, word, _options(villages, told.get(word, ""))) for n, word in enumerate(words)],
        bool(unknown),
    )


def _options(villages: list[tuple[str, str]], chosen: str) -> Options:
    found = [(code, name, code == chosen) for code, name in villages]
    if chosen and not any(here for _code, _name, here in found):
        # a grid, or a place that ended: told by the command line
        found.append((chosen, chosen, True))
    return found


def told_in(request: Any) -> dict[str, Any]:
    """The form as it came back."""
    areas: dict[str, str] = {}
    for name, code in request.POST.items():
        if name.startswith(AREA):
            word = request.POST.get(f"word-{name.removeprefix(AREA)}", "")[:200]
            areas |= {word: code[:15]} if word and code else {}
    return {
        "historic": request.POST.get("mode") == "historic",
        "default_area": request.POST.get("default_area", "")[:15],
        "areas": areas,
    }
