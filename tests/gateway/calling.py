"""What tests of devices' ways in need: a gateway, what came in by it, and the readers as the installation wires them."""

from __future__ import annotations

from typing import Any

from tests.village import Village
from wushi.domain.calls.models import Gateway, Wire
from wushi.domain.calls.services import close_gateway, found_gateway
from wushi.gateway import ways
from wushi.kernel.actor import Actor
from wushi.kernel.verb import reading


def way_in(village: Village, code: str = "buttons", **more: Any) -> Gateway:
    """A gateway of the county; plain JSON and a token where nothing else is said."""
    given = {"envelope": "plain", "proof": "token", **more}
    row = found_gateway(actor=village.house, code=code, name="试", **given)
    ways.forget()
    return row


def shut(village: Village, row: Gateway) -> None:
    """Nothing is taken by it any more, and everybody knows at once."""
    close_gateway(actor=village.house, gateway_id=row.id)
    ways.forget()


def kept(county: str) -> list[Wire]:
    """What came in, in order."""
    with reading(Actor.of_house(county)):
        return list(Wire.objects.filter(county=county).order_by("id"))


def bodies(county: str) -> list[bytes]:
    """The bytes of what came in."""
    return [bytes(row.body) for row in kept(county)]
