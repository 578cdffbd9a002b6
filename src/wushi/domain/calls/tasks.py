"""Background entries: load, call, nothing else."""

from __future__ import annotations

from uuid import UUID

from procrastinate.contrib.django import app

from wushi.domain.calls.services.errands import TELL as TELL_ERRAND
from wushi.domain.calls.services.ladder import TELL as TELL_RUNG
from wushi.domain.calls.services.ladder import TELL_FAMILY
from wushi.domain.calls.services.notices import tell_family, tell_of_errand, tell_of_rung


@app.task(name=TELL_RUNG, retry=5)
def tell_rung(county: str, call_id: str, number: str, presses: str) -> None:
    """Tell those a rung of a call's ladder rang."""
    tell_of_rung(county, UUID(call_id), int(number), int(presses))


@app.task(name=TELL_FAMILY, retry=3)
def tell_relatives(county: str, call_id: str, what: str) -> None:
    """Tell the family of a call, or that somebody is there."""
    tell_family(county, UUID(call_id), what)


@app.task(name=TELL_ERRAND, retry=3)
def tell_errand(county: str, errand_id: str) -> None:
    """Tell the village what is to be seen to."""
    tell_of_errand(county, UUID(errand_id))
