"""What a resident tells."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from wushi.web import labels
from wushi.web.forms import Form, KeyField


class OfficialField(forms.ChoiceField):
    """Asked once, with nothing chosen beforehand; "yes" keeps nothing and shows the discipline inspection's ways in."""

    widget = forms.RadioSelect

    def __init__(self) -> None:
        super().__init__(
            label=_("Is it about an official's conduct?"),
            help_text=_("Then it must not pass through the village."),
            choices=[("no", pgettext_lazy("official", "No")), ("yes", pgettext_lazy("official", "Yes"))],
        )


class ReportForm(Form):
    """One text field; the rest may stay empty, but for the one question."""

    key = KeyField()
    area_code = forms.CharField(widget=forms.HiddenInput, max_length=15)
    text = forms.CharField(
        label=_("What is it?"),
        help_text=_("One sentence is enough"),
        max_length=2000,
        widget=forms.Textarea(
            attrs={
                "rows": 4,
                "class": "",
                "placeholder": _("Like: the lamp on Well Road has been dark for two days."),
            }
        ),
    )
    urgency = forms.ChoiceField(
        label=_("How urgent?"),
        choices=list(labels.URGENCIES.items()),
        initial="normal",
        widget=forms.RadioSelect,
    )
    phone = forms.CharField(
        label=_("Phone"),
        help_text=_("if you like; to tell you when it is done"),
        required=False,
        max_length=30,
        widget=forms.TextInput(attrs={"type": "tel", "inputmode": "tel", "autocomplete": "tel"}),
    )
    place = forms.CharField(label=_("Where exactly"), required=False, max_length=200)
    name = forms.CharField(
        label=_("What may we call you?"),
        required=False,
        max_length=60,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    about_official = OfficialField()

    for_person = forms.ChoiceField(
        label=_("Whose matter is it?"),
        help_text=_("a relative gets the receipt code on their own phone"),
        choices=(),
        required=False,
        initial="",
        widget=forms.RadioSelect,
    )

    def __init__(
        self, *args: Any, spoken: bool = False, family: Sequence[tuple[str, str]] = (), **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["for_person"].choices = [("", pgettext_lazy("matter", "Mine")), *family]  # type: ignore[attr-defined]
        # who has spoken need not write
        self.fields["text"].required = not spoken
