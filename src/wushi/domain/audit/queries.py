"""Reading the trace of one thing. Who may read the thing may read its trace: the caller checks that."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import QuerySet, UUIDField
from django.db.models.functions import Cast

from wushi.domain.audit.models import Leaf
from wushi.kernel.ids import earliest_of
from wushi.plumbing.bench import held


def trace_of(*, county: str, subject: str, subject_id: UUID) -> list[Leaf]:
    """The leaves of one thing (``cases.case``) in the order of its steps."""
    return list(
        # numbered leaves only: that is what the index holds
        Leaf.objects.filter(county=county, subject=subject, subject_id=str(subject_id), step__gt=0).order_by(
            "step"
        )
    )


def subjects_since(county: str, subject: str, since: datetime) -> QuerySet[Any]:
    """The ids of things of a kind (``cases.case``) to which something happened since a moment, for another statement."""
    leaves = Leaf.objects.filter(county=county, id__gte=earliest_of(since), subject=subject)
    return leaves.annotate(thing=Cast("subject_id", UUIDField())).values("thing")


def deeds_between(county: str, verb: str, actor: str, since: datetime, until: datetime) -> int:
    """How often somebody did a thing (``cases.handle_case``) after one moment and not after another, on the bench too."""
    rows = Leaf.objects.filter(county=county, verb=verb, subject="cases.case")
    bench = held(Leaf)
    if bench is None:
        return rows.filter(actor=actor, at__gt=since, at__lte=until).count()
    moments = bench.once(("deeds", county, verb), lambda: _moments(rows))
    on_bench = (leaf.at for leaf in bench.found(Leaf, "actor", actor) if leaf.verb == verb)
    return sum(since < at <= until for at in (*moments.get(actor, ()), *on_bench))


def _moments(rows: QuerySet[Leaf]) -> dict[str, list[datetime]]:
    found: dict[str, list[datetime]] = defaultdict(list)
    for actor, at in rows.values_list("actor", "at"):
        found[actor].append(at)
    return found


def missing_steps(leaves: Iterable[Leaf]) -> list[int]:
    """Steps that should be there between the first and the last and are not; empty for an unbroken trace."""
    seen = {leaf.step for leaf in leaves if leaf.step}
    return sorted(set(range(1, max(seen, default=0) + 1)) - seen)
