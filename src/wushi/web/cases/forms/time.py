"""Forms of 延期 and 挂起: how much is left is said before it is asked for."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from wushi.domain.accounts import queries as accounts
from wushi.domain.cases import queries as cases
from wushi.web import labels, words
from wushi.web.amounts import amount, unit_word
from wushi.web.cases.forms.plain import Asked, DayInput, Words, radio


class Extend(Words):
    """申请延期: so many of the clock's own units, up to the cap."""

    amount = forms.IntegerField(label=_("How much more?"), min_value=1, widget=forms.NumberInput)
    field_order = ("amount", "words")

    def prepare(self, asked: Asked) -> None:
        """The unit, and what is left of the cap."""
        clock, left = asked.around.resolution, asked.around.extension_left
        unit = clock.unit if clock else "workday"
        field = self.fields["amount"]
        field.help_text = gettext("in %(unit)s, %(left)s at most") % {"unit": unit_word(unit), "left": left}
        field.widget.attrs.update({"class": "input", "inputmode": "numeric", "max": left, "min": 1})
        facts = {"due": words.deadline(asked.case.due_at, asked.around.now), "left": amount(left, unit)}
        note = gettext("Due now: %(due)s. The rules allow %(left)s more. The level above decides.") % facts
        self.notes = (("", "hour", note),)


class Decide(Words):
    """延期审批: yes and no weigh the same; a refusal says why."""

    granted = forms.ChoiceField(choices=[("yes", ""), ("no", "")])
    two = True

    def prepare(self, asked: Asked) -> None:
        """Who asked for how much, when, and why."""
        plea, around = asked.around.plea, asked.around
        if plea is None:
            return
        unit = around.resolution.unit if around.resolution else "workday"
        facts = {
            "who": accounts.names_of([plea.asked_by_id]).get(plea.asked_by_id, ""),
            "more": amount(plea.amount, unit),
            "when": words.when(plea.asked_at, around.now),
            "due": words.deadline(asked.case.due_at, around.now),
        }
        note = gettext("%(who)s asked for %(more)s more (%(when)s). Due now: %(due)s.") % facts
        said = [s.words for s in cases.timeline(asked.actor, asked.case) if s.verb == "request_extension"]
        why = [("", "talk", said[-1])] if said and said[-1] else []
        self.notes = (("amber", "hour", note), *why)


class Pause(Words):
    """挂起: why, and until when at most."""

    reason_code = radio(_("Why?"), list(labels.PAUSE_REASONS.items()))
    until_on = forms.DateField(
        label=_("Until when at most?"), help_text=_("the last day of the rest"), widget=DayInput
    )
    field_order = ("reason_code", "until_on", "words")

    def prepare(self, asked: Asked) -> None:
        """How many working days are left, and no day before tomorrow."""
        left = asked.around.rest_left
        note = ngettext(
            "It may still rest %(n)s working day in all.",
            "It may still rest %(n)s working days in all.",
            left,
        )
        self.notes = (("", "pause", note % {"n": left}),)
        tomorrow: Any = timezone.localdate(asked.around.now) + timedelta(days=1)
        self.fields["until_on"].widget.attrs["min"] = tomorrow.isoformat()
