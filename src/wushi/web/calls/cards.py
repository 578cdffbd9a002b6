"""A call as lists, the alarm and the duty room show it: who, where, how long, who is rung now and who comes next."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import quote
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from wushi.domain.areas import queries as areas
from wushi.domain.calls.queries import CallRules
from wushi.domain.calls.rules import LadderRule
from wushi.domain.calls.states import CallState
from wushi.plumbing.personal import mask_name, mask_phone
from wushi.web import labels, words
from wushi.web.labels import Badge
from wushi.web.labels import calls as said

S = CallState
SHOWN_DUTIES = 2
MINUTE = 60


@dataclass(frozen=True)
class Number:
    """A telephone number: shown with its middle hidden, rung by one tap where it is his to ring."""

    name: str
    masked: str
    tel: str = ""


@dataclass(frozen=True)
class LadderLine:
    """One rung: whom it rings, and whether it did, does now, or will. ``state``: took, missed, empty, now, coming, off."""

    word: str
    names: str
    state: str
    at: datetime | None = None
    left: int | None = None
    left_text: str = ""
    mine: bool = False
    times: int = 1
    short: str = ""


@dataclass(frozen=True)
class CallCard:
    """One call as a row or a card."""

    id: UUID
    url: str
    title: str
    place: str
    where: str
    state: str
    urgency: Badge
    badge: Badge
    emergency: bool
    presses: int
    opened_at: datetime
    waited: int
    waited_text: str
    line: str = ""
    due: str = ""
    due_colour: str = ""
    flags: list[Badge] = field(default_factory=list)
    helps: list[str] = field(default_factory=list)
    contact: Number | None = None
    phone: Number | None = None
    ladder: list[LadderLine] = field(default_factory=list)
    key: str = ""


def lapse(seconds: float) -> str:
    """2:48, 1:02:48: as the running figure beside a call says it."""
    whole = max(0, int(seconds))
    hours, rest = divmod(whole, 3600)
    minutes, left = divmod(rest, 60)
    return f"{hours}:{minutes:02}:{left:02}" if hours else f"{minutes}:{left:02}"


def took(seconds: float) -> str:
    """38 s, 12 minutes: how long something took, one unit, never rounded up."""
    if seconds < 60:
        return _("%(n)s s") % {"n": max(0, int(seconds))}
    return words.span(timedelta(seconds=seconds))


def left_of(by: datetime, now: datetime) -> str:
    """How long until a promise, as ``words.left``; its last minute and the first beyond it are told as such, not as 0."""
    seconds = (by - now).total_seconds()
    if abs(seconds) < MINUTE:
        return _("less than a minute left") if seconds > 0 else _("the time is up")
    return words.left(by, now)


def where_of(area: str) -> str:
    """The village, and the grid where it is known."""
    return words.place([p.name for p in areas.line_of(area)[2:]]) or areas.name_of(area)


def name_of(call: Any, *, whole: bool) -> str:
    """Who it is, as far as the reader may know; '' where nobody knows."""
    name = call.person.name if call.person_id and call.person else ""
    return name if whole else mask_name(name)


def title_of(call: Any, *, whole: bool) -> str:
    """What a call is called: the name, else the place."""
    return name_of(call, whole=whole) or call.place or where_of(call.area)


def number_of(name: str, phone: str, *, whole: bool) -> Number | None:
    """A number with its middle hidden; the whole one only behind the tap of whoever may ring."""
    return Number(name, mask_phone(phone), phone if whole else "") if phone else None


def numbers_of(call: Any, *, whole: bool) -> dict[str, Number | None]:
    """The number to ring back, and the family's where the device names one that is not the same."""
    device = call.device if call.device_id else None
    contact = None
    if device is not None and device.contact_phone and device.contact_phone != call.phone:
        contact = number_of(device.contact_name or _("family"), device.contact_phone, whole=whole)
    return {"phone": number_of("", call.phone, whole=whole), "contact": contact}


def helps_of(call: Any) -> list[str]:
    """What whoever comes should know."""
    helps = call.device.helps if call.device_id and call.device else []
    return [labels.word(said.HELPS, code) for code in said.HELPS if code in helps]


def way_there(call: Any) -> str:
    """The place for whatever map the phone has; nothing is sent anywhere by it."""
    return f"geo:0,0?q={quote(f'{where_of(call.area)} {call.place}'.strip())}"


def state_badge(call: Any) -> Badge:
    """Where it stands."""
    if call.state == S.ENDED and call.finding == "mistaken":
        return Badge("", "undo", said.FINDINGS["mistaken"])
    return said.STATES[call.state]


