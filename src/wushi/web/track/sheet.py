"""Building the tracking page's card from a row, its trace and the names around it. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from wushi.domain.cases.states import ENDED, CaseState
from wushi.web import labels, words
from wushi.web.offered import TOWN, appeal_levels
from wushi.web.told import Known, Names, Shot, tell, why_lines
from wushi.web.track.cards import Holder, ResidentCase, dots, due_card, final_of, next_of

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


def resident_case(case: Any, known: Known, *, holder_name: str, place: Any) -> ResidentCase:
    """The whole card."""
    base, names = f"/r/{case.receipt}/", known.names
    tray = names.tray(case.tray_duty, case.tray_area, case.unit)
    return ResidentCase(
        title=case.title,
        number=case.number,
        code=case.receipt,
        topic=known.topic,
        meta=_meta(case, known),
        steps=dots(case.state),
        may=known.may,
        final=final_of(case),
        holder=holder_of(case, holder_name, tray, place),
        next=next_of(case.state),
        due=due_card(case, known.now),
        if_not=_if_not(case, names),
        why=why_lines(known.why, names),
        timeline=tell(known, you=True, base=base, open_=case.state not in ENDED),
        higher=[
            (level, names.area(case.town if level == "town" else case.county))
            for level in appeal_levels(case)
        ],
        ask=_("%(who)s says it is done. Is it really right?") % {"who": holder_name or tray},
        before_after=before_after(known.steps, base, known.now),
        rated=bool(case.rating),
    )
