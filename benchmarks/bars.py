"""The bars of the figures in ``cases``: what each line must reach, against the limit beside it or a peer's published figure.

Peers were measured with the same tuning, 2 workers each (requests a second at a million requests): Signalen 2.50 creates 20,
lists 2.5, shows 15.9; django-helpdesk 2.6 creates 102. A missed bar ends the run with 1; the reason stands in
docs/PERFORMANCE.md.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

SIGNALEN = {"create": 20.0, "list": 2.5, "detail": 15.9}
HELPDESK = {"create": 102.0}
GROWTH = 1.3


@dataclass(frozen=True)
class Bar:
    """Lines whose name begins so must pass; ``words`` says what."""

    line: str
    words: str
    holds: Callable[[dict[str, Any]], bool]


BARS = (
    Bar("create: the verb", "at least 0.35 of pgbench", lambda one: one["ratio"] >= 0.35),
    Bar("create: the verb", "at most 6 statements", lambda one: one["statements"] <= 6),
    Bar(
        "create: over HTTP",
        "at least 10 times Signalen and 3 times helpdesk",
        lambda one: _per_second(one) >= max(10 * SIGNALEN["create"], 3 * HELPDESK["create"]),
    ),
    Bar(
        "list: ",
        "at least 30 times Signalen",
        lambda one: _per_second(one) >= 30 * SIGNALEN["list"],
    ),
    Bar("list: ", "at most 4 statements", lambda one: one["statements"] <= 4),
    Bar(
        "detail: ",
        "at least 10 times Signalen",
        lambda one: _per_second(one) >= 10 * SIGNALEN["detail"],
    ),
)
# barred or counted on purpose, to show what it costs: it is meant to grow
MEANT_TO_GROW = ("search: rare word, index barred", "figures: district, counted from the rows")
# what a page of figures reads; counting a million rows is what the folded cells are for
FIGURES = ("figures: district", "figures: busy village")
# at a million: state and text, by what the bar names
SEARCH = ("search: common", "search: middling", "search: rare word, village", "search: rare word, district")


def _per_second(one: dict[str, Any]) -> float:
    figures = one["figures"]
    return float(figures["per_second"] if isinstance(figures, dict) else figures.per_second)


def _p95(one: dict[str, Any]) -> float:
    figures = one["figures"]
    return float(figures["p95"] if isinstance(figures, dict) else figures.p95)


def _cost(one: dict[str, Any]) -> float:
    return float(one.get("python_ms", 0) + one.get("database_ms", 0))


def missed(found: dict[str, dict[str, Any]], least: dict[str, dict[str, Any]] | None) -> Iterator[str]:
    """What this size missed; ``least`` are the lines of the smallest size of the run, for the growth."""
    for name, one in found.items():
        for bar in BARS:
            if name.startswith(bar.line) and not bar.holds(one):
                yield f"{name}: {bar.words}"
        if name.startswith(SEARCH) and _p95(one) > 50:
            yield f"{name}: p95 at most 50 ms"
        if name.startswith(FIGURES) and name not in MEANT_TO_GROW and _p95(one) > 50:
            yield f"{name}: p95 at most 50 ms"
        before = 0.0 if name in MEANT_TO_GROW else _cost((least or {}).get(name, {}))
        if before and _cost(one) > GROWTH * before:
            yield f"{name}: grows at most {GROWTH} times"
