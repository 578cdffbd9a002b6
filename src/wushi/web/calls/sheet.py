"""One call with everything whoever goes there needs, and the verbs that are his now."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext as _

from wushi.domain.accounts import queries as accounts
from wushi.domain.accounts.duties import Duty
from wushi.domain.audit.queries import trace_of
from wushi.domain.calls.permissions import is_answerer, may_ring, verbs_now
from wushi.domain.calls.queries import call_rules, earlier_calls, remarks_of, rungs_of
from wushi.domain.calls.states import CallState
from wushi.domain.cases import queries as cases
from wushi.edge import live
from wushi.web import labels, words
from wushi.web.calls.cards import (
    CallCard,
    LadderLine,
    Number,
    card_of,
    helps_of,
    ladder_of,
    left_of,
    numbers_of,
    people_in,
    took,
    way_there,
    where_of,
)
from wushi.web.labels import calls as said

S = CallState
# What stands solid: the next thing somebody waits for.
NEXT = {
    S.RINGING: "acknowledge_call",
    S.ACKNOWLEDGED: "arrive_at_call",
    S.ON_WAY: "arrive_at_call",
}
# one tap and it is done; the others open a small form on the page
AT_ONCE = ("acknowledge_call", "set_out", "arrive_at_call", "take_over_call")


@dataclass(frozen=True)
class Press:
    """A verb as a button that needs nothing else."""

    url: str
    word: str
    icon: str
    solid: bool


@dataclass(frozen=True)
class Told:
    """One step of what happened."""

    state: str
    icon: str
    title: str
    at: datetime
    words: str = ""
    facts: list[str] = field(default_factory=list)
    photos: tuple[Any, ...] = ()
    voices: tuple[Any, ...] = ()


@dataclass(frozen=True)
class Place:
    """Where to go, and what is known of the device there."""

    area: str
    place: str
    map: str
    way: str
    device: str
    device_url: str
    battery: int | None


@dataclass(frozen=True)
class CallSheet:
    """The page of one call."""

    card: CallCard
    url: str
    topic: str
    name: str
    place: Place
    helps: list[str]
    numbers: list[Number]
    may: list[str]
    presses: list[Press]
    ladder: list[LadderLine]
    timeline: list[Told]
    earlier: list[CallCard]
    clocks: list[Any]
    answerer: str
    mine: bool
    stand_in: bool
    case: Any
    services: list[tuple[str, str, bool]]
    ratings: str = ""
    test: bool = False


@dataclass(frozen=True)
class Promise:
    """One of the two clocks: what was promised, what became of it."""

    word: str
    line: str
    small: str
    colour: str


def verbs_of(actor: Any, call: Any) -> list[str]:
    """His verbs in this state, without those that would only be refused."""
    found = [verb for verb in verbs_now(actor, call) if verb in said.VERBS]
    held = call.answerer_id is not None and not is_answerer(actor, call)
    if held and call.is_unanswered:
        # somebody else has it: he takes it over first, by a word of its own, or has been there himself
        found = [verb for verb in found if verb != "set_out"]
    if actor.id in (call.arrived_by_id, call.answerer_id):
        found = [verb for verb in found if verb != "follow_up_call"]
    return found


def presses_of(call: Any, may: list[str], *, stand_in: bool, held: bool) -> list[Press]:
    """What is done by one tap, the next thing first and solid."""
    solid = "take_over_call" if held and "take_over_call" in may else NEXT.get(S(call.state), "")
    found = []
    for code in sorted((c for c in AT_ONCE if c in may), key=lambda c: c != solid):
        verb = said.VERBS[code]
        word = str(verb.word)
        if code == "arrive_at_call" and stand_in:
            word = _("Arrived, in the secretary's place")
        elif code == "acknowledge_call":
            word = _("Acknowledge: I am coming")
        found.append(Press(f"/work/calls/{call.id}/{verb.slug}/", word, verb.icon, code == solid))
    return found


def promises_of(call: Any, now: datetime) -> list[Promise]:
    """To answer, to be there: by when, and how long it took."""
    return [
        _promise(_("To answer"), call.acknowledge_by, call.acknowledged_at, call, now),
        _promise(_("To be there"), call.arrive_by, call.arrived_at, call, now),
    ]


def _promise(word: str, by: datetime, done: datetime | None, call: Any, now: datetime) -> Promise:
    if done is not None:
        late = done > by
        needed = took((done - call.opened_at).total_seconds())
        return Promise(
            word, needed, _("beyond the promise") if late else _("in time"), "red" if late else "green"
        )
    if not call.is_open:
        return Promise(word, _("nobody had to come"), "", "")
    return Promise(word, left_of(by, now), words.deadline(by, now), "red" if by <= now else "amber")


def _who(ref: str, names: Mapping[UUID, str]) -> str:
    kind, _sep, tail = ref.partition(":")
    if kind == "user":
        return names.get(UUID(tail), "")
    return {
        "house": "",
        "receipt": _("the caller"),
        "person": _("the caller"),
        "anonymous": _("the caller"),
    }.get(kind, "")


def _facts(leaf: Any, names: Mapping[str, str]) -> list[str]:
    facts, found = leaf.facts, []
    verb = leaf.verb.rpartition(".")[2]
    if verb == "ring_next":
        who = _(", ").join(names[user] for user in facts.get("rang", []) if user in names)
        found.append(
            who or _("Nobody holds this post or stands on the roster: the next one was rung at once.")
        )
    if verb in ("arrive_at_call", "confirm_arrival") and facts.get("how"):
        found.append(labels.word(said.HOWS, str(facts["how"])))
    if facts.get("stand_in"):
        found.append(str(said.STAND_IN.word))
    if verb in ("end_call", "end_mistaken_call") and facts.get("finding"):
        found.append(labels.word(said.FINDINGS, str(facts["finding"])))
    if facts.get("service"):
        found.append(f"{facts['service']} {labels.word(said.SERVICES, str(facts['service']))}")
    if facts.get("rating"):
        found.append(labels.word(said.RATINGS, str(facts["rating"])))
    if verb == "mark_call_late":
        found += [labels.word(said.LATE_WHAT, str(what)) for what in facts.get("late", [])]
    return found


def timeline_of(call: Any, leaves: list[Any], names: Mapping[UUID, str]) -> list[Told]:
    """What happened, the newest first, with the words that were said."""
    remarks, by_text = remarks_of(call), {str(k): v for k, v in names.items()}
    found = []
    for leaf in reversed(leaves):
        verb = leaf.verb.rpartition(".")[2]
        icon, title = said.TOLD.get(verb, ("info", verb))
        # the first rung is in the caller's own deed: it rang by itself all the same
        who = "" if verb in ("ring_next", "mark_call_late") else _who(leaf.actor, names)
        text = "\n".join(remark.text for remark in remarks.get(leaf.step, []))
        warn = verb in ("mark_call_late", "release_call")
        found.append(
            Told(
                "warn" if warn else "done",
                icon,
                f"{title} · {who}" if who else str(title),
                leaf.at,
                text,
                _facts(leaf, by_text),
            )
        )
    return found


def place_of(call: Any) -> Place:
    """Where it is, and by which device."""
    device = call.device if call.device_id else None
    return Place(
        where_of(call.area),
        call.place,
        way_there(call),
        labels.word(said.WAYS, call.way),
        device.uid if device else "",
        f"/work/devices/{device.id}/" if device else "",
        device.battery if device else None,
    )


def sheet_of(request: Any, call: Any) -> CallSheet:
    """Reads the trace, the ladder, names and earlier calls, each once."""
    actor, now = request.actor, timezone.now()
    rungs = rungs_of(call)
    leaves = trace_of(county=call.county, subject="calls.call", subject_id=call.id)
    before = earlier_calls(actor, call)
    deeds = {UUID(leaf.actor[5:]) for leaf in leaves if leaf.actor.startswith("user:")}
    names = accounts.names_of(people_in([call, *before], rungs) | deeds)
    whole, may = may_ring(actor, call), verbs_of(actor, call)
    numbers = numbers_of(call, whole=whole)
    stand_in = not actor.holds(Duty.SECRETARY, over=call.village)
    held = call.answerer_id is not None and not is_answerer(actor, call)
    by_text = {str(k): v for k, v in names.items()}
    return CallSheet(
        card=card_of(call, names, now, whole=whole),
        url=f"/work/calls/{call.id}/",
        topic=live.opaque(call.topic),
        name=call.person.name if whole and call.person_id and call.person else "",
        place=place_of(call),
        helps=helps_of(call) if whole else [],
        numbers=[number for number in (numbers["phone"], numbers["contact"]) if number],
        may=may,
        presses=presses_of(call, may, stand_in=stand_in, held=held),
        ladder=ladder_of(call, call_rules(call.county), rungs, by_text, now, str(actor.id)),
        timeline=timeline_of(call, leaves, names),
        earlier=[card_of(one, names, now) for one in before],
        clocks=promises_of(call, now),
        answerer=names.get(call.answerer_id, "") if call.answerer_id else "",
        mine=is_answerer(actor, call),
        stand_in=stand_in,
        case=cases.cases_of(actor, [call.case_id]).get(call.case_id) if call.case_id else None,
        services=[(code, str(word), code in call.services) for code, word in said.SERVICES.items()],
        ratings=labels.word(said.RATINGS, call.rating) if call.rating else "",
        test=call.test,
    )
