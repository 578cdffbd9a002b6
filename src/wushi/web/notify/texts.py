"""The exact texts notices go out with, by channel and language, read before anything is sent."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.http import HttpResponse
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from wushi.domain.accounts.duties import Duty
from wushi.domain.notify import services
from wushi.edge.guard import guarded
from wushi.edge.notices import VARIABLES, WORDINGS
from wushi.edge.pages import show
from wushi.web import frame
from wushi.web.labels.channels import CHANNELS

HERE = "/work/notices/texts/"
# one paid text message in China
PAID = 70
LANGUAGES = {"zh-hans": _("Chinese"), "en": _("English")}
# invented, and of the length such things have
SAMPLE: dict[str, Any] = {
    "number": "YJ-20261123-0001-6",
    "receipt": "341504ABCDEFGHJKMN",
    "place": "孙岗村",
    "due": "2026-11-26T18:00:00+08:00",
    "until": "2026-12-08",
    "clock": "resolution",
    "who": "138****0000",
    "channel": "sms",
    "minutes": 15,
    "n": 4,
    "at": "2026-11-23T14:05:00+08:00",
    "urgency": "emergency",
    "what": "battery",
    "numbers": ["YJ-20261123-0001-6", "YJ-20261123-0002-4"],
}


@dataclass(frozen=True)
class TextLine:
    """A kind of notice and its text; how many characters, and what a template would have to hold."""

    title: str
    text: str
    length: int
    parts: int
    code: str
    variables: str


def _line(kind: str, language: str, channel: str) -> TextLine:
    link = "/r/341504ABCDEFGHJKMN/" if "receipt" in VARIABLES.get(kind, ()) else "/work/"
    text = services.preview(kind, {**SAMPLE, "link": link}, language=language, channel=channel)
    variables = ", ".join(VARIABLES.get(kind, ()))
    return TextLine(str(WORDINGS[kind].title), text, len(text), -(-len(text) // PAID), kind, variables)


@guarded(Duty.DISTRICT_ADMIN)
def texts(request: Any) -> HttpResponse:
    """Every kind as this channel says it, with invented numbers."""
    channel, language = request.GET.get("channel", ""), request.GET.get("language", "")
    channel = channel if channel in CHANNELS else "sms"
    language = language if language in LANGUAGES else (get_language() or "zh-hans")
    return show(
        request,
        page="notify/texts.html",
        lines=[_line(kind, language, channel) for kind in WORDINGS],
        paid=channel == "sms",
        channels=[(code, word, code == channel) for code, word in CHANNELS.items()],
        languages=[(code, word, code == language) for code, word in LANGUAGES.items()],
        **frame.office(request, "/work/notices/"),
    )
