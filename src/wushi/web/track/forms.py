"""What a resident types while following his matter."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from wushi.web.forms import Form


class CodeForm(Form):
    """A receipt code, typed as people type."""

    code = forms.CharField(
        label=_("Receipt code"),
        max_length=60,
        widget=forms.TextInput(
            attrs={
                "class": "input wide",
                "autocomplete": "off",
                "autocapitalize": "characters",
                "spellcheck": "false",
            }
        ),
    )


class WordsForm(Form):
    """A word or two; whether they are needed is the verb's affair."""

    words = forms.CharField(
        label=_("What would you like to say?"),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 4}),
    )
