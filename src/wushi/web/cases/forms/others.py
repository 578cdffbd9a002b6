"""Forms of the verbs that name another request, and of sorting anew."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import get_language, gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from wushi.domain.cases import queries as cases
from wushi.domain.cases.rules import is_number
from wushi.domain.cases.states import ENDED
from wushi.web import labels, words
from wushi.web.cases.forms.plain import Asked, Choices, Words, radio
from wushi.web.forms import KeyField


def categories_of(county: str) -> Choices:
    """The county's categories in the reader's language."""
    english = (get_language() or "").startswith("en")
    lines = cases.rulebook(county).categories
    return [(line.code, line.name_en if english and line.name_en else line.name) for line in lines]


class Another(Words):
    """Another request: one of those told nearby, or any by its number."""

    other = radio(_("Told nearby lately"), [], required=False)
    number = forms.CharField(
        label=_("Or its number"),
        required=False,
        max_length=40,
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters"}),
    )
    open_only = False

    def prepare(self, asked: Asked) -> None:
        """What was told of the same place lately; the field goes where there is nothing."""
        near = cases.near_to(asked.actor, asked.case, asked.around.now)
        fitting = [
            c for c in near if not self.open_only or (c.state not in ENDED and c.seal == asked.case.seal)
        ]
        self.choose("other", [(str(c.id), self._line(c)) for c in fitting])
        if not fitting:
            del self.fields["other"]

    def _line(self, case: Any) -> str:
        when = words.when(case.opened_at, self.asked.around.now)
        return f"{case.title} · {case.number} · {when} · {labels.STAFF_STATES[case.state].word}"

    def clean(self) -> dict[str, Any]:
        """The number goes before the choice; it must be one the reader may see."""
        said = super().clean() or {}
        number = str(said.get("number") or "").strip().upper()
        if number:
            page = (
                cases.page_for(self.asked.actor, cases.Wanted("area", number)) if is_number(number) else None
            )
            if page is None or not page.rows:
                self.add_error("number", gettext("No request has this number. Compare it digit by digit."))
            else:
                said["other"] = str(page.rows[0].id)
        elif not said.get("other") and "other" not in self.errors:
            self.add_error("number", gettext("Choose one above, or type its number."))
        return said


class Merge(Another):
    """合并: into one that is open."""

    field_order = ("other", "number", "words")
    open_only = True


class LinkTo(Another):
    """关联."""

    kind = radio(_("How do they belong together?"), list(labels.LINK_KINDS.items()))
    field_order = ("other", "number", "kind")

    def prepare(self, asked: Asked) -> None:
        """No words: the link says it."""
        super().prepare(asked)
        del self.fields["words"]


class Split(Words):
    """拆分: the second matter in words, by its own category."""

    key = KeyField()
    text = forms.CharField(
        label=_("The second matter"),
        help_text=_("in the resident's words"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    category = forms.ChoiceField(label=_("About"), choices=(), required=False)
    field_order = ("key", "text", "category")

    def prepare(self, asked: Asked) -> None:
        """What was told, to take it from."""
        del self.fields["words"]
        unsure = ("", pgettext_lazy("category", "not sure"))
        self.choose("category", [unsure, *categories_of(asked.case.county)])
        self.notes = (("", "talk", asked.case.text),)


class Revise(Words):
    """改类: what it is, what it is about, how urgent, what presses (急难愁盼)."""

    kind = forms.ChoiceField(
        label=_("Kind"), choices=[(k, v) for k, v in labels.KINDS.items() if k != "tip_off"]
    )
    category = forms.ChoiceField(label=_("About"), choices=(), required=False)
    urgency = radio(_("How urgent?"), list(labels.URGENCIES.items()))
    tags = forms.MultipleChoiceField(
        label=_("What presses?"),
        choices=list(labels.TAGS.items()),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    field_order = ("kind", "category", "urgency", "tags")

    def prepare(self, asked: Asked) -> None:
        """As it stands now."""
        del self.fields["words"]
        case = asked.case
        unsure = [] if case.category else [("", pgettext_lazy("category", "not sure"))]
        self.choose("category", [*unsure, *categories_of(case.county)])
        if case.kind == "tip_off":
            self.choose("kind", list(labels.KINDS.items()))
        for name in ("kind", "category", "urgency", "tags"):
            self.fields[name].initial = getattr(case, name)
