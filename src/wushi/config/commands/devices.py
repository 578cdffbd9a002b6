"""``wushi devices``: which wireless callers can be read, and what a payload says. Asks no database."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated

import typer

from wushi.config.commands.common import WRONG_USE, Refused, say, start_django

if TYPE_CHECKING:
    from wushi.domain.calls.wire import DeviceEvent, Model

app = typer.Typer(
    help="Wireless callers: the kinds that can be read, and what a payload says.", no_args_is_help=True
)


def _models() -> dict[str, Model]:
    start_django()
    from wushi.gateway import devices

    return {model.key: model for model in devices.models()}


@app.command()
def models() -> None:
    """List the kinds of device that can be read."""
    found = _models()
    width = max(len(key) for key in found)
    for key, model in sorted(found.items()):
        classes = ", ".join(f"{kind}: {urgency}" for kind, urgency in model.classes.items())
        say(f"{key:<{width}}  {model.name}  ({classes})")


@app.command()
def decode(
    model: Annotated[str, typer.Argument(help="Its key or its name: milesight/ws101 or WS101.")],
    port: Annotated[int, typer.Argument(help="The port of the uplink; 0 where there is none.")],
    payload: Annotated[str, typer.Argument(help="The bytes in hexadecimal digits.")],
    one_line: Annotated[bool, typer.Option("--json", help="The same on one line.")] = False,
) -> None:
    """Say what a payload means, as JSON."""
    key = _key(model)
    try:
        raw = bytes.fromhex(payload)
    except ValueError:
        raise Refused(f"{payload[:40]!r} is not made of pairs of hexadecimal digits.", WRONG_USE) from None
    from wushi.gateway import devices

    event = devices.decode(key, port, raw)
    say(json.dumps(_told(key, event), ensure_ascii=False, indent=None if one_line else 2))


def _key(wanted: str) -> str:
    """The model's key. Raises Refused."""
    found = _models()
    low = wanted.lower()
    keys = [key for key, model in found.items() if low in (key, model.code, model.name.lower())]
    if len(keys) != 1:
        raise Refused(f"No device is called {wanted!r}; 'wushi devices models' lists them.", WRONG_USE)
    return keys[0]


def _told(key: str, event: DeviceEvent) -> dict[str, object]:
    """The event without what it does not say."""
    told = {name: value for name, value in asdict(event).items() if value not in (None, "", False, {})}
    return {"model": key, **told}
