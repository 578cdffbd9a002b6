"""Words of imports: what is brought in, where a batch stands, what a row would do, what is wrong with it."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from wushi.web.labels import Badge

KINDS = {
    "residents": _("Register of residents"),
    "staff": _("People and posts"),
    "grids": _("Grids"),
    "cases": _("Requests of another system"),
    "devices": _("Wireless callers"),
}
STATES = {
    "taken": Badge("amber", "list", _("columns to be told")),
    "looking": Badge("dai", "hour", _("being looked at")),
    "ready": Badge("amber", "eye", _("to be confirmed")),
    "carrying": Badge("dai", "hour", _("being carried out")),
    "done": Badge("green", "check", pgettext_lazy("import", "carried out")),
    "undoing": Badge("dai", "hour", _("being taken back")),
    "undone": Badge("", "undo", pgettext_lazy("import", "taken back")),
}
VERDICTS = {
    "new": Badge("green", "plus", pgettext_lazy("row", "new")),
    "changed": Badge("dai", "redo", pgettext_lazy("row", "changed")),
    "same": Badge("", "check", pgettext_lazy("row", "the same")),
    "duplicate": Badge("amber", "list", pgettext_lazy("row", "twice")),
    "error": Badge("red", "alert", pgettext_lazy("row", "wrong")),
}
COLUMNS = {
    "name": _("Name"),
    "id_number": _("ID number"),
    "phone": _("Phone"),
    "village": _("Village"),
    "grid": _("Grid"),
    "address": _("Address"),
    "source_id": _("Number in the source"),
    "status": _("Whether he still lives here"),
    "username": _("Sign-in name"),
    "duty": _("Duty"),
    "area": _("Area"),
    "unit": _("Unit"),
    "since": _("Since"),
    "code": _("Code"),
    "uid": _("Number of the device"),
    "model": _("Kind of device"),
    "contact_name": _("Name of the family"),
    "contact_phone": _("Phone of the family"),
    "households": _("Households"),
    "text": _("What was told"),
    "title": _("Title"),
    "told_at": _("Told at"),
    "place": _("Place"),
    "kind": _("Kind"),
    "category": _("Category"),
    "urgency": _("Urgency"),
    "channel": _("Channel"),
    "reply": _("Answer"),
    "reply_at": _("Answered at"),
    "closed_at": _("Closed at"),
    "state": _("State there"),
    "outcome": _("Result"),
    "rating": _("Rating"),
    "longitude": _("Longitude"),
    "latitude": _("Latitude"),
}
REASONS = {
    "required": _("is missing"),
    "too_long": _("is too long"),
    "unknown": _("is none of the list"),
    "bad_phone": _("is no phone number"),
    "bad_id_number": _("does not add up; compare it with the card"),
    "bad_date": _("is no date; write it like 2026-11-23"),
    "bad_sex": _("says neither man nor woman"),
    "bad_number": _("is no number"),
    "number_not_text": _("lost its last digits: make the column text before typing, then type it again"),
    "error_cell": _("shows an error of the spreadsheet (like #REF!)"),
    "bad_place": _("is not known here, or not in this village; the code tells it best"),
    "not_your_area": _("lies outside your area"),
    "no_key": _("is missing, and so are phone and number: one of them must tell who it is"),
    "twice_in_file": _("an earlier row of the file says the same"),
    "value_twice": _("stands in an earlier row of the file; only one can have it, leave it empty here"),
    "phone_of_another": _("belongs to somebody else already; leave it empty here if they share it"),
    "id_of_another": _("belongs to somebody else already"),
    "phone_needed": _("is missing: people are told apart by it"),
    "unknown_area": _("is none of our villages and grids; say which one is meant"),
    "bad_time": _("is no time; write it like 2019-04-25 09:32"),
    "not_yet": _("has not come yet"),
    "about_official": _(
        "says that it is about an official: such things belong to the discipline inspection, not here"
    ),
    "unknown_person": _(
        "belongs to nobody who is registered here; register the person first, or leave it empty"
    ),
    "other_device": _("is registered as another kind of device, or was handed back: look at its own page"),
    "lead_there": _("has a lead already; end that post first"),
}


def why(reason: str, column: str) -> str:
    """What is wrong with a row, in words."""
    if not reason:
        return ""
    said = str(REASONS.get(reason, reason))
    return f"{COLUMNS.get(column, column)}: {said}" if column else said
