"""The callback server is killed again and again while platforms post: whatever was said to be received is there.

``WUSHI_LONG`` is how many messages. A sender whose answer was cut sends again, as platforms do.
"""

from __future__ import annotations

import http.client
import json
import os
import random
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

from tests.gateway.broker import eventually, free_port
from tests.gateway.calling import kept, way_in
from tests.village import Village

MANY = int(os.environ.get("WUSHI_LONG", "600"))
SENDERS, KILLS = 8, 3


class Server:
    """The pages as ``wushi up`` runs them, on a port of the test's own."""

    def __init__(self) -> None:
        self.port = free_port()
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start, and wait until it answers."""
        granian = str(Path(sys.executable).with_name("granian"))
        options = ["--interface", "wsgi", "--host", "127.0.0.1", "--port", str(self.port), "--workers", "1"]
        self.process = subprocess.Popen(
            [
                granian,
                *options,
                "--blocking-threads",
                "4",
                "--log-level",
                "critical",
                "wushi.config.wsgi:application",
            ],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        eventually(self.answers, 60)

    def answers(self) -> bool:
        """Whether the pages live."""
        line = http.client.HTTPConnection("127.0.0.1", self.port, timeout=5)
        try:
            line.request("GET", "/healthz")
            return line.getresponse().status == 200
        except OSError:
            return False
        finally:
            line.close()

    def kill(self) -> None:
        """Parent and workers at once, as when the power fails."""
        assert self.process is not None
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait(10)


def post(port: int, path: str, body: bytes) -> bool:
    """Whether it was said to be received; False where the answer was cut or another."""
    line = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    try:
        line.request("POST", path, body)
        return line.getresponse().status == 200
    except (OSError, http.client.HTTPException):
        return False
    finally:
        line.close()


def test_what_was_received_is_there(village: Village) -> None:
    gate, server, chance = way_in(village), Server(), random.Random(20261123)
    path = f"/in/{village.county}/buttons?token={gate.secret}"
    bodies = [
        json.dumps({"device": "B0001", "id": str(n), "event": "heartbeat"}).encode() for n in range(MANY)
    ]
    received: set[bytes] = set()
    cuts: list[int] = []
    lock = threading.Lock()

    def sender(number: int) -> None:
        for body in bodies[number::SENDERS]:
            while not post(server.port, path, body):
                with lock:
                    cuts.append(number)
                time.sleep(0.05)
            with lock:
                received.add(body)

    server.start()
    try:
        threads = [threading.Thread(target=sender, args=(number,)) for number in range(SENDERS)]
        for thread in threads:
            thread.start()
        for kill in range(KILLS):
            share = (kill + 1) * MANY // (KILLS + 1)
            eventually(lambda n=share: len(received) >= n, 120)
            time.sleep(chance.uniform(0, 0.05))
            server.kill()
            # what was received when it died is committed already
            with lock:
                said = set(received)
            assert said <= {bytes(row.body) for row in kept(village.county)}
            server.start()
        for thread in threads:
            thread.join(120)
    finally:
        server.kill()
    assert received == set(bodies)
    found = [bytes(row.body) for row in kept(village.county)]
    assert set(found) == received
    assert cuts, "nobody was cut off: the server was not killed in between"
    # a message is there twice only where its answer was cut
    assert len(found) - len(set(found)) <= len(cuts)
