"""Bringing in a list: the file, its columns, a look at the rows, the press that counts, and taking it back."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any
from uuid import UUID

from django import forms
from django.http import Http404, HttpResponse, JsonResponse
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from wushi.domain.accounts.duties import Duty
from wushi.domain.accounts.queries import names_of
from wushi.domain.imports import files, queries, services
from wushi.domain.imports.models import Batch
from wushi.domain.imports.registry import importer_of, importers_for
from wushi.domain.imports.services.taking import choose_sheet
from wushi.domain.imports.states import AT_WORK
from wushi.edge import live
from wushi.edge.guard import guarded
from wushi.edge.pages import show
from wushi.edge.refusals import sentence, status_of
from wushi.kernel.actor import Actor
from wushi.kernel.errors import DomainError, NotAllowed, NotFound
from wushi.plumbing.sheets import reading, writing
from wushi.plumbing.sheets.limits import LIMITS, MEGABYTE
from wushi.web import asked, frame
from wushi.web.forms import Form
from wushi.web.imports import cards, meanings
from wushi.web.labels.imports import KINDS, VERDICTS, why
from wushi.web.routes import SeeOther

HERE = "/work/imports/"
KEEPERS = (Duty.DISTRICT_ADMIN, Duty.DISTRICT_CLERK, Duty.TOWN_CLERK)
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


class NewForm(Form):
    """What is brought in, where it comes from, the file itself (which goes to ``live``, not here)."""

    kind = forms.ChoiceField(label=gettext_lazy("What is in the file"), choices=())
    source = forms.CharField(
        label=gettext_lazy("Where it comes from"),
        help_text=gettext_lazy("the system or office that keeps it; rows are known again by it"),
        max_length=60,
    )
    file = forms.FileField(label=gettext_lazy("File"), required=False)

    def __init__(self, actor: Actor, data: Any = None, *, kind: str = "") -> None:
        super().__init__(data, initial={"kind": kind})
        kinds = [(one.kind, KINDS.get(one.kind, one.kind)) for one in importers_for(actor)]
        self.fields["kind"].choices = kinds  # type: ignore[attr-defined]
        self.fields["file"].widget.attrs["accept"] = ".xlsx,.xls,.csv,.gz"


class UndoForm(Form):
    """Why it is taken back."""

    reason = forms.CharField(label=gettext_lazy("Why it must be taken back"), max_length=200)


@guarded(*KEEPERS)
def batches(request: Any) -> HttpResponse:
    """The latest batches with where they stand."""
    rows = queries.batches_for(request.actor)
    names = names_of(_user(row) for row in rows if _user(row))
    return show(
        request,
        page="imports/list.html",
        batches=[cards.batch_card(row, names.get(_user(row), "")) for row in rows],
        kinds=[(one.kind, KINDS.get(one.kind, one.kind)) for one in importers_for(request.actor)],
        **frame.office(request, HERE),
    )


def _user(row: Batch) -> Any:
    kind, _sep, tail = row.by.partition(":")
    return UUID(tail) if kind == "user" else None


@guarded(*KEEPERS)
def begin(request: Any) -> HttpResponse:
    """Step one: which list, whose, which file."""
    return show(
        request,
        page="imports/new.html",
        form=NewForm(request.actor, kind=request.GET.get("kind", "")),
        limits=LIMITS,
        rows=cards.amount(LIMITS.rows),
        megabytes=LIMITS.file_bytes // MEGABYTE,
        **frame.office(request, HERE),
    )


@guarded(*KEEPERS)
def ticket(request: Any) -> HttpResponse:
    """Where one file may be sent; the ticket says of what, from where and by whom."""
    facts = {name: asked.words(request, name, most) for name, most in (("source", 60), ("name", 200))}
    facts["kind"] = request.GET.get("kind", "")
    if not importer_of(facts["kind"]).may(request.actor):
        raise NotAllowed()
    return JsonResponse({"url": live.upload_url(request, live.upload_ticket(request.actor, "sheet", facts))})


@guarded(*KEEPERS)
def template(request: Any) -> HttpResponse:
    """A workbook to fill in, for one kind of list."""
    found = importers_for(request.actor)
    wanted = [one for one in found if one.kind == request.GET.get("kind", "")] or found
    if not wanted:
        raise Http404
    made = writing.template(
        wanted[0].columns,
        title=str(KINDS.get(wanted[0].kind, wanted[0].kind)),
        example=_("Example"),
        words=(_("required"), _("optional")),
    )
    response = HttpResponse(made, content_type=XLSX)
    response["Content-Disposition"] = f'attachment; filename="{wanted[0].kind}.xlsx"'
    return response


def _seen(request: Any, batch_id: UUID) -> Batch:
    row = queries.visible_to(request.actor).filter(id=batch_id).first()
    if row is None:
        raise NotFound()
    return row


@guarded(*KEEPERS)
def batch(request: Any, batch_id: UUID) -> HttpResponse:
    """A batch where it stands: its columns, how far it is, its rows, what became of it."""
    return _show(request, batch_id)


def _show(
    request: Any, batch_id: UUID, refusal: str = "", status: int = 200, form: Any = None
) -> HttpResponse:
    row = _seen(request, batch_id)
    chosen = request.GET.get("rows", "")
    chosen = chosen if chosen in VERDICTS else ""
    looked_at = row.state not in ("taken", "looking")
    found = (
        queries.lines_of(row, chosen, asked.number(request, "after", most=10_000_000)) if looked_at else None
    )
    base = f"{HERE}{row.id}/"
    topic = live.topic("import", row.id)
    names = names_of([_user(row)]) if _user(row) else {}
    return show(
        request,
        page="imports/batch.html",
        piece="imports/_batch.html",
        status=status,
        batch=row,
        card=cards.batch_card(row, names.get(_user(row), "")),
        base=base,
        topic=topic,
        live_ticket=live.ticket(request, [topic]),
        refusal=refusal or cards.trouble_of(row),
        working=row.state in AT_WORK,
        progress=cards.progress_of(row),
        columns=cards.choices(row, importer_of(row.kind))
        if row.state == "taken" or "columns" in request.GET
        else (),
        meaning=meanings.meaning_of(row),
        samples=queries.samples_in(row),
        chips=cards.chips(row, chosen) if looked_at else (),
        lines=[cards.line_card(line) for line in found.rows] if found else (),
        next_url=f"{base}?rows={chosen}&after={found.after}" if found and found.after else "",
        wrong=bool(row.counts.get("error") or row.counts.get("duplicate")) and not row.forgotten_at,
        would_do=row.counts.get("new", 0) + row.counts.get("changed", 0),
        n_new=cards.amount(row.counts.get("new", 0)),
        n_changed=cards.amount(row.counts.get("changed", 0)),
        n_left=cards.amount(row.counts.get("error", 0) + row.counts.get("duplicate", 0)),
        form=form or UndoForm(),
        **frame.office(request, HERE),
    )


def _tried(request: Any, batch_id: UUID, deed: Any) -> HttpResponse:
    """One verb; what it is refused for stands on the batch's page."""
    try:
        deed()
    except DomainError as error:
        if status_of(error) == 404:
            raise
        with request.reading():
            return _show(request, batch_id, sentence(error), status_of(error))
    return SeeOther(f"{HERE}{batch_id}/")


