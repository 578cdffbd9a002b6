"""What staff type when they record what somebody told them."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from wushi.web import labels
from wushi.web.forms import Form, KeyField
from wushi.web.report.forms import OfficialField

Choices = list[tuple[str, Any]]


class IntakeForm(Form):
    """代录: what, where, who told you; the rest has a sensible beginning."""

    CAME = ("tel", "walk", "visit", "patrol", "12345", "letter", "dept", "leader")

    key = KeyField()
    text = forms.CharField(label=_("What is it?"), max_length=2000, widget=forms.Textarea(attrs={"rows": 4}))
    area_code = forms.ChoiceField(label=_("Village or grid"), choices=())
    place = forms.CharField(label=_("Where exactly"), required=False, max_length=200)
    name = forms.CharField(
        label=_("Whose matter is it?"), help_text=_("if known"), required=False, max_length=60
    )
    phone = forms.CharField(
        label=_("Phone"),
        help_text=_("if known"),
        required=False,
        max_length=30,
        widget=forms.TextInput(attrs={"type": "tel", "inputmode": "tel"}),
    )
    on_behalf = forms.ChoiceField(
        label=_("Whom do you speak for?"),
        choices=[("yes", _("Somebody asked me")), ("no", _("I saw it myself"))],
        initial="yes",
        widget=forms.RadioSelect,
    )
    consent = forms.ChoiceField(
        label=_("How did they agree?"),
        choices=list(labels.CONSENTS.items()),
        initial="word",
        required=False,
        widget=forms.RadioSelect,
    )
    kind = forms.ChoiceField(
        label=_("Kind"),
        choices=[("", _("by category")), *[(k, v) for k, v in labels.KINDS.items() if k != "tip_off"]],
        required=False,
    )
    category = forms.ChoiceField(label=_("About"), choices=(), required=False)
    channel = forms.ChoiceField(
        label=_("How it came"),
        choices=[(c, labels.CHANNELS[c]) for c in CAME],
    )
    urgency = forms.ChoiceField(
        label=_("How urgent?"),
        choices=list(labels.URGENCIES.items()),
        initial="normal",
        widget=forms.RadioSelect,
    )
    about_official = OfficialField()

    def __init__(
        self,
        *args: Any,
        places: Choices,
        categories: Choices,
        channel: str = "walk",
        own_place: bool = True,
        spoken: bool = False,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["text"].required = not spoken
        # who takes calls for a whole town or district says the place each time: the first of a list is nobody's
        first = [] if own_place else [("", "")]
        self.fields["area_code"].choices = [*first, *places]  # type: ignore[attr-defined]
        self.fields["category"].choices = [("", pgettext_lazy("category", "not sure")), *categories]  # type: ignore[attr-defined]
        self.fields["channel"].initial = channel
