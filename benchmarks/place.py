"""A throw-away installation: its own home, its own durable PostgreSQL, its own ports. All of it is gone afterwards.

``begin`` must run before anything reads Django's settings, so every bar is a program of its own.
"""

from __future__ import annotations

import os
import shutil
import socket
import tempfile
import threading
import time
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

_OURS = ("WUSHI_", "DATABASE_", "LISTEN_DATABASE_", "TASK_DATABASE_", "PG", "DJANGO_SETTINGS")
_READY_SECONDS = 60.0


@dataclass
class Place:
    """Where a bar is measured."""

    home: Path
    port: int
    cluster: Any
    programs: list[Any] = field(default_factory=list)

    @property
    def base(self) -> str:
        """The address of the pages."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def live_base(self) -> str:
        """The address of ``live``."""
        return f"http://127.0.0.1:{self.port + 1}/live"

    @property
    def programs_folder(self) -> Path:
        """PostgreSQL's own programs (pgbench among them)."""
        from wushi.config import postgres_files

        found: Path = postgres_files.reachable_programs(self.cluster.base, self.cluster._account())
        return found

    def superuser(self) -> str:
        """Behind row-level security: for loading and for looking back."""
        return str(self.cluster.superuser_url("wushi"))


def free_ports() -> int:
    """A port of 127.0.0.1 that is free, and the next one too."""
    for _ in range(50):
        with socket.socket() as first, socket.socket() as second:
            first.bind(("127.0.0.1", 0))
            port = int(first.getsockname()[1])
            try:
                second.bind(("127.0.0.1", port + 1))
            except (OSError, OverflowError):
                continue
            return port
    raise RuntimeError("no two free ports")


@contextmanager
def begin(county: str, static: bool = False) -> Iterator[Place]:
    """Make the place and set Django up in it; ``static`` also gathers the pages' files."""
    home = Path(tempfile.mkdtemp(prefix="wushi-bench-"))
    for name in [n for n in os.environ if n.startswith(_OURS)]:
        del os.environ[name]
    port = free_ports()
    os.environ |= {"WUSHI_HOME": str(home), "WUSHI_PORT": str(port), "WUSHI_COUNTY": county}
    os.environ["DJANGO_SETTINGS_MODULE"] = "wushi.config.settings"
    from wushi.config.postgres import Cluster

    cluster = Cluster(home)  # durable: a figure with fsync off would be a lie
    try:
        cluster.ensure_started()
        _set_django_up(static)
        yield Place(home, port, cluster)
    finally:
        _close()
        cluster.destroy()
        shutil.rmtree(home, ignore_errors=True)


def _set_django_up(static: bool) -> None:
    import django

    django.setup()
    import structlog

    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(40))
    from wushi.config import env
    from wushi.config.commands import data

    data.migrate_and_secure()
    if static:
        data.collect_static(env.load())


def _close() -> None:
    from django.db import connections

    for connection in connections.all(initialized_only=True):
        connection.close()
        if getattr(connection, "pool", None):
            connection.close_pool()


@contextmanager
def servers(place: Place, names: Sequence[str] = ("pages", "live", "calls", "worker")) -> Iterator[Any]:
    """The real children under the real supervisor, as ``wushi up`` starts them."""
    from wushi.config import env
    from wushi.config.commands.run import programs
    from wushi.config.supervisor import Supervisor

    wanted = [p for p in programs(env.load()) if p.name in names]
    with (place.home / "servers.log").open("a") as log:
        supervisor = Supervisor(wanted, lambda line: print(line, file=log, flush=True))
        supervisor.start()
        watcher = threading.Thread(target=supervisor.watch, daemon=True)
        watcher.start()
        try:
            until(lambda: "pages" not in names or answers(f"{place.base}/healthz"), "the pages")
            until(lambda: "live" not in names or answers(f"{place.live_base}/healthz"), "live")
            yield supervisor
        finally:
            supervisor.ask_to_stop()
            watcher.join()
            supervisor.stop()


def answers(url: str) -> bool:
    """Whether somebody answers 200 there."""
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        with opener.open(url, timeout=5) as answer:
            return bool(answer.status == 200)
    except OSError:
        return False


def until(true: Any, what: str, seconds: float = _READY_SECONDS) -> None:
    """Wait for something; RuntimeError when it never comes."""
    deadline = time.monotonic() + seconds
    while not true():
        if time.monotonic() > deadline:
            raise RuntimeError(f"waited {seconds:.0f} s for {what}")
        time.sleep(0.1)
