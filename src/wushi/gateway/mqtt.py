"""The consumer of a county's MQTT topics: ``python -m wushi.gateway.mqtt [county ...]``, one client a county.

A message is acknowledged only after it is committed; until then the broker keeps it. With the database away nothing is
acknowledged and the same batch is tried again; with the broker away the client comes back for ever. What a broker sends
twice is kept twice and counts once (``services/inbox.py``).
"""

from __future__ import annotations

import os
import signal
import sys
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple
from urllib.parse import parse_qs, unquote, urlsplit

import django
import structlog
from paho.mqtt import client as paho

from wushi.gateway.line import Line

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "wushi.config.settings")
log = structlog.get_logger("wushi.mqtt")
TOPICS = 20_000
BODY_LIMIT = 64 * 1024
LOOK_SECONDS = 5.0
FIRST_PAUSE, LONGEST_PAUSE = 0.2, 5.0


class Came(NamedTuple):
    """One message as the broker handed it over; ``line`` numbers the connection it came by: only on it may it be acknowledged."""

    line: int
    mid: int
    qos: int
    topic: str
    body: bytes


class Consumer:
    """One county's topics into its inbox."""

    def __init__(
        self, county: str, url: str, keep: Callable[[str, Sequence[Any]], object] | None = None
    ) -> None:
        """``keep`` writes a batch and has committed when it returns."""
        from wushi.domain.calls.services.inbox import keep_messages

        self.county, self.kept, self._keep = county, 0, keep or keep_messages
        self._url = urlsplit(url)
        self._stop = threading.Event()
        # what was read and is not kept yet; after a failure it is tried again then
        self._came: list[Came] = []
        self._again_at, self._pause = 0.0, FIRST_PAUSE
        self._looked = 0.0
        # gateway -> its envelope and topic, as they are subscribed to; topic -> gateway, as they were found
        self._ways: Mapping[str, Any] = {}
        self._found: dict[str, Any] = {}
        # which connection
        self._number = 0
        self._client = self._new_client()
        tls = self._url.scheme == "mqtts"
        self._line = Line(
            self._client,
            self._url.hostname or "127.0.0.1",
            self._url.port or (8883 if tls else 1883),
            begins=self._begin,
            turn=self._turn,
        )

    def _new_client(self) -> paho.Client:
        # a stable name and no clean session: the broker keeps for us what comes while we are away
        client = paho.Client(
            paho.CallbackAPIVersion.VERSION2,
            client_id=f"wushi-{self.county}",
            clean_session=False,
            manual_ack=True,
        )
        if self._url.username:
            client.username_pw_set(unquote(self._url.username), unquote(self._url.password or ""))
        if self._url.scheme == "mqtts":
            client.tls_set(ca_certs=parse_qs(self._url.query).get("ca", [None])[0])
        client.on_connect, client.on_disconnect = self._connected, self._lost
        client.on_subscribe, client.on_message = self._subscribed, self._heard
        return client

    def _begin(self) -> None:
        # what was not acknowledged comes again; its number may mean another message by then
        self._number += 1

    def _connected(
        self, client: paho.Client, userdata: Any, flags: Any, reason: Any, properties: Any
    ) -> None:
        if reason.is_failure:
            log.error("broker refuses us", county=self.county, reason=str(reason))
            return
        log.info("broker is there", county=self.county, session=flags.session_present)
        for code, way in self._ways.items():
            self._subscribe(code, way.topic)

    def _lost(self, client: paho.Client, userdata: Any, flags: Any, reason: Any, properties: Any) -> None:
        if not self._stop.is_set():
            log.warning("broker is lost", county=self.county, reason=str(reason))

    def _subscribed(
        self, client: paho.Client, userdata: Any, mid: int, reasons: Any, properties: Any
    ) -> None:
        if any(reason.is_failure for reason in reasons):
            log.error("broker refuses a topic", county=self.county)

    def _heard(self, client: paho.Client, userdata: Any, message: paho.MQTTMessage) -> None:
        try:
            topic = message.topic
        except UnicodeDecodeError:
            topic = ""
        came = Came(self._number, message.mid, message.qos, topic, bytes(message.payload))
        if message.retain or len(came.body) > BODY_LIMIT:
            # what lies retained at a broker is old, whatever it says: a press is never read from there
            log.warning("message left out", county=self.county, retained=message.retain, size=len(came.body))
            self._acknowledge([came])
            return
        self._came.append(came)

    def run(self) -> None:
        """Until ``stop``: connect, keep, acknowledge; all of it in this thread."""
        try:
            self._line.run(self._stop)
        finally:
            _close()

    def stop(self) -> None:
        """End soon; what was not acknowledged stays with the broker."""
        self._stop.set()

    def _turn(self) -> bool:
        """After each look at the line; whether more may be read. While a batch cannot be kept the broker keeps what comes."""
        now = time.monotonic()
        if now - self._looked > LOOK_SECONDS:
            self._look()
            self._looked = now
        if self._came and now >= self._again_at:
            self._keep_and_acknowledge()
        return not self._came

    def _keep_and_acknowledge(self) -> None:
        from wushi.domain.calls.services.inbox import Arrived
        from wushi.gateway.envelopes.reading import text

        rows = [
            Arrived(way.code, way.envelope, came.body, {"topic": text(came.topic)})
            for came in self._came
            if (way := self._way(came.topic)) is not None
        ]
        try:
            if rows:
                self._keep(self.county, rows)
        except Exception:
            log.error("batch not kept", county=self.county, messages=len(rows), exc_info=True)
            _close()
            self._again_at = time.monotonic() + self._pause
            self._pause = min(self._pause * 2, LONGEST_PAUSE)
            return
        self.kept += len(rows)
        self._pause = FIRST_PAUSE
        batch, self._came = self._came, []
        self._acknowledge(batch)

    def _acknowledge(self, batch: Sequence[Came]) -> None:
        for came in batch:
            if came.qos and came.line == self._number:
                self._client.ack(came.mid, came.qos)

    def _way(self, topic: str) -> Any:
        if topic in self._found:
            return self._found[topic]
        ways = self._ways.values()
        way = next((w for w in ways if topic and paho.topic_matches_sub(_plain(w.topic), topic)), None)
        if way is None:
            # of a gateway that was closed: nothing is taken by it any more
            log.warning("message of no gateway", county=self.county)
        elif len(self._found) < TOPICS:
            self._found[topic] = way
        return way

    def _look(self) -> None:
        """The county's gateways as they are now; topics that are new or gone."""
        from wushi.gateway.ways import ways_of

        try:
            found = {code: way for code, way in ways_of(self.county).items() if way.topic}
        except Exception:
            # as they were: better an old list than none
            log.error("gateways not read", county=self.county, exc_info=True)
            _close()
            return
        before, self._ways = self._ways, found
        if found != before:
            self._found = {}
        if not self._client.is_connected():
            return
        topics = {way.topic for way in found.values()}
        for topic in {way.topic for way in before.values()} - topics:
            self._client.unsubscribe(topic)
        for code, way in found.items():
            if code not in before or before[code].topic != way.topic:
                self._subscribe(code, way.topic)

    def _subscribe(self, code: str, topic: str) -> None:
        try:
            self._client.subscribe(topic, qos=1)
            log.info("listening", county=self.county, gateway=code)
        except ValueError:
            log.error("no topic", county=self.county, gateway=code)


def _plain(topic: str) -> str:
    """The topic of a shared subscription without the name of who shares it."""
    words = topic.split("/", 2)
    return words[2] if words[0] == "$share" and len(words) == 3 else topic


def _close() -> None:
    from django.db import connection

    connection.close()


def main(counties: Sequence[str] = ()) -> int:
    """Run until SIGTERM or SIGINT."""
    django.setup()
    from django.conf import settings

    if not settings.MQTT_URL:
        print("MQTT_URL is not set: there is no broker to listen to.", file=sys.stderr)
        return 2
    consumers = [Consumer(county, settings.MQTT_URL) for county in counties or [settings.WUSHI_COUNTY]]

    def end(*args: object) -> None:
        for consumer in consumers:
            consumer.stop()

    for name in (signal.SIGTERM, signal.SIGINT):
        signal.signal(name, end)
    threads = [threading.Thread(target=consumer.run) for consumer in consumers]
    for thread in threads:
        thread.start()
    log.info("ingest runs", counties=len(consumers))
    for thread in threads:
        thread.join()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
