"""What each step of a trace is called: for staff in the words officials use, for residents plainly. Codes -> sentences."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from wushi.web import labels

ICONS = {
    "return_case": "undo", "reopen_case": "redo", "withdraw_case": "undo", "decline_case": "ban", "appeal_case": "up",
    "contest_case": "ban",
    "add_words": "talk", "mark_official": "lock", "release_case": "redo", "readdress_case": "pin",
    "transfer_case": "send", "assign_case": "send", "escalate_case": "up", "hand_back_case": "down",
    "contact_case": "phone", "request_extension": "hour", "decide_extension": "hour", "pause_case": "pause",
    "resume_case": "redo", "send_back_case": "redo", "rate_case": "smile", "merge_case": "doc", "unmerge_case": "undo",
    "split_case": "plus", "link_cases": "pin", "revise_case": "list", "supervise_case": "eye", "instruct_case": "sign",
    "blow_whistle": "people", "plan_together": "doc", "end_whistle": "people", "ask_partner": "people",
    "release_partner": "x", "report_for_roll_call": "walk", "answer_part": "talk", "grade_part": "scale",
    "record_callback": "phone", "mark_clock": "clock", "replan_case": "cal", "close_case": "archive",
    "claim_case": "sign", "release_ended_case": "redo", "seal_case": "lock", "seal_case_to_tray": "lock",
    "import_case": "archive", "take_back_import": "undo",
}  # fmt: skip
# Steps by which something went wrong or is late stand out.
WARNING = frozenset({"supervise_case", "send_back_case", "reopen_case", "contest_case"})
# Between offices only: what they grade each other, drop, sort or link says nothing to who waits.
STAFF_ONLY = frozenset({"grade_part", "release_partner", "link_cases", "release_ended_case"})


@dataclass(frozen=True)
class Deed:
    """One step with its codes put into words: who, which tray, which clock."""

    verb: str
    facts: dict[str, Any]
    who: str
    tray: str
    units: str
    by_house: bool

    @property
    def said(self) -> dict[str, str]:
        """For the sentences."""
        return {
            "who": self.who,
            "tray": self.tray,
            "units": self.units,
            "clock": self._word(labels.CLOCKS, "clock"),
        }

    def _word(self, table: dict[str, Any], fact: str) -> str:
        return labels.word(table, str(self.facts.get(fact, "")))

    @property
    def by_route(self) -> bool:
        """The dispatch list did it."""
        return bool(self.facts.get("route"))

    @property
    def colour(self) -> str:
        """yellow or red, in words."""
        return self._word(labels.LEVELS, "colour")


Title = Callable[[Deed], str]


def _marked(deed: Deed) -> str:
    if deed.facts.get("stopped"):
        return _("The clock “%(clock)s” stopped")
    return {
        "yellow": _("Yellow, a reminder: %(clock)s"),
        "red": _("Red, past its time: %(clock)s"),
        "supervision": _("Line for supervision passed: %(clock)s"),
    }.get(str(deed.facts.get("level")), _("The clock “%(clock)s” passed a mark"))


def _merged(deed: Deed) -> str:
    if deed.facts.get("taken_in"):
        return _("The same matter was told once more; it is settled here")
    return _("%(who)s merged it into one that was told before")


def _unmerged(deed: Deed) -> str:
    if deed.facts.get("let_go"):
        return _("One that was merged into this turned out to be another matter")
    return _("%(who)s undid the merging")


def _replanned(deed: Deed) -> str:
    if deed.facts.get("cause") == "calendar":
        return _("The working days changed; the deadline was planned anew")
    return _("The rules changed; the deadline was planned anew")


def _imported(deed: Deed) -> str:
    state = str(deed.facts.get("state"))
    if state == "imported":
        return _("Told in another system")
    return _("Answered there") if state == "handled" else _("Ended there")


def _supervised(deed: Deed) -> str:
    if deed.by_house:
        return _("By rule under supervision, %(colour)s")
    return _("%(who)s put it under supervision, %(colour)s")


_BEGINNING: dict[str, Title] = {
    "open_case": lambda d: _("Received"),
    "import_case": _imported,
    "take_back_import": lambda d: _("What the other system said of its end was taken back"),
    "accept_case": lambda d: _("Accepted by the dispatch list") if d.by_route else _("%(who)s accepted it"),
    "assign_case": lambda d: (
        _("Given to %(tray)s by the dispatch list") if d.by_route else _("%(who)s gave it to %(tray)s")
    ),
    "decline_case": lambda d: _("%(who)s: this is not handled here"),
    "claim_case": lambda d: _("%(who)s took it on"),
    "return_case": lambda d: _("%(who)s returned it"),
    "transfer_case": lambda d: _("%(who)s handed it over to %(tray)s"),
    "escalate_case": lambda d: (
        _("It went up to %(tray)s by itself") if d.by_house else _("%(who)s passed it up to %(tray)s")
    ),
    "hand_back_case": lambda d: _("%(who)s handed it back to %(tray)s with a solution"),
    "contact_case": lambda d: _("%(who)s spoke with the resident"),
    "release_case": lambda d: _("Its handler left the post; somebody else takes it on"),
    "release_ended_case": lambda d: _("Its handler left the post; the matter itself is done"),
    "readdress_case": lambda d: _("The area was rearranged; it went along"),
    "mark_official": lambda d: _("Moved to the level above"),
    "seal_case": lambda d: _("Kept from the levels below"),
    "seal_case_to_tray": lambda d: _("Kept for the supervisor alone"),
}
_TIME: dict[str, Title] = {
    "request_extension": lambda d: _("%(who)s asked for more time"),
    "decide_extension": lambda d: (
        _("%(who)s agreed to more time")
        if d.facts.get("granted")
        else _("%(who)s did not agree to more time")
    ),
    "pause_case": lambda d: _("%(who)s let it rest"),
    "resume_case": lambda d: (
        _("The rest is over; its time goes on") if d.by_house else _("%(who)s went on with it")
    ),
    "mark_clock": _marked,
    "replan_case": _replanned,
    "supervise_case": _supervised,
    "instruct_case": lambda d: _("%(who)s says what he expects"),
}
_ENDING: dict[str, Title] = {
    "handle_case": lambda d: _("%(who)s says: done"),
    "send_back_case": lambda d: _("%(who)s sent it back to be done again"),
    "confirm_case": lambda d: _("%(who)s agreed: it is right"),
    "rate_case": lambda d: _("%(who)s rated how it was handled"),
    "reopen_case": lambda d: _("%(who)s said: not yet right"),
    "close_case": lambda d: (
        _("Closed as not answered") if d.by_house else _("%(who)s closed it without an answer")
    ),
    "record_callback": lambda d: _("%(who)s rang to ask whether it is right"),
    "withdraw_case": lambda d: _("%(who)s took it back"),
    "contest_case": lambda d: _("%(who)s said: this was not my wish"),
    "appeal_case": lambda d: _("%(who)s turned to %(tray)s"),
    "add_words": lambda d: _("%(who)s added"),
    "merge_case": _merged,
    "unmerge_case": _unmerged,
    "split_case": lambda d: _("%(who)s took a second matter out of it; it goes its own way"),
    "link_cases": lambda d: _("%(who)s linked it with another"),
    "revise_case": lambda d: _("%(who)s sorted it anew"),
}
_TOGETHER: dict[str, Title] = {
    "blow_whistle": lambda d: _("%(who)s blew the whistle for %(units)s"),
    "plan_together": lambda d: _("%(who)s wrote the joint plan"),
    "end_whistle": lambda d: _("%(who)s ended the common work"),
    "ask_partner": lambda d: _("%(who)s asked %(tray)s to help"),
    "release_partner": lambda d: _("%(who)s: the part is not needed after all"),
    "report_for_roll_call": lambda d: _("%(tray)s is there (%(who)s)"),
    "answer_part": lambda d: _("%(tray)s answered its part (%(who)s)"),
    "grade_part": lambda d: (
        _("%(who)s graded who called")
        if d.facts.get("of") == "grade_of_caller"
        else _("%(who)s graded who came")
    ),
}
FOR_STAFF: dict[str, Title] = {**_BEGINNING, **_TIME, **_ENDING, **_TOGETHER}
FOR_RESIDENTS: dict[str, Title] = {
    **FOR_STAFF,
    "contact_case": lambda d: _("%(who)s spoke with you"),
    "escalate_case": lambda d: (
        _("It was not taken on in time; it went up to %(tray)s by itself")
        if d.by_house
        else _("%(who)s passed it up to %(tray)s, who can decide more")
    ),
    "hand_back_case": lambda d: _("%(who)s says how it can be settled; %(tray)s does it"),
    "transfer_case": lambda d: _("%(who)s gave it to %(tray)s, who can settle it better"),
    "mark_clock": lambda d: _("It is late: %(clock)s"),
    "supervise_case": lambda d: (
        _("It is watched from above now") if d.by_house else _("%(who)s watches from above that it is done")
    ),
    "blow_whistle": lambda d: _("%(who)s called %(units)s to it"),
    "report_for_roll_call": lambda d: _("%(tray)s is there"),
    "answer_part": lambda d: _("%(tray)s did its part"),
    "plan_together": lambda d: _("Those who were called agreed who does what"),
    "end_whistle": lambda d: _("What had to be done together is done"),
    "merge_case": lambda d: (
        _("Somebody else told the same; it is settled together")
        if d.facts.get("taken_in")
        else _("Others told the same before; it is settled together with theirs")
    ),
    "record_callback": lambda d: _("%(who)s rang you to ask whether it is right"),
    "instruct_case": lambda d: _("%(who)s, who answers for the whole, says what he expects"),
}


# Said with "you": only to whom it happened.
_TO_YOU = frozenset({"contact_case", "record_callback"})


def title(deed: Deed, *, resident: bool, own: bool) -> str:
    """The step's title, plain for a resident; ``own``: it is his own matter. A verb without a title shows its code."""
    plain = resident and (own or deed.verb not in _TO_YOU)
    tell = (FOR_RESIDENTS if plain else FOR_STAFF).get(deed.verb)
    return tell(deed) % {**deed.said, "colour": deed.colour} if tell else deed.verb


def icon(verb: str) -> str:
    """Of the step."""
    return ICONS.get(verb, "check")
