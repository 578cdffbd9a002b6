"""What stands under a step of the trace: reasons, results, new deadlines, grades. Codes -> words."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from typing import Any

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from wushi.web import labels, words
from wushi.web.amounts import amount

Lines = list[str]


def _moment(text: Any) -> datetime | None:
    try:
        return datetime.fromisoformat(str(text))
    except ValueError:
        return None


def _day(text: Any) -> str:
    try:
        return date_format(date.fromisoformat(str(text)), _("M j, Y"))
    except ValueError:
        return ""


def _due(facts: dict[str, Any]) -> Lines:
    due = _moment(facts.get("due"))
    return [_("Due now: %(day)s") % {"day": words.deadline(due, timezone.now())}] if due else []


def _handled(facts: dict[str, Any]) -> Lines:
    found = [labels.word(labels.OUTCOMES, facts.get("outcome", ""))]
    if facts.get("plan_on"):
        found.append(_("Planned for %(day)s") % {"day": _day(facts["plan_on"])})
    return found


def _ratings(facts: dict[str, Any]) -> Lines:
    """Result, attitude and speed, as far as they were rated."""
    asked = ((_("Result"), "rating"), (_("Attitude"), "attitude"), (_("Speed"), "speed"))
    said = [f"{name} {labels.RATINGS[facts[key]]}" for name, key in asked if facts.get(key) in labels.RATINGS]
    return [" · ".join(said)] if said else []


def _asked(facts: dict[str, Any]) -> Lines:
    return [
        _("%(amount)s more")
        % {"amount": amount(int(facts.get("amount") or 0), str(facts.get("unit", "workday")))}
    ]


def _paused(facts: dict[str, Any]) -> Lines:
    reason = labels.word(labels.PAUSE_REASONS, facts.get("reason", ""))
    return [reason, _("Until %(day)s at the latest") % {"day": _day(facts.get("until"))}]


def _revised(facts: dict[str, Any]) -> Lines:
    changed = [labels.word(labels.CHANGED, name) for name in facts.get("changed", [])]
    return [_("Changed: %(what)s") % {"what": _(", ").join(changed)}, *_due(facts)]


def _reason(table: dict[str, Any]) -> Callable[[dict[str, Any]], Lines]:
    return lambda facts: [labels.word(table, facts["reason"])] if facts.get("reason") else []


def _one(table: dict[str, Any], key: str) -> Callable[[dict[str, Any]], Lines]:
    return lambda facts: [labels.word(table, facts.get(key, ""))] if facts.get(key) else []


def _imported(facts: dict[str, Any]) -> Lines:
    """What it was there, and when it came here."""
    # that it was explained is our word for "there is an answer": its sentence would say more than the source did
    found = [] if facts.get("outcome") == "explained" else _one(labels.OUTCOMES, "outcome")(facts)
    found += _ratings(facts)
    entered = _moment(facts.get("entered"))
    if entered:
        found.append(_("Brought in on %(day)s") % {"day": _day(timezone.localdate(entered).isoformat())})
    if facts.get("closing") == "imported":
        found.append(_("Nobody was asked here; it is never counted as satisfied."))
    return found


_UNDER: dict[str, Callable[[dict[str, Any]], Lines]] = {
    "handle_case": _handled,
    "import_case": _imported,
    "return_case": _reason(labels.RETURN_REASONS),
    "transfer_case": _reason(labels.TRANSFER_REASONS),
    "decline_case": lambda facts: [
        _("The right place: %(channel)s")
        % {"channel": labels.word(labels.RIGHT_CHANNELS, facts.get("channel", ""))}
    ],
    "escalate_case": _reason(labels.BY_RULE),
    "supervise_case": _reason(labels.BY_RULE),
    "contact_case": _one(labels.CONTACT_WAYS, "way"),
    "request_extension": _asked,
    "decide_extension": lambda facts: _due(facts) if facts.get("granted") else [],
    "pause_case": _paused,
    "resume_case": _due,
    "reopen_case": _due,
    "send_back_case": _due,
    "replan_case": _due,
    "revise_case": _revised,
    "confirm_case": _ratings,
    "rate_case": _ratings,
    "close_case": lambda facts: (
        [_("Nobody answered; that is never counted as satisfied.")]
        if facts.get("closing") == "unanswered"
        else []
    ),
    "record_callback": _one(labels.CALLBACK_RESULTS, "result"),
    "blow_whistle": _one(labels.WHISTLE_KINDS, "kind"),
    "end_whistle": _one(labels.PART_RESULTS, "result"),
    "answer_part": _one(labels.PART_RESULTS, "result"),
    "grade_part": _one(labels.GRADES, "grade"),
    "link_cases": _one(labels.LINK_KINDS, "kind"),
}


def facts_of(step: Any) -> tuple[str, ...]:
    """The lines under a step."""
    found = _UNDER.get(step.verb, lambda facts: [])(step.facts)
    if step.verb == "open_case" and step.photos:
        found.append(ngettext("%(n)s photo", "%(n)s photos", len(step.photos)) % {"n": len(step.photos)})
    if step.verb == "open_case" and step.recordings:
        n = len(step.recordings)
        found.append(ngettext("%(n)s recording", "%(n)s recordings", n) % {"n": n})
    return tuple(line for line in found if line)
