"""Folding what was counted; derived rows only, so no leaf."""

from __future__ import annotations

from django.db.models import Q

from wushi.domain.areas.rules import columns_of
from wushi.domain.insight.models import Cell, Fold
from wushi.domain.insight.queries import DIGEST, CellKey, Tally, counted, counted_anew, fold_of, stale_cells
from wushi.kernel.verb import chore
from wushi.plumbing.writes import serialised

_LOCK = "figures:"


def fold_figures(county: str) -> int:
    """Count anew what something happened to since the last time, or everything the first time; how many cells."""
    with chore(county, "fold_figures") as scope:
        # not beside somebody who writes many requests with times of their own: his are not to be missed
        serialised(_LOCK + county)
        fold = fold_of(county)
        if fold is None:
            Cell.objects.filter(county=county).delete()
            found = counted(Q(), county)
        else:
            stale = stale_cells(county, fold.until)
            # what is no longer counted at all (it was sealed) leaves an empty cell, not its old counts
            found = {CellKey(columns_of(village)["town"], village, month): [] for village, month in stale}
            found |= counted_anew(county, stale)
        _keep(county, found)
        Fold.objects.update_or_create(county=county, defaults={"until": scope.now, "measures": DIGEST})
    return len(found)


def _keep(county: str, found: dict[CellKey, Tally]) -> None:
    rows = [
        Cell(county=county, town=key.town, village=key.village, month=key.month, counts=list(tally))
        for key, tally in found.items()
    ]
    Cell.objects.bulk_create(
        rows,
        batch_size=500,
        update_conflicts=True,
        unique_fields=["county", "month", "village"],
        update_fields=["counts", "town"],
    )


def forget_figures(county: str) -> None:
    """Many requests were written in one long transaction: what was folded is not used until it is counted anew.

    Called inside that transaction (a listener of its announcement).
    """
    serialised(_LOCK + county)
    Fold.objects.filter(county=county).delete()
