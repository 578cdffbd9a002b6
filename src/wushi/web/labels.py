"""Codes -> words, colours and icons: for residents plain words, for staff the verbs officials use (docs/GLOSSARY.md)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

Word = str | Promise


@dataclass(frozen=True)
class Badge:
    """Colour + word + icon, never colour alone."""

    colour: str
    icon: str
    word: Word


STAFF_STATES = {
    "received": Badge("amber", "order", _("registered")),
    "waiting": Badge("amber", "clock", _("to be assigned")),
    "assigned": Badge("amber", "sign", _("to be signed for")),
    "working": Badge("dai", "hour", _("being handled")),
    "handled": Badge("green", "check", _("handled, resident asked")),
    "closed": Badge("green", "archive", _("closed")),
    "declined": Badge("", "ban", _("not accepted")),
    "withdrawn": Badge("", "undo", _("withdrawn")),
}
RESIDENT_STATES = {
    "received": Badge("", "order", _("received")),
    "waiting": Badge("", "order", _("received")),
    "assigned": Badge("dai", "user", _("with somebody")),
    "working": Badge("dai", "hour", _("in hand")),
    "handled": Badge("amber", "ask", _("is it right?")),
    "closed": Badge("green", "check", _("settled")),
    "declined": Badge("", "ban", _("not here")),
    "withdrawn": Badge("", "undo", _("taken back")),
}
OVERDUE = Badge("red", "alert", _("overdue"))
URGENT = Badge("solid", "bell", _("urgent"))
APPEALED = Badge("dai", "up", _("taken higher"))
SEALED = Badge("line", "lock", _("kept from below"))
AGAIN = Badge("line", "redo", _("not yet right"))

KINDS = {
    "inquiry": _("question"),
    "help": _("help wanted"),
    "complaint": _("complaint"),
    "tip_off": _("report of misconduct"),
    "suggestion": _("suggestion"),
    "hazard": _("hazard"),
    "dispute": _("quarrel"),
}
URGENCIES = {"normal": _("Not urgent"), "soon": _("Soon"), "urgent": _("Very urgent")}
CHANNELS = {
    "h5": _("resident's page"),
    "qr": _("code on the door"),
    "tel": _("telephone"),
    "walk": _("came to the office"),
    "visit": _("household visit"),
    "patrol": _("grid patrol"),
    "12345": _("hotline 12345"),
    "letter": _("letter"),
    "dept": _("department"),
    "leader": _("leader's instruction"),
    "api": _("another system"),
}
CONSENTS = {"word": _("by word of mouth"), "paper": _("on paper"), "message": _("by message")}
OUTCOMES = {
    "resolved": _("Solved"),
    "explained": _("Explained: the rules do not allow more"),
    "not_yet": _("Not possible yet: said when and how"),
}
RATINGS = {"satisfied": _("Satisfied"), "neutral": _("So-so"), "unsatisfied": _("Not satisfied")}
RETURN_REASONS = {
    "not_our_area": _("It lies outside our area"),
    "not_our_duty": _("It is not our duty"),
    "needs_department": _("It needs a department"),
    "unclear": _("It is not clear what is meant"),
    "other": _("Another reason"),
}
RIGHT_CHANNELS = {
    "court": _("The court"),
    "arbitration": _("Arbitration"),
    "discipline": _("The discipline inspection"),
    "review": _("Administrative review"),
    "disclosure": _("Disclosure of government information"),
    "petition": _("The petition office, where it is already being handled"),
    "police": _("The police"),
    "other": _("Somebody else: said below"),
}
DUTIES = {
    "secretary": _("secretary"),
    "deputy": _("deputy secretary"),
    "grid_lead": _("grid lead"),
    "grid_worker": _("grid worker"),
    "grid_assistant": _("grid assistant"),
    "town_clerk": _("town dispatcher"),
    "town_lead": _("town lead"),
    "district_clerk": _("district dispatcher"),
    "district_lead": _("district leader"),
    "department": _("department"),
    "hotline": _("hotline"),
    "supervisor": _("supervisor"),
    "discipline": _("discipline inspection"),
    "district_admin": _("district administrator"),
    "security_admin": _("security administrator"),
    "audit_admin": _("audit administrator"),
}


@dataclass(frozen=True)
class Verb:
    """A verb as a button: its URL part, word, icon, the name of its page and the consequence said there."""

    code: str
    slug: str
    word: Word
    icon: str
    at_once: bool = False
    last: bool = False
    title: Word = ""
    lead: Word = ""
    photos: bool = False


VERBS = {
    verb.code: verb
    for verb in (
        Verb("accept_case", "accept", pgettext_lazy("verb", "Accept"), "check", at_once=True),
        Verb(
            "assign_case",
            "assign",
            pgettext_lazy("verb", "Assign"),
            "send",
            title=_("Who shall have it?"),
            lead=_("It goes into their tray at once."),
        ),
        Verb("claim_case", "claim", pgettext_lazy("verb", "Sign for it"), "sign", at_once=True),
        Verb(
            "handle_case",
            "handle",
            pgettext_lazy("verb", "Done"),
            "check",
            title=_("What became of it?"),
            lead=_("The resident is asked whether it is right. It is not closed before he says so."),
            photos=True,
        ),
        Verb(
            "close_case",
            "close",
            pgettext_lazy("verb", "Close"),
            "archive",
            title=_("Close without the resident's answer"),
            lead=_("It counts as not answered, never as satisfied. The reason stays in the trace."),
            last=True,
        ),
        Verb(
            "reopen_case",
            "reopen",
            pgettext_lazy("verb", "Reopen"),
            "redo",
            title=_("Send it back to be done again"),
            lead=_("It goes back to whoever handled it. The deadline it had stays."),
        ),
        Verb(
            "return_case",
            "return",
            pgettext_lazy("verb", "Return"),
            "undo",
            title=_("Return it"),
            lead=_("It goes to the tray one level up, with your reason. The resident sees it."),
        ),
        Verb(
            "add_words",
            "words",
            pgettext_lazy("verb", "Add a word"),
            "plus",
            title=_("Add a word or photo"),
            lead=_("The resident and everybody who handles it can read it."),
            photos=True,
        ),
        Verb(
            "mark_official",
            "official",
            _("About an official"),
            "lock",
            last=True,
            title=_("It is about an official's conduct"),
            lead=_(
                "It disappears at once for whom it is about and for his unit, and lies with the level above them. "
                "This cannot be taken back here."
            ),
        ),
        Verb(
            "decline_case",
            "decline",
            pgettext_lazy("verb", "Do not accept"),
            "ban",
            last=True,
            title=_("Do not accept it"),
            lead=_("Name the right channel: the resident is told where to turn. It ends here."),
        ),
        Verb(
            "withdraw_case",
            "withdraw",
            _("No longer needed"),
            "undo",
            title=_("No longer needed?"),
            lead=_("Nobody will see to it any more. You can tell us again at any time."),
        ),
        Verb("confirm_case", "confirm", _("Yes, it is right"), "check", at_once=True),
        Verb("appeal_case", "appeal", _("Go higher"), "up"),
    )
}


def word(table: dict[str, Any], code: str) -> str:
    """The word of a code; the code itself where the table does not know it (never an empty badge)."""
    return str(table.get(code, code))
