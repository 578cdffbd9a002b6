"""Tests run on a real PostgreSQL with the three roles: tables made by the owner, everything else done by the app role.

Each test builds its own village in its own invented county (a number nobody has), so nothing needs to be flushed and
transactions are real: a verb's ``atomic(durable=True)`` commits.
"""

from __future__ import annotations

import itertools
import os
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

_HOME = Path(os.environ.get("WUSHI_TEST_HOME") or tempfile.mkdtemp(prefix="wushi-test-"))
os.environ["WUSHI_HOME"] = str(_HOME)
os.environ["DJANGO_SETTINGS_MODULE"] = "wushi.config.settings"
os.environ.setdefault("WUSHI_COUNTY", "341504")


def _start_database() -> None:
    """A throw-away cluster (or the server the environment names), a fresh database, its addresses in the environment."""
    if os.environ.get("DATABASE_URL") and os.environ.get("DATABASE_OWNER_URL"):
        return
    from wushi.config.postgres import Cluster

    cluster = Cluster(_HOME, durable=False)
    cluster.ensure_started()
    urls = cluster.create_database(f"wushi_test_{os.getpid()}")
    os.environ["DATABASE_URL"], os.environ["DATABASE_OWNER_URL"] = urls.app, urls.owner
    os.environ["DATABASE_BACKUP_URL"] = urls.backup


def pytest_configure(config: pytest.Config) -> None:
    """The database is there before Django reads its settings."""
    import django

    _start_database()
    django.setup()
    from wushi.config.commands.data import migrate_and_secure

    migrate_and_secure()
    from django.core.management import call_command

    call_command("collectstatic", interactive=False, verbosity=0)
    from tests.support import watch_leaves, watch_statements, watch_templates

    watch_statements()
    watch_leaves()
    watch_templates()
    config.addinivalue_line("markers", "last: runs after everything else and looks back on the run")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What looks back on the run comes last; it is only asked when the whole suite runs."""
    from tests.support import whole_suite

    items.sort(key=lambda item: item.get_closest_marker("last") is not None)
    folders = {Path(str(item.fspath)).relative_to(Path(__file__).parent).parts[0] for item in items}
    whole_suite({"stories", "domain", "web", "api", "house"} <= folders)


def pytest_unconfigure(config: pytest.Config) -> None:
    """Stop the cluster this run started."""
    from wushi.config.postgres import Cluster

    if (_HOME / "database.json").exists() or (_HOME / "database-place.json").exists():
        Cluster(_HOME, durable=False).destroy()


_counties = itertools.count(990001)


@pytest.fixture
def county() -> str:
    """Six digits no real county has, new for each test."""
    return str(next(_counties))


@pytest.fixture
def village(county: str) -> Iterator["Village"]:  # noqa: F821, UP037
    """A small village in a county of its own."""
    from tests.village import Village

    yield Village.founded(county)
