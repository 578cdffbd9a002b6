"""A new ladder as a form: from which day, on what basis; and a line for each rung."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from wushi.web import labels
from wushi.web.forms import Form
from wushi.web.labels import calls as said

HOUR = 3600
# the levels from the door upward, each with whom a rung there may ring
LEVELS: tuple[tuple[str, tuple[tuple[str, ...], ...]], ...] = (
    ("village", (("secretary",), ("deputy",), ("secretary", "deputy"))),
    ("grid", (("grid_lead",), ("grid_worker",), ("grid_lead", "grid_worker"), ("grid_assistant",))),
    ("town", (("town_clerk",), ("town_lead",), ("town_clerk", "town_lead"))),
    ("county", (("district_clerk",), ("district_lead",), ("district_clerk", "district_lead"))),
)


def who_of(level: str, duties: Sequence[str]) -> str:
    """A level and its duties as one choice."""
    return f"{level}:{'+'.join(duties)}"


def _who_word(code: str) -> str:
    duties = code.partition(":")[2].split("+")
    return _(", ").join(labels.word(labels.DUTIES, duty) for duty in duties)


def choices_of(known: Collection[str] = ()) -> list[tuple[str, str]]:
    """Nobody, the usual ones, and what the ladder in force has beside them."""
    usual = [who_of(level, duties) for level, all_duties in LEVELS for duties in all_duties]
    codes = [*usual, *sorted(set(known) - set(usual))]
    return [("", _("no rung")), *((code, _who_word(code)) for code in codes)]


class BookForm(Form):
    """From when, and why so."""

    since = forms.DateField(
        label=pgettext_lazy("ladder", "In force from"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        input_formats=["%Y-%m-%d"],
    )
    basis = forms.CharField(
        label=gettext_lazy("On what basis"),
        help_text=gettext_lazy("the document or decision it goes back to"),
        max_length=200,
    )

    def clean_since(self) -> Any:
        """What was is not changed afterwards."""
        day = self.cleaned_data["since"]
        if day < timezone.localdate():
            raise forms.ValidationError(_("Choose today or a later day."))
        return day


class StepForm(Form):
    """One rung; without whom it is none."""

    after_seconds = forms.IntegerField(
        label=gettext_lazy("Seconds after the press"), min_value=0, max_value=24 * HOUR, required=False
    )
    who = forms.ChoiceField(label=pgettext_lazy("ladder", "Who is rung"), choices=(), required=False)
    urgency = forms.ChoiceField(
        label=gettext_lazy("For which calls"),
        choices=[("", gettext_lazy("both")), *((code, badge.word) for code, badge in said.URGENCIES.items())],
        required=False,
    )
    again_seconds = forms.IntegerField(
        label=gettext_lazy("Again every … seconds"), min_value=30, max_value=HOUR, required=False
    )

    def __init__(self, *args: Any, known: Collection[str] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["who"].choices = choices_of(known)  # type: ignore[attr-defined]
        for name in ("after_seconds", "again_seconds"):
            self.fields[name].widget.attrs.update({"class": "input", "inputmode": "numeric"})

    def clean(self) -> dict[str, Any]:
        """A rung needs its time."""
        filled: dict[str, Any] = super().clean() or self.cleaned_data
        if filled.get("who") and filled.get("after_seconds") is None and "after_seconds" not in self.errors:
            self.add_error("after_seconds", _("Please fill this in."))
        return filled

    def line(self, number: int, basis: str) -> dict[str, Any]:
        """The row the room takes."""
        filled = self.cleaned_data
        level, _colon, duties = filled["who"].partition(":")
        return {
            "code": f"{filled['urgency'] or 'all'}-{number}",
            "urgency": filled["urgency"],
            "after_seconds": filled["after_seconds"],
            "level": level,
            "duties": duties.split("+"),
            "again_seconds": filled["again_seconds"] or 0,
            "basis": basis,
        }
