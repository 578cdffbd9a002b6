"""Who may do what with a request: a duty over its area, or a relation to the row. Pure."""

from __future__ import annotations

from collections.abc import Iterable

from wushi.domain.accounts.duties import AREA_READERS, Duty
from wushi.domain.cases.models import UNSEALED, Case
from wushi.domain.cases.rules import Tray, level_of_tray, tray_above
from wushi.domain.cases.states import (
    CONTESTED,
    DISPATCHERS,
    HOLDER,
    HOUSE,
    MOVES,
    PARTNER,
    REPORTER,
    SUPERVISORS,
    TRAY,
    UPPER,
)
from wushi.kernel.actor import Actor, Grant
from wushi.kernel.states import Move

# Which duties empty which tray: a deputy empties the secretary's, the grid's workers the lead's.
SERVES = {
    Duty.SECRETARY: (Duty.SECRETARY,),
    Duty.DEPUTY: (Duty.SECRETARY,),
    Duty.GRID_LEAD: (Duty.GRID_LEAD,),
    Duty.GRID_WORKER: (Duty.GRID_LEAD,),
    Duty.TOWN_CLERK: (Duty.TOWN_CLERK,),
    Duty.TOWN_LEAD: (Duty.TOWN_CLERK,),
    Duty.DISTRICT_CLERK: (Duty.DISTRICT_CLERK,),
    Duty.DEPARTMENT: (Duty.DEPARTMENT,),
    Duty.SUPERVISOR: (Duty.SUPERVISOR,),
}
# 村、镇 (and the district) blow the whistle; departments come.
WHISTLERS = frozenset({Duty.SECRETARY.value, Duty.TOWN_CLERK.value, Duty.DISTRICT_CLERK.value})
_TAKERS = (*AREA_READERS, Duty.HOTLINE)


def servers_of(tray_duty: str) -> list[str]:
    """The duties that empty a tray."""
    return [serving.value for serving, served in SERVES.items() if tray_duty in served]


def trays_of(actor: Actor) -> list[tuple[str, str, str]]:
    """(duty, area, unit) of the trays the actor empties; unit counts for departments only."""
    found = set()
    for grant in actor.grants:
        for duty in SERVES.get(Duty(grant.duty), ()):
            found.add((duty.value, grant.area, grant.unit if duty == Duty.DEPARTMENT else ""))
    return sorted(found)


def sees_area(grant: Grant, case: Case) -> bool:
    """A reading duty whose area covers the row, above the seal."""
    return grant.duty in AREA_READERS and case.seal >= len(grant.area) and case.area.startswith(grant.area)


def is_accused(actor: Actor, case: Case) -> bool:
    """The matter is about him: nothing of it exists for him."""
    return case.accused_id is not None and actor.id == case.accused_id


def is_reporter(actor: Actor, case: Case) -> bool:
    """Holds the receipt, or is signed in as the person who told it."""
    return actor.ref == f"receipt:{case.id}" or (
        case.reporter_id is not None and actor.ref == f"person:{case.reporter_id}"
    )


def is_holder(actor: Actor, case: Case) -> bool:
    """Signed for it, or stands in for who did."""
    if case.holder_id is None:
        return False
    if actor.id == case.holder_id and actor.kind == "user":
        return True
    place = (case.tray_duty, case.tray_area)
    return any(
        holder == str(case.holder_id) and place[0] in duties and place[1] == area
        for holder, duties, area in lent_posts(actor)
    )


def lent_posts(actor: Actor) -> list[tuple[str, tuple[str, ...], str]]:
    """(holder's id, tray duties, area) of the posts he stands in: what those signed for through these, and no more."""
    found = []
    for relation in actor.relations:
        kind, _, rest = relation.partition(":")
        if kind == "stands_in":
            ref, duty, area = rest.split("|")
            served = tuple(d.value for d in SERVES.get(Duty(duty), ()))
            found.append((ref.partition(":")[2], served, area))
    return sorted(found)


def is_in_tray(actor: Actor, case: Case) -> bool:
    """Empties the tray it lies in."""
    for duty, area, unit in trays_of(actor):
        if (duty, area) == (case.tray_duty, case.tray_area) and (
            duty != Duty.DEPARTMENT or unit == case.unit
        ):
            return True
    return False


def lying_tray(case: Case) -> Tray:
    """The tray it lies in."""
    return Tray(case.tray_duty, case.tray_area, case.unit)


