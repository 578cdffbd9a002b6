"""The verbs as buttons, in the order a row shows them: what is next first, what sets right later, the grave ones last."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from wushi.web.labels.codes import Word


@dataclass(frozen=True)
class Verb:
    """A verb as a button: its URL part, word, icon, the name of its page and the consequence said there.

    ``panel``: its button stands in the panel of parts and whistles, not in the row.
    """

    code: str
    slug: str
    word: Word
    icon: str
    title: Word = ""
    lead: Word = ""
    at_once: bool = False
    last: bool = False
    photos: bool = False
    panel: bool = False


_NEXT = (
    Verb("accept_case", "accept", pgettext_lazy("verb", "Accept"), "check", at_once=True),
    Verb(
        "assign_case", "assign", pgettext_lazy("verb", "Assign"), "send",
        _("Who shall have it?"), _("It goes into their tray at once."),
    ),
    Verb("claim_case", "claim", pgettext_lazy("verb", "Sign for it"), "sign", at_once=True),
    Verb(
        "report_for_roll_call", "report", pgettext_lazy("verb", "We are there"), "walk", at_once=True,
    ),
    Verb(
        "answer_part", "answer", pgettext_lazy("verb", "Answer our part"), "talk",
        _("What became of your part?"), _("Who called you and the resident read it."), photos=True,
    ),
    Verb(
        "decide_extension", "decide", pgettext_lazy("verb", "Decide on more time"), "hour",
        _("More time?"), _("The deadline moves only when you agree. A refusal says why."),
    ),
    Verb(
        "handle_case", "handle", pgettext_lazy("verb", "Done"), "check",
        _("What became of it?"),
        _("The resident is asked whether it is right. It is not closed before he says so."),
        photos=True,
    ),
    Verb("resume_case", "resume", pgettext_lazy("verb", "Go on with it"), "redo", at_once=True),
    Verb(
        "contact_case", "contact", pgettext_lazy("verb", "Spoken with the resident"), "phone",
        _("You have spoken with the resident"), _("The first time ends the clock for it."),
    ),
    Verb(
        "record_callback", "callback", pgettext_lazy("verb", "Record the call-back"), "phone",
        _("What did the resident say?"),
        _("It was drawn at random. What was said stands beside the rating and changes neither it nor the state."),
    ),
    Verb(
        "send_back_case", "sendback", pgettext_lazy("verb", "Send back to be done again"), "redo",
        _("Send it back to be done again"),
        _("Whoever handled it has it in hand again, with a new time for handling. The time in all goes on."),
    ),
    Verb(
        "blow_whistle", "whistle", pgettext_lazy("verb", "Blow the whistle"), "people",
        _("Which departments shall come?"),
        _("Each is told at once and has a clock for saying that it is there. The resident sees who was called."),
    ),
    Verb(
        "request_extension", "extend", pgettext_lazy("verb", "Ask for more time"), "hour",
        _("Ask for more time"), _("The level above decides. The deadline stays until it has agreed."),
    ),
)  # fmt: skip
_LATER = (
    Verb(
        "pause_case", "pause", pgettext_lazy("verb", "Let it rest"), "pause",
        _("Let it rest"),
        _("The time for handling stands still until then at most, the time in all does not. The resident sees it."),
    ),
    Verb(
        "return_case", "return", pgettext_lazy("verb", "Return"), "undo",
        _("Return it"), _("It goes to the tray one level up, with your reason. The resident sees it."),
    ),
    Verb(
        "transfer_case", "transfer", pgettext_lazy("verb", "Hand over"), "send",
        _("Hand it over"), _("It lies in their tray at once and waits to be signed for. The deadline stays."),
    ),
    Verb(
        "escalate_case", "escalate", pgettext_lazy("verb", "Pass up"), "up",
        _("Pass it up"), _("It goes exactly one level up, with your words. You go on watching it."),
    ),
    Verb(
        "hand_back_case", "handback", pgettext_lazy("verb", "Hand back with a solution"), "down",
        _("Hand it back with a solution"),
        _("Whoever had it below carries it out and says when it is done. You go on watching it."),
    ),
    Verb(
        "reopen_case", "reopen", pgettext_lazy("verb", "Reopen"), "redo",
        _("Take it up again"),
        _("It goes back to whoever handled it, with a new time for handling. The time in all goes on."),
    ),
    Verb(
        "ask_partner", "partner", pgettext_lazy("verb", "Ask somebody to help"), "people",
        _("Who has a part of his own in it?"), _("You go on leading; they have their part and a time for it."),
    ),
    Verb(
        "release_partner", "release", pgettext_lazy("verb", "Not needed"), "x",
        _("Their part is not needed"), _("They are told. What they said stays in the trace."), panel=True,
    ),
    Verb(
        "plan_together", "plan", pgettext_lazy("verb", "Write the joint plan"), "doc",
        _("The joint plan"), _("Who does what until when: all who were called read it, and the resident."), panel=True,
    ),
    Verb(
        "end_whistle", "endwhistle", pgettext_lazy("verb", "End the whistle"), "check",
        _("End the common work"), _("The matter itself stays with you until it is done."), panel=True,
    ),
    Verb(
        "grade_part", "grade", pgettext_lazy("verb", "Grade"), "scale",
        _("How did they work with you?"), _("Once, and it stays in the trace."), panel=True,
    ),
    Verb(
        "add_words", "words", pgettext_lazy("verb", "Add a word"), "plus",
        _("Add a word or photo"), _("The resident and everybody who handles it can read it."), photos=True,
    ),
    Verb(
        "supervise_case", "supervise", pgettext_lazy("verb", "Supervise"), "eye",
        _("Put it under supervision"),
        _("Yellow urges, red demands. Everybody who has it sees it, and so does the resident."),
    ),
    Verb(
        "instruct_case", "instruct", pgettext_lazy("verb", "Instruct"), "sign",
        _("Say what you expect"), _("It stays in the trace, and you watch the matter from now on."),
    ),
    Verb(
        "revise_case", "revise", pgettext_lazy("verb", "Sort anew"), "list",
        _("Sort it anew"), _("A deadline never moves later by this; it may come nearer."),
    ),
    Verb(
        "merge_case", "merge", pgettext_lazy("verb", "Merge"), "doc",
        _("Which one is the same matter?"),
        _("This one is settled there. Who told this one follows that one from now on, without its words and names."),
    ),
    Verb(
        "unmerge_case", "unmerge", pgettext_lazy("verb", "Undo the merging"), "undo",
        _("It was another matter after all"), _("It has its state, its holder and its clocks again."),
    ),
    Verb(
        "split_case", "split", pgettext_lazy("verb", "Split"), "plus",
        _("A second matter was told with it"), _("It gets a number, a receipt and clocks of its own."),
    ),
    Verb(
        "link_cases", "link", pgettext_lazy("verb", "Link"), "pin",
        _("Which other one belongs to it?"), _("Both go on. Who sees the one sees that there is another."),
    ),
)  # fmt: skip
_GRAVE = (
    Verb(
        "close_case", "close", pgettext_lazy("verb", "Close"), "archive",
        _("Close without the resident's answer"),
        _("It counts as not answered, never as satisfied. The reason stays in the trace."),
        last=True,
    ),
    Verb(
        "mark_official", "official", _("About an official"), "lock",
        _("It is about an official's conduct"),
        _(
            "It disappears at once for whom it is about and for his unit, and lies with the level above them. "
            "This cannot be taken back here."
        ),
        last=True,
    ),
    Verb(
        "decline_case", "decline", pgettext_lazy("verb", "Do not accept"), "ban",
        _("Do not accept it"), _("Name the right channel: the resident is told where to turn. It ends here."),
        last=True,
    ),
)  # fmt: skip
# What belongs to the resident alone; his pages have their own ways in.
OF_RESIDENT = frozenset({"withdraw_case", "confirm_case", "rate_case", "appeal_case", "contest_case"})
VERBS = {verb.code: verb for verb in (*_NEXT, *_LATER, *_GRAVE)}
BY_SLUG = {verb.slug: verb for verb in VERBS.values()}
