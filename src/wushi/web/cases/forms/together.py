"""Forms of 吹哨报到 and co-handling: whom to call, what became of a part, how it was to work together."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from wushi.domain.accounts import queries as accounts
from wushi.domain.cases import queries as cases
from wushi.web import labels
from wushi.web.cases.forms.plain import Asked, Words, radio


@dataclass(frozen=True)
class Department:
    """A department that can be called; ``matters`` of its duty list fit the request."""

    code: str
    name: str
    matters: str
    called: bool
    helping: bool


def departments_of(case: Any) -> list[tuple[str, str, str]]:
    """(code, name, matters that fit) of the departments, those whose duty list names the matter first."""
    fitting: dict[str, list[str]] = {}
    for line in cases.rulebook(case.county).duties:
        if line.category and line.category == case.category:
            fitting.setdefault(line.unit, []).append(
                f"{line.name} ({line.basis})" if line.basis else line.name
            )
    units = [u for u in accounts.units_of(case.county, timezone.localdate()) if u.kind == "department"]
    units.sort(key=lambda unit: unit.code not in fitting)
    return [(unit.code, unit.name, "; ".join(fitting.get(unit.code, []))) for unit in units]


class Whistle(Words):
    """吹哨: how loud, who, and without whom it cannot be done."""

    kind = radio(_("How loud?"), list(labels.WHISTLE_KINDS.items()))
    units = forms.MultipleChoiceField(label=_("Who shall come?"), choices=())
    helping = forms.MultipleChoiceField(choices=(), required=False)
    field_order = ("kind", "units", "helping", "words")
    own_fields = ("units", "helping")

    def prepare(self, asked: Asked) -> None:
        """The departments, the proposed ones first; who has a part already is not called again."""
        busy = {part.tray.unit for part in asked.around.parts if part.row.is_open}
        self.known = [line for line in departments_of(asked.case) if line[0] not in busy]
        for name in self.own_fields:
            self.choose(name, [(code, title) for code, title, _matters in self.known])

    @property
    def departments(self) -> list[Department]:
        """As the page shows them, with what was ticked."""
        ticked = {name: set(self[name].value() or ()) for name in self.own_fields}
        return [
            Department(code, name, matters, code in ticked["units"], code in ticked["helping"])
            for code, name, matters in self.known
        ]


class EndWhistle(Words):
    """哨件办结."""

    result = radio(_("What became of it?"), list(labels.PART_RESULTS.items()))
    field_order = ("result", "words")


class AskPartner(Words):
    """协办: one tray, and whether the matter can be done without it."""

    tray = radio(_("Who shall help?"), [])
    essential = radio(
        _("Can it be done without them?"),
        [("yes", _("No: it stays open until they have answered")), ("no", _("Yes: they only help"))],
    )
    field_order = ("tray", "essential", "words")

    def prepare(self, asked: Asked) -> None:
        """Every tray but the one it lies in and those who have a part."""
        case = asked.case
        busy = {part.row.tray for part in asked.around.parts if part.row.is_open}
        gone = {(case.tray_duty, case.tray_area, case.unit if case.tray_duty == "department" else ""), *busy}
        fits = [t for t in asked.trays if tuple(t.value.split("|")) not in gone]
        self.choose("tray", [(t.value, t.word) for t in fits])


class OfPart(Words):
    """A verb on one part: hidden where there is no choice."""

    part = radio(_("Which part?"), [])
    verb = ""

    def prepare(self, asked: Asked) -> None:
        """The parts the verb fits."""
        parts = asked.around.own(self.verb)
        names = accounts.unit_names(asked.case.county)
        found = [
            (str(p.row.id), names.get(p.tray.unit, labels.word(labels.DUTIES, p.tray.duty))) for p in parts
        ]
        self.choose("part", found)
        wanted = asked.part if asked.part in dict(found) else found[0][0] if len(found) == 1 else ""
        if wanted:
            self.fields["part"].widget = forms.HiddenInput()
            self.fields["part"].initial = wanted


class AnswerPart(OfPart):
    """分办反馈."""

    result = radio(_("What became of your part?"), list(labels.PART_RESULTS.items()))
    field_order = ("part", "result", "words")
    verb = "answer_part"


class ReleasePart(OfPart):
    """撤销协办."""

    field_order = ("part", "words")
    verb = "release_partner"


class GradePart(OfPart):
    """双向评价: three that weigh the same, nothing chosen beforehand."""

    grade = radio(_("How was it?"), list(labels.GRADES.items()))
    field_order = ("part", "grade")
    verb = "grade_part"

    def prepare(self, asked: Asked) -> None:
        """A grade has no words."""
        super().prepare(asked)
        del self.fields["words"]