def upper_tray(case: Case) -> Tray | None:
    """The tray one level up from the one it lies in: a department's is the district's; above the district there is none."""
    if case.tray_duty == Duty.DEPARTMENT:
        return Tray(Duty.DISTRICT_CLERK.value, case.county)
    if case.tray_duty == Duty.SUPERVISOR:
        return None
    return tray_above(case.tray_area, level_of_tray(lying_tray(case)))


def is_upper(actor: Actor, case: Case) -> bool:
    """Empties the tray one level up; above the district's own, the supervisor."""
    upper = upper_tray(case) or Tray(Duty.SUPERVISOR.value, case.county)
    return any((duty, area) == (upper.duty, upper.area) for duty, area, _unit in trays_of(actor))


def partner_key(tray: Tray | tuple[str, str, str]) -> str:
    """How a tray stands in ``Case.partners``."""
    duty, area, unit = (tray.duty, tray.area, tray.unit) if isinstance(tray, Tray) else tray
    return f"{duty}|{area}|{unit}"


def is_partner(actor: Actor, case: Case) -> bool:
    """Empties a tray that has, or had, a part of its own in it."""
    return any(partner_key(tray) in case.partners for tray in trays_of(actor))


def _related(actor: Actor, case: Case, who: Iterable[str]) -> bool:
    checks = {
        REPORTER: is_reporter,
        HOLDER: is_holder,
        TRAY: is_in_tray,
        UPPER: is_upper,
        PARTNER: is_partner,
    }
    for name in who:
        if name in checks:
            if checks[name](actor, case):
                return True
        elif name == HOUSE:
            if "house" in actor.relations:
                return True
        elif any(g.duty == name and sees_area(g, case) for g in actor.grants):
            return True
        elif name == case.tray_duty and is_in_tray(actor, case):
            # sealed to the tray of that very duty: nobody sees it by area any more
            return True
    return False


def may_move(actor: Actor, step: Move, case: Case) -> bool:
    """Whether this verb is his to use on this row (its state is the table's affair)."""
    if is_accused(actor, case):
        return False
    if step.verb in {"claim_case", "return_case", "escalate_case"} and case.holder_id is not None:
        # what somebody holds (or held, after a refusal) is his; the tray takes over only from nobody, the clock from anybody
        return is_holder(actor, case) or (HOUSE in step.who and "house" in actor.relations)
    return _related(actor, case, step.who)


def may_open(actor: Actor, area: str, on_behalf: bool) -> bool:
    """Anyone for himself; for somebody else only staff whose duty covers the place, or the hotline."""
    if not on_behalf:
        return True
    return actor.holds(*_TAKERS, over=area)


def may_look_up(actor: Actor) -> bool:
    """Whoever records for others looks up what a caller told before; nobody else, and never a resident."""
    return actor.kind == "user" and actor.has_duty(_TAKERS)


def verbs_now(actor: Actor, case: Case) -> list[str]:
    """The verbs this actor may use on the row in the state it is in, in the order of the table."""
    return [
        m.verb
        for m in MOVES.values()
        if case.state in m.sources and m.who != {HOUSE} and may_move(actor, m, case) and _now(m.verb, case)
    ]


def _now(verb: str, case: Case) -> bool:
    """Whether what a verb needs beside the state is there, so that no button is shown that could only be refused."""
    if verb == "split_case":
        return case.seal == UNSEALED
    if verb == "hand_back_case":
        return bool(case.came_from)
    if verb == "escalate_case":
        return upper_tray(case) is not None
    if verb in {"report_for_roll_call", "answer_part", "release_partner", "grade_part"}:
        return bool(case.partners)
    if verb == "blow_whistle":
        return case.tray_duty in WHISTLERS
    if verb == "contest_case":
        return case.on_behalf and case.closing != CONTESTED
    if verb == "rate_case" and case.closing == CONTESTED:
        return False
    return verb != "rate_case" or not (case.rating or case.rating_attitude or case.rating_speed)


def may_draw(actor: Actor) -> bool:
    """Supervisors of the county draw samples for call-backs."""
    return actor.holds(Duty.SUPERVISOR, over=actor.county)


def may_set_rules(actor: Actor) -> bool:
    """The district's administrator, and the house when it founds a county."""
    return "house" in actor.relations or actor.holds(Duty.DISTRICT_ADMIN, over=actor.county)


__all__ = [
    "DISPATCHERS",
    "SUPERVISORS",
    "is_accused",
    "is_holder",
    "is_in_tray",
    "is_reporter",
    "may_move",
    "may_open",
]
