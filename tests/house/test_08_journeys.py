"""House test 8: docs/JOURNEYS.md names every verb, its edge and its story, and everything it names exists."""

from __future__ import annotations

import importlib
import re

from tests.house.tree import ROOT, SOURCE
from wushi.kernel.verb import VERBS

JOURNEYS = ROOT / "docs" / "JOURNEYS.md"
_CODE = re.compile(r"`([^`]+)`")


def rows(text: str) -> list[list[str]]:
    """The cells of the table's lines."""
    lines = [line for line in text.splitlines() if line.startswith("|")][2:]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]


def missing_names(cells: list[list[str]]) -> list[str]:
    """Verbs and paths of the table that do not exist."""
    wrong = []
    for _, verb, edge, story in cells:
        for name in _CODE.findall(verb):
            module, _, function = name.rpartition(".")
            if not hasattr(importlib.import_module(f"wushi.domain.{module}"), function):
                wrong.append(name)
        for place in _CODE.findall(edge):
            if not ((SOURCE / place).exists() or (SOURCE / f"{place}.py").exists()):
                wrong.append(place)
        for path in _CODE.findall(story):
            if not (ROOT / "tests" / path).exists():
                wrong.append(path)
    return wrong


def unnamed_verbs(cells: list[list[str]], verbs: set[str]) -> set[str]:
    """Verbs of the rooms that stand in no line."""
    named = {f"{n.split('.')[0]}.{n.rpartition('.')[2]}" for row in cells for n in _CODE.findall(row[1])}
    return verbs - named


def test_everything_named_exists() -> None:
    assert missing_names(rows(JOURNEYS.read_text())) == []


def test_every_verb_is_named() -> None:
    verbs = {name for name, f in VERBS.items() if f.__module__.startswith("wushi.domain.")}
    assert len(verbs) > 30
    assert unnamed_verbs(rows(JOURNEYS.read_text()), verbs) == set()


def test_a_journey_to_nowhere_is_found() -> None:
    lost = [["x", "`cases.services.fly_case`", "`web/nowhere`", "`stories/none.py`"]]
    assert missing_names(lost) == ["cases.services.fly_case", "web/nowhere", "stories/none.py"]
    assert unnamed_verbs(
        [["x", "`cases.services.open_case`", "", ""]], {"cases.open_case", "cases.close_case"}
    ) == {"cases.close_case"}
