"""Signing in, and who holds which post."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from wushi.web import labels
from wushi.web.forms import Form

CODE = {"inputmode": "numeric", "autocomplete": "one-time-code", "class": "input code", "maxlength": "6"}


class PhoneForm(Form):
    """A mobile number."""

    phone = forms.CharField(
        label=_("Mobile number"),
        max_length=30,
        widget=forms.TextInput(attrs={"type": "tel", "inputmode": "tel", "autocomplete": "tel"}),
    )


class CodeForm(Form):
    """Six digits."""

    code = forms.CharField(label=_("Six-digit code"), max_length=12, widget=forms.TextInput(attrs=CODE))


class SignInForm(Form):
    """Name and password."""

    username = forms.CharField(
        label=_("User name"),
        max_length=150,
        widget=forms.TextInput(
            attrs={"autocomplete": "username", "autocapitalize": "none", "spellcheck": "false"}
        ),
    )
    password = forms.CharField(
        label=_("Password"),
        max_length=200,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )


class EndForm(Form):
    """Asked once; nothing to fill in."""


class StandInForm(Form):
    """Who stands in, from which day to which."""

    user_id = forms.TypedChoiceField(label=_("Who stands in?"), choices=())
    first = forms.DateField(
        label=_("First day"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    last = forms.DateField(
        label=_("Last day"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )

    def __init__(self, *args: Any, people: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["user_id"].choices = people  # type: ignore[attr-defined]


class PersonForm(Form):
    """A member of staff."""

    name = forms.CharField(label=_("Name"), max_length=60)
    username = forms.RegexField(
        r"^[a-z0-9][a-z0-9._-]{2,60}$",
        label=_("User name"),
        help_text=_("small letters and digits"),
        error_messages={"invalid": _("Small letters, digits, dots and dashes; at least three.")},
        widget=forms.TextInput(
            attrs={"autocapitalize": "none", "spellcheck": "false", "autocomplete": "off"}
        ),
    )
    phone = forms.CharField(
        label=_("Phone"),
        required=False,
        max_length=30,
        widget=forms.TextInput(attrs={"type": "tel", "inputmode": "tel"}),
    )


class AppointForm(Form):
    """Who, which duty, where, from when."""

    user_id = forms.TypedChoiceField(label=pgettext_lazy("person", "Who"), choices=())
    duty = forms.ChoiceField(label=_("Duty"), choices=list(labels.DUTIES.items()))
    area = forms.RegexField(
        r"^[0-9]{6}([0-9]{3}){0,3}$",
        label=_("Code of the area"),
        help_text=_("6 district, 9 town, 12 village, 15 grid"),
        error_messages={"invalid": _("6, 9, 12 or 15 digits.")},
        widget=forms.TextInput(attrs={"inputmode": "numeric"}),
    )
    unit = forms.ChoiceField(label=_("Unit"), choices=(), required=False)
    since = forms.DateField(
        label=_("First day"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )

    def __init__(
        self, *args: Any, people: list[tuple[str, str]], units: list[tuple[str, str]], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["user_id"].choices = people  # type: ignore[attr-defined]
        self.fields["unit"].choices = [("", "—"), *units]  # type: ignore[attr-defined]
