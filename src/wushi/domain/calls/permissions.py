"""Who may know of a call and what he may do. The caller's line of duty, and nobody beside it. Pure."""

from __future__ import annotations

from collections.abc import Iterable

from wushi.domain.accounts.duties import Duty
from wushi.domain.calls.models import Call, Device
from wushi.domain.calls.states import ANSWERER, CALLER, HOUSE, LINE, MOVES, OPEN, REVIEWER, CallState
from wushi.kernel.actor import Actor, Grant
from wushi.kernel.states import Move

# The line of duty, from the door upward. A grid's people know of their own grid's calls, a village's of the village's.
LINE_DUTIES = frozenset(
    {
        Duty.SECRETARY.value,
        Duty.DEPUTY.value,
        Duty.GRID_LEAD.value,
        Duty.GRID_WORKER.value,
        Duty.GRID_ASSISTANT.value,
        Duty.TOWN_CLERK.value,
        Duty.TOWN_LEAD.value,
        Duty.DISTRICT_CLERK.value,
        Duty.DISTRICT_LEAD.value,
    }
)
# 回访: whoever follows up is not whoever came
REVIEWERS = frozenset({Duty.SUPERVISOR.value, Duty.TOWN_CLERK.value, Duty.DISTRICT_CLERK.value})
READERS = LINE_DUTIES | {Duty.SUPERVISOR.value}
# who looks after wireless callers: the village's own, the town's, the district's; a grid's people report to them
KEEPERS = frozenset(
    {
        Duty.SECRETARY.value,
        Duty.DEPUTY.value,
        Duty.GRID_LEAD.value,
        Duty.GRID_WORKER.value,
        Duty.TOWN_CLERK.value,
        Duty.DISTRICT_CLERK.value,
        Duty.DISTRICT_ADMIN.value,
    }
)
# 代到: the village's own secretary or his deputy come themselves; everybody else comes in their place
OWN = frozenset({Duty.SECRETARY.value})
WRITES_DOWN = frozenset({*LINE_DUTIES, Duty.HOTLINE.value})


def covers(grant: Grant, area: str) -> bool:
    """A grant over the place or over what the place lies in."""
    return area.startswith(grant.area)


def in_line(actor: Actor, call: Call) -> bool:
    """Whether the ladder may ring him for this place, or has: who is on watch may hold his own post elsewhere."""
    return any(g.duty in LINE_DUTIES and covers(g, call.area) for g in actor.grants) or was_rung(actor, call)


def was_rung(actor: Actor, call: Call) -> bool:
    """Whoever is rung may open the call and go, until it has ended."""
    if actor.kind != "user" or actor.id is None or not actor.has_duty(LINE_DUTIES):
        return False
    return call.state in OPEN and call.has_rung(actor.id)


def is_answerer(actor: Actor, call: Call) -> bool:
    """He has it in hand."""
    return actor.kind == "user" and call.answerer_id is not None and actor.id == call.answerer_id


def is_caller(actor: Actor, call: Call) -> bool:
    """Holds the receipt, is the person, or called for him."""
    if actor.ref == f"receipt:{call.id}":
        return True
    return actor.kind == "person" and actor.id is not None and actor.id in (call.person_id, call.for_by_id)


def may_ring(actor: Actor, call: Call) -> bool:
    """Whether name and number are his need: he may have to go there, has it, or wrote it down; not once it is laid away."""
    wrote = actor.kind == "user" and actor.id is not None and call.taken_by_id == actor.id
    return (in_line(actor, call) or is_answerer(actor, call) or wrote) and call.state != CallState.ARCHIVED


def is_reviewer(actor: Actor, call: Call) -> bool:
    """May follow up: never who was there himself."""
    if actor.id is not None and actor.id in (call.arrived_by_id, call.answerer_id):
        return False
    return any(g.duty in REVIEWERS and covers(g, call.area) for g in actor.grants)


_CHECKS = {LINE: in_line, ANSWERER: is_answerer, CALLER: is_caller, REVIEWER: is_reviewer}


def related(actor: Actor, call: Call, who: Iterable[str]) -> bool:
    """One of the relations holds."""
    return any("house" in actor.relations if name == HOUSE else _CHECKS[name](actor, call) for name in who)


def may_move(actor: Actor, step: Move, call: Call) -> bool:
    """Whether this verb is his to use on this call (its state is the table's affair)."""
    return related(actor, call, step.who)


def verbs_now(actor: Actor, call: Call) -> list[str]:
    """The verbs this actor may use in the state it is in, in the order of the table."""
    return [
        m.verb
        for m in MOVES.values()
        if call.state in m.sources
        and m.who != {HOUSE}
        and may_move(actor, m, call)
        and _now(m.verb, actor, call)
    ]


def _now(verb: str, actor: Actor, call: Call) -> bool:
    if verb == "take_over_call":
        return not is_answerer(actor, call)
    if verb == "turn_call_into_case":
        return call.case_id is None
    if verb == "take_back_call":
        return call.taken_back_at is None and is_caller(actor, call)
    if verb == "press_again":
        return is_caller(actor, call)
    if verb == "follow_up_call":
        # whoever came does not ask whether it helped
        return actor.id is None or actor.id not in (call.arrived_by_id, call.answerer_id)
    return True


def keeps_device(actor: Actor, device: Device) -> bool:
    """Looks after this device; what hangs nowhere yet is the district's and of the town it was given to."""
    if "house" in actor.relations:
        return True
    return any(g.duty in KEEPERS and covers(g, device.area) for g in actor.grants)


def may_register(actor: Actor, area: str) -> bool:
    """Takes devices into stock for an area."""
    return "house" in actor.relations or actor.holds(*KEEPERS, over=area)


def may_set_ways(actor: Actor) -> bool:
    """Gateways, ladder and habits: the district's administrator."""
    return "house" in actor.relations or actor.holds(Duty.DISTRICT_ADMIN, over=actor.county)


def may_roster(actor: Actor, area: str) -> bool:
    """Puts people on watch: the secretary for his village, the clerks and leads for theirs, the administrator."""
    return "house" in actor.relations or actor.holds(
        Duty.SECRETARY,
        Duty.TOWN_CLERK,
        Duty.TOWN_LEAD,
        Duty.DISTRICT_CLERK,
        Duty.DISTRICT_ADMIN,
        over=area,
    )


def may_call_for(actor: Actor, area: str) -> bool:
    """Staff who write down a call by telephone: over the place, or the hotline."""
    return actor.holds(*WRITES_DOWN, over=area)
