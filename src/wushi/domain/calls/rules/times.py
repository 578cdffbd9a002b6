"""How long it took until somebody answered and was there."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Spread:
    """Seconds over so many calls: the middle one, the ninth of ten, and how many kept the time that was promised."""

    of: int
    median: int | None
    p90: int | None
    within: int

    @property
    def share(self) -> float | None:
        """Within the promise, of all; None of none."""
        return self.within / self.of if self.of else None


def spread_of(times: Sequence[tuple[float | None, float]]) -> Spread:
    """(seconds it took, or None while it never happened; seconds promised) of each call.

    What never happened counts as beyond every promise and longer than everything that did.
    """
    took = sorted(math.inf if seconds is None else seconds for seconds, _ in times)
    within = sum(seconds is not None and seconds <= promised for seconds, promised in times)

    def rank(share: float) -> int | None:
        if not took:
            return None
        value = took[max(math.ceil(share * len(took)) - 1, 0)]
        return None if math.isinf(value) else round(value)

    return Spread(len(times), rank(0.5), rank(0.9), within)
