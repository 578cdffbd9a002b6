"""Building the tracking page's card from a row, its trace and the names around it. Pure."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from wushi.domain.cases.states import ENDED, CaseState
from wushi.web import labels, words
from wushi.web.told import Shot, tell, tray_name, why_lines
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


def _meta(case: Any, name_of: Callable[[str], str], now: datetime) -> str:
    place = name_of(case.village or case.county) + (name_of(case.grid) if case.grid else "")
    told = _("told %(when)s") % {"when": words.when(case.opened_at, now)}
    return " · ".join([place, told, labels.word(labels.KINDS, case.kind)])


def resident_case(
    case: Any,
    *,
    may: list[str],
    steps: Sequence[Any],
    why: dict[str, Any],
    holder_name: str,
    place: Any,
    name_of: Callable[[str], str],
    unit_names: dict[str, str],
    topic: str,
    now: datetime,
) -> ResidentCase:
    """The whole card."""
    base = f"/r/{case.receipt}/"
    tray = tray_name(case.tray_duty, case.tray_area, case.unit, name_of, unit_names)
    who = holder_name or tray
    open_ = case.state not in ENDED
    return ResidentCase(
        title=case.title,
        number=case.number,
        code=case.receipt,
        topic=topic,
        meta=_meta(case, name_of, now),
        steps=dots(case.state),
        may=may,
        final=final_of(case),
        holder=holder_of(case, holder_name, tray, place),
        next=next_of(case.state),
        due=due_card(case, now),
        if_not=_("It shows red at the town and the district, and you can go higher at any time"),
        why=why_lines(why, name_of, unit_names),
        timeline=tell(steps, you=True, base=base, name_of=name_of, unit_names=unit_names, open_=open_),
        town=name_of(case.town) if case.town else "",
        district=name_of(case.county),
        ask=_("%(who)s says it is done. Is it really right?") % {"who": who},
        before_after=before_after(steps, base, now),
        rated=bool(case.rating),
    )
