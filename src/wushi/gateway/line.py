"""The network side of one MQTT client, in one thread: many messages at a look, acknowledgements written together.

paho's own thread looks at its socket once a message and wakes itself once an acknowledgement; driven from outside, as paho
documents it, the same library takes in about twice as many (``benchmarks/ingest.py``).
"""

from __future__ import annotations

import contextlib
import select
import threading
from collections.abc import Callable
from typing import Any

import structlog
from paho.mqtt import client as paho
from paho.mqtt.enums import MQTTErrorCode

log = structlog.get_logger("wushi.mqtt")
KEEPALIVE = 30
AT_ONCE = 500
LOOK_SECONDS, FULL_SECONDS = 0.2, 0.05
FIRST_PAUSE, LONGEST_PAUSE = 1.0, 5.0
Heard = Callable[[paho.Client, Any, paho.MQTTMessage], None]


class Line:
    """Keeps a client connected and does all its reading and writing, with a turn of its owner's after each look."""

    def __init__(
        self,
        client: paho.Client,
        host: str,
        port: int,
        *,
        begins: Callable[[], None],
        turn: Callable[[], bool],
    ) -> None:
        """``begins`` is called before each connection; ``turn`` after each look, and says whether more may be read."""
        self._client, self._begins, self._turn = client, begins, turn
        self._count, self._more = 0, True
        hear: Heard = client.on_message  # type: ignore[assignment]

        def counted(*given: Any) -> None:
            self._count += 1
            hear(*given)

        client.on_message = counted
        # paho writes at once unless somebody else looks after its socket: it is written at the end of a look
        client.on_socket_register_write = lambda *given: None
        client.connect_async(host, port, KEEPALIVE)

    def run(self, stop: threading.Event) -> None:
        """Until ``stop``: connect, read, take turns, write; lost, come back."""
        pause = FIRST_PAUSE
        while not stop.is_set():
            try:
                self._more = self._turn()
                self._begins()
                self._client.reconnect()
                if self._until_lost(stop):
                    pause = FIRST_PAUSE
            except OSError as error:
                log.warning("broker does not answer", reason=str(error))
            except Exception:
                # whatever a broker may send: this connection ends, the consumer does not
                log.error("broker is not understood", exc_info=True)
            stop.wait(pause)
            pause = min(pause * 2, LONGEST_PAUSE)
        self._client.disconnect()
        with contextlib.suppress(Exception):
            self._client.loop_write()

    def _until_lost(self, stop: threading.Event) -> bool:
        """Whether the broker had taken us."""
        taken = False
        while not stop.is_set():
            line = self._client.socket()
            if line is None:
                break
            taken = taken or self._client.is_connected()
            self._look(line)
            self._more = self._turn()
            if self._client.want_write():
                self._client.loop_write()
            self._client.loop_misc()
        return taken

    def _look(self, line: Any) -> None:
        # what TLS has read already shows on no socket
        ready = self._more and bool(getattr(line, "pending", int)())
        wait = 0.0 if ready else LOOK_SECONDS if self._more else FULL_SECONDS
        writes = [line] if self._client.want_write() else []
        readable, _, _ = select.select([line] if self._more else [], writes, [], wait)
        if ready or readable:
            self._read()

    def _read(self) -> None:
        for _ in range(AT_ONCE):
            before = self._count
            if self._client.loop_read() != MQTTErrorCode.MQTT_ERR_SUCCESS or self._count == before:
                return
