"""What the stories of the clocks are told with: a Monday morning in the past, clocks by name, the sweep at any moment."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from tests.village import SINCE, Village, at
from wushi.domain.audit.models import Leaf
from wushi.domain.cases import services
from wushi.domain.cases.models import Case, Clock, Watch
from wushi.domain.cases.queries.clocks import Coming, clocks_of, coming_of
from wushi.domain.cases.rules import Tray
from wushi.domain.cases.services.setup import PACES, default_rules
from wushi.kernel.verb import reading

# A Monday; the four weeks that follow are ordinary ones.
MORNING = at("2026-11-02 09:00")


def opened(village: Village, when: datetime = MORNING, text: str = "路灯不亮", **more: Any) -> Case:
    """A request that came in at a moment."""
    intake = village.intake(text, **{"category": "light", **more})
    return services.open_case(actor=village.resident(), intake=intake, now=when)


def claimed(village: Village, when: datetime = MORNING, **more: Any) -> Case:
    """One the secretary signed for at once."""
    case = opened(village, when, **more)
    services.claim_case(actor=village.officer("陈书记"), case_id=case.id, now=when)
    return village.again(case)


def clocks(village: Village, case: Case, name: str = "") -> list[Clock]:
    """The request's clocks (of a name), in the order they began."""
    with reading(village.house):
        rows = Clock.objects.filter(county=case.county, case=case).order_by("name", "run", "id")
        return [row for row in rows if name in ("", row.name)]


def clock(village: Village, case: Case, name: str) -> Clock:
    """The newest run of a clock."""
    return clocks(village, case, name)[-1]


def dues(village: Village, case: Case) -> dict[tuple[str, int], datetime]:
    """(clock, run) -> its hour, of those that run."""
    return {(c.name, c.run): c.due_at for c in clocks(village, case) if c.ended_at is None}


def coming(village: Village, case: Case, now: datetime) -> list[Coming]:
    """What the page says will happen next."""
    with reading(village.house):
        row = Case.objects.get(county=case.county, id=case.id)
        return coming_of(row, clocks_of(row, now))


def sweep(village: Village, now: datetime) -> int:
    """One round of the worker as if it were that moment: every mark that has come, one after the other."""
    passed = 0
    while ids := due_ids(village, now):
        for clock_id in ids:
            passed += services.mark_clock(actor=village.house, clock_id=clock_id, now=now)
    return passed


def due_ids(village: Village, now: datetime) -> list[Any]:
    """Ids of clocks whose mark has come, the longest overdue first."""
    with reading(village.house):
        rows = Clock.objects.filter(county=village.county, next_at__lte=now).order_by("next_at", "id")
        return list(rows.values_list("id", flat=True))


def marks(village: Village, case: Case, name: str = "") -> list[tuple[str, int, str]]:
    """(clock, run, level) of every mark its trace tells of, in order."""
    with reading(village.house):
        rows = Leaf.objects.filter(
            county=case.county, subject="cases.case", subject_id=str(case.id), verb="cases.mark_clock"
        )
        facts = [leaf.facts for leaf in rows.order_by("step")]
    return [(f["clock"], f["run"], f.get("level", "stopped")) for f in facts if name in ("", f["clock"])]


def watchers(village: Village, case: Case) -> set[tuple[str, Tray]]:
    """(reason, tray) of the trays that watch it."""
    with reading(village.house):
        rows = Watch.objects.filter(county=case.county, case=case, until=None, user=None)
        return {(w.reason, Tray(w.tray_duty, w.tray_area, w.unit)) for w in rows}


def adopt(
    village: Village, *, open_too: bool = False, paces: Sequence[dict[str, Any]] = PACES, **more: Any
) -> None:
    """The county's usual rules with something else in them."""
    rules = replace(default_rules(SINCE, "SY"), paces=paces, **more)
    services.adopt_rules(actor=village.house, rules=rules, open_too=open_too)


def paces_with(code: str, **other: Any) -> list[dict[str, Any]]:
    """The usual paces, one line changed."""
    assert any(line["code"] == code for line in PACES)
    return [{**line, **other} if line["code"] == code else line for line in PACES]
