"""Narrowing a list: what stands in the address is the filter, so that it can be shared; and lists kept under a name."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django import forms
from django.http import HttpResponse
from django.utils.translation import gettext_lazy as _

from wushi.domain.cases import queries as cases
from wushi.domain.cases import services
from wushi.edge.guard import guarded
from wushi.web import labels
from wushi.web.cases.forms.others import categories_of
from wushi.web.cases.forms.plain import DayInput
from wushi.web.forms import Form
from wushi.web.routes import SeeOther

NAMES = ("kind", "category", "urgency", "state", "tag", "supervised", "since", "until")


@dataclass(frozen=True)
class Kept:
    """A list somebody keeps; his own can be dropped."""

    id: UUID
    name: str
    url: str
    own: bool


def _choices(table: dict[str, Any]) -> list[tuple[str, Any]]:
    return [("", _("all")), *table.items()]


class FilterForm(Form):
    """What a list is narrowed to; empty is everything."""

    kind = forms.ChoiceField(label=_("Kind"), choices=_choices(labels.KINDS), required=False)
    category = forms.ChoiceField(label=_("About"), choices=(), required=False)
    urgency = forms.ChoiceField(label=_("How urgent?"), choices=_choices(labels.URGENCIES), required=False)
    state = forms.ChoiceField(
        label=_("State"),
        choices=[("", _("all")), *((code, badge.word) for code, badge in labels.STAFF_STATES.items())],
        required=False,
    )
    tag = forms.ChoiceField(label=_("What presses?"), choices=_choices(labels.TAGS), required=False)
    supervised = forms.ChoiceField(
        label=_("Supervised"),
        choices=[("", _("all")), *((code, badge.word) for code, badge in labels.SUPERVISED.items())],
        required=False,
    )
    since = forms.DateField(label=_("Told from"), required=False, widget=DayInput)
    until = forms.DateField(label=_("Told until"), required=False, widget=DayInput)

    def __init__(self, county: str, data: Any = None) -> None:
        super().__init__(data)
        self.fields["category"].choices = [("", _("all")), *categories_of(county)]  # type: ignore[attr-defined]


@dataclass(frozen=True)
class Narrowing:
    """What the address asks for: the form to show, and the values that make sense."""

    form: FilterForm
    said: dict[str, Any]

    @property
    def query(self) -> dict[str, str]:
        """For addresses."""
        return {
            name: value.isoformat() if isinstance(value, date) else value for name, value in self.said.items()
        }


def narrowing_of(request: Any) -> Narrowing:
    """From the query string; what is no choice is left out."""
    form = FilterForm(request.actor.county, {name: request.GET.get(name, "") for name in NAMES})
    form.is_valid()
    said = {name: form.cleaned_data[name] for name in NAMES if form.cleaned_data.get(name)}
    return Narrowing(form, said)


def kept_of(actor: Any) -> list[Kept]:
    """His lists and those shared with his area."""
    return [
        Kept(row.id, row.name, f"/work/?{urlencode(_clean(row.wanted))}", row.owner_id == actor.id)
        for row in cases.filters_for(actor)
    ]


def _clean(wanted: dict[str, Any], names: Iterable[str] = ("list", *NAMES)) -> dict[str, str]:
    return {name: str(wanted[name])[:40] for name in names if wanted.get(name)}


@guarded()
def keep(request: Any) -> HttpResponse:
    """Keep the list as it is narrowed now under a name."""
    wanted = _clean(request.POST)
    services.save_filter(actor=request.actor, name=request.POST.get("name", ""), wanted=wanted)
    return SeeOther(f"/work/?{urlencode(wanted)}")


@guarded()
def drop(request: Any, filter_id: UUID) -> HttpResponse:
    """It is not needed any more."""
    services.drop_filter(actor=request.actor, filter_id=filter_id)
    return SeeOther("/work/")