def flags_of(call: Any) -> list[Badge]:
    """What makes it stand out: taken back, beyond the promise, came in the secretary's place."""
    found = [said.TAKEN_BACK] if call.taken_back_at and call.is_open else []
    found += [said.LATE] if call.late else []
    return found + ([said.STAND_IN] if call.stand_in and call.arrived_at else [])


def due_of(call: Any, now: datetime) -> tuple[str, str]:
    """What is promised next, and its colour; '' once somebody is there."""
    if not call.is_unanswered:
        return "", ""
    by = call.acknowledge_by if call.acknowledged_at is None else call.arrive_by
    first = call.acknowledged_at is None
    word = pgettext("call promise", "Answer") if first else pgettext("call promise", "Be there")
    return f"{word}: {left_of(by, now)}", "red" if by <= now else "amber"


def line_of(call: Any, names: Mapping[UUID, str]) -> str:
    """Who has it, or what was found."""
    who = names.get(call.arrived_by_id or call.answerer_id, "")
    if call.is_over and call.finding:
        return " · ".join(part for part in (labels.word(said.FINDINGS, call.finding), who) if part)
    if call.state == S.RINGING and call.presses > 1:
        return ngettext("pressed %(n)s time", "pressed %(n)s times", call.presses) % {"n": call.presses}
    return who


def duty_word(rule: LadderRule) -> str:
    """Whom a rung rings, in a few words."""
    return _(", ").join(labels.word(labels.DUTIES, duty) for duty in rule.duties[:SHOWN_DUTIES])


def short_word(rule: LadderRule) -> str:
    """The first of them: for a row of five on a narrow screen."""
    return labels.word(labels.DUTIES, rule.duties[0])


def ladder_of(
    call: Any, rules: CallRules, rungs: Sequence[Any], names: Mapping[str, str], now: datetime, me: str = ""
) -> list[LadderLine]:
    """The ladder as it stands: what rang and was not answered, what rings, what comes by itself and when."""
    lines = rules.ladder_of(call.urgency, now.date())
    last = {rung.code: rung for rung in rungs}
    count = {code: sum(rung.code == code for rung in rungs) for code in last}
    ringing = call.state == S.RINGING
    newest = rungs[-1].number if rungs else 0
    found = []
    for number, rule in enumerate(lines, 1):
        rung = last.get(rule.code)
        if rung is not None:
            who = _(", ").join(names[user] for user in rung.rang if user in names)
            state = "empty" if rung.empty else "now" if ringing and rung.number == newest else "missed"
            # whoever has it was rung by this one
            state = "took" if call.answerer_id and str(call.answerer_id) in rung.rang else state
            times, mine = count[rule.code], me in rung.rang
            found.append(
                LadderLine(
                    duty_word(rule), who, state, rung.at, mine=mine, times=times, short=short_word(rule)
                )
            )
        elif ringing:
            left = _seconds_to(call, rule, number, now)
            found.append(
                LadderLine(
                    duty_word(rule), "", "coming", left=left, left_text=lapse(left), short=short_word(rule)
                )
            )
        else:
            found.append(LadderLine(duty_word(rule), "", "off"))
    return found


def _seconds_to(call: Any, rule: LadderRule, number: int, now: datetime) -> int:
    if number == call.rung + 1 and call.next_rung_at is not None:
        return max(0, round((call.next_rung_at - now).total_seconds()))
    return max(0, round(rule.after_seconds - (now - call.ladder_at).total_seconds()))


def people_in(calls: Iterable[Any], rungs: Iterable[Any] = ()) -> set[UUID]:
    """Ids of all members of staff a list names."""
    found = {user for call in calls for user in (call.answerer_id, call.arrived_by_id) if user}
    return found | {UUID(user) for rung in rungs for user in rung.rang}


def card_of(
    call: Any, names: Mapping[UUID, str], now: datetime, *, whole: bool = False, **more: Any
) -> CallCard:
    """One call in a list: the name is whole only for those who are to go there."""
    waited = int((now - call.opened_at).total_seconds())
    due, colour = due_of(call, now)
    place = call.place if call.place != title_of(call, whole=whole) else ""
    return CallCard(
        call.id,
        f"/work/calls/{call.id}/",
        title_of(call, whole=whole),
        place,
        where_of(call.area),
        call.state,
        said.URGENCIES[call.urgency],
        state_badge(call),
        call.urgency == "emergency",
        call.presses,
        call.opened_at,
        waited,
        lapse(waited),
        line_of(call, names),
        due,
        colour,
        flags_of(call),
        key=f"{call.id}:{call.presses}:{call.rungs}",
        **more,
    )
