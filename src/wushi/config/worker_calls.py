"""The worker's loops for calls: what devices sent is read, ladders go on, promises pass, devices fall silent."""

from __future__ import annotations

import functools
import json
import ssl
import threading
import time
import urllib.request
from collections.abc import Callable
from uuid import UUID

import psycopg
import structlog
from django.conf import settings

from wushi.kernel.actor import Actor

log = structlog.get_logger("wushi.worker")
# While messages come in they are looked for this often, otherwise at leisure: a look costs a statement a county.
BUSY_SECONDS, QUIET_SECONDS, BUSY_FOR_SECONDS = 0.015, 0.1, 30.0
LADDER_SECONDS = 1.0
PROMISE_SECONDS = 20.0
DEVICE_SECONDS = 60.0
COUNTIES_SECONDS = 5.0
# how often it is asked whether a trial is due (the county's habits say how often), and how long one is waited for
PROBE_SECONDS, LISTEN_SECONDS = 15.0, 60.0

Tried = Callable[..., object]


class Counties:
    """Which counties there are, asked for at most every few seconds."""

    def __init__(self, ask: Callable[[], list[str] | None]) -> None:
        self._ask, self._known, self._at = ask, list[str](), float("-inf")

    def __call__(self) -> list[str]:
        """By code."""
        if time.monotonic() - self._at > COUNTIES_SECONDS:
            self._known = self._ask() or self._known
            self._at = time.monotonic()
        return self._known


def read_forever(stop: threading.Event, counties: Counties, tried: Tried, wake: threading.Event) -> None:
    """What devices sent is read as it comes; the relay is woken, so that nobody waits for its next look."""
    from wushi.domain.calls.services import read_wires

    busy_until = 0.0
    while not stop.is_set():
        found = 0
        for county in counties():
            read = tried(functools.partial(read_wires, county, _failed, told=wake.set), county=county)
            found += read if isinstance(read, int) else 0
        if found:
            # while they were read others may have come
            busy_until = time.monotonic() + BUSY_FOR_SECONDS
        else:
            stop.wait(BUSY_SECONDS if time.monotonic() < busy_until else QUIET_SECONDS)


def ladders_forever(stop: threading.Event, counties: Counties, tried: Tried, wake: threading.Event) -> None:
    """Rungs whose time has come, every second; promises that passed and devices that fell silent now and then."""
    from wushi.domain.calls.services import sweep_calls, sweep_devices, sweep_rungs

    promises = devices = 0.0
    while not stop.is_set():
        for county in counties():
            if tried(functools.partial(sweep_rungs, county, _failed), county=county):
                wake.set()
        if time.monotonic() - promises > PROMISE_SECONDS:
            promises = time.monotonic()
            for county in counties():
                tried(functools.partial(sweep_calls, county, _failed), county=county)
        if time.monotonic() - devices > DEVICE_SECONDS:
            devices = time.monotonic()
            for county in counties():
                tried(functools.partial(sweep_devices, county, _failed), county=county)
        stop.wait(LADDER_SECONDS)


def _failed(what: UUID, error: Exception) -> None:
    log.error("call", id=str(what), exc_info=error)


def probes_forever(stop: threading.Event, counties: Counties, tried: Tried) -> None:
    """The emergency path tries itself: in by a callback as any button's, out where open pages would hear it.

    What tells of a trial that was lost goes by messages to the administrators, which need neither that path nor its relay.
    """
    from wushi.domain.calls.services.probing import lost_probes, tell_of_lost_probe

    while not stop.wait(PROBE_SECONDS):
        for county in counties():
            tried(functools.partial(_try_path, county), county=county)
            for probe in tried(functools.partial(lost_probes, county), county=county) or ():  # type: ignore[attr-defined]
                log.error("the emergency path does not carry", county=county, sent_at=str(probe.sent_at))
                house = Actor.of_house(county)
                tried(functools.partial(tell_of_lost_probe, actor=house, probe_id=probe.id), county=county)


def _try_path(county: str) -> None:
    """Listen, let a trial in, and wait until it comes out (or a minute is over)."""
    from wushi.domain.calls.services.probing import note_probe, send_probe, topic_of
    from wushi.edge.live import opaque

    with psycopg.connect(settings.ENV.listen_database_url, autocommit=True, connect_timeout=10) as ear:
        ear.execute("LISTEN wushi_live")
        key = send_probe(county, functools.partial(_post, county))
        if not key:
            return
        topic = opaque(topic_of(county))
        for notice in ear.notifies(timeout=LISTEN_SECONDS):
            if topic in notice.payload:
                note_probe(county, key)
                return


def _post(county: str, key: str) -> None:
    """As a button's platform posts; raises OSError where nobody takes it (and the trial counts as lost)."""
    from wushi.domain.calls.services.probing import secret_of_trials

    headers = {"X-Wushi-Token": secret_of_trials(county), "Content-Type": "application/json"}
    if settings.ALLOWED_HOSTS and "*" not in settings.ALLOWED_HOSTS:
        headers["Host"] = settings.ALLOWED_HOSTS[0].lstrip(".")
    address = f"{settings.ENV.own_url}/in/{county}/probe"
    request = urllib.request.Request(address, json.dumps({"probe": key}).encode(), headers)  # noqa: S310 - our own
    # the certificate names the public address, and this is the machine itself
    itself = ssl._create_unverified_context()  # noqa: S323
    opener = urllib.request.build_opener(
        urllib.request.ProxyHandler({}), urllib.request.HTTPSHandler(context=itself)
    )
    with opener.open(request, timeout=10):
        pass
