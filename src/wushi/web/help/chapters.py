"""What the help explains, chapter by chapter; guides put them together. Pictures are made by ``tools/guides.py``."""

from __future__ import annotations

from dataclasses import dataclass, field

from django.utils.translation import get_language
from django.utils.translation import gettext as _

# the size in CSS pixels a picture was taken at
SIZES = {"phone": (360, 640), "desk": (1000, 620)}


@dataclass(frozen=True)
class Picture:
    """A real page, in the reader's language."""

    file: str
    alt: str
    width: int
    height: int


@dataclass(frozen=True)
class Chapter:
    """A title, some short lines, perhaps a picture."""

    title: str
    lines: list[str] = field(default_factory=list)
    picture: Picture | None = None


def picture(name: str, alt: str, shape: str = "phone") -> Picture:
    """A picture of the folder ``static/help``, by its name."""
    language = "en" if (get_language() or "").startswith("en") else "zh"
    width, height = SIZES[shape]
    return Picture(f"help/{name}-{language}.webp", alt, width, height)


def resident_chapters() -> list[Chapter]:
    """Five steps and three things worth knowing."""
    return [*_resident_steps(), *_resident_more()]


def _resident_steps() -> list[Chapter]:
    return [
        Chapter(
            _("1. Tell us"),
            [
                _("Scan the code at your door, or open “Tell us something”."),
                _("Write it as you would say it: what, and where. A photo helps."),
                _("You need no account, and need not give your name."),
            ],
            picture("report", _("The page for telling something")),
        ),
        Chapter(
            _("2. Keep the receipt code"),
            [
                _("You get it at once. Take a picture of it, or write it down."),
                _("Anyone in the family can look with it; give it only to people you trust."),
            ],
            picture("done", _("The receipt with its code")),
        ),
        Chapter(
            _("3. See how it stands"),
            [
                _("Who has it now, what comes next, and by when at the latest."),
                _("If it is late, the level above sees that by itself."),
            ],
            picture("track", _("The page that shows every step")),
        ),
        Chapter(
            _("4. Say whether it is right"),
            [
                _("When they say it is done, you are asked. One tap: right, or not yet."),
                _("“Not yet” sends it back to whoever handled it. You need not explain it twice."),
                _("It is only finished when you say so."),
            ],
            picture("rate", _("The question whether it is right")),
        ),
    ]


def _resident_more() -> list[Chapter]:
    return [
        Chapter(
            _("5. Something wrong? Go higher"),
            [
                _(
                    "At the bottom of the page you can turn to the town or the district. You need nobody's leave."
                ),
                _(
                    "About an official's conduct: the discipline inspection takes it; village and town do not see it."
                ),
            ],
        ),
        Chapter(
            _("Larger letters"),
            [_("Tap the letter A at the top of any page. It stays so on this phone.")],
            picture("elder", _("The home page in large letters")),
        ),
        Chapter(
            _("No phone of your own?"),
            [
                _("Ask the grid worker, the village office or a neighbour to tell it for you."),
                _("You get the receipt code on paper."),
            ],
        ),
        Chapter(
            _("Illness, fire, danger"),
            [_("First ring 120, 119 or 110. Then tell us, if something is left to do.")],
        ),
    ]


def staff_chapters() -> dict[str, Chapter]:
    """Everything staff do, by name."""
    return {**_own_work(), **_given_on(), **_together(), **_watched(), **_kept(), **_always()}


def _own_work() -> dict[str, Chapter]:
    return {
        "day": Chapter(
            _("Your day begins with the list"),
            [
                _("“To do” holds what lies in your tray, what you signed for and what you were called to."),
                _("The nearest deadline stands first. Red is past its time, amber is near it."),
                _("Nothing there? Then nothing waits for you. There is no clock-in and no ranking."),
            ],
            picture("list", _("The list of what is to be done")),
        ),
        "claim": Chapter(
            _("Sign for it"),
            [
                _("One tap on “Sign for it”, and it is yours; the resident sees your name."),
                _("Ring the resident soon and note it under “Spoken with the resident”."),
                _("Not signed for in time, it goes one level up by itself."),
            ],
        ),
        "handle": Chapter(
            _("Say what became of it"),
            [
                _("“Done” asks for the result and one sentence for the resident; add a photo of it."),
                _("The resident is asked then. If he says “not yet”, it is yours again."),
                _("Not possible now? Choose “Not possible yet” with the day it is planned for."),
            ],
            picture("case", _("A request on the phone, with the buttons for it")),
        ),
        "return": Chapter(
            _("When it is not yours to settle"),
            [
                _("“Return” sends it one tray up, with the reason; twice at most."),
                _(
                    "Waiting for papers or weather: “Let it rest”. Needs longer: “Ask for more time”, before the deadline."
                ),
                _("The clock of the whole matter goes on. Nobody sets it back."),
            ],
        ),
    }


