"""Every call told again from its leaves by the table of moves, beside what its row says: what differs, and in what."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from uuid import UUID

from wushi.domain.audit.models import Leaf
from wushi.domain.calls.models import Call, Rung
from wushi.domain.calls.states import MOVES, CallState
from wushi.kernel.actor import Actor
from wushi.kernel.verb import reading

BATCH = 500
# verbs that leave the state where it is and are on no table of a person's
_BESIDE = frozenset({"mark_call_late"})


def replay_calls(county: str, limit: int = 0) -> Iterator[tuple[int, list[tuple[str, str]]]]:
    """Batch by batch, the newest first: (calls looked at, (id, what differs)); ``limit`` 0 is every one."""
    before, left = None, limit or None
    while True:
        size = BATCH if left is None else min(BATCH, left)
        with reading(Actor.of_house(county)):
            rows = Call.objects.filter(county=county)
            if before is not None:
                rows = rows.filter(id__lt=before)
            calls = list(rows.order_by("-id")[:size])
            if not calls:
                return
            found = _differences(county, calls)
        yield len(calls), found
        before, left = calls[-1].id, None if left is None else left - len(calls)
        if left == 0:
            return


def _differences(county: str, calls: Sequence[Call]) -> list[tuple[str, str]]:
    leaves: dict[UUID, list[Leaf]] = defaultdict(list)
    ids = [str(call.id) for call in calls]
    rows = Leaf.objects.filter(county=county, subject="calls.call", subject_id__in=ids, step__gt=0)
    for leaf in rows.order_by("subject_id", "step"):
        leaves[UUID(leaf.subject_id)].append(leaf)
    rungs: dict[UUID, int] = defaultdict(int)
    for call_id in Rung.objects.filter(county=county, call__in=[c.id for c in calls]).values_list(
        "call_id", flat=True
    ):
        rungs[call_id] += 1
    return [
        (str(call.id), what) for call in calls for what in _told_again(call, leaves[call.id], rungs[call.id])
    ]


def _told_again(call: Call, leaves: Sequence[Leaf], rungs: int) -> Iterator[str]:
    if [leaf.step for leaf in leaves] != list(range(1, call.step + 1)):
        yield f"its leaves do not go from 1 to {call.step} without a gap"
        return
    state, rang = CallState.RINGING.value, 0
    times: dict[str, object] = {}
    for leaf in leaves:
        name = leaf.verb.partition(".")[2]
        rang += name == "ring_next"
        if name != "open_call" and name not in _BESIDE:
            step = MOVES.get(name)
            if step is None or state not in step.sources:
                yield f"leaf {leaf.step}: {name} does not start from {state}"
                return
            state = step.target or state
        if leaf.facts.get("state") != state:
            yield f"leaf {leaf.step}: says {leaf.facts.get('state')}, it was {state}"
        times.setdefault(name, leaf.at)
    if state != call.state:
        yield f"state is {call.state}, its leaves say {state}"
    if rang != rungs or rungs != call.rungs:
        yield f"{call.rungs} rungs, {rungs} rows, {rang} leaves"
    ends = times.get("end_call") or times.get("end_mistaken_call")
    for column, said in (("arrived_at", times.get("arrive_at_call")), ("ended_at", ends)):
        if getattr(call, column) != said and not call.test:
            yield f"{column} is {getattr(call, column)}, its leaf says {said}"
