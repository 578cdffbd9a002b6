"""Building the tracking page's card from a row, its trace and the names around it. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from wushi.domain.cases.states import CLOSED_ELSEWHERE, ENDED, CaseState
from wushi.web import labels, words
from wushi.web.offered import TOWN, appeal_levels
from wushi.web.told import Known, Names, Reader, Shot, tell
from wushi.web.track.cards import Holder, ResidentCase, dots, due_card, final_of, next_of
from wushi.web.why import coming_lines, why_lines

S = CaseState


def _masked(phone: str) -> str:
    return f"{phone[:3]}****{phone[-4:]}" if len(phone) >= 8 else phone


def holder_of(case: Any, name: str, tray: str, place: Any) -> Holder:
    """Who has it; a public number only where the place has one."""
    phone = place.lead_phone if place else ""
    if name:
        line = _("%(name)s is on it") % {"name": name}
        return Holder(name[:1], line, _masked(phone) or tray, phone)
    line = _("%(tray)s has it") % {"tray": tray}
    return Holder(tray[:1], line, _("not signed for yet") if case.state == S.ASSIGNED else "", phone)


def before_after(steps: Sequence[Any], base: str, now: datetime) -> list[Shot]:
    """The resident's first photo beside the handler's last one."""
    first = next((s for s in steps if s.verb == "open_case" and s.photos), None)
    last = next((s for s in reversed(steps) if s.verb == "handle_case" and s.photos), None)
    found = []
    for step, caption in ((first, _("%(when)s, yours")), (last, _("%(when)s, theirs"))):
        if step:
            text = caption % {"when": words.when(step.at, now)}
            found.append(Shot(f"{base}photo/{step.photos[0].id}/", text, text))
    return found


def _meta(case: Any, known: Known) -> str:
    codes = (case.village or case.county, case.grid)
    place = words.place([known.names.area(code) for code in codes if code])
    told = _("told %(when)s") % {"when": words.when(case.opened_at, known.now)}
    return " · ".join([place, told, labels.word(labels.KINDS, case.kind)])


def _if_not(case: Any, names: Names) -> str:
    """Who sees that it is late: the town and the district by name, unless the matter is kept from them."""
    town = names.area(case.town) if case.town and case.seal >= TOWN else ""
    district = names.area(case.county)
    if not town:
        return _("It is marked overdue, %(district)s sees it, and you can go higher at any time") % {
            "district": district
        }
    return _("It is marked overdue, %(town)s and %(district)s see it, and you can go higher at any time") % {
        "town": town,
        "district": district,
    }


@dataclass(frozen=True)
class Master:
    """The request that took this one in, and what of its trace may be told here."""

    case: Any
    steps: Sequence[Any]


def _plan(case: Any) -> str:
    """挂账: the day it is planned for."""
    if not case.plan_on:
        return ""
    return _("Not possible yet. Planned for %(day)s.") % {"day": date_format(case.plan_on, _("M j, Y"))}


def _next(shown: Any, master: Master | None) -> str:
    """What comes next; beside a merged one somebody else is asked."""
    if master and shown.state == S.HANDLED:
        return _("Whoever told it first is asked whether it is right")
    return next_of(shown.state)


def _answer_by(known: Known) -> datetime | None:
    running = (c.due_at for c in known.why.clocks if c.name == "answer" and c.ended_at is None)
    return next(running, None)


def _merged(master: Master | None) -> str:
    if master is None:
        return ""
    return _(
        "Others told the same before; it is settled together with theirs (%(number)s). Below you see how that goes."
    ) % {"number": master.case.number}


def resident_case(
    case: Any, known: Known, *, holder_name: str, place: Any, master: Master | None = None, base: str = ""
) -> ResidentCase:
    """The whole card. What was merged shows how the other one goes: its steps, its deadline, never its words or names.

    With a ``base`` of its own it is for somebody who follows the one who told it, and is not he.
    """
    own, names = not base, known.names
    base = base or f"/r/{case.receipt}/"
    shown = master.case if master else case
    tray = names.tray(shown.tray_duty, shown.tray_area, shown.unit)
    reason = known.why.rests[-1][0] if known.why.rests else ""
    coming = [c for c in known.why.coming if c.effect != "remind"]
    theirs = Known([], master.steps, known.why, names, "", known.now) if master else None
    return ResidentCase(
        title=case.title,
        number=case.number,
        code=case.receipt,
        topic=known.topic,
        meta=_meta(case, known),
        # what ended elsewhere was agreed to by nobody here
        steps=[] if shown.closing == CLOSED_ELSEWHERE else dots(shown.state),
        may=known.may,
        final=None if master and shown.state not in ENDED else final_of(case),
        holder=holder_of(shown, holder_name, tray, place),
        next=_next(shown, master),
        due=due_card(shown, known.now, known.why.clocks, reason),
        if_not="" if shown.state == S.PAUSED else _if_not(shown, names),
        why=why_lines(known.why, names, known.now),
        coming=coming_lines(replace(known.why, coming=tuple(coming)), names, known.now),
        timeline=tell(known, reader=Reader(base, resident=True, own=own), open_=case.state not in ENDED),
        higher=[
            (level, names.area(case.town if level == "town" else case.county))
            for level in appeal_levels(case)
        ],
        ask=_("%(who)s says it is done. Is it really right?") % {"who": holder_name or tray},
        answer_by=_answer_by(known),
        before_after=before_after(known.steps, base, known.now),
        rated=bool(case.rating or case.rating_attitude or case.rating_speed),
        plan=_plan(shown),
        merged=_merged(master),
        of_master=tell(theirs, reader=Reader(base, resident=True), open_=shown.state not in ENDED)
        if theirs
        else [],
    )
