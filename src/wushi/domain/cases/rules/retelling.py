"""What the leaves of a request say of it, from the first to the last; where they contradict the table of moves. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from wushi.domain.cases.rules.routing import Tray, level_of_tray
from wushi.domain.cases.states import CONTESTED, ENDED, MOVES, OPEN, CaseState

S = CaseState
# What cannot be told from the leaves alone; it is not compared.
UNKNOWN = "?"
SETTLED = frozenset({"resolved", "explained"})


@dataclass(frozen=True)
class Told:
    """One leaf: the verb without its room, when, and its facts."""

    step: int
    verb: str
    at: datetime
    facts: Mapping[str, Any]


@dataclass
class Standing:
    """A request as its leaves leave it; the names are those of its columns."""

    state: str = ""
    step: int = 0
    tray_duty: str = UNKNOWN
    tray_area: str = UNKNOWN
    holder_id: str = ""
    claimed_at: datetime | None = None
    handled_at: datetime | None = None
    closed_at: datetime | None = None
    outcome: str = ""
    closing: str = ""
    resolved_level: str = ""
    rating: str = ""
    rating_attitude: str = ""
    rating_speed: str = ""
    refusals: int = 0
    returns: int = 0
    seal: int = 15
    supervised: str = ""
    appealed_to: str = ""
    # rests that ended by being taken up again, by their place among all rests: only these move a deadline
    taken_up: set[int] = field(default_factory=set)
    rests: int = 0
    revised: bool = False
    replanned: bool = False
    wrong: list[str] = field(default_factory=list)


def retell(leaves: Iterable[Told]) -> Standing:
    """Every leaf in order of its step; what is wrong with them stands in ``wrong``."""
    now = Standing()
    for leaf in leaves:
        if leaf.step != now.step + 1:
            now.wrong.append(f"leaf {now.step + 1} is missing")
        now.step = leaf.step
        said = str(leaf.facts.get("state", ""))
        expected = _reached(now.state, leaf)
        if expected is None:
            now.wrong.append(f"leaf {leaf.step}: {leaf.verb} is no move from {now.state or 'nothing'}")
        elif said not in expected:
            now.wrong.append(f"leaf {leaf.step}: {leaf.verb} does not lead from {now.state} to {said}")
        effect = _EFFECTS.get(leaf.verb)
        if effect is not None:
            effect(now, leaf)
        now.state = said
    return now


def _reached(state: str, leaf: Told) -> set[str] | None:
    """The states a leaf may say it reached; None where the move is not in the table."""
    verb, facts = leaf.verb, leaf.facts
    if leaf.step == 1:
        # what is split off is opened by that
        if verb == "import_case":
            return {S.IMPORTED}
        return {S.RECEIVED} if verb in ("open_case", "split_case") else None
    if verb in ("merge_case", "unmerge_case") and ("taken_in" in facts or "let_go" in facts):
        return {state}
    if verb == "mark_official":
        row = MOVES["seal_case_to_tray" if int(facts.get("seal", 15)) < 6 else "seal_case"]
        return {row.target if state in row.sources else state}
    if verb == "mark_clock" and facts.get("stopped"):
        return {state}
    if verb == "release_case":
        return {S.ASSIGNED.value if state in OPEN else state}
    if verb not in MOVES or state not in MOVES[verb].sources:
        return None
    if verb == "contest_case":
        return {state if state in ENDED else S.WITHDRAWN.value}
    if verb == "unmerge_case":
        return set(OPEN)
    if verb == "import_case":
        return {*(ENDED - {S.IMPORTED, S.MERGED}), *([S.HANDLED] if state == S.IMPORTED else [])}
    if verb == "send_back_case":
        return {S.WORKING, S.ASSIGNED}
    return {MOVES[verb].target or state}


def _tray(now: Standing, leaf: Told) -> None:
    now.tray_duty, now.tray_area = str(leaf.facts.get("duty", "")), str(leaf.facts.get("area", ""))
    now.holder_id = str(leaf.facts.get("to") or "")


def _claimed(now: Standing, leaf: Told) -> None:
    now.holder_id, now.claimed_at = str(leaf.facts.get("to", "")), now.claimed_at or leaf.at


def _returned(now: Standing, leaf: Told) -> None:
    _tray(now, leaf)
    now.returns += 1


def _handled(now: Standing, leaf: Told) -> None:
    now.handled_at, now.outcome = leaf.at, str(leaf.facts.get("outcome", ""))
    level = level_of_tray(Tray(now.tray_duty, now.tray_area)) if now.tray_area != UNKNOWN else UNKNOWN
    now.resolved_level = level if now.outcome in SETTLED else ""


def _undone(now: Standing) -> None:
    now.handled_at, now.closed_at = None, None
    now.outcome = now.closing = now.resolved_level = ""


def _unrated(now: Standing) -> None:
    now.rating = now.rating_attitude = now.rating_speed = ""


def _rated(now: Standing, leaf: Told) -> None:
    for column, fact in (("rating", "rating"), ("rating_attitude", "attitude"), ("rating_speed", "speed")):
        setattr(now, column, str(leaf.facts.get(fact, "")))


def _confirmed(now: Standing, leaf: Told) -> None:
    now.closed_at, now.closing = leaf.at, "reporter"
    _rated(now, leaf)


def _reopened(now: Standing, leaf: Told) -> None:
    _undone(now)
    _unrated(now)
    now.refusals += 1
    now.holder_id = str(leaf.facts.get("to") or "")


def _closed(now: Standing, leaf: Told) -> None:
    now.closed_at, now.closing = leaf.at, str(leaf.facts.get("closing", ""))


def _over(closing: str, outcome: str) -> Callable[[Standing, Told], None]:
    def effect(now: Standing, leaf: Told) -> None:
        now.closed_at, now.closing, now.outcome = leaf.at, closing, outcome

    return effect


def _merged(now: Standing, leaf: Told) -> None:
    if "taken_in" not in leaf.facts:
        _over("merged", "duplicate")(now, leaf)


def _unmerged(now: Standing, leaf: Told) -> None:
    if "let_go" not in leaf.facts:
        now.closed_at, now.closing, now.outcome, now.holder_id = None, "", "", UNKNOWN


def _contested(now: Standing, leaf: Told) -> None:
    if now.state not in ENDED:
        now.closed_at, now.outcome, now.resolved_level = leaf.at, "withdrawn", ""
    now.closing = CONTESTED
    _unrated(now)


def _sealed(now: Standing, leaf: Told) -> None:
    if now.state == S.HANDLED:
        now.handled_at, now.outcome, now.resolved_level = None, "", ""
    _tray(now, leaf)
    now.seal = int(leaf.facts.get("seal", 15))


def _rested(now: Standing, leaf: Told) -> None:
    now.rests += 1


def _taken_up(now: Standing, leaf: Told) -> None:
    now.taken_up.add(now.rests)


def _released(now: Standing, leaf: Told) -> None:
    now.holder_id = ""


def _readdressed(now: Standing, leaf: Told) -> None:
    now.tray_area = str(leaf.facts.get("area", ""))


def _supervised(now: Standing, leaf: Told) -> None:
    colour = str(leaf.facts.get("colour", ""))
    now.supervised = "red" if "red" in (colour, now.supervised) else colour


def _appealed(now: Standing, leaf: Told) -> None:
    now.appealed_to = str(leaf.facts.get("level", ""))


def _revised(now: Standing, leaf: Told) -> None:
    now.revised = True


def _replanned(now: Standing, leaf: Told) -> None:
    now.replanned = True


def _sent_back(now: Standing, leaf: Told) -> None:
    _undone(now)


def _imported(now: Standing, leaf: Told) -> None:
    """What another system said became of it."""
    facts, said = leaf.facts, str(leaf.facts.get("state", ""))
    if said == S.HANDLED:
        now.handled_at, now.outcome = leaf.at, str(facts.get("outcome", ""))
    elif said in ENDED and said != S.IMPORTED:
        now.closed_at, now.closing = leaf.at, str(facts.get("closing", ""))
        now.outcome, now.rating = str(facts.get("outcome", "")), str(facts.get("rating", ""))


def _taken_back(now: Standing, leaf: Told) -> None:
    _undone(now)
    _unrated(now)


_EFFECTS: dict[str, Callable[[Standing, Told], None]] = {
    "assign_case": _tray, "transfer_case": _tray, "escalate_case": _tray, "hand_back_case": _tray,
    "return_case": _returned, "claim_case": _claimed, "handle_case": _handled,
    "send_back_case": _sent_back, "confirm_case": _confirmed, "rate_case": _rated, "reopen_case": _reopened,
    "close_case": _closed, "withdraw_case": _over("withdrawn", "withdrawn"),
    "decline_case": _over("declined", "not_ours"), "merge_case": _merged, "unmerge_case": _unmerged,
    "contest_case": _contested, "mark_official": _sealed, "pause_case": _rested, "resume_case": _taken_up,
    "release_case": _released, "readdress_case": _readdressed, "supervise_case": _supervised,
    "appeal_case": _appealed, "revise_case": _revised, "replan_case": _replanned,
    "import_case": _imported, "take_back_import": _taken_back,
}  # fmt: skip
