"""Who listens to whom: every subscription of the house, on one page. A listener takes the event and calls verbs."""

from __future__ import annotations

import sys
from pathlib import Path
from uuid import uuid4

from django.conf import settings
from django.utils.translation import gettext as _

from wushi.config.channels import FILE, Kept
from wushi.domain.accounts.events import PostEnded
from wushi.domain.accounts.importing import Staff
from wushi.domain.accounts.services import move_posts
from wushi.domain.accounts.tasks import register_sender
from wushi.domain.areas.events import AreasReplaced, CalendarChanged
from wushi.domain.areas.importing import Grids
from wushi.domain.areas.models import NATION, Version
from wushi.domain.areas.queries import grid_at
from wushi.domain.calls import wire as wires
from wushi.domain.calls.importing import Buttons
from wushi.domain.calls.queries.pages import hanging_for
from wushi.domain.calls.services import free_device
from wushi.domain.cases.events import HistoriesWritten
from wushi.domain.cases.importing import Requests
from wushi.domain.cases.models import Case
from wushi.domain.cases.services import readdress_case, release_case
from wushi.domain.cases.services.assignment import held_by, lying_in
from wushi.domain.imports import registry
from wushi.domain.insight.services import forget_figures
from wushi.domain.notify import carriers
from wushi.domain.notify.rules import SMS
from wushi.domain.outbox.services import leave_job, leave_notice
from wushi.domain.people.events import PersonLeft
from wushi.domain.people.importing import Residents
from wushi.domain.people.services.bonds import FAMILY
from wushi.edge.notices import render
from wushi.gateway import devices, envelopes
from wushi.gateway.channels.console import Console
from wushi.kernel.actor import Actor
from wushi.kernel.events import listen


def wire() -> None:
    """Called once at start."""
    listen(PostEnded, release_what_he_held, tell_of_vacancy)
    listen(AreasReplaced, move_posts_and_trays)
    listen(HistoriesWritten, count_anew)
    listen(CalendarChanged, plan_deadlines_anew)
    listen(PersonLeft, free_what_hung)
    register_sender(code_sender)
    registry.register(Residents(), Staff(), Grids(), Requests(), Buttons())
    wires.register(envelopes.open, devices.decode, devices.models())
    kept = Kept(Path(settings.WUSHI_HOME) / FILE)
    carriers.register(kept, render, lambda: kept.trouble)


def release_what_he_held(event: PostEnded) -> None:
    """Ending a post leaves nothing without a holder: it lies in the tray of the duty again."""
    house = Actor.house(event.actor)
    for case_id in held_by(event.actor.county, event.user_id, event.duty, event.area):
        release_case(actor=house, case_id=case_id, now=event.at)


def count_anew(event: HistoriesWritten) -> None:
    """So many at once, in so long a transaction, are missed by no figure."""
    forget_figures(event.county)


def tell_of_vacancy(event: PostEnded) -> None:
    """Every level above sees the vacancy at once on its open pages."""
    if event.vacant:
        leave_notice(f"staff:{event.area[:n]}" for n in (12, 9, 6) if n < len(event.area))


def move_posts_and_trays(event: AreasReplaced) -> None:
    """Posts and what lies in trays go to the successor; after a split, by the point on the map where there is one."""
    house = Actor.house(event.actor)
    for old in event.old:
        move_posts(actor=house, old=old, new=event.new[0], now=event.at)
        for case_id in lying_in(event.actor.county, old):
            case = Case.objects.get(county=event.actor.county, id=case_id)
            target = event.new[0]
            if len(event.new) > 1 and case.longitude is not None and case.latitude is not None:
                found = grid_at(event.actor.county, case.longitude, case.latitude).grid
                target = found if found in event.new else target
            readdress_case(actor=house, case_id=case_id, area=target, now=event.at)


def free_what_hung(event: PersonLeft) -> None:
    """The wireless callers of somebody who died or moved away forget whom to tell; the village collects them."""
    house = Actor.house(event.actor)
    for device_id in hanging_for(event.actor.county, event.person_id):
        free_device(actor=house, device_id=device_id, reason=event.reason, now=event.at)


def plan_deadlines_anew(event: CalendarChanged) -> None:
    """Holidays or working hours changed: running clocks are planned anew in the background, county by county."""
    counties = [event.county]
    if event.county == NATION:
        counties = list(Version.objects.order_by("county").values_list("county", flat=True))
    for county in counties:
        leave_job("cases.replan", county=county, cause="calendar", open_too=0)


def code_sender(phone: str, code: str, about: str = "") -> None:
    """A code by text message where a provider is set up, else on the console; it stands in no ledger."""
    carrier = carriers.carrier_of(SMS)
    if carrier is None or isinstance(carrier, Console) or not carrier.filed:
        print(f"{about or 'sign-in'} code for {phone}: {code}", file=sys.stdout, flush=True)
        return
    text = _("Your code is %(code)s. It is good for ten minutes; nobody will ask you for it.") % {
        "code": code
    }
    kind = "accounts.code"
    if about == FAMILY:
        kind = "people.family_code"
        text = _(
            "%(code)s: a relative asks to see your requests and to report for you. Read it out only if you agree."
        ) % {"code": code}
    letter = carriers.Letter(uuid4().hex, phone, text, kind, {"code": code}, urgent=True)
    answer = carrier.send(letter)
    if answer.result not in (carriers.Result.SENT, carriers.Result.UNSURE):
        # the job is tried again; the code is in no log
        raise RuntimeError(f"code not sent: {answer.result} {answer.code}")
