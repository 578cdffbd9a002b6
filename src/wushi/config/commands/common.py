"""What the commands share: words on the terminal, and a database that is there while they work."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager

from wushi.config import database, env
from wushi.config.env import Environment
from wushi.config.postgres import Cluster
from wushi.config.supervisor import RunningFile

FAILED, WRONG_USE = 1, 2


class Refused(Exception):
    """A command cannot go on; the text is what the person at the keyboard reads, without a traceback."""

    def __init__(self, words: str, code: int = FAILED) -> None:
        super().__init__(words)
        self.code = code


def say(words: str) -> None:
    """One line (or more) for the person at the keyboard, at once."""
    # one write: the children's lines come from other threads
    sys.stdout.write(f"{words}\n")
    sys.stdout.flush()


@contextmanager
def step(doing: str) -> Iterator[None]:
    """Say what is being done, and how long it took."""
    say(f"- {doing} ...")
    began = time.monotonic()
    yield
    say(f"  done ({time.monotonic() - began:.1f} s)")


def confirm(question: str, yes: bool) -> None:
    """Go on only after a clear yes. Raises Refused."""
    if yes:
        return
    if not sys.stdin.isatty():
        raise Refused(
            "Nothing was done: this asks first, and there is nobody to ask. Give --yes (make: YES=1).",
            WRONG_USE,
        )
    sys.stdout.write(f"{question} Type yes: ")
    sys.stdout.flush()
    if sys.stdin.readline().strip().lower() not in ("yes", "y"):
        raise Refused("Nothing was done.")


def check_database_choice(environment: Environment) -> None:
    """Both addresses of a server, or neither. Raises Refused with the statements that prepare a server."""
    if environment.embedded:
        return
    if environment.database_url and environment.database_owner_url:
        return
    given = "DATABASE_URL" if environment.database_url else "DATABASE_OWNER_URL"
    raise Refused(database.instructions(given), WRONG_USE)


def ensure_database(environment: Environment) -> Environment:
    """Start the embedded database, or check the server that was named; the environment with its addresses."""
    check_database_choice(environment)
    if environment.embedded:
        Cluster(environment.home).ensure_started()
        return env.load()
    troubles = database.server_troubles(environment.database_url, environment.database_owner_url)
    if troubles:
        raise Refused("\n".join(troubles))
    return environment


def superuser_url(environment: Environment) -> str:
    """The address of the embedded server's superuser, for loading behind row-level security; '' for another server."""
    return Cluster(environment.home).superuser_url(database.DATABASE) if environment.embedded else ""


@contextmanager
def working_database(environment: Environment) -> Iterator[Environment]:
    """The database for one command: what was not running before is stopped again."""
    cluster = Cluster(environment.home)
    was_running = not environment.embedded or cluster.status().running
    try:
        yield ensure_database(environment)
    finally:
        if not was_running:
            close_connections()
            cluster.stop()


def start_django() -> None:
    """Load settings and models; only after the database's addresses are known."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "wushi.config.settings")
    import django

    django.setup()


def close_connections() -> None:
    """Give back what Django has opened in this process, its pool too."""
    if "django.db" not in sys.modules:
        return
    from django.conf import settings
    from django.db import connections

    if not settings.configured:
        return

    for connection in connections.all(initialized_only=True):
        connection.close()
        close_pool = getattr(connection, "close_pool", None)
        if close_pool is not None:
            close_pool()


def check_not_running(environment: Environment, what: str) -> None:
    """Raises Refused while ``wushi up`` runs."""
    running = RunningFile(environment.home).read()
    if running is not None and running.alive:
        raise Refused(f"Wushi is running at {running.address}. Stop it first ('make down'), then {what}.")
