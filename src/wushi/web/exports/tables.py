"""The lists that can be taken along: their columns and rows, read as the reader reads them and no further."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from wushi.domain.accounts import queries as accounts
from wushi.domain.accounts.duties import ANY_STAFF, Duty
from wushi.domain.areas import queries as areas
from wushi.domain.calls.permissions import KEEPERS, LINE_DUTIES, may_ring
from wushi.domain.calls.queries.pages import errands_at, page_of_devices
from wushi.domain.calls.queries.watch import page_of_calls
from wushi.domain.cases import queries as cases
from wushi.domain.notify import queries as notify
from wushi.domain.people.queries import people_by_id
from wushi.plumbing.pages import Cursor
from wushi.plumbing.personal import mask_name, mask_phone
from wushi.web import asked, labels
from wushi.web.calls.cards import name_of
from wushi.web.calls.views import SEERS, area_asked
from wushi.web.cases.filters import narrowing_of
from wushi.web.cases.views import wanted_list
from wushi.web.devices.narrowing import narrowed
from wushi.web.devices.views import model_name
from wushi.web.labels import calls as said
from wushi.web.labels.channels import CHANNELS, STATES
from wushi.web.offered import handles

CHUNK = 1000
Rows = Iterator[Sequence[str]]


@dataclass(frozen=True)
class Listing:
    """A list: its name, who may take it, its heads, its rows; ``whole`` numbers only where a reason was given."""

    word: Any
    duties: frozenset[str]
    heads: Callable[[], list[str]]
    rows: Callable[[Any, bool], Rows]
    back: str


def _day(at: Any) -> str:
    return date_format(timezone.localtime(at), "Y-m-d H:i") if at else ""


def _case_heads() -> list[str]:
    return [
        *(_("Number"), _("State"), _("Kind"), _("How urgent?"), _("What it is about"), _("Place"), _("Area")),
        *(_("Told on"), _("Deadline"), _("Holder"), _("Unit"), _("Who told it"), _("Phone")),
    ]


def _case_rows(request: Any, whole: bool) -> Rows:
    actor = request.actor
    name, narrow, text = wanted_list(request), narrowing_of(request), asked.words(request, "q", 60)
    wanted = cases.Wanted("area" if name == "todo" else name, text, **narrow.said)
    units, after = accounts.unit_names(actor.county), None
    while True:
        page = cases.page_for(actor, wanted, after, CHUNK)
        holders = accounts.names_of(case.holder_id for case in page.rows if case.holder_id)
        people = people_by_id(actor, (case.reporter_id for case in page.rows if case.reporter_id))
        for case in page.rows:
            person = people.get(case.reporter_id) if case.reporter_id else None
            # a whole number only where the matter's own page would give it: to those who handle it
            shown = whole and person is not None and handles(actor, case)
            yield (
                case.number,
                str(labels.STAFF_STATES[case.state].word)
                if case.state in labels.STAFF_STATES
                else case.state,
                labels.word(labels.KINDS, case.kind),
                labels.word(labels.URGENCIES, case.urgency),
                case.title,
                case.place,
                areas.name_of(case.grid or case.village or case.town),
                _day(case.opened_at),
                _day(case.due_at),
                holders.get(case.holder_id, "") if case.holder_id else "",
                units.get(case.unit, ""),
                "" if person is None else person.name if shown else mask_name(person.name),
                "" if person is None else person.phone if shown else mask_phone(person.phone),
            )
        if not page.next_cursor:
            return
        after = Cursor.decode(page.next_cursor)


def _staff_heads() -> list[str]:
    return [_("Name"), _("User name"), _("Duty"), _("Area"), _("Code"), _("Unit"), _("Since"), _("Phone")]


def _staff_rows(request: Any, whole: bool) -> Rows:
    who = asked.words(request, "who", 40)
    units = accounts.unit_names(request.actor.county)
    for post in accounts.staff_of(request.actor, timezone.localdate()).iterator(chunk_size=CHUNK):
        place = areas.name_of(post.area)
        if who and not any(who in text for text in (post.user.name, post.user.username, place)):
            continue
        yield (
            post.user.name,
            post.user.username,
            labels.word(labels.DUTIES, post.duty),
            place,
            post.area,
            units.get(post.unit, ""),
            post.valid_from.isoformat(),
            post.user.phone if whole else mask_phone(post.user.phone),
        )


def _flag_heads() -> list[str]:
    return [_("What it is about"), _("Number"), _("Title"), _("When"), _("Looked at")]


def _flag_rows(request: Any, whole: bool) -> Rows:
    rows = cases.flags_for(request.actor)
    known = {
        case.id: case for case in cases.visible_to(request.actor).filter(id__in=[row.case_id for row in rows])
    }
    for row in rows:
        case = known.get(row.case_id) if row.case_id else None
        yield (
            labels.word(labels.FLAGS, row.kind),
            case.number if case else "",
            case.title if case else "",
            _day(row.raised_at),
            _day(row.seen_at),
        )


def _notice_heads() -> list[str]:
    return [_("When"), _("Channel"), _("State"), _("To"), _("Tries")]


def _notice_rows(request: Any, whole: bool) -> Rows:
    found = notify.ledger_for(request.actor)
    for name, table in (("state", STATES), ("channel", CHANNELS)):
        if request.GET.get(name, "") in table:
            found = found.filter(**{name: request.GET[name]})
    for row in found.iterator(chunk_size=CHUNK):
        yield (
            _day(row.created_at),
            str(CHANNELS.get(row.channel, row.channel)),
            str(STATES[row.state].word),
            row.address if whole else mask_phone(row.address),
            str(row.tries),
        )


def _call_heads() -> list[str]:
    return [
        *(_("When"), _("Area"), _("Place"), _("How urgent is the call?"), _("How it came"), _("State")),
        *(_("To answer"), _("To be there"), _("What was it?"), _("Rating"), _("Who told it"), _("Phone")),
    ]


def _call_rows(request: Any, whole: bool) -> Rows:
    actor, after = request.actor, None
    while True:
        rows = page_of_calls(actor, area=area_asked(request), after=after, limit=CHUNK)
        for call in rows[:CHUNK]:
            shown = whole and may_ring(actor, call)
            yield (
                _day(call.opened_at),
                areas.name_of(call.grid or call.village or call.town),
                call.place,
                str(said.URGENCIES[call.urgency].word),
                labels.word(said.WAYS, call.way),
                str(said.STATES[call.state].word),
                _day(call.acknowledged_at),
                _day(call.arrived_at),
                labels.word(said.FINDINGS, call.finding) if call.finding else "",
                labels.word(said.RATINGS, call.rating) if call.rating else "",
                name_of(call, whole=shown),
                call.phone if shown else mask_phone(call.phone),
            )
        if len(rows) <= CHUNK:
            return
        after = rows[CHUNK - 1].opened_at, rows[CHUNK - 1].id


def _device_heads() -> list[str]:
    return [
        *(_("Number of the device"), _("Model"), _("State"), _("Area"), _("Code"), _("Where exactly")),
        *(_("Person"), _("Family"), _("Phone"), _("Battery"), _("Signal"), _("Last heard"), _("Last tried")),
        _("To be seen to"),
    ]


def _device_rows(request: Any, whole: bool) -> Rows:
    actor, narrow, after = request.actor, narrowed(request), None
    while True:
        rows = page_of_devices(actor, **narrow, after=after, limit=CHUNK)
        errands = errands_at(actor, rows[:CHUNK])
        for device in rows[:CHUNK]:
            name = device.person.name if device.person_id and device.person else ""
            # whole only for whom a call of this place would give them: those it rings
            shown = whole and actor.holds(*LINE_DUTIES, over=device.area)
            yield (
                device.uid,
                model_name(device.model),
                str(said.DEVICE_STATES[device.state].word),
                areas.name_of(device.area),
                device.area,
                device.place,
                name if shown else mask_name(name),
                device.contact_name if shown else mask_name(device.contact_name),
                device.contact_phone if shown else mask_phone(device.contact_phone),
                "" if device.battery is None else f"{device.battery} %",
                "" if device.signal is None else f"{device.signal} dBm",
                _day(device.seen_at),
                _day(device.tested_at),
                _(", ").join(str(said.ERRANDS[kind].word) for kind in errands.get(device.id, [])),
            )
        if len(rows) <= CHUNK:
            return
        after = rows[CHUNK - 1].id


LISTS = {
    "devices": Listing(
        gettext_lazy("Wireless callers"), KEEPERS, _device_heads, _device_rows, "/work/devices/"
    ),
    "calls": Listing(gettext_lazy("Calls"), SEERS, _call_heads, _call_rows, "/work/calls/"),
    "cases": Listing(gettext_lazy("Requests"), frozenset(ANY_STAFF), _case_heads, _case_rows, "/work/"),
    "staff": Listing(
        gettext_lazy("People and posts"),
        frozenset({Duty.DISTRICT_ADMIN}),
        _staff_heads,
        _staff_rows,
        "/work/staff/",
    ),
    "flags": Listing(
        gettext_lazy("Second looks"), frozenset(ANY_STAFF), _flag_heads, _flag_rows, "/work/flags/"
    ),
    "notices": Listing(
        gettext_lazy("Messages sent"),
        frozenset({Duty.DISTRICT_ADMIN}),
        _notice_heads,
        _notice_rows,
        "/work/notices/",
    ),
}