@guarded(*KEEPERS)
def columns(request: Any, batch_id: UUID) -> HttpResponse:
    """Step two: which column of the file means what."""
    told = {}
    for name, value in request.POST.items():
        if name.startswith("column-") and value.isascii() and value.isdigit() and len(value) < 4:
            told[name.removeprefix("column-")] = int(value)
    return _tried(
        request,
        batch_id,
        lambda: services.map_columns(actor=request.actor, batch_id=batch_id, mapping=told),
    )


@guarded(*KEEPERS)
def words(request: Any, batch_id: UUID) -> HttpResponse:
    """What the source's words mean here, for kinds that ask."""
    told = meanings.told_in(request)
    return _tried(
        request,
        batch_id,
        lambda: services.tell_words(actor=request.actor, batch_id=batch_id, options=told),
    )


@guarded(*KEEPERS)
def sheet(request: Any, batch_id: UUID) -> HttpResponse:
    """Another sheet of the same workbook."""
    wanted = request.POST.get("sheet", "")
    return _tried(
        request, batch_id, lambda: choose_sheet(actor=request.actor, batch_id=batch_id, sheet=wanted)
    )


@guarded(*KEEPERS)
def commit(request: Any, batch_id: UUID) -> HttpResponse:
    """Step three: what was looked at counts."""
    return _tried(request, batch_id, lambda: services.commit_batch(actor=request.actor, batch_id=batch_id))


@guarded(*KEEPERS)
def undo(request: Any, batch_id: UUID) -> HttpResponse:
    """It is taken back, for a reason."""
    reason = request.POST.get("reason", "")
    return _tried(
        request,
        batch_id,
        lambda: services.undo_batch(actor=request.actor, batch_id=batch_id, reason=reason),
    )


@guarded(*KEEPERS)
def back(request: Any, batch_id: UUID) -> HttpResponse:
    """The same file with one more column that says what is wrong; only the rows to be mended where that is asked."""
    row = _seen(request, batch_id)
    place = files.place_of(row.county, row.id)
    if row.forgotten_at or not place.exists():
        raise Http404
    heads = [head for column in importer_of(row.kind).columns for head in column.heads]
    table = reading.read(place, heads=heads, sheet=row.sheet)
    reasons = {number: why(*wrong) for number, wrong in queries.wrong_lines(row).items()}
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "back.xlsx"
        writing.write_back(path, table, reasons, _("What is wrong"), only="wrong" in request.GET)
        made = path.read_bytes()
    response = HttpResponse(made, content_type=XLSX)
    name = Path(row.file_name).stem[:80] or "list"
    said = content_disposition_header(as_attachment=True, filename=f"{name}-{_('checked')}.xlsx")
    response["Content-Disposition"] = said or "attachment"
    return response
