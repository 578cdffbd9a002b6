"""The only place with sentences for notices: kind -> title and text, in the language of who reads it.

A text message in China is paid by 70 characters: short first. What a group's robot says holds number, place and a link, no more.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.conf import settings
from django.utils import timezone, translation
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from wushi.domain.calls import messages as calls
from wushi.domain.cases import messages as cases
from wushi.domain.notify import messages as notify
from wushi.domain.notify.carriers import Said
from wushi.domain.notify.rules import ROBOT, VOICE
from wushi.domain.people import messages as people
from wushi.edge.receipts import spaced

Text = str | Promise


@dataclass(frozen=True)
class Wording:
    """What a kind is called, what it says; ``spoken`` where a voice says it otherwise (no link, numbers read slowly)."""

    title: Text
    text: Text
    spoken: Text = ""


W = Wording
WORDINGS: Mapping[str, Wording] = {
    "cases.in_tray": W(
        _("A request for you"), _("%(place)s: request %(number)s is in your tray, to be done by %(due)s.")
    ),
    "cases.in_tray_urgent": W(
        _("Urgent request"),
        _("Urgent, %(place)s: request %(number)s is in your tray. Please look at it now."),
        _("Wushi calling. There is an urgent request in %(place)s. Please open your work list now."),
    ),
    "cases.resident_said": W(
        _("The resident added something"), _("%(place)s: the resident added words to request %(number)s.")
    ),
    "cases.refused": W(
        _("Not solved yet"), _("%(place)s: request %(number)s is not solved and open again, by %(due)s.")
    ),
    "cases.appealed": W(
        _("The resident turned to the level above"),
        _("%(place)s: the resident of request %(number)s turned to the level above."),
    ),
    "cases.due_soon": W(_("Due soon"), _("%(place)s: request %(number)s, %(clock)s due %(due)s.")),
    "cases.overdue": W(
        _("Overdue"), _("%(place)s: request %(number)s, %(clock)s is past its time (%(due)s).")
    ),
    "cases.supervised": W(
        _("Under supervision"),
        _("%(place)s: request %(number)s is under supervision. Please act today."),
        _("Wushi calling. A request in %(place)s is under supervision. Please open your work list."),
    ),
    "cases.instructed": W(
        _("A leader's instruction"),
        _("%(place)s: a leader gave an instruction on request %(number)s."),
        _(
            "Wushi calling. A leader gave an instruction on a request in %(place)s. Please open your work list."
        ),
    ),
    "cases.called": W(
        _("You are called to help"),
        _("%(place)s: you are called to request %(number)s. Please report for the roll-call."),
        _("Wushi calling. You are called to a matter in %(place)s. Please open your work list."),
    ),
    "cases.more_time_asked": W(
        _("More time is asked for"), _("%(place)s: more time is asked for request %(number)s. Please decide.")
    ),
    "cases.more_time_decided": W(
        _("More time: decided"), _("%(place)s: request %(number)s is now due %(due)s.")
    ),
    "cases.taken_back": W(
        _("Taken back by the resident"), _("%(place)s: request %(number)s was taken back by the resident.")
    ),
    "cases.contested": W(
        _("They say it was not their wish"),
        _("%(place)s: request %(number)s was recorded for somebody who says that it was not his wish."),
    ),
    "cases.received": W(
        _("We have it"),
        _(
            "We have received your request %(number)s. Receipt code %(receipt)s. An answer comes by %(due)s. %(url)s"
        ),
    ),
    "cases.recorded_for_you": W(
        _("Recorded for you"),
        _(
            "Request %(number)s was recorded for you. Receipt code %(receipt)s. Not your wish? Say so by %(until)s. %(url)s"
        ),
    ),
    "cases.taken": W(
        _("Somebody is on it"),
        _("Somebody has signed for your request %(number)s. Receipt code %(receipt)s. %(url)s"),
    ),
    "cases.moved": W(
        _("It moved on"),
        _("Your request %(number)s went to who can do it. Receipt code %(receipt)s. %(url)s"),
    ),
    "cases.waits_for_you": W(
        _("We need a word from you"),
        _(
            "Your request %(number)s waits for a word from you until %(until)s. Receipt code %(receipt)s. %(url)s"
        ),
    ),
    "cases.later": W(
        _("It takes longer"),
        _("Your request %(number)s takes longer, until %(due)s. Receipt code %(receipt)s. %(url)s"),
    ),
    "cases.asked": W(
        _("Is it solved?"),
        _(
            "They say your request %(number)s is done. Is it? Please answer and rate it. Receipt code %(receipt)s. %(url)s"
        ),
    ),
    "cases.declined": W(
        _("The right place for it"),
        _("Your request %(number)s belongs elsewhere; we tell you where. Receipt code %(receipt)s. %(url)s"),
    ),
    "cases.closed": W(
        _("It is closed"),
        _(
            "Your request %(number)s was closed. If it is not solved, say so. Receipt code %(receipt)s. %(url)s"
        ),
    ),
    "cases.family_received": W(
        _("Received from your family"),
        _("Request %(number)s of your family was received. An answer comes by %(due)s. %(url)s"),
    ),
    "cases.family_moved": W(
        _("It moved on"), _("Request %(number)s of your family went on to who can do it. %(url)s")
    ),
    "cases.family_waits": W(
        _("We need a word from your family"),
        _("Request %(number)s waits for a word from your family until %(until)s. Please tell them. %(url)s"),
    ),
    "cases.family_later": W(
        _("It takes longer"), _("Request %(number)s of your family takes longer, until %(due)s. %(url)s")
    ),
    "cases.family_asked": W(
        _("Is it solved at home?"),
        _(
            "They say request %(number)s of your family is done. Your family is asked; please ask them too. %(url)s"
        ),
    ),
    "cases.family_closed": W(_("It is over"), _("Request %(number)s of your family is over. %(url)s")),
    "calls.ringing": W(
        _("Somebody is calling"),
        _("%(urgency)s at %(place)s, called %(at)s. Please answer at once. %(url)s"),
        _(
            "Wushi calling. %(urgency)s at %(place)s. Somebody is waiting for you. Please open Wushi and answer."
        ),
    ),
    "calls.ringing_again": W(
        _("They press again"),
        _("%(urgency)s at %(place)s: pressed again. Please hurry. %(url)s"),
        _("Wushi calling. %(urgency)s at %(place)s. They have pressed again. Please hurry."),
    ),
    "calls.family_called": W(
        _("Your family is calling for help"),
        _("Your family at %(place)s called for help %(at)s. The village has been rung. %(url)s"),
        _("Wushi calling. Your family at %(place)s called for help. The village has been rung."),
    ),
    "calls.family_arrived": W(
        _("Somebody is there"),
        _("Somebody of the village has arrived at your family in %(place)s. %(url)s"),
    ),
    "calls.errand": W(
        _("A wireless caller needs somebody"), _("%(place)s, wireless caller: %(what)s. Please see to it.")
    ),
    "calls.probe_lost": W(
        _("Trial calls do not come out"),
        _(
            "A trial call went in %(minutes)s minutes ago and did not come out. Calls may not ring: look at once."
        ),
        _("Wushi calling. Trial calls do not come out. Calls may not ring. Please look at once."),
    ),
    "people.followed": W(
        _("Somebody follows for you"),
        _(
            "%(who)s may now see your requests and report for you."
            " End it whenever you like: Me, Family; or ask your village. %(url)s"
        ),
    ),
    "notify.channel_silent": W(
        _("A channel is silent"),
        _("%(channel)s has delivered nothing for %(minutes)s minutes. Please look at it."),
    ),
    "notify.test": W(_("A trial"), _("This is a trial of %(channel)s. Nothing is to be done.")),
    "notify.digest": W(_("Several requests"), _("%(n)s requests are waiting for you: %(numbers)s.")),
}


CLOCKS: Mapping[str, Text] = {
    "claim": pgettext_lazy("clock", "signing"),
    "handover": pgettext_lazy("clock", "signing again"),
    "contact": pgettext_lazy("clock", "the first word"),
    "resolution": pgettext_lazy("clock", "handling"),
    "whole": pgettext_lazy("clock", "the whole of it"),
    "roll_call": pgettext_lazy("clock", "saying that they are there"),
    "part": pgettext_lazy("clock", "their part"),
}
CALL_URGENCIES: Mapping[str, Text] = {
    "emergency": pgettext_lazy("call notice", "Emergency call"),
    "ordinary": pgettext_lazy("call notice", "Call for help"),
}
ERRANDS: Mapping[str, Text] = {
    "silent": pgettext_lazy("errand", "lost contact"),
    "repair": pgettext_lazy("errand", "to be repaired"),
    "battery": pgettext_lazy("errand", "battery low"),
    "battery_urgent": pgettext_lazy("errand", "battery nearly empty"),
    "tamper": pgettext_lazy("errand", "was opened"),
    "old_press": pgettext_lazy("errand", "told of an old press"),
    "too_much": pgettext_lazy("errand", "sends too much"),
    "collect": pgettext_lazy("errand", "to be collected"),
    "untested": pgettext_lazy("errand", "not tested for too long"),
    "inform": pgettext_lazy("errand", "tell the person afterwards what was done"),
}
# kind -> its variables in their order: a provider's template counts them
VARIABLES = {one.code: one.variables for room in (cases, calls, people, notify) for one in room.KINDS}


def render(kind: str, facts: Mapping[str, Any], language: str, channel: str) -> Said:
    """A notice as this channel says it; a kind nobody worded (an older row's) is called by its code."""
    wording = WORDINGS.get(kind, Wording(kind, kind))
    with translation.override(language or settings.LANGUAGE_CODE):
        known = {name: _word(name, value) for name, value in facts.items()}
        # an inbox, a mail and a browser show the link themselves
        known["url"] = address(str(facts.get("link", ""))) if channel not in (VOICE, "inbox") else ""
        spoken = channel == VOICE and wording.spoken
        text = _filled(str(wording.spoken if spoken else wording.text), known)
        if channel == ROBOT and known["url"] and known["url"] not in text:
            text = f"{text} {_now('Sign in to see it:')} {known['url']}"
        plain = {name: known[name] for name in (*VARIABLES.get(kind, ()), *known) if name in known}
        plain.pop("link", None)
        return Said(str(wording.title), text, address(str(facts.get("link", ""))), plain)


def address(path: str) -> str:
    """Where a phone finds a page: only where the installation knows its public name; else the receipt code must do."""
    base = str(settings.WUSHI_PUBLIC_URL).rstrip("/")
    return f"{base}{path}" if base and path else ""


def _word(name: str, value: Any) -> str:
    if name in ("due", "until", "at"):
        return _moment(str(value))
    if name == "clock":
        return str(CLOCKS.get(str(value), ""))
    if name in ("urgency", "what"):
        return str({**CALL_URGENCIES, **ERRANDS}.get(str(value), value))
    if name == "receipt":
        return spaced(str(value))
    if isinstance(value, list | tuple):
        return _now(", ").join(map(str, value))
    return str(value)


def _moment(text: str) -> str:
    """An ISO moment or day as people write it."""
    try:
        if len(text) == 10:
            return date_format(date.fromisoformat(text), _now("M j"))
        at = timezone.localtime(datetime.fromisoformat(text))
    except ValueError:
        return text
    return f"{date_format(at, _now('M j'))} {at:%-H:%M}"


def _filled(text: str, known: Mapping[str, str]) -> str:
    class Lenient(dict[str, str]):
        def __missing__(self, key: str) -> str:
            return ""

    return (text % Lenient(known)).strip()


__all__ = ["WORDINGS", "Wording", "address", "render"]
