"""What stands on the file copy of a request and on a resident's receipt. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from wushi.edge.receipts import spaced
from wushi.web import words
from wushi.web.cases.sheet import CaseSheet
from wushi.web.told import Told
from wushi.web.track.cards import ResidentCase

# The numbers of the whole country: the government's line, police, fire, ambulance.
GOVERNMENT, POLICE, FIRE, AMBULANCE = "12345", "110", "119", "120"


def lang() -> str:
    """The language in force, as typst names it."""
    return "en" if (get_language() or "").startswith("en") else "zh"


def day_and_hour(at: datetime) -> str:
    """GB/T 9704: 2026年1月5日, no zeros before; the hour with it."""
    local = timezone.localtime(at)
    return f"{date_format(local, _('M j, Y'))} {local.strftime('%-H:%M')}"


def numbers() -> list[str]:
    """Whom to ring when nothing else helps."""
    return [
        _("Government hotline %(number)s, day and night") % {"number": GOVERNMENT},
        _("Illness, fire or danger: %(ill)s · %(fire)s · %(police)s")
        % {"ill": AMBULANCE, "fire": FIRE, "police": POLICE},
    ]


def paragraphs(text: str) -> list[str]:
    """A text's paragraphs."""
    return [line for line in (part.strip() for part in text.splitlines()) if line]


def _step(step: Told) -> dict[str, Any]:
    lines = [*paragraphs(step.words), *(str(fact) for fact in step.facts)]
    return {"at": day_and_hour(step.at) if step.at else "", "title": str(step.title), "lines": lines}


def _list(title: str, lines: Iterable[Any]) -> list[dict[str, Any]]:
    found = [str(line) for line in lines]
    return [{"title": title, "lines": found}] if found else []


def of_case(sheet: CaseSheet, *, now: datetime, reader: str, photos: Sequence[str]) -> dict[str, Any]:
    """The file copy, as its reader sees the request: what is masked on his page is masked on his paper."""
    facts = [
        [_("Number"), sheet.number],
        [_("Received"), day_and_hour(sheet.opened_at)],
        [_("As it stands"), " · ".join(str(badge.word) for badge in sheet.badges)],
        *([str(fact.name), str(fact.value)] for fact in sheet.facts),
    ]
    others = [f"{other.title} · {other.line}" for other in sheet.linked]
    return {
        "lang": lang(),
        "title": sheet.title,
        "subtitle": _("Request %(number)s, printed on %(day)s by %(who)s")
        % {"number": sheet.number, "day": day_and_hour(now), "who": reader},
        "facts": facts,
        "notes": [str(note.words) for note in sheet.notes],
        "text": paragraphs(sheet.text),
        "photos": list(photos),
        "clocks": [[str(c.name), str(c.word), str(c.line)] for c in sheet.clocks],
        "lists": [
            *_list(_("Why here, and why by then?"), sheet.why),
            *_list(_("What happens by itself, if nobody does anything"), sheet.coming),
            *_list(_("Linked with it"), others),
        ],
        "steps": [_step(step) for step in reversed(sheet.timeline)],
        "words": {
            "told": _("In the resident's words"),
            "clocks": _("Deadlines"),
            "steps": _("What happened"),
            "when": _("When"),
            "what": _("What"),
            "photo": _("Photo of the matter"),
            "foot": _("Wushi"),
        },
    }


def of_receipt(case: ResidentCase, raw: Any, *, place: str, address: str, qr: str) -> dict[str, Any]:
    """One side to take home: the code, whom it lies with, by when, whom to ring."""
    now = timezone.now()
    facts = [[_("Number"), case.number], [_("Where"), place], [_("Told"), day_and_hour(raw.opened_at)]]
    if case.final:
        facts.append([_("How it ended"), str(case.final.words)])
    else:
        facts.append([_("Who has it"), case.holder.line])
        if case.holder.phone:
            facts.append([_("Phone"), case.holder.phone])
    if case.due and not case.due.rests:
        facts.append([_("At the latest"), f"{day_and_hour(raw.due_at)} ({words.deadline(raw.due_at, now)})"])
    return {
        "lang": lang(),
        "title": _("Receipt"),
        "subject": case.title,
        "code": spaced(case.code),
        "address": address,
        "qr": qr,
        "facts": facts,
        "numbers": numbers(),
        "words": {
            "code": _("Receipt code"),
            "address": _("Scan it, or type this address"),
            "keep": _("Whoever has the code sees the progress and can answer for you."),
            "stuck": _("If it does not move"),
            "qr_alt": _("QR code of the tracking page"),
            "foot": _("Wushi"),
        },
    }
