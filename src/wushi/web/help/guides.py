"""Two pages for each duty: what it is there for, and the chapters it needs."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext as _

from wushi.domain.accounts.duties import Duty
from wushi.web import labels
from wushi.web.help.call_chapters import staff_calls
from wushi.web.help.chapters import Chapter, staff_chapters

# duty -> chapters of the first page, chapters of the second
GUIDED: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    Duty.SECRETARY: (
        ("ring", "day", "claim", "handle"),
        ("return", "whistle", "village", "callers", "away", "paper"),
    ),
    Duty.GRID_LEAD: (("ring", "day", "claim", "handle"), ("record", "return", "village", "callers", "away")),
    Duty.TOWN_CLERK: (("assign", "find", "duty", "day"), ("return", "whistle", "record", "village", "paper")),
    Duty.DISTRICT_CLERK: (("assign", "find", "duty", "day"), ("whistle", "return", "away", "paper")),
    Duty.DEPARTMENT: (("part", "claim", "find"), ("handle", "return", "away", "paper")),
    Duty.HOTLINE: (("hotline", "record", "find"), ("callback", "away", "paper")),
    Duty.SUPERVISOR: (("supervise", "callback", "find"), ("whistle", "away", "paper")),
    Duty.DISTRICT_LEAD: (("instruct", "find", "supervise"), ("village", "whistle", "paper")),
    Duty.DISTRICT_ADMIN: (("people", "buttons", "rules"), ("village", "find", "away", "paper")),
}
# Who reads whose guide where he has none of his own.
LIKE = {
    Duty.DEPUTY: Duty.SECRETARY,
    Duty.GRID_WORKER: Duty.GRID_LEAD,
    Duty.GRID_ASSISTANT: Duty.GRID_LEAD,
    Duty.TOWN_LEAD: Duty.TOWN_CLERK,
    Duty.DISCIPLINE: Duty.SUPERVISOR,
    Duty.SECURITY_ADMIN: Duty.DISTRICT_ADMIN,
    Duty.AUDIT_ADMIN: Duty.DISTRICT_ADMIN,
}


@dataclass(frozen=True)
class Guide:
    """What a duty is for in a sentence, and its two pages."""

    duty: str
    name: str
    purpose: str
    first: list[Chapter]
    second: list[Chapter]


def guide_for(duty: str) -> str:
    """Whose guide somebody with this duty reads."""
    found = LIKE.get(Duty(duty), duty) if duty in set(Duty) else ""
    return str(found) if found in GUIDED else str(Duty.SECRETARY)


def purposes() -> dict[str, str]:
    """Each duty in one sentence."""
    return {
        Duty.SECRETARY: _(
            "What the village's people tell reaches you first. Most of it you settle; for the rest you call others."
        ),
        Duty.GRID_LEAD: _(
            "You are the nearest. You see to what is small at once and write down what others need to know."
        ),
        Duty.TOWN_CLERK: _("What the villages cannot settle comes to you, and you give it to whoever can."),
        Duty.DISTRICT_CLERK: _("What the towns cannot settle comes to you; departments answer to your call."),
        Duty.DEPARTMENT: _("You are called to matters that are yours by law, and answer for your part."),
        Duty.HOTLINE: _("You listen, write it down, and read the receipt code aloud. Others settle it."),
        Duty.SUPERVISOR: _(
            "You see to it that what was promised is kept, and take a second look where one is due."
        ),
        Duty.DISTRICT_LEAD: _(
            "You see the lamps of all villages, and write an instruction where one is needed."
        ),
        Duty.DISTRICT_ADMIN: _(
            "You keep people, posts, places and working days in order. You see no matters."
        ),
    }


def guides() -> dict[str, Guide]:
    """All guides, in the order of the levels."""
    chapters, said = {**staff_chapters(), **staff_calls()}, purposes()
    return {
        str(duty): Guide(
            str(duty),
            f"{labels.word(labels.DUTIES, duty)}{_(', ')}{labels.word(labels.DUTIES, Duty.GRID_WORKER)}"
            if duty == Duty.GRID_LEAD
            else labels.word(labels.DUTIES, duty),
            said[duty],
            [chapters[name] for name in first],
            [chapters[name] for name in second],
        )
        for duty, (first, second) in GUIDED.items()
    }
