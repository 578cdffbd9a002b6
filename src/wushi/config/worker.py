"""The worker: the relay that hands outbox rows on, the job runner, and the sweeps.

``python -m wushi.config.worker [part]``: all of it, or ``calls`` and ``rest`` as two processes, so that a press never waits
for a job.
"""

from __future__ import annotations

import asyncio
import contextlib
import functools
import os
import signal
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar
from uuid import UUID

import django
import structlog

from wushi.config import worker_calls

if TYPE_CHECKING:
    from procrastinate import App

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "wushi.config.settings")
R = TypeVar("R")
log = structlog.get_logger("wushi.worker")
POLL_SECONDS = 0.05
# set by whoever in this process has just left something that is waited for
_wake = threading.Event()
SWEEP_SECONDS = 600.0
# a clock that has struck is seen to within this time
FIGURES_SECONDS = 60.0
CLOCK_SECONDS = 20.0
# what waits for its next try, the end of the quiet hours or room at a provider
DELIVER_SECONDS = 2.0
WATCH_SECONDS = 60.0
RESCUE_SECONDS = 60.0
STALLED_AFTER_SECONDS = 120
NICER = 10
TURN_SECONDS = 0.001


def relay_forever(stop: threading.Event, live_only: bool = False) -> None:
    """Poll; a fault is logged and tried again, never swallowed into silence."""
    from wushi.config.relay import BATCH, relay_once

    while not stop.is_set():
        try:
            found = relay_once(live_only)
        except Exception:
            log.error("relay", exc_info=True)
            _close()
            stop.wait(1.0)
            continue
        if found < BATCH:
            _wake.wait(POLL_SECONDS)
            _wake.clear()


def rings_forever(stop: threading.Event) -> None:
    """Beside calls only what open pages wait for is handed on; jobs are the rest's."""
    relay_forever(stop, live_only=True)


def _counties() -> list[str]:
    from wushi.domain.accounts.models import User
    from wushi.kernel.verb import unscoped

    with unscoped("which counties are there"):
        return list(User.objects.order_by("county").values_list("county", flat=True).distinct())


def clocks_forever(stop: threading.Event) -> None:
    """Deadlines that have come: warn, escalate, supervise, close; county by county, one mark a transaction."""
    from wushi.domain.cases.services import sweep_clocks

    while not stop.is_set():
        for county in _tried(_counties) or []:
            # one county's trouble keeps no other county's clocks from striking, nor one clock's the county's
            _tried(functools.partial(sweep_clocks, county, _clock_failed), county=county)
        stop.wait(CLOCK_SECONDS)


def deliveries_forever(stop: threading.Event) -> None:
    """Messages whose time has come; a county's trouble keeps no other county's from going out. Providers are watched."""
    from wushi.domain.notify.services import deliver, watch_carriers

    watched = 0.0
    while not stop.is_set():
        counties = _tried(_counties) or []
        for county in counties:
            _tried(functools.partial(deliver, county), county=county)
        if time.monotonic() - watched > WATCH_SECONDS:
            watched = time.monotonic()
            for county in counties:
                _tried(functools.partial(watch_carriers, county), county=county)
        stop.wait(DELIVER_SECONDS)


def _clock_failed(clock_id: UUID, error: Exception) -> None:
    log.error("clock", clock=str(clock_id), exc_info=error)


def _tried(what: Callable[[], R], **facts: str) -> R | None:
    try:
        return what()
    except Exception:
        log.error("sweep of a county", exc_info=True, **facts)
        _close()
        return None


def sweep_forever(stop: threading.Event) -> None:
    """Machine chores county by county: photos that nobody claimed."""
    from wushi.domain.accounts.services.codes import forget_old
    from wushi.domain.accounts.services.posts import end_expired_stand_ins
    from wushi.domain.calls.services import forget_wires
    from wushi.domain.files.services import sweep_orphans
    from wushi.domain.imports.services import forget_rows
    from wushi.domain.notify.services import forget_addresses

    while not stop.is_set():
        try:
            for county in _counties():
                sweep_orphans(county)
                end_expired_stand_ins(county)
                forget_old(county)
                forget_addresses(county)
                forget_rows(county)
                forget_wires(county)
        except Exception:
            log.error("sweep", exc_info=True)
            _close()
        stop.wait(SWEEP_SECONDS)


