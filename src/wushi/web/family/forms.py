"""Whom one wants to follow; the code read aloud; what the village notes."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from wushi.web import labels
from wushi.web.accounts.forms import CODE
from wushi.web.forms import Form

_NUMBER = {"type": "tel", "inputmode": "tel", "autocomplete": "off"}


class FollowForm(Form):
    """A parent's number, and what one calls them."""

    phone = forms.CharField(
        label=_("Your relative's mobile number"), max_length=30, widget=forms.TextInput(attrs=_NUMBER)
    )
    called = forms.CharField(
        label=_("What do you call them?"),
        help_text=_("like Mum; only you see it"),
        required=False,
        max_length=20,
    )


class ReadAloudForm(Form):
    """The six digits that came to the parent's phone."""

    phone = forms.CharField(max_length=30, widget=forms.HiddenInput)
    called = forms.CharField(max_length=20, required=False, widget=forms.HiddenInput)
    code = forms.CharField(
        label=_("The code your relative reads to you"),
        max_length=12,
        widget=forms.TextInput(attrs={**CODE, "autocomplete": "off"}),
    )


class NoteBondForm(Form):
    """两个电话和同意方式: what staff note."""

    followed_phone = forms.CharField(
        label=_("Mobile number of the one who lives here"),
        max_length=30,
        widget=forms.TextInput(attrs=_NUMBER),
    )
    follower_phone = forms.CharField(
        label=_("Mobile number of the relative elsewhere"),
        max_length=30,
        widget=forms.TextInput(attrs=_NUMBER),
    )
    called = forms.CharField(
        label=_("What do they call them?"),
        help_text=_("like Mum; only the relative elsewhere sees it"),
        required=False,
        max_length=20,
    )
    village = forms.ChoiceField(label=_("Village"), choices=())
    consent = forms.ChoiceField(
        label=_("How did they agree?"),
        choices=[(code, labels.CONSENTS[code]) for code in ("word", "paper")],
        widget=forms.RadioSelect,
    )

    def __init__(self, *args: Any, villages: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["village"].choices = villages  # type: ignore[attr-defined]
        if len(villages) == 1:
            self.fields["village"].widget = forms.HiddenInput()
            self.fields["village"].initial = villages[0][0]
