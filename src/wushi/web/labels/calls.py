"""Words of calls and wireless callers: states, findings, what helps, errands; the verbs as officials say them."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from wushi.web.labels import Badge, Word

URGENCIES = {
    "emergency": Badge("solid", "bell", pgettext_lazy("call", "emergency")),
    "ordinary": Badge("green", "bell", pgettext_lazy("call", "help wanted")),
}
STATES = {
    "ringing": Badge("red", "bell", pgettext_lazy("call", "ringing")),
    "acknowledged": Badge("amber", "check", pgettext_lazy("call", "acknowledged")),
    "on_way": Badge("amber", "walk", pgettext_lazy("call", "on the way")),
    "arrived": Badge("dai", "pin", pgettext_lazy("call", "arrived")),
    "ended": Badge("green", "check", pgettext_lazy("call", "ended")),
    "followed_up": Badge("green", "phone", pgettext_lazy("call", "followed up")),
    "rated": Badge("green", "smile", pgettext_lazy("call", "rated")),
    "archived": Badge("", "archive", pgettext_lazy("call", "laid away")),
}
LATE = Badge("red", "alert", pgettext_lazy("call", "beyond the promise"))
TAKEN_BACK = Badge("amber", "undo", _("says it was a mistake"))
STAND_IN = Badge("", "people", _("came in the secretary's place"))
WAYS = {
    "button": _("wireless caller"),
    "page": pgettext_lazy("call way", "resident's page"),
    "family": _("the family, from elsewhere"),
    "phone": _("telephone, written down"),
    "probe": _("trial of the installation"),
}
HOWS = {
    "word": _("by their word"),
    "press": _("the person pressed again"),
    "door": _("by the code at the door"),
    "fix": _("by one position, given freely"),
}
FINDINGS = {
    "helped": _("Helped on the spot"),
    "hospital": _("Taken to a doctor"),
    "company": _("Wanted to talk, or somebody to come"),
    "device": _("The device was at fault"),
    "nobody": _("Nobody was there"),
    "other": _("Something else"),
    "mistaken": _("Pressed by mistake"),
    "case": _("Became a request"),
}
# what one may choose when it ends; a mistake has a verb of its own, a request is made first
CHOOSABLE = ("helped", "hospital", "company", "device", "nobody", "other")
SPOKE = {"phone": _("I rang them: it was a mistake"), "there": _("I was there: it was a mistake")}
SERVICES = {"110": _("police"), "119": _("fire brigade"), "120": _("ambulance")}
RATINGS = {
    "satisfied": _("Satisfied"),
    "neutral": _("So-so"),
    "dissatisfied": _("Not satisfied"),
}
HELPS = {
    "alone": _("lives alone"),
    "hard_of_hearing": _("hard of hearing"),
    "poor_sight": _("sees badly"),
    "walks_badly": _("walks badly"),
    "bedridden": _("in bed"),
    "dialect": _("speaks dialect only"),
    "key_next_door": _("the neighbour has a key"),
    "dog": _("a dog in the yard"),
}
ERRANDS = {
    "silent": Badge("red", "off", _("lost contact")),
    "repair": Badge("red", "settings", _("to be repaired")),
    "battery": Badge("amber", "hour", _("battery low")),
    "battery_urgent": Badge("red", "hour", _("battery nearly empty")),
    "tamper": Badge("red", "alert", _("was opened")),
    "old_press": Badge("amber", "alert", _("told of an old press")),
    "too_much": Badge("amber", "alert", _("sends too much")),
    "collect": Badge("amber", "undo", _("to be collected")),
    "untested": Badge("amber", "ask", _("not tested")),
    "inform": Badge("dai", "talk", _("to be told afterwards")),
}
ERRAND_LINES = {
    "silent": _("It has not been heard for too long. Go and look: socket, battery, place."),
    "repair": _("Silent for two days: send it to repair and lend another one."),
    "battery": _("Change the battery."),
    "battery_urgent": _("Change the battery today."),
    "tamper": _("Its lid was opened. Look at it and ask what happened."),
    "old_press": _("A press came in long after it was made, and rang nobody. Ask whether all is well."),
    "too_much": _("For a while only its red presses are heard. Look whether it is stuck or broken."),
    "collect": _(
        "Whom it was for died or moved away; whom to tell is forgotten already. Collect it, or hang it anew for who remains."
    ),
    "untested": _("Nobody has tried it for too long: let it be pressed once."),
    "inform": _(
        "It was an emergency: tell the person what was done with what is known of them (law on personal information, article 18)."
    ),
}
TOLD_HOW = {
    "there": _("Told in person"),
    "phone": _("Told by telephone"),
    "paper": _("Told on paper"),
    "nobody_left": _("Nobody is left to be told"),
}
DONE_HOW = {
    **TOLD_HOW,
    "done": _("seen to"),
    "device": _("over with the device"),
    "heard": _("heard again"),
    "charged": _("battery is well again"),
    "tested": _("was tried"),
}
DEVICE_STATES = {
    "stock": Badge("", "archive", pgettext_lazy("device", "in stock")),
    "installed": Badge("green", "check", pgettext_lazy("device", "installed")),
    "repair": Badge("amber", "settings", pgettext_lazy("device", "in repair")),
    "returned": Badge("", "undo", pgettext_lazy("device", "handed back")),
}
BACK_REASONS = {
    "death": _("The person died"),
    "moved": _("The person moved away"),
    "not_wanted": _("It is not wanted any more"),
    "broken": _("It is broken for good"),
    "other": _("Another reason"),
}
ENVELOPES = {
    "chirpstack": "ChirpStack v4",
    "tts": "The Things Stack",
    "onenet": "OneNET",
    "ctwing": "CTWing / AEP",
    "plain": _("plain JSON"),
}
PROOFS = {"token": _("a secret in a header"), "hmac": "HMAC-SHA256", "onenet": _("OneNET's own signature")}
WIRES = {
    "waiting": _("waiting to be read"),
    "read": pgettext_lazy("message", "read"),
    "doubled": _("copies"),
    "undecodable": _("could not be read"),
    "unknown": _("of unknown devices"),
    "old": _("not of now"),
    "aside": _("set aside"),
}
KINDS_HEARD = {
    "press": _("pressed"),
    "press_long": _("pressed long"),
    "press_double": _("pressed twice"),
    "press_sos": _("pressed, red"),
    "release": _("let go"),
    "cancel": _("taken back at the device"),
    "test": _("tried"),
    "tamper": _("was opened"),
}


@dataclass(frozen=True)
class CallVerb:
    """A verb as a button: its slug in the address, its word, its icon."""

    code: str
    slug: str
    word: Word
    icon: str


VERBS = {
    verb.code: verb
    for verb in (
        CallVerb("acknowledge_call", "acknowledge", pgettext_lazy("call verb", "Acknowledge"), "check"),
        CallVerb("set_out", "setout", pgettext_lazy("call verb", "Set out"), "walk"),
        CallVerb("arrive_at_call", "arrive", pgettext_lazy("call verb", "Arrived"), "pin"),
        CallVerb("end_call", "end", pgettext_lazy("call verb", "End"), "check"),
        CallVerb("end_mistaken_call", "mistaken", pgettext_lazy("call verb", "Mistaken press"), "undo"),
        CallVerb("turn_call_into_case", "case", pgettext_lazy("call verb", "Turn into a request"), "doc"),
        CallVerb("hand_to_service", "service", pgettext_lazy("call verb", "Called 110, 119, 120"), "phone"),
        CallVerb("release_call", "release", pgettext_lazy("call verb", "Give back"), "redo"),
        CallVerb("take_over_call", "takeover", pgettext_lazy("call verb", "Take over"), "people"),
        CallVerb("follow_up_call", "followup", pgettext_lazy("call verb", "Follow up"), "phone"),
        CallVerb("note_call", "note", pgettext_lazy("call verb", "Add a word"), "talk"),
    )
}
# what each step is called afterwards: (icon, words for staff)
TOLD = {
    "open_call": ("bell", _("Called")),
    "press_again": ("bell", _("Pressed again")),
    "ring_next": ("bell", _("Rang")),
    "take_back_call": ("undo", _("The caller says it was a mistake")),
    "acknowledge_call": ("check", pgettext_lazy("call step", "Acknowledged")),
    "release_call": ("redo", _("Cannot come after all: it rings on")),
    "take_over_call": ("people", _("Taken over")),
    "set_out": ("walk", _("Set out")),
    "arrive_at_call": ("pin", pgettext_lazy("call step", "Arrived")),
    "confirm_arrival": ("check", _("The arrival was borne out")),
    "hand_to_service": ("phone", _("Called too")),
    "note_call": ("talk", _("Added a word")),
    "end_call": ("check", pgettext_lazy("call step", "Ended")),
    "end_mistaken_call": ("undo", _("A mistaken press, after a word with the person")),
    "turn_call_into_case": ("doc", _("Became a request")),
    "follow_up_call": ("phone", pgettext_lazy("call step", "Followed up")),
    "rate_call": ("smile", pgettext_lazy("call step", "Rated")),
    "archive_call": ("archive", pgettext_lazy("call step", "Laid away")),
    "mark_call_late": ("alert", _("A promise has passed")),
    "close_test_call": ("archive", _("The trial came out")),
}
LATE_WHAT = {"acknowledge": _("nobody answered in time"), "arrive": _("nobody was there in time")}
