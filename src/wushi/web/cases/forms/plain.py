"""Forms of the verbs that ask for words, a reason, a tray."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from wushi.domain.cases import queries as cases
from wushi.web import labels
from wushi.web.cases import accused
from wushi.web.forms import Form
from wushi.web.offered import Around

Choices = list[tuple[str, Any]]


@dataclass(frozen=True)
class Asked:
    """What a form is built for: the request of the browser, the matter and what lies around it, where it may go."""

    actor: Any
    case: Any
    around: Around
    trays: Sequence[Any] = ()
    part: str = ""


def radio(label: Any, choices: Choices, **more: Any) -> forms.ChoiceField:
    """One of several; nothing is chosen beforehand."""
    return forms.ChoiceField(label=label, choices=choices, widget=forms.RadioSelect, **more)


class DayInput(forms.DateInput):
    """A day, by the browser's own calendar."""

    input_type = "date"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%d")


class Words(Form):
    """A word of explanation; whether it is needed is the verb's affair. ``notes`` stand above the fields."""

    words = forms.CharField(
        label=_("In words"),
        help_text=_("the resident reads it"),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    notes: tuple[tuple[str, str, str], ...] = ()
    begin: Sequence[Any] = ()

    def __init__(self, asked: Asked, data: Any = None) -> None:
        self.asked = asked
        super().__init__(data)
        self.prepare(asked)

    def prepare(self, asked: Asked) -> None:
        """Choices and notes that depend on the matter."""

    def choose(self, name: str, choices: Choices) -> None:
        """The choices of a field."""
        self.fields[name].choices = choices  # type: ignore[attr-defined]


class Handle(Words):
    """办结: what became of it, in words the resident understands; 挂账 with the day it is planned for."""

    outcome = radio(_("What became of it?"), list(labels.OUTCOMES.items()))
    plan_on = forms.DateField(
        label=_("Planned for"),
        help_text=_("only when it is not possible yet: the resident reads the day"),
        required=False,
        widget=DayInput,
    )
    field_order = ("outcome", "plan_on", "words")

    def prepare(self, asked: Asked) -> None:
        """Words to begin with, by category; and a warning while others have open parts."""
        case = asked.case
        lines = cases.rulebook(case.county).templates
        fitting = [line for line in lines if line.category in ("", case.category)]
        self.begin = sorted(fitting, key=lambda line: not line.category)
        n = case.open_parts
        if n:
            words = ngettext(
                "%(n)s part of somebody else is still open. It cannot be done before that is answered.",
                "%(n)s parts of others are still open. It cannot be done before they are answered.",
                n,
            )
            self.notes = (("amber", "people", words % {"n": n}),)


class Return(Words):
    """退单: with its reason."""

    reason_code = radio(_("Why?"), list(labels.RETURN_REASONS.items()))
    field_order = ("reason_code", "words")

    def prepare(self, asked: Asked) -> None:
        """How often it may still be returned."""
        profile = cases.rulebook(asked.case.county).profile
        words = gettext("It may be returned %(times)s times at most, within %(days)s working days.")
        self.notes = (("", "info", words % {"times": profile.return_times, "days": profile.return_workdays}),)


class Decline(Words):
    """不予受理: the right channel is always named."""

    channel_code = radio(_("Who is the right one?"), list(labels.RIGHT_CHANNELS.items()))
    field_order = ("channel_code", "words")


class Assign(Words):
    """派单: the trays stand on the case's own page."""

    tray = forms.CharField(max_length=80)


class Transfer(Words):
    """转办: another tray, and why."""

    tray = radio(_("Who shall have it?"), [])
    reason_code = radio(_("Why?"), list(labels.TRANSFER_REASONS.items()))
    field_order = ("tray", "reason_code", "words")

    def prepare(self, asked: Asked) -> None:
        """The same trays as for assigning, but the one it lies in."""
        case = asked.case
        unit = case.unit if case.tray_duty == "department" else ""
        lying = f"{case.tray_duty}|{case.tray_area}|{unit}"
        self.choose("tray", [(t.value, t.word) for t in asked.trays if t.value != lying])


class Contact(Words):
    """联系群众: how."""

    way = radio(_("How?"), list(labels.CONTACT_WAYS.items()))
    field_order = ("way", "words")


class Supervise(Words):
    """督办: the colour says how strongly."""

    colour = radio(_("How strongly?"), [("yellow", _("Yellow: it urges")), ("red", _("Red: it demands"))])
    field_order = ("colour", "words")


class CallBack(Words):
    """回访: what the resident said on the telephone."""

    result = radio(_("What did the resident say?"), list(labels.CALLBACK_RESULTS.items()))
    field_order = ("result", "words")


class Accused(Words):
    """Who it is about, where that is known; the words stay above the level that is shut out."""

    accused = radio(_("Who is it about?"), [])
    field_order = ("accused", "words")

    def prepare(self, asked: Asked) -> None:
        """Everybody on the line."""
        self.choose("accused", accused.choices(asked.case))
