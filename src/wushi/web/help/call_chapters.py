"""What the help says of calls: pressing, coming, the duty room, the devices."""

from __future__ import annotations

from django.utils.translation import gettext as _

from wushi.web.help.chapters import Chapter, picture


def resident_calls() -> list[Chapter]:
    """For whoever is in need."""
    return [
        Chapter(
            _("In need? Call, and somebody comes"),
            [
                _("Tap “Call the secretary” on the first page, then one of the two large buttons."),
                _(
                    "The secretary is rung at once. If he does not answer, the next one is, until somebody comes."
                ),
                _("Your phone shows who has seen it and who is on the way."),
                _("Pressed by mistake? Say so. Somebody asks all the same whether you are well."),
            ],
            picture("calling", _("The page of somebody who calls")),
        ),
        Chapter(
            _("The button at home"),
            [
                _("Press it once. You need no phone for it."),
                _("Press it once a month to try it; tell the grid worker before."),
                _("Nothing rings at the neighbours'."),
            ],
        ),
    ]


def staff_calls() -> dict[str, Chapter]:
    """For those who are rung, who watch, and who keep the devices."""
    return {**_rung(), **_kept()}


def _rung() -> dict[str, Chapter]:
    return {
        "ring": Chapter(
            _("A call rings"),
            [
                _("Tap “Acknowledge: I am coming”. It stops ringing everywhere; the caller reads your name."),
                _("“Set out” when you go, “Arrived” when you are there. Then “End” says what it was."),
                _("Nothing ends before somebody was there. A photo is never asked for."),
                _("You cannot come? “Give back”, and the next one is rung at once."),
                _("Try it today: “Calls”, “Try the ring”. Keep one page open, and the sound on."),
            ],
            picture("ring", _("A call that rings on the phone")),
        ),
        "duty": Chapter(
            _("The duty room"),
            [
                _(
                    "Every open call stands there: who is rung, who comes next, what is late. It moves by itself."
                ),
                _("“Watch roster”: who is rung at night in the place of a post's holder."),
                _("“Who is rung when” shows the order of ringing; the district's administrator changes it."),
            ],
            picture("duty", _("The duty room of a town"), "desk"),
        ),
    }


def _kept() -> dict[str, Chapter]:
    return {
        "callers": Chapter(
            _("The wireless callers of your village"),
            [
                _("A button that is dead is an alarm too: see to “lost contact” and batteries first."),
                _("A new one: enter its number, “Try it”, let it be pressed once, then say where it hangs."),
                _("Print its label and stick it beside it. Scanned on arrival, it says that you are there."),
            ],
        ),
        "buttons": Chapter(
            _("Wireless callers, for the whole district"),
            [
                _("“Ways in” sets up where their messages come from. The secret is shown once: keep it."),
                _("“Bring in a list” takes thousands as a spreadsheet; you see every row before it counts."),
                _("“Print labels” prints what the list shows, 24 on a sheet. No name stands on them."),
                _("“Who is rung when”: a new order begins on the day you choose."),
            ],
            picture("devices", _("The list of wireless callers")),
        ),
    }
