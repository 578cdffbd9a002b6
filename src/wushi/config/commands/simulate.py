"""``wushi simulate calls``: the county's wireless callers press, repeat, die and come back, by the real ways in."""

from __future__ import annotations

import contextlib
import re
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import UTC, datetime
from threading import Lock
from typing import Annotated, Any
from urllib.parse import parse_qs, unquote, urlsplit

import httpx
import typer

from wushi.config import broker, env
from wushi.config.commands.common import WRONG_USE, Refused, close_connections, confirm, say, start_django
from wushi.config.commands.reach import near
from wushi.config.env import Environment
from wushi.config.simulation import Button, Sending, plan

app = typer.Typer(help="Trying it out: invented devices' messages, sent for real.", no_args_is_help=True)
SPANS = {"s": 1, "m": 60, "h": 3600}
SENDERS = 8
TRIES = 20
SUBSCRIBED_SECONDS = 7.0
GATEWAYS = {"http": "simulate", "mqtt": "simulate-mqtt"}
TOPIC = "simulate"
# (what is sent) -> whether it was taken; raises OSError or httpx.HTTPError where that is not known
Send = Callable[[Sending], bool]


@app.callback()
def simulate() -> None:
    """Invented devices' messages, sent for real."""


@dataclass
class Sums:
    """What came of it."""

    presses: int = 0
    accepted: int = 0
    refused: int = 0
    again: int = 0
    lost: int = 0
    lock: Any = field(default_factory=Lock, repr=False)

    def add(self, **more: int) -> None:
        """Count; several senders at once."""
        with self.lock:
            for name, number in more.items():
                setattr(self, name, getattr(self, name) + number)


@app.command()
def calls(
    rate: Annotated[float, typer.Option(help="Messages a second.")] = 5.0,
    span: Annotated[str, typer.Option("--for", help="How long: 90s, 10m, 1h.")] = "10m",
    chaos: Annotated[
        bool, typer.Option("--chaos", help="Repeated, late, garbled, cut off; the power fails.")
    ] = False,
    by: Annotated[str, typer.Option(help="http or mqtt.")] = "http",
    county: Annotated[str, typer.Option(help="Six digits; else the installation's own.")] = "",
    seed: Annotated[int, typer.Option(help="The same seed sends the same; 0 takes the time.")] = 0,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
) -> int:
    """Let the county's installed buttons press; says what was taken and whether all of it was kept."""
    seconds, environment = _seconds(span), env.load()
    if by not in GATEWAYS or rate <= 0:
        raise Refused("--by is http or mqtt, --rate is more than 0.", WRONG_USE)
    where = county or environment.county
    start_django()
    buttons, secret = _ready(where, by)
    confirm(
        f"{len(buttons)} buttons of county {where} press for {span}; whoever is in the line of duty is rung.",
        yes,
    )
    began = datetime.now(UTC)
    messages = plan(
        buttons, rate=rate, seconds=seconds, start=began, chaos=chaos, seed=seed or int(began.timestamp())
    )
    with _sender(environment, where, by, secret) as send:
        sums = run(messages, send)
    kept = _kept(where, GATEWAYS[by], began, sums.accepted)
    close_connections()
    say(
        f"{sums.presses} presses; {sums.accepted} messages taken, {sums.refused} refused, {sums.again} sent again; "
        f"{kept} kept."
    )
    if kept < sums.accepted or sums.lost:
        raise Refused(
            f"{sums.accepted - kept} messages that were taken are not there, {sums.lost} went out unanswered."
        )
    return 0


def _seconds(span: str) -> float:
    found = re.fullmatch(r"(\d{1,5})([smh])", span)
    if not found or not int(found[1]):
        raise Refused(f"--for is a number and s, m or h (10m), not {span!r}.", WRONG_USE)
    return float(int(found[1]) * SPANS[found[2]])


def _ready(county: str, by: str) -> tuple[list[Button], str]:
    """The county's installed buttons, and the secret of a gateway for them. Raises Refused."""
    from wushi.domain.calls.queries import devices_of
    from wushi.domain.calls.services import found_gateway
    from wushi.domain.calls.states import DeviceState
    from wushi.kernel.actor import Actor
    from wushi.kernel.verb import reading

    house = Actor.of_house(county)
    with reading(house):
        rows = devices_of(house).filter(state=DeviceState.INSTALLED.value).order_by("id")
        buttons = [Button(*row) for row in rows.values_list("uid", "model")]
    if not buttons:
        raise Refused(f"No wireless caller is installed in county {county}.")
    topic = f"{TOPIC}/+" if by == "mqtt" else ""
    gate = found_gateway(actor=house, code=GATEWAYS[by], name="simulation", envelope="plain", topic=topic)
    if not gate.active:
        raise Refused(f"The gateway {GATEWAYS[by]} is closed.")
    return buttons, str(gate.secret)


