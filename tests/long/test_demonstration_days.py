"""The demonstration told at other hours and filled on other days than tests/config tries."""

from __future__ import annotations

import pytest

from tests.config.test_demonstration import tell_at
from tests.config.test_demonstration_year import fill_on


@pytest.mark.parametrize("moment", ["2026-11-21 03:20", "2026-11-23 08:20", "2026-11-25 17:50"])
def test_told_at_any_hour(monkeypatch: pytest.MonkeyPatch, moment: str) -> None:
    tell_at(monkeypatch, moment)


@pytest.mark.parametrize("day", ["2026-05-04 03:20", "2026-10-09 17:50", "2026-11-22 13:20"])
def test_it_can_be_filled_on_any_day(monkeypatch: pytest.MonkeyPatch, day: str) -> None:
    fill_on(monkeypatch, day)
