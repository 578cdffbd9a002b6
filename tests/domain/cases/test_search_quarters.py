"""The index of words is asked for the latest quarters first; the page is the same as if all hits had been read."""

from __future__ import annotations

from datetime import date

import pytest

from tests.village import Village, at
from wushi.domain.cases.queries import Wanted, page_for, search, visible_to
from wushi.kernel.verb import reading
from wushi.plumbing.pages import Cursor
from wushi.plumbing.tokens import last_quarters, quarter_token


@pytest.mark.parametrize(
    ("day", "n", "quarters"),
    [
        ("2026-11-23", 2, ["~2026q4", "~2026q3"]),
        ("2026-01-01", 2, ["~2026q1", "~2025q4"]),
        ("2026-03-31", 6, ["~2026q1", "~2025q4", "~2025q3", "~2025q2", "~2025q1", "~2024q4"]),
    ],
)
def test_quarters_back_over_a_new_year(day: str, n: int, quarters: list[str]) -> None:
    assert last_quarters(date.fromisoformat(day), n) == quarters
    assert quarter_token(date.fromisoformat(day)) == quarters[0]


def test_the_same_page_however_many_quarters_are_asked(
    village: Village, monkeypatch: pytest.MonkeyPatch
) -> None:
    secretary = village.officer("陈书记")
    days = ["2024-02-29", "2025-06-30", "2025-07-01", "2026-03-31", "2026-06-30", "2026-10-01", "2026-11-20"]
    for number, day in enumerate(days * 2):
        village.told(f"第{number}盏路灯不亮", at(f"{day} 0{number % 8 + 1}:30"))
        village.told(f"第{number}口井没水", at(f"{day} 0{number % 8 + 1}:40"))
    # nothing is found by walking: every page comes from the index of words
    monkeypatch.setattr(search, "WALK", 1)
    monkeypatch.setattr(search, "FAR", 0)
    with reading(secretary):
        rows = visible_to(secretary).filter(text__contains="路灯").order_by("-opened_at", "-id")
        expected = [row.id for row in rows]
        for size in (1, 3, 5, 8, 50):
            found, after = [], None
            while True:
                page = page_for(secretary, Wanted("area", "路灯"), after, size)
                found += [row.id for row in page.rows]
                if not page.next_cursor:
                    break
                after = Cursor.decode(page.next_cursor)
            assert found == expected, size
