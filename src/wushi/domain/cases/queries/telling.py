"""What happened to a request, and why: the trace joined with the words, for those who may see the row."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from wushi.domain.accounts.queries import names_of
from wushi.domain.audit.queries import trace_of
from wushi.domain.cases.models import UNSEALED, Case, Entry
from wushi.domain.cases.permissions import verbs_now
from wushi.domain.files.models import Photo, Recording
from wushi.domain.files.queries import photos_of, recordings_of
from wushi.kernel.actor import Actor


@dataclass(frozen=True)
class Step:
    """One step of the trace: codes for what and who, the words, photos and recordings said with it."""

    n: int
    verb: str
    at: datetime
    by: str
    by_name: str
    words: str = ""
    photos: tuple[Photo, ...] = ()
    recordings: tuple[Recording, ...] = ()
    facts: dict[str, Any] = field(default_factory=dict)


def _who(actor_ref: str) -> str:
    kind = actor_ref.partition(":")[0]
    return {"user": "staff", "person": "resident", "receipt": "resident", "anonymous": "resident"}.get(
        kind, "house"
    )


def timeline(actor: Actor, case: Case) -> list[Step]:
    """Every step in order (oldest first), with words, names and photos. The caller holds a row he may see."""
    leaves = trace_of(county=case.county, subject="cases.case", subject_id=case.id)
    entries = {e.at_step: e for e in Entry.objects.filter(county=case.county, case=case)}
    users = [UUID(leaf.actor.partition(":")[2]) for leaf in leaves if leaf.actor.startswith("user:")]
    users += [UUID(leaf.facts["to"]) for leaf in leaves if leaf.facts.get("to")]
    names = names_of(users)
    photos, recordings = photos_of(case.county, case.id), recordings_of(case.county, case.id)
    steps = []
    for leaf in leaves:
        staff = leaf.actor.startswith("user:")
        name = names.get(UUID(leaf.actor.partition(":")[2]), "") if staff else ""
        entry = entries.get(leaf.step)
        own = tuple(p for p in photos if str(p.id) in leaf.facts.get("photos", []))
        spoken = tuple(r for r in recordings if str(r.id) in leaf.facts.get("recordings", []))
        verb = leaf.verb.partition(".")[2]
        steps.append(
            Step(
                leaf.step,
                verb,
                leaf.at,
                _who(leaf.actor),
                name,
                words=entry.text if entry else "",
                photos=own,
                recordings=spoken,
                facts=leaf.facts,
            )
        )
    return steps


def may(actor: Actor, case: Case) -> list[str]:
    """The verbs the actor may use on it now."""
    return verbs_now(actor, case)


# What is told of a request to residents who told the same matter: what was done, not what another said, showed or rated.
TOLD_TO_OTHERS = frozenset(
    {
        "accept_case", "assign_case", "claim_case", "return_case", "transfer_case", "escalate_case", "hand_back_case",
        "pause_case", "resume_case", "request_extension", "decide_extension", "handle_case", "send_back_case", "reopen_case",
        "confirm_case", "close_case", "supervise_case", "instruct_case", "blow_whistle", "report_for_roll_call",
        "plan_together", "answer_part", "end_whistle", "ask_partner", "add_words", "mark_clock", "replan_case", "release_case",
    }
)  # fmt: skip


def timeline_of_master(case: Case) -> list[Step]:
    """The steps of the request that took this one in, for whoever told this one: what staff did and said.

    What another resident said or showed there stays his: those steps come without words and photos.
    """
    master = master_of(case)
    if master is None:
        return []
    steps = [s for s in timeline(Actor.of_house(case.county), master) if s.verb in TOLD_TO_OTHERS]
    return [
        s if s.by in ("staff", "house") else replace(s, words="", photos=(), recordings=(), facts={})
        for s in steps
    ]


def master_of(case: Case) -> Case | None:
    """The request that took this one in; whoever holds this one's receipt sees how it stands.

    None while it is sealed: whoever told the same matter may be the one it is about.
    """
    if case.merged_into_id is None:
        return None
    return Case.objects.filter(county=case.county, id=case.merged_into_id, seal=UNSEALED).first()
