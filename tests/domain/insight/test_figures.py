"""Every figure equals what one counts oneself over the rows, before and after the counts were folded, and opens those rows."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from html import unescape
from re import findall
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from tests.village import Village
from tests.web.people import staff_client
from wushi.domain.cases.models import Case
from wushi.domain.cases.queries.figures import FIGURES, STEPS
from wushi.domain.cases.services import (
    appeal_case,
    claim_case,
    confirm_case,
    handle_case,
    mark_official,
    rate_case,
    reopen_case,
    withdraw_case,
)
from wushi.domain.insight.models import Cell
from wushi.domain.insight.queries import figures_of, half_within, month_of, months_back
from wushi.domain.insight.services import fold_figures, forget_figures
from wushi.kernel.verb import chore, reading
from wushi.web import labels

OPEN = {"received", "waiting", "assigned", "working", "paused"}
# the definitions a second time, over one row in Python
PLAIN: dict[str, Callable[[Case], Any]] = {
    "collected": lambda c: True,
    "completed": lambda c: c.state not in OPEN and c.state != "imported",
    "open": lambda c: c.state in OPEN,
    "handled": lambda c: c.state == "handled",
    "closed": lambda c: c.state == "closed",
    "declined": lambda c: c.state == "declined",
    "withdrawn": lambda c: c.state == "withdrawn",
    "merged": lambda c: c.state == "merged",
    "imported": lambda c: c.state == "imported",
    "signed": lambda c: c.claimed_at,
    "answered": lambda c: c.handled_at and not c.imported_at,
    "in_time": lambda c: not c.imported_at and c.handled_at and c.handled_at <= c.due_at,
    "at_grid": lambda c: c.resolved_level == "grid",
    "at_village": lambda c: c.resolved_level == "village",
    "at_town": lambda c: c.resolved_level == "town",
    "at_district": lambda c: c.resolved_level == "district",
    "confirmed": lambda c: c.state == "closed" and c.closing == "reporter",
    "unanswered": lambda c: c.state == "closed" and c.closing == "unanswered",
    "rated": lambda c: c.rating and not c.imported_at,
    "satisfied": lambda c: c.rating == "satisfied" and not c.imported_at,
    "neutral": lambda c: c.rating == "neutral" and not c.imported_at,
    "unsatisfied": lambda c: c.rating == "unsatisfied" and not c.imported_at,
    "refused": lambda c: c.refusals,
    "appealed": lambda c: c.appealed_to,
}


def by_hand(cases: Iterable[Case]) -> Counter[str]:
    """The figures, counted row by row."""
    found: Counter[str] = Counter()
    for case in cases:
        if case.seal < 15:
            continue
        for name, holds in PLAIN.items():
            found[name] += bool(holds(case))
        for until in ("claimed_at", "handled_at"):
            at = getattr(case, until)
            for number, step in enumerate(STEPS):
                found[f"{until}_{number}"] += bool(
                    at and not case.imported_at and at - case.opened_at <= step
                )
        running = case.state in OPEN and case.state != "paused"
        found["overdue"] += running and case.due_at < timezone.now()
    return +found


def plus(counts: dict[str, int]) -> Counter[str]:
    """What was counted at all."""
    return +Counter(counts)


@pytest.fixture
def lived(village: Village) -> Village:
    """Half a year of all sorts, in three villages, told through the verbs with their own times."""
    secretary = village.officer("陈书记")
    village.officer("何静", duty="hotline")
    dice = random.Random(7)
    for number in range(36):
        at = timezone.now() - timedelta(days=dice.randrange(170), hours=dice.randrange(12))
        place = dice.choice([village.grid, village.other_grid, village.sibling, f"{village.other_town}201"])
        case = village.told(f"第{number}件事", at, area_code=place)
        if case.village == village.code:
            go_on(village, secretary, case, number, at)
    return village


def go_on(village: Village, secretary: Any, case: Case, number: int, at: datetime) -> None:
    """One of the ways it can go."""
    holding, soon = village.holding(case), at + timedelta(minutes=7 * number + 1)
    what = number % 7
    if what == 0:
        withdraw_case(actor=holding, case_id=case.id, now=soon)
        return
    if what == 1:
        appeal_case(actor=holding, case_id=case.id, level="town", now=soon)
        return
    claim_case(actor=secretary, case_id=case.id, now=soon)
    if what == 2:
        return
    done = soon + timedelta(hours=9 * number)
    handle_case(actor=secretary, case_id=case.id, outcome="resolved", words="好了", now=done)
    if what == 3:
        reopen_case(actor=holding, case_id=case.id, words="没好", now=done + timedelta(hours=1))
    if what in (4, 5, 6):
        ratings = ("satisfied", "unsatisfied", "neutral")
        confirm_case(actor=holding, case_id=case.id, rating=ratings[what - 4], now=done + timedelta(hours=1))


def agrees(village: Village, months: int = 12) -> None:
    """The figures of the county, a town, a village, a grid are those counted by hand; by month and by village too."""
    span = months_back(timezone.localdate().replace(day=1), months)
    with reading(village.house):
        rows = [
            c
            for c in Case.objects.filter(county=village.county)
            if span[0] <= month_of(c.opened_at) <= span[-1]
        ]
        for area in (village.county, village.town, village.code, village.grid):
            inside = [c for c in rows if (c.grid or c.village).startswith(area)]
            found = figures_of(area, span)
            assert plus(found.total) == by_hand(inside), area
            for month in span:
                told = by_hand(c for c in inside if month_of(c.opened_at) == month)
                del told["overdue"]
                assert plus(found.by_month[month]) == told
            for code in {c.village for c in inside}:
                assert plus(found.by_village[code]) == by_hand(c for c in inside if c.village == code)


def test_every_figure_has_its_plain_definition_and_its_word() -> None:
    assert set(PLAIN) == set(FIGURES)
    assert set(labels.FIGURES) == set(FIGURES) | {"overdue"}


def test_figures_are_those_counted_by_hand_whatever_was_folded(lived: Village) -> None:
    agrees(lived)
    assert fold_figures(lived.county) > 3
    agrees(lived)
    agrees(lived, months=3)
    with reading(lived.house):
        assert Cell.objects.filter(county=lived.county).count() > 3


def test_what_happens_after_the_fold_is_counted_at_once(lived: Village) -> None:
    fold_figures(lived.county)
    secretary = lived.actor("陈书记")
    fresh = lived.case("刚说的一件")
    claim_case(actor=secretary, case_id=fresh.id)
    agrees(lived)
    handle_case(actor=secretary, case_id=fresh.id, outcome="resolved", words="好了")
    confirm_case(actor=lived.holding(fresh), case_id=fresh.id)
    rate_case(actor=lived.holding(fresh), case_id=fresh.id, rating="neutral")
    agrees(lived)
    assert fold_figures(lived.county) >= 1
    agrees(lived)


def test_what_is_sealed_leaves_the_figures_and_its_empty_cell(lived: Village) -> None:
    alone = lived.told("关于干部的一件", timezone.now() - timedelta(days=200), area_code=lived.sibling)
    fold_figures(lived.county)
    clerk = lived.officer("周镇", duty="town_clerk")
    mark_official(actor=clerk, case_id=alone.id, accused_id=lived.user_id("陈书记"))
    agrees(lived)
    fold_figures(lived.county)
    agrees(lived)


def test_after_forgetting_everything_is_counted_from_the_rows(lived: Village) -> None:
    fold_figures(lived.county)
    with reading(lived.house):
        cell = Cell.objects.filter(county=lived.county).first()
    assert cell is not None
    with chore(lived.county, "fold_figures"):
        forget_figures(lived.county)
    agrees(lived)
    fold_figures(lived.county)
    agrees(lived)


def test_half_of_them_within() -> None:
    assert half_within({}, "claimed_at", "signed") is None
    assert (
        half_within({"signed": 4, "claimed_at_0": 1, "claimed_at_1": 2}, "claimed_at", "signed") == STEPS[1]
    )
    assert half_within({"signed": 4, "claimed_at_12": 1}, "claimed_at", "signed") is None


def listed(client: Client, url: str) -> int:
    """How many rows the list behind a number has, over all its pages."""
    seen: set[str] = set()
    while url:
        page = client.get(url).content.decode()
        seen |= set(findall(r'href="/work/cases/([0-9a-f-]{36})/', page))
        further = findall(r'<p class="pager"><a class="btn" href="([^"]+)"', page)
        url = unescape(further[0]) if further else ""
    return len(seen)


def test_each_number_of_the_office_opens_the_rows_it_counted(lived: Village) -> None:
    client = staff_client(lived, "supervisor")
    answer = client.get("/work/figures/")
    page = answer.content.decode()
    assert answer.status_code == 200
    links = set(findall(r'<a href="(/work/\?list=area&amp;figure=[^"]+)">([0-9]+)</a>', page))
    assert len(links) > 20
    for url, number in sorted(links):
        assert listed(client, unescape(url)) == int(number), url


def test_the_public_page_opens_no_rows_and_tells_the_same(lived: Village) -> None:
    client = Client()
    client.cookies["village"] = lived.code
    page = client.get("/figures/").content.decode()
    assert "/work/?" not in page and "/work/figures" not in page
    with reading(lived.house):
        total = figures_of(lived.county, months_back(timezone.localdate().replace(day=1), 12)).total
    assert f"<b>{total['collected']}</b>" in page


def test_a_deputy_reads_his_village_and_no_other(lived: Village) -> None:
    client = staff_client(lived, "deputy")
    other = client.get(f"/work/figures/?code={lived.sibling}").content.decode()
    assert "白龙井村" not in other and "孙岗村" in other