def _given_on() -> dict[str, Chapter]:
    return {
        "record": Chapter(
            _("Record for somebody"),
            [
                _(
                    "“Record” has three fields: what, whose, where. Ask whether he agrees, and say how he did."
                ),
                _("Print the receipt or read the code aloud: it is his, not yours."),
            ],
            picture("new", _("Recording a request for somebody")),
        ),
        "assign": Chapter(
            _("Give it to somebody, by two keys"),
            [
                _("j and k go through the list. A digit chooses the tray, Enter gives it."),
                _("s chooses several; they are given to one tray together."),
                _("The trays are suggested from the place and the category; why stands under “Why here?”."),
            ],
            picture("desk", _("The desk: list on the left, the request on the right"), "desk"),
        ),
        "find": Chapter(
            _("Find anything"),
            [
                _("Type the number, a word or a place into the search box; / jumps there."),
                _("A whole number is found whatever list or filter is open."),
            ],
        ),
    }


def _together() -> dict[str, Chapter]:
    return {
        "whistle": Chapter(
            _("Whistle for departments"),
            [
                _("“Blow the whistle” calls several departments to one matter; each answers for its part."),
                _("Agree on one plan, in one sentence. Essential parts must be answered before it is done."),
                _("At the end both sides grade each other; the supervisor sees the grades."),
            ],
        ),
        "part": Chapter(
            _("When you are called"),
            [
                _("Open “Called to”. Press “We are there” when you are on it: that stops your clock."),
                _(
                    "“Answer our part” says what you did or why it is not yours by law. The lead stays with the village."
                ),
            ],
            picture("part", _("A part of a department"), "desk"),
        ),
        "village": Chapter(
            _("Your village and its paper"),
            [
                _("“My village” shows the lamp, the grids and who leads them."),
                _("Print contact cards for every household and a notice for the wall there."),
                _("A grid without a lead: what comes in goes to the village's tray."),
            ],
            picture("village", _("The page of a village")),
        ),
    }


def _watched() -> dict[str, Chapter]:
    return {
        "supervise": Chapter(
            _("Supervise"),
            [
                _(
                    "“Overdue” lists what is past its time. “Supervise” marks it yellow or red, with a sentence."
                ),
                _("“Second looks” are hints, not accusations. One press says that you looked."),
                _("You never work on a matter yourself; you see that others do."),
            ],
            picture("desk", _("The desk: list on the left, the request on the right"), "desk"),
        ),
        "callback": Chapter(
            _("Ring back"),
            [
                _("Under “Call-backs” stand matters drawn by lot that the resident did not answer."),
                _("Ring, ask whether it is right, note it. “Not right” opens it again."),
            ],
        ),
        "hotline": Chapter(
            _("While somebody is on the line"),
            [
                _("Ask where first: the place decides who gets it."),
                _(
                    "Type as he speaks; read it back in one sentence; read the receipt code aloud in groups of four."
                ),
                _("A caller who asks for an old matter: type its number into the search box."),
            ],
        ),
    }


def _kept() -> dict[str, Chapter]:
    return {
        "people": Chapter(
            _("People and posts"),
            [
                _("A post is a duty over an area, from a day on. Appoint, end, arrange a stand-in."),
                _("What somebody held returns to its tray when his post ends. Nothing is lost."),
                _("A forgotten password: set a new one; it is shown once."),
            ],
            picture("staff", _("People and their posts")),
        ),
        "rules": Chapter(
            _("Working days and rules"),
            [
                _("Load next year's holidays before November ends: deadlines count by them."),
                _(
                    "Deadlines, routes and duties are dated rules; they are rehearsed before they are adopted."
                ),
            ],
        ),
        "instruct": Chapter(
            _("Instruct"),
            [
                _("“Instruct” writes one sentence into a matter. Whoever has it sees it first."),
                _(
                    "The lamps show what is open now, never how much was told. Telling more makes nobody look worse."
                ),
            ],
        ),
    }


def _always() -> dict[str, Chapter]:
    return {
        "away": Chapter(
            _("When you are away"),
            [
                _("Under “Me” arrange a stand-in for some days. He sees what you see; each deed names both."),
                _("Sign out on a phone that is not yours."),
            ],
        ),
        "paper": Chapter(
            _("On paper"),
            [
                _(
                    "Every request prints as a file copy (PDF). What is half hidden on your page is half hidden on paper."
                ),
                _("Paper with names on it is locked away like any other file."),
            ],
        ),
    }
