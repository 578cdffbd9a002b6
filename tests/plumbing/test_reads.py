"""Rows by a fixed statement are the rows a queryset gives: sealed texts opened, JSON read, dates as dates."""

from __future__ import annotations

from typing import Any

import pytest

from tests.stories.calling import button, known, line_of, press
from tests.village import Village
from wushi.domain.calls.models import Call, Device
from wushi.kernel.actor import Actor
from wushi.kernel.verb import UnscopedQuery, chore, reading
from wushi.plumbing.reads import read_rows
from wushi.plumbing.writes import update_plain


def test_rows_by_a_fixed_statement_are_a_querysets_rows(village: Village, monkeypatch: Any) -> None:
    known(monkeypatch)
    device = button(
        village,
        line_of(village)["secretary"],
        contact_name="儿子",
        contact_phone="13912345678",
        helps=["alone"],
    )
    press(device)
    house, where = Actor.of_house(village.county), "WHERE county = $1 ORDER BY id"
    with reading(house):
        for model in (Device, Call):
            asked = list(model.objects.filter(county=village.county).order_by("id"))  # type: ignore[attr-defined]
            told = read_rows(model, where, [village.county])
            names = [f.attname for f in model._meta.concrete_fields]
            assert [[getattr(r, n) for n in names] for r in told] == [
                [getattr(r, n) for n in names] for r in asked
            ]
            assert len(told) == 1
        assert read_rows(Device, where, [village.county])[0].contact_phone == "13912345678"
        assert read_rows(Call, where, [village.county])[0].why
        # the rest of the row follows when it is asked for
        assert read_rows(Call, where, [village.county])[0].device.uid == device.uid
    with pytest.raises(UnscopedQuery):
        read_rows(Device, where, [village.county])


def test_one_row_is_changed_and_no_other(village: Village, monkeypatch: Any) -> None:
    known(monkeypatch)
    staff = line_of(village)["secretary"]
    first, second = button(village, staff), button(village, staff, uid="24E124535B000002")
    with chore(village.county, "keep_wires"):
        first.battery, first.contact_phone, first.helps = 11, "13812345678", ["alone"]
        update_plain(first, ["battery", "contact_phone", "helps"])
    with reading(Actor.of_house(village.county)):
        rows = {d.uid: d for d in Device.objects.filter(county=village.county)}
    kept = rows[first.uid]
    assert (kept.battery, kept.contact_phone, kept.helps) == (11, "13812345678", ["alone"])
    assert rows[second.uid].battery is None
    assert rows[second.uid].contact_phone == ""
