"""Reading the trace of one thing. Who may read the thing may read its trace: the caller checks that."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from wushi.domain.audit.models import Leaf


def trace_of(*, county: str, subject: str, subject_id: UUID) -> list[Leaf]:
    """The leaves of one thing (``cases.case``) in the order of its steps."""
    return list(
        # numbered leaves only: that is what the index holds
        Leaf.objects.filter(county=county, subject=subject, subject_id=str(subject_id), step__gt=0).order_by(
            "step"
        )
    )


def missing_steps(leaves: Iterable[Leaf]) -> list[int]:
    """Steps that should be there between the first and the last and are not; empty for an unbroken trace."""
    seen = {leaf.step for leaf in leaves if leaf.step}
    return sorted(set(range(1, max(seen, default=0) + 1)) - seen)
