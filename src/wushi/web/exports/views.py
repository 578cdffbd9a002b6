"""Taking a list along: asked once whether numbers shall stand in it whole, and why; then the file, traced before it goes."""

from __future__ import annotations

import itertools
import tempfile
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.http import HttpResponse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from wushi.domain.imports.rules import rule_on
from wushi.domain.imports.services import NewExport, export_list
from wushi.edge.guard import guarded
from wushi.edge.pages import show
from wushi.edge.refusals import status_of
from wushi.kernel.errors import DomainError, NotFound
from wushi.plumbing.sheets import writing
from wushi.web import frame
from wushi.web.exports.tables import LISTS, Listing
from wushi.web.forms import Form
from wushi.web.imports.views import XLSX
from wushi.web.labels.codes import DUTIES, word

HERE = "/work/export/"


class ExportForm(Form):
    """Empty: numbers are hidden. A reason: they stand there whole, and the reason is kept."""

    reason = forms.CharField(
        label=gettext_lazy("Why the numbers are needed whole"),
        help_text=gettext_lazy("leave it empty and they are hidden in the middle; what you write is kept"),
        max_length=200,
        required=False,
    )


def _asked(request: Any) -> tuple[str, Listing]:
    name = request.GET.get("what", "cases")
    if name not in LISTS or not request.actor.has_duty(LISTS[name].duties):
        raise NotFound()
    return name, LISTS[name]


def _wanted(request: Any) -> dict[str, str]:
    return {
        name: value[:60] for name, value in request.GET.items() if value and name not in ("what", "after")
    }


@guarded()
def export(request: Any) -> HttpResponse:
    """The question, and the file."""
    name, listing = _asked(request)
    if request.method != "POST":
        return _page(request, listing, ExportForm())
    form = ExportForm(request.POST)
    if not form.is_valid() or "take" not in request.POST:
        with request.reading():
            return _page(request, listing, form, status=422)
    reason = form.cleaned_data["reason"].strip()
    try:
        made, rows = _made(request, listing, reason)
        export_list(actor=request.actor, new=NewExport(name, rows, _wanted(request), reason))
    except DomainError as error:
        refusal, status = form.take(error), status_of(error)
        with request.reading():
            return _page(request, listing, form, refusal, status)
    response = HttpResponse(made, content_type=XLSX)
    day = timezone.localdate().isoformat()
    said = content_disposition_header(as_attachment=True, filename=f"{listing.word}-{day}.xlsx")
    response["Content-Disposition"] = said or "attachment"
    return response


def _page(
    request: Any, listing: Listing, form: ExportForm, refusal: str = "", status: int = 200
) -> HttpResponse:
    query = urlencode({"what": request.GET.get("what", "cases"), **_wanted(request)})
    return show(
        request,
        page="exports/ask.html",
        status=status,
        form=form,
        refusal=refusal,
        word=listing.word,
        back=f"{listing.back}?{urlencode(_wanted(request))}",
        action=f"{HERE}?{query}",
        most=rule_on(timezone.localdate()).export_rows,
        **frame.office(request, listing.back),
    )


def _made(request: Any, listing: Listing, reason: str) -> tuple[bytes, int]:
    """The file's bytes and its rows: who, when and by which filter above the list, and in its last line again."""
    most = rule_on(timezone.localdate()).export_rows
    with tempfile.TemporaryDirectory() as folder, request.reading():
        post = frame.main_post(request.viewer)
        who = " ".join(
            part for part in (request.viewer.name, word(DUTIES, post.duty) if post else "") if part
        )
        at = date_format(timezone.localtime(), "Y-m-d H:i")
        mark = _("Taken by %(who)s, %(at)s") % {"who": who, "at": at}
        narrowed = ", ".join(f"{name}={value}" for name, value in _wanted(request).items()) or _("everything")
        above = [(str(listing.word),), (mark,), (_("Narrowed by: %(filter)s") % {"filter": narrowed},)]
        if reason:
            above.append((_("Numbers whole because: %(reason)s") % {"reason": reason},))
        path = Path(folder) / "list.xlsx"
        rows = itertools.islice(listing.rows(request, bool(reason)), most)
        count = writing.write_rows(path, listing.heads(), itertools.chain(rows, [(mark,)]), above=above)
        return path.read_bytes(), count - 1
