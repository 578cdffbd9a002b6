"""What is said of a wireless caller: where it hangs, for whom, what helps; a way in for messages."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from wushi.web.forms import Form
from wushi.web.labels import calls as said


class RegisterForm(Form):
    """One device into stock."""

    uid = forms.CharField(
        label=_("Its number"),
        help_text=_("EUI or IMEI, as printed on it"),
        max_length=60,
        widget=forms.TextInput(
            attrs={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}
        ),
    )
    model = forms.ChoiceField(label=_("Model"), choices=())
    area_code = forms.ChoiceField(label=_("For whom"), choices=())

    def __init__(
        self,
        *args: Any,
        models: Sequence[tuple[str, str]] = (),
        places: Sequence[tuple[str, str]] = (),
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["model"].choices = list(models)  # type: ignore[attr-defined]
        self.fields["area_code"].choices = list(places)  # type: ignore[attr-defined]


class SpotForm(Form):
    """Where it hangs, what helps, whom to tell."""

    area_code = forms.ChoiceField(label=_("Village or grid"), choices=())
    place = forms.CharField(
        label=_("Where exactly"), help_text=_("house number, or beside what"), required=False, max_length=120
    )
    person_phone = forms.CharField(
        label=_("The resident's own phone"),
        help_text=_("if there is one: then earlier calls are found, and the family"),
        required=False,
        max_length=30,
        widget=forms.TextInput(attrs={"type": "tel", "inputmode": "tel"}),
    )
    helps = forms.MultipleChoiceField(
        label=_("What whoever comes should know"),
        help_text=_("only what the person agreed to be told"),
        choices=list(said.HELPS.items()),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    contact_name = forms.CharField(label=_("Family: name"), required=False, max_length=60)
    contact_phone = forms.CharField(
        label=_("Family: phone"),
        required=False,
        max_length=30,
        widget=forms.TextInput(attrs={"type": "tel", "inputmode": "tel"}),
    )
    tells_family = forms.BooleanField(label=_("Tell the family of every call"), required=False)

    def __init__(self, *args: Any, places: Sequence[tuple[str, str]] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["area_code"].choices = list(places)  # type: ignore[attr-defined]


class BackForm(Form):
    """Why it is handed back."""

    reason = forms.ChoiceField(
        label=_("Why?"), choices=list(said.BACK_REASONS.items()), widget=forms.RadioSelect
    )


class GatewayForm(Form):
    """A way in."""

    code = forms.CharField(
        label=_("Code"), help_text=_("stands in the address: small letters, digits, hyphens"), max_length=32
    )
    name = forms.CharField(label=pgettext_lazy("gateway", "Name"), max_length=60)
    envelope = forms.ChoiceField(label=_("Form of its messages"), choices=list(said.ENVELOPES.items()))
    proof = forms.ChoiceField(label=_("How it proves who it is"), choices=list(said.PROOFS.items()))
    topic = forms.CharField(
        label=_("MQTT topic"), help_text=_("empty for HTTP alone"), required=False, max_length=200
    )
