"""Background entries: load, send, call a verb."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

from procrastinate.contrib.django import app

from wushi.domain.accounts.models import SignInCode
from wushi.domain.accounts.services.codes import SEND_CODE, mark_code_sent
from wushi.kernel.actor import Actor
from wushi.kernel.verb import reading

# Set by wiring: how a code reaches a phone (the console now, a message provider later).
_senders: list[Callable[..., None]] = []


def register_sender(sender: Callable[..., None]) -> None:
    """``sender(phone, code)``, with ``about`` for a code that is not for signing in; called only from ``config/wiring.py``."""
    _senders[:] = [sender]


@app.task(name=SEND_CODE, retry=5)
def send_code(code_id: str, county: str, about: str = "") -> None:
    """Send a code, then forget number and code."""
    house = Actor.of_house(county)
    with reading(house):
        row = SignInCode.objects.filter(id=UUID(code_id), county=county, sent_at=None).first()
    if row is not None:
        _senders[0](row.phone, row.code, **({"about": about} if about else {}))
        mark_code_sent(actor=house, code_id=row.id)
