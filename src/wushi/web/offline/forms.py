"""What one says at a door without signal: the fields of the verbs' own forms, asked without the matter at hand."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from wushi.web import labels
from wushi.web.cases.forms.plain import DayInput, radio
from wushi.web.forms import Form


class WordsForm(Form):
    """A further word."""

    words = forms.CharField(
        label=_("In words"),
        help_text=_("the resident reads it"),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 4}),
    )


class ContactForm(WordsForm):
    """Spoken with the resident."""

    way = radio(_("How?"), list(labels.CONTACT_WAYS.items()))
    field_order = ("way", "words")


class HandleForm(WordsForm):
    """办结; the server checks it as any other when it arrives."""

    outcome = radio(_("What became of it?"), list(labels.OUTCOMES.items()))
    plan_on = forms.DateField(
        label=_("Planned for"),
        help_text=_("only when it is not possible yet: the resident reads the day"),
        required=False,
        widget=DayInput,
    )
    field_order = ("outcome", "plan_on", "words")
