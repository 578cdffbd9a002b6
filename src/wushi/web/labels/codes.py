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
    "paused": Badge("", "clock", _("resting")),
    "handled": Badge("green", "check", _("handled, resident asked")),
    "closed": Badge("green", "archive", _("closed")),
    "declined": Badge("", "ban", _("not accepted")),
    "withdrawn": Badge("", "undo", _("withdrawn")),
    "merged": Badge("", "doc", _("merged")),
    "imported": Badge("", "archive", _("brought in from before")),
}
RESIDENT_STATES = {
    "received": Badge("", "order", _("received")),
    "waiting": Badge("", "order", _("received")),
    "assigned": Badge("dai", "user", _("with somebody")),
    "working": Badge("dai", "hour", _("in hand")),
    "paused": Badge("", "clock", _("resting")),
    "handled": Badge("amber", "ask", _("is it right?")),
    "closed": Badge("green", "check", _("settled")),
    "declined": Badge("", "ban", _("not here")),
    "withdrawn": Badge("", "undo", _("taken back")),
    "merged": Badge("", "doc", _("together with another")),
    "imported": Badge("", "archive", _("from before")),
}
OVERDUE = Badge("red", "alert", _("overdue"))
URGENT = Badge("solid", "bell", _("urgent"))
APPEALED = Badge("dai", "up", _("taken higher"))
SEALED = Badge("line", "lock", _("kept from below"))
AGAIN = Badge("line", "redo", _("not yet right"))
ESCALATED = Badge("dai", "up", _("passed up"))
SUPERVISED = {
    "yellow": Badge("amber", "eye", _("supervised, yellow")),
    "red": Badge("red", "eye", _("supervised, red")),
}

CLOCKS = {
    "claim": _("To be signed for"),
    "handover": _("To be signed for again"),
    "contact": _("First word with the resident"),
    "resolution": _("To be done"),
    "whole": _("In all"),
    "answer": _("The resident's answer"),
    "pause": _("The rest"),
    "roll_call": _("To say that they are there"),
    "part": _("Their part"),
}
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
    "not_ours": _("Not ours: said whose it is"),
}
TAGS = {
    "pressing": pgettext_lazy("tag", "Urgent"),
    "hard": pgettext_lazy("tag", "Hard"),
    "worrying": pgettext_lazy("tag", "Worrying"),
    "hoped": pgettext_lazy("tag", "Hoped for"),
}
LEVELS = {"yellow": _("yellow"), "red": _("red")}
TRANSFER_REASONS = {
    "not_our_area": _("It lies outside our area"),
    "not_our_duty": _("It is not our duty"),
    "absent": _("Whoever had it is away"),
    "conflict": _("Whoever had it is partial"),
    "other": _("Another reason"),
}
CONTACT_WAYS = {
    "phone": _("By telephone"),
    "visit": _("At their home"),
    "office": _("At the office"),
    "message": _("By message"),
}
PAUSE_REASONS = {
    "resident": _("We wait for the resident"),
    "material": _("We wait for material"),
    "third_party": _("We wait for somebody else"),
    "weather": _("The weather does not allow it"),
    "procedure": _("A procedure prescribed by law is running"),
}
# The same said to the resident himself.
WAITS = {
    "resident": _("waits for you"),
    "material": _("waits for material"),
    "third_party": _("waits for somebody else"),
    "weather": _("waits for the weather"),
    "procedure": _("waits for a procedure prescribed by law"),
}
# Why a rule supervised, escalated or watched by itself.
BY_RULE = {
    "claim_overdue": _("not signed for in time"),
    "handover_overdue": _("not signed for in time"),
    "contact_overdue": _("nobody spoke with the resident in time"),
    "resolution_overdue": _("not done in time"),
    "whole_overdue": _("the time in all is over"),
    "roll_call_overdue": _("a called department did not say in time that it is there"),
    "part_overdue": _("a part was not answered in time"),
    "refused": _("the resident said several times that it is not right"),
}
WHISTLE_KINDS = {
    "everyday": _("Everyday whistle"),
    "urgent": _("Urgent whistle"),
    "major": _("Whistle for a major matter"),
}
PART_RESULTS = {
    "done": _("Done"),
    "explained": _("Explained: the rules do not allow more"),
    "not_ours": _("Not ours by law"),
}
GRADES = {
    "good": pgettext_lazy("grade", "Good"),
    "fair": pgettext_lazy("grade", "Fair"),
    "poor": pgettext_lazy("grade", "Poor"),
}
LINK_KINDS = {"duplicate": _("The same matter told twice"), "related": _("They belong together")}
LINKED = {
    "duplicate": _("the same matter"),
    "related": _("belongs together"),
    "split": _("split off"),
    "merged": _("merged into this one"),
}
CALLBACK_RESULTS = {
    "satisfied": _("Satisfied"),
    "neutral": _("So-so"),
    "unsatisfied": _("Not satisfied"),
    "not_done": _("It is not done at all"),
    "not_reached": _("Nobody was reached"),
}
FLAGS = {
    "pingpong": _("Handed from one to the other"),
    "sent_back_again": _("Sent back by the supervisor more than once"),
    "merged_later": _("Merged into one that is due later"),
    "late_split": _("Split when its time was nearly used up"),
    "hasty": _("Done within minutes, nobody was spoken with"),
    "recorded_after": _("Recorded and done by the same person within minutes"),
    "mass_handling": _("Very many done in a short time"),
    "contested": _("Recorded for somebody who says it was not his wish"),
    "own_rating": _("Who rated may be who handled it"),
    "back_dated_rules": _("Rules that begin in the past"),
}
FIGURES = {
    "collected": _("Collected"),
    "completed": _("Completed"),
    "open": _("Open"),
    "overdue": _("Overdue now"),
    "handled": _("Done, waiting for the resident"),
    "closed": _("Closed"),
    "declined": _("Not taken up"),
    "withdrawn": _("Taken back"),
    "merged": _("Joined to another"),
    "imported": _("Brought in from before, end not known"),
    "signed": _("Signed for"),
    "answered": _("Answered"),
    "in_time": _("Answered in time"),
    "at_grid": _("Settled in the grid"),
    "at_village": _("Settled in the village"),
    "at_town": _("Settled in the town"),
    "at_district": _("Settled in the district"),
    "confirmed": _("Confirmed by the resident"),
    "unanswered": _("Closed without the resident's answer"),
    "rated": _("Rated"),
    "satisfied": pgettext_lazy("figure", "Satisfied"),
    "neutral": pgettext_lazy("figure", "So-so"),
    "unsatisfied": pgettext_lazy("figure", "Not satisfied"),
    "refused": _("Not right the first time"),
    "appealed": _("Taken to the level above"),
}
CHANGED = {"kind": _("kind"), "category": _("category"), "urgency": _("urgency"), "tags": _("what presses")}
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


def word(table: dict[str, Any], code: str) -> str:
    """The word of a code; the code itself where the table does not know it (never an empty badge)."""
    return str(table.get(code, code))