def run(messages: Iterator[Sending], send: Send) -> Sums:
    """Send each at its time, several at once; one whose answer is not known is sent again, as a platform does."""
    sums, began = Sums(), time.monotonic()
    with ThreadPoolExecutor(SENDERS) as pool:
        for one in messages:
            wait = began + one.at - time.monotonic()
            if wait > 0:
                time.sleep(wait)
            pool.submit(_one, one, send, sums)
    return sums


def _one(one: Sending, send: Send, sums: Sums) -> None:
    for number in range(TRIES):
        try:
            taken = send(one)
        except (OSError, httpx.HTTPError):
            if one.cut:
                return
            sums.add(again=1)
            time.sleep(min(0.1 * 2**number, 5.0))
            continue
        sums.add(accepted=int(taken), refused=int(not taken), presses=int(taken and one.press))
        return
    sums.add(lost=1)


@contextlib.contextmanager
def _sender(environment: Environment, county: str, by: str, secret: str) -> Iterator[Send]:
    if by == "http":
        scheme = "https" if environment.https and not environment.behind_proxy else "http"
        address = f"{scheme}://{near(environment)}:{environment.port}/in/{county}/{GATEWAYS[by]}"
        headers = {"X-Wushi-Token": secret}
        # the certificate names the public address, and this is the machine itself
        with httpx.Client(headers=headers, verify=False, trust_env=False, timeout=10) as client:
            _try_first(client, address)
            yield lambda one: _posted(client, address, one)
    else:
        yield from _published(broker.address(environment))


def _try_first(client: httpx.Client, address: str) -> None:
    try:
        answer = client.get(address)
    except httpx.HTTPError:
        raise Refused("The pages do not answer; start them first ('make up').") from None
    if answer.status_code != 200:
        raise Refused(f"The gateway does not take our secret (it answered {answer.status_code}).")


def _posted(client: httpx.Client, address: str, one: Sending) -> bool:
    answer = client.post(address, content=one.body, timeout=0.001 if one.cut else 10)
    if answer.status_code >= 500:
        raise OSError(f"answered {answer.status_code}")
    return answer.status_code == 200


def _published(url: str) -> Iterator[Send]:
    from paho.mqtt import client as paho

    parts = urlsplit(url)
    client = paho.Client(paho.CallbackAPIVersion.VERSION2, client_id=f"simulate-{time.time_ns()}")
    if parts.username:
        client.username_pw_set(unquote(parts.username), unquote(parts.password or ""))
    if parts.scheme == "mqtts":
        client.tls_set(ca_certs=parse_qs(parts.query).get("ca", [None])[0])
    try:
        client.connect(parts.hostname or "", parts.port or (8883 if parts.scheme == "mqtts" else 1883))
    except OSError as error:
        raise Refused(f"The broker does not answer ({type(error).__name__}).") from None
    client.loop_start()

    def send(one: Sending) -> bool:
        told = client.publish(f"{TOPIC}/{one.uid}", one.body, qos=1)
        if one.cut:
            raise OSError("not waited for")
        told.wait_for_publish(10)
        if not told.is_published():
            raise OSError("not acknowledged")
        return True

    # the ingest looks for new gateways every few seconds
    time.sleep(SUBSCRIBED_SECONDS)
    try:
        yield send
    finally:
        client.disconnect()
        client.loop_stop()


def _kept(county: str, gateway: str, since: datetime, wanted: int) -> int:
    """How many messages of the gateway are kept since; waits a little for those on their way."""
    from wushi.domain.calls.queries.pages import wire_sums
    from wushi.kernel.actor import Actor
    from wushi.kernel.verb import reading

    house, found = Actor.of_house(county), 0
    for _ in range(50):
        with reading(house):
            found = sum(wire_sums(house, since).get(gateway, {}).values())
        if found >= wanted:
            break
        time.sleep(0.2)
    return found
