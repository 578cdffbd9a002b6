"""The trace told in words: one step of a case -> what a page says of it. Residents and staff read the same trace."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from wushi.web import labels


@dataclass(frozen=True)
class Names:
    """What codes are called: areas by a function, units by a table."""

    area: Callable[[str], str]
    units: Mapping[str, str]

    def tray(self, duty: str, area: str, unit: str) -> str:
        """What a tray is called: the place and the duty, or the department."""
        if duty == "department":
            return self.units.get(unit, unit)
        return f"{self.area(area)} {labels.word(labels.DUTIES, duty)}"


@dataclass(frozen=True)
class Known:
    """What a page has read beside the row: verbs allowed, trace, reasons, names, its live topic, the time."""

    may: list[str]
    steps: Sequence[Any]
    why: dict[str, Any]
    names: Names
    topic: str
    now: datetime


@dataclass(frozen=True)
class Shot:
    """A photo on a page."""

    url: str
    alt: str
    caption: str = ""


@dataclass(frozen=True)
class Told:
    """One step of the timeline."""

    state: str
    icon: str
    title: str
    at: datetime | None
    words: str = ""
    facts: tuple[str, ...] = ()
    photos: tuple[Shot, ...] = ()
    by: str = ""


ICONS = {
    "return_case": "undo", "reopen_case": "redo", "withdraw_case": "undo", "decline_case": "ban", "appeal_case": "up",
    "add_words": "talk", "mark_official": "lock", "release_case": "redo", "readdress_case": "pin",
}  # fmt: skip


def _who(step: Any, you: bool) -> str:
    if step.by == "staff":
        return step.by_name or _("a member of staff")
    if step.by == "house":
        return _("the system")
    return _("You") if you else _("the resident")


def _titles(step: Any, who: str, tray: str) -> dict[str, str]:
    facts = step.facts
    by_rule = bool(facts.get("route"))
    rating = labels.RATINGS.get(facts.get("rating", ""))
    return {
        "open_case": _("Received"),
        "accept_case": _("Accepted by the dispatch list")
        if by_rule
        else _("%(who)s accepted it") % {"who": who},
        "assign_case": (
            _("Given to %(tray)s by the dispatch list") if by_rule else _("%(who)s gave it to %(tray)s")
        )
        % {"who": who, "tray": tray},
        "claim_case": _("%(who)s took it on") % {"who": who},
        "return_case": _("%(who)s returned it") % {"who": who},
        "handle_case": _("%(who)s says: done") % {"who": who},
        "confirm_case": _("%(who)s agreed: it is right") % {"who": who} + (f" · {rating}" if rating else ""),
        "reopen_case": _("%(who)s said: not yet right") % {"who": who},
        "close_case": _("%(who)s closed it without an answer") % {"who": who},
        "withdraw_case": _("%(who)s took it back") % {"who": who},
        "decline_case": _("%(who)s: this is not handled here") % {"who": who},
        "appeal_case": _("%(who)s turned to %(tray)s") % {"who": who, "tray": tray},
        "add_words": _("%(who)s added") % {"who": who},
        "mark_official": _("Moved to the level above"),
        "release_case": _("Its handler left the post; somebody else takes it on"),
        "readdress_case": _("The area was rearranged; it went along"),
    }


def _facts(step: Any) -> tuple[str, ...]:
    found = []
    if step.verb == "handle_case":
        found.append(labels.word(labels.OUTCOMES, step.facts.get("outcome", "")))
    if step.verb == "return_case":
        found.append(labels.word(labels.RETURN_REASONS, step.facts.get("reason", "")))
    if step.verb == "decline_case":
        found.append(
            _("The right place: %(channel)s")
            % {"channel": labels.word(labels.RIGHT_CHANNELS, step.facts.get("channel", ""))}
        )
    if step.verb == "open_case" and step.photos:
        found.append(ngettext("%(n)s photo", "%(n)s photos", len(step.photos)) % {"n": len(step.photos)})
    return tuple(found)


def told(step: Any, *, last: bool, you: bool, base: str, names: Names) -> Told:
    """One step; ``base`` is where its photos are, ``you``: the reader is the resident himself."""
    facts = step.facts
    tray = (
        names.tray(facts["duty"], facts.get("area", ""), facts.get("unit", "")) if facts.get("duty") else ""
    )
    title = _titles(step, _who(step, you), tray).get(step.verb, step.verb)
    alt = _("Photo: %(title)s") % {"title": title}
    shots = tuple(Shot(f"{base}photo/{photo.id}/", alt) for photo in step.photos)
    icon = ICONS.get(step.verb, "check")
    return Told("now" if last else "done", icon, title, step.at, step.words, _facts(step), shots)


def tell(known: Known, *, you: bool, base: str, open_: bool) -> list[Told]:
    """The whole trace, newest first; the newest step stands out while it is not over."""
    # where the dispatch list decides, accepting and giving are one thing to the resident
    rows = [
        step for step in known.steps if not (you and step.verb == "accept_case" and step.facts.get("route"))
    ]
    return [
        told(step, last=open_ and n == len(rows) - 1, you=you, base=base, names=known.names)
        for n, step in reversed(list(enumerate(rows)))
    ]


def why_lines(why: dict[str, Any], names: Names) -> list[str]:
    """Why it went there and why by then, from the codes stored when it was decided."""
    found = []
    if why.get("tray"):
        duty, area, unit = why["tray"]
        tray = names.tray(duty, area, unit)
        rule = f"{why.get('route', '')} v{why.get('route_version', '')}"
        found.append(
            _("By the dispatch list (%(rule)s) such matters begin with %(tray)s.")
            % {"rule": rule, "tray": tray}
        )
    if why.get("missing_level"):
        found.append(_("It would have gone further down, but the exact place is not known."))
    if why.get("workdays"):
        days = why["workdays"]
        found.append(
            ngettext(
                "%(n)s working day for such matters: holidays do not count, make-up Saturdays do.",
                "%(n)s working days for such matters: holidays do not count, make-up Saturdays do.",
                days,
            )
            % {"n": days}
        )
    if why.get("due_is_guess"):
        found.append(_("Next year's holidays are not published yet; it is counted Monday to Friday."))
    return found
