"""The small forms of the verbs, and the intake on somebody's behalf."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from wushi.web.cases.forms import others, plain, time, together
from wushi.web.cases.forms.intake import IntakeForm
from wushi.web.cases.forms.plain import Asked, Words
from wushi.web.forms import Form
from wushi.web.labels import Verb

# slug -> the form of its verb; what is not here is one tap, or asks for words only.
FORMS: dict[str, Callable[[Asked, Any], Form]] = {
    "assign": plain.Assign,
    "transfer": plain.Transfer,
    "handle": plain.Handle,
    "return": plain.Return,
    "decline": plain.Decline,
    "official": plain.Accused,
    "contact": plain.Contact,
    "supervise": plain.Supervise,
    "callback": plain.CallBack,
    "extend": time.Extend,
    "decide": time.Decide,
    "pause": time.Pause,
    "merge": others.Merge,
    "link": others.LinkTo,
    "split": others.Split,
    "revise": others.Revise,
    "whistle": together.Whistle,
    "endwhistle": together.EndWhistle,
    "partner": together.AskPartner,
    "release": together.ReleasePart,
    "answer": together.AnswerPart,
    "grade": together.GradePart,
}


def form_for(verb: Verb, asked: Asked, data: Any = None) -> Form | None:
    """The verb's form; None for what is one tap."""
    return None if verb.at_once else FORMS.get(verb.slug, Words)(asked, data)


__all__ = ["Asked", "IntakeForm", "form_for"]
