"""无线呼叫器: those of one's area with battery, signal, last seen; the life of one."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.http import Http404, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _

from wushi.domain.areas import queries as areas
from wushi.domain.calls import services
from wushi.domain.calls import wire as wires
from wushi.domain.calls.permissions import KEEPERS
from wushi.domain.calls.queries import call_rules
from wushi.domain.calls.queries.pages import (
    calls_of_device,
    device_for,
    device_sums,
    errand_sums,
    errands_at,
    heard_of,
    page_of_devices,
)
from wushi.domain.calls.services import Spot
from wushi.domain.calls.states import DEVICE_MOVES, DeviceState
from wushi.domain.people.queries import person_by_phone
from wushi.edge import live
from wushi.edge.guard import guarded
from wushi.edge.pages import show
from wushi.edge.refusals import FIELDS, status_of
from wushi.kernel.errors import DomainError, NotFound
from wushi.plumbing.pages import PAGE
from wushi.plumbing.personal import mask_name, mask_phone
from wushi.web import frame, labels
from wushi.web.calls.cards import CallCard, card_of, where_of
from wushi.web.devices.forms import BackForm, RegisterForm, SpotForm
from wushi.web.devices.narrowing import after_asked, narrowed, query_of
from wushi.web.forms import Form
from wushi.web.labels import Badge
from wushi.web.labels import calls as said
from wushi.web.routes import SeeOther

HERE = "/work/devices/"
GOOD_SIGNAL, WEAK_SIGNAL = -100, -115


@dataclass(frozen=True)
class DeviceRow:
    """One device in the list or on its own page."""

    id: UUID
    url: str
    uid: str
    model: str
    badge: Badge
    place: str
    person: str
    battery: int | None
    battery_colour: str
    signal: str
    seen_at: datetime | None
    errands: list[Badge] = field(default_factory=list)
    helps: list[str] = field(default_factory=list)


def model_name(key: str) -> str:
    """As its maker calls it."""
    model = wires.models().get(key)
    return f"{model.vendor} {model.name}" if model else key


def _signal(strength: int | None) -> str:
    if strength is None:
        return ""
    word = _("good") if strength >= GOOD_SIGNAL else _("weak") if strength >= WEAK_SIGNAL else _("very weak")
    return f"{word} ({strength} dBm)"


def row_of(device: Any, errands: list[str], *, low: int) -> DeviceRow:
    """In words, with whose it is half hidden."""
    badge = said.DEVICE_STATES[device.state]
    if device.state == DeviceState.INSTALLED and device.silent_at is None:
        badge = said.ERRANDS["silent"]
    person = mask_name(device.person.name) if device.person_id and device.person else ""
    weak = device.battery is not None and device.battery <= low
    return DeviceRow(
        device.id,
        f"{HERE}{device.id}/",
        device.uid,
        model_name(device.model),
        badge,
        f"{where_of(device.area)} {device.place}".strip(),
        person,
        device.battery,
        "red" if weak else "",
        _signal(device.signal),
        device.seen_at,
        [said.ERRANDS[kind] for kind in errands if kind in said.ERRANDS and kind != "silent"],
    )


def _which_words() -> dict[str, str]:
    return {
        "": _("All"),
        "installed": str(said.DEVICE_STATES["installed"].word),
        "silent": str(said.ERRANDS["silent"].word),
        "low": str(said.ERRANDS["battery"].word),
        "stock": str(said.DEVICE_STATES["stock"].word),
        "repair": str(said.DEVICE_STATES["repair"].word),
        "returned": str(said.DEVICE_STATES["returned"].word),
    }


def places_of(request: Any, *, stock: bool) -> list[tuple[str, str]]:
    """Where he may hang a device; for ``stock`` the town and the district may keep them too."""
    found: dict[str, str] = {}
    for area in sorted({post.area for post in request.viewer.posts if post.duty in KEEPERS}, key=len):
        area = area if len(area) >= 6 else request.actor.county
        if stock or len(area) >= 12:
            found[area] = where_of(area)
        if len(area) == 12:
            found |= {p.code: where_of(p.code) for p in areas.places_under(area, "grid")}
        elif len(area) < 12:
            found |= {
                p.code: f"{areas.name_of(p.parent)} {p.name}" for p in areas.places_under(area, "village")
            }
            if not stock and len(area) == 9:
                found |= {p.code: where_of(p.code) for p in areas.places_under(area, "grid")}
    return list(found.items())


def _register_form(request: Any, data: Any = None) -> RegisterForm:
    models = [(key, f"{model.vendor} {model.name}") for key, model in wires.models().items()]
    return RegisterForm(data, models=models, places=places_of(request, stock=True))


def _list(
    request: Any, form: RegisterForm | None = None, refusal: str = "", status: int = 200
) -> HttpResponse:
    actor = request.actor
    narrow = narrowed(request)
    rows = page_of_devices(actor, **narrow, after=after_asked(request), limit=PAGE)
    more, rows = len(rows) > PAGE, rows[:PAGE]
    errands, low = errands_at(actor, rows), call_rules(actor.county).habits.battery_low
    query = query_of(narrow)
    after = urlencode({**query, "after": rows[-1].id}) if more else ""
    return show(
        request,
        page="devices/list.html",
        status=status,
        rows=[row_of(device, errands.get(device.id, []), low=low) for device in rows],
        sums=device_sums(actor),
        open_errands=sum(errand_sums(actor).values()),
        which=[(code, word, code == narrow["which"]) for code, word in _which_words().items()],
        text=narrow["text"],
        narrowed=urlencode(query),
        brings_lists=bool(request.viewer.duties & frame.LIST_KEEPERS),
        form=form or _register_form(request),
        refusal=refusal,
        sets_ways=request.viewer.is_administrator,
        next_url=f"{HERE}?{after}" if after else "",
        **frame.office(request, HERE),
    )


@guarded(KEEPERS)
def devices(request: Any) -> HttpResponse:
    """Search by number or place; one into stock."""
    if request.method != "POST":
        return _list(request)
    with request.reading():
        form = _register_form(request, request.POST)
        good = form.is_valid()
    refusal, status = "", 422
    if good:
        try:
            device = services.register_device(actor=request.actor, **form.cleaned_data)
            return SeeOther(f"{HERE}{device.id}/")
        except DomainError as error:
            refusal, status = form.take(error), status_of(error)
    with request.reading():
        return _list(request, form, refusal, status)


@dataclass(frozen=True)
class DeviceSheet:
    """One device with its life."""

    row: DeviceRow
    door_code: str
    contact: str
    tells_family: bool
    firmware: str
    tested_at: datetime | None
    test_until: datetime | None
    installed_at: datetime | None
    may: list[str]
    heard: list[tuple[str, datetime]]
    calls: list[CallCard]


def _own_phone(device: Any) -> str:
    return device.person.phone if device.person_id and device.person else ""


def _spot_form(request: Any, device: Any, data: Any = None) -> SpotForm:
    first = {
        "area_code": device.area,
        "place": device.place,
        "person_phone": mask_phone(_own_phone(device)),
        "helps": device.helps,
        "contact_name": device.contact_name,
        "contact_phone": mask_phone(device.contact_phone),
        "tells_family": device.tells_family,
    }
    return SpotForm(data, places=places_of(request, stock=False), initial=first)


def _device(request: Any, device_id: UUID) -> Any:
    device = device_for(request.actor, device_id)
    if device is None:
        raise Http404
    return device


def sheet_of(request: Any, device: Any, now: datetime) -> DeviceSheet:
    """What it is, how it is, what may be done with it."""
    low = call_rules(device.county).habits.battery_low
    row = row_of(device, errands_at(request.actor, [device]).get(device.id, []), low=low)
    may = [move.verb for move in DEVICE_MOVES.values() if device.state in move.sources]
    contact = " ".join(part for part in (device.contact_name, mask_phone(device.contact_phone)) if part)
    return DeviceSheet(
        replace(row, helps=[labels.word(said.HELPS, code) for code in device.helps]),
        device.door_code,
        contact,
        device.tells_family,
        device.firmware,
        device.tested_at,
        device.test_until if device.test_until and device.test_until > now else None,
        device.installed_at,
        may,
        [(labels.word(said.KINDS_HEARD, one.kind), one.heard_at) for one in heard_of(request.actor, device)],
        [card_of(call, {}, now) for call in calls_of_device(request.actor, device)],
    )


def _page(
    request: Any, device_id: UUID, *, form: SpotForm | None = None, refusal: str = "", status: int = 200
) -> HttpResponse:
    device, now = _device(request, device_id), timezone.now()
    topic = live.topic("device", device.id)
    return show(
        request,
        page="devices/device.html",
        piece="devices/_state.html",
        status=status,
        device=sheet_of(request, device, now),
        url=f"{HERE}{device.id}/",
        topic=topic,
        spot=form or _spot_form(request, device),
        back=BackForm(),
        refusal=refusal,
        live_ticket=live.ticket(request, [topic]),
        **frame.office(request, HERE),
    )


@guarded(KEEPERS)
def device(request: Any, device_id: UUID) -> HttpResponse:
    """One device: try it, hang it, move it, send it to repair, take it back."""
    return _page(request, device_id)


Deed = Callable[[Any, UUID], Any]
DEEDS: dict[str, Deed] = {
    "try": lambda r, i: services.try_device(actor=r.actor, device_id=i),
    "repair": lambda r, i: services.send_to_repair(actor=r.actor, device_id=i),
    "putback": lambda r, i: services.put_back_device(actor=r.actor, device_id=i),
    "handback": lambda r, i: services.hand_back_device(
        actor=r.actor, device_id=i, reason=r.POST.get("reason", "")
    ),
    "restock": lambda r, i: services.restock_device(actor=r.actor, device_id=i),
}


@guarded(KEEPERS)
def deed(request: Any, device_id: UUID, slug: str) -> HttpResponse:
    """One step of its life, then the page again."""
    try:
        DEEDS[slug](request, device_id)
    except NotFound as error:
        raise Http404 from error
    except DomainError as error:
        with request.reading():
            return _page(request, device_id, refusal=Form().take(error), status=status_of(error))
    return SeeOther(f"{HERE}{device_id}/")


@guarded(KEEPERS)
def spot(request: Any, device_id: UUID, slug: str) -> HttpResponse:
    """安装、移装: where it hangs and for whom."""
    with request.reading():
        known = _device(request, device_id)
        form = _spot_form(request, known, request.POST)
        wanted = _spot(request, form, known) if form.is_valid() else None
    refusal, status = "", 422
    if wanted is not None:
        verb = services.install_device if slug == "install" else services.move_device
        try:
            verb(actor=request.actor, device_id=device_id, spot=wanted)
            return SeeOther(f"{HERE}{device_id}/")
        except DomainError as error:
            refusal, status = form.take(error), status_of(error)
    with request.reading():
        return _page(request, device_id, form=form, refusal=refusal, status=status)


def _spot(request: Any, form: SpotForm, device: Any) -> Spot | None:
    """What the form says; a number left half hidden is the one that stands there already.

    A phone nobody is known by is no person here yet.
    """
    filled = form.cleaned_data
    person = (
        device.person
        if device.person_id and filled["person_phone"] == mask_phone(_own_phone(device))
        else None
    )
    contact = filled["contact_phone"]
    if contact and contact == mask_phone(device.contact_phone):
        contact = device.contact_phone
    if person is None and filled["person_phone"]:
        person = person_by_phone(request.actor.county, filled["person_phone"])
        if person is None:
            form.add_error("person_phone", str(FIELDS["unknown_person"]))
            return None
    return Spot(
        area_code=filled["area_code"],
        place=filled["place"],
        person_id=person.id if person else None,
        household_id=person.household_id if person else None,
        helps=tuple(filled["helps"]),
        contact_name=filled["contact_name"],
        contact_phone=contact,
        tells_family=filled["tells_family"],
    )
