"""32 phones on a bad line send a photo at 1 kB/s; the resident's home page and the intake must not notice.

Measured without the uploads first, then with them. Bar: p99 <= 1 s of both. ``python -m benchmarks.slow_uploads``.
"""

from __future__ import annotations

import argparse
import socket
import sys
import threading
import time
from typing import Any
from urllib.parse import quote

from benchmarks.clients import Clients
from benchmarks.county import COUNTY, found
from benchmarks.place import Place, begin, servers
from benchmarks.results import Figures, machine, write
from wushi.kernel.actor import Actor

UPLOADS, BYTES_A_SECOND, BODY = 32, 1000, 10_000_000
BAR_MILLISECONDS = 1000.0
TEXT = "村口的路灯不亮，晚上看不见。"


class SlowUpload:
    """One photo that never gets there while we look: a kilobyte each second."""

    def __init__(self, place: Place, ticket: str) -> None:
        self.sent, self.refused = 0, ""
        self._port, self._path = place.port + 1, f"/live/upload?ticket={quote(ticket)}"
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    def _run(self) -> None:
        head = f"POST {self._path} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: image/jpeg\r\nContent-Length: {BODY}\r\n\r\n"
        try:
            with socket.create_connection(("127.0.0.1", self._port), timeout=10) as line:
                line.sendall(head.encode())
                while not self._over.wait(0.25):
                    line.sendall(b"\xff" * (BYTES_A_SECOND // 4))
                    self.sent += BYTES_A_SECOND // 4
        except OSError as error:
            self.refused = type(error).__name__

    def end(self) -> None:
        """Drop the line."""
        self._over.set()
        self._thread.join(15)


def measure(place: Place, clients: Clients, seconds: float, village: str) -> dict[str, Figures]:
    """Home page with a village chosen, and the intake, one after the other, 4 clients each."""
    cookie = f"village={village}"
    return {
        "home page": clients.run("http_get", 4, seconds, base=place.base, paths=["/"], cookie=cookie),
        "intake": clients.run(
            "http_create", 4, seconds, base=place.base, areas=[village], texts=[TEXT], seed=1
        ),
    }


def main() -> int:
    """About a minute; 1 when the bar is missed or a slow line was dropped."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--seconds", type=float, default=20.0)
    arguments.add_argument("--dry", action="store_true", help="write no line")
    given = arguments.parse_args()
    before = machine()
    with begin(COUNTY, static=True) as place:
        from wushi.edge.live import upload_ticket

        county, clients = found(), Clients()
        with servers(place):
            measure(place, clients, 1.0, county.busy)
            calm = measure(place, clients, given.seconds / 4, county.busy)
            slow = [SlowUpload(place, upload_ticket(Actor.anonymous(COUNTY))) for _ in range(UPLOADS)]
            loaded = measure(place, clients, given.seconds, county.busy)
            alive = sum(not upload.refused for upload in slow)
            sent = min(upload.sent for upload in slow)
            for upload in slow:
                upload.end()
        clients.close()
    for title, figures in (("alone", calm), (f"beside {alive} uploads", loaded)):
        for name, one in figures.items():
            print(f"{title:<20} {name:<10} {one.line()}")
    result: dict[str, Any] = {
        "alone": calm,
        "beside": loaded,
        "uploads_alive": alive,
        "least_bytes_sent": sent,
    }
    if not given.dry:
        write("slow_uploads", UPLOADS, 0, result, before)
    met = alive == UPLOADS and all(one.p99 <= BAR_MILLISECONDS for one in loaded.values())
    return 0 if met else 1


if __name__ == "__main__":
    began = time.monotonic()
    code = main()
    print(f"{time.monotonic() - began:.0f} s")
    sys.exit(code)