def figures_forever(stop: threading.Event) -> None:
    """Counts by village and month follow what happened, so that a page of figures reads few requests."""
    from wushi.domain.insight.services import fold_figures

    while not stop.is_set():
        for county in _tried(_counties) or []:
            _tried(functools.partial(fold_figures, county), county=county)
        stop.wait(FIGURES_SECONDS)


def _close() -> None:
    from django.db import connection

    connection.close()


async def rescue_once(app: App, stalled_after: float = STALLED_AFTER_SECONDS) -> int:
    """Jobs whose worker died begin again (procrastinate leaves that to its user); how many.

    ``app`` is the worker's own: its connections are not Django's, whose guard refuses a statement outside a scope.
    """
    stalled = list(await app.job_manager.get_stalled_jobs(seconds_since_heartbeat=stalled_after))
    for job in stalled:
        await app.job_manager.retry_job(job)
        log.warning("stalled job begins again", job=job.id)
    return len(stalled)


async def rescue_forever(app: App) -> None:
    """Every minute; a fault is logged and tried again."""
    while True:
        await asyncio.sleep(RESCUE_SECONDS)
        try:
            await rescue_once(app)
        except Exception:
            log.error("rescue", exc_info=True)


async def run_jobs(stop: asyncio.Event) -> None:
    """procrastinate's worker on its own connections, with the rescue beside it."""
    from procrastinate.contrib.django import app as base

    app = base.with_connector(base.connector.get_worker_connector())  # type: ignore[attr-defined]
    async with app.open_async():
        worker = asyncio.create_task(app.run_worker_async(install_signal_handlers=False, concurrency=4))
        rescue = asyncio.create_task(rescue_forever(app))
        await stop.wait()
        for task in (worker, rescue):
            task.cancel()
        await asyncio.gather(worker, rescue, return_exceptions=True)


def calls_forever(stop: threading.Event) -> None:
    """What devices sent, as it comes."""
    worker_calls.read_forever(stop, worker_calls.Counties(lambda: _tried(_counties)), _tried, _wake)


def ladders_forever(stop: threading.Event) -> None:
    """The ladders of calls that nobody has answered."""
    worker_calls.ladders_forever(stop, worker_calls.Counties(lambda: _tried(_counties)), _tried, _wake)


def probes_forever(stop: threading.Event) -> None:
    """The emergency path tries itself."""
    worker_calls.probes_forever(stop, worker_calls.Counties(lambda: _tried(_counties)), _tried)


LOOPS = (
    relay_forever,
    clocks_forever,
    deliveries_forever,
    sweep_forever,
    figures_forever,
    calls_forever,
    ladders_forever,
    probes_forever,
)


# What a press waits for has a process of its own where there is one (docs/decisions/0023): reading it, its ladder, handing it on.
CALLS = (calls_forever, ladders_forever)
PARTS = {
    "all": LOOPS,
    "calls": (rings_forever, *CALLS),
    "rest": tuple(loop for loop in LOOPS if loop not in CALLS),
}


def _step_back() -> None:
    """This process gives way; on Linux each session has a weight of its own beside, which nice does not reach (sched(7))."""
    os.nice(NICER)
    with contextlib.suppress(OSError):
        Path("/proc/self/autogroup").write_text(str(NICER))


def main(part: str = "all") -> None:
    """Run until SIGTERM or SIGINT; a row that was being handed on is finished or left for the next worker."""
    if part == "rest":
        # on a machine that is full a press, a page and a ring go before jobs
        _step_back()
    django.setup()
    # two threads take turns: at Python's own 5 ms the one that hands on waits for the one that reads
    sys.setswitchinterval(TURN_SECONDS)
    stop = threading.Event()
    threads = [threading.Thread(target=f, args=(stop,), daemon=True) for f in PARTS[part]]
    for thread in threads:
        thread.start()

    async def whole() -> None:
        ended = asyncio.Event()
        loop = asyncio.get_running_loop()
        for name in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(name, ended.set)
        log.info("worker runs", part=part)
        # jobs tell people; a press does not wait for them
        await (ended.wait() if part == "calls" else run_jobs(ended))

    asyncio.run(whole())
    stop.set()
    for thread in threads:
        thread.join(timeout=5)


if __name__ == "__main__":
    # under its real name, so that the job queue's app is not one of ``__main__``
    from wushi.config.worker import main as run

    run(*sys.argv[1:2])
