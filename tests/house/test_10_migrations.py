"""House test 10: no migration is missing, each can be taken back or is on the list, none imports a room."""

from __future__ import annotations

import ast

from django.db.migrations.loader import MigrationLoader

from tests.house.tree import SOURCE
from wushi.config.commands.data import missing_migrations

ONE_WAY: dict[str, str] = {}
ROOMS = {p.name for p in (SOURCE / "domain").iterdir() if p.is_dir()}


def test_no_migration_is_missing() -> None:
    assert missing_migrations() == []


def test_every_migration_can_be_taken_back() -> None:
    loader = MigrationLoader(None)
    stuck = [
        f"{app}.{name}"
        for (app, name), migration in loader.disk_migrations.items()
        if app in ROOMS and not all(operation.reversible for operation in migration.operations)
    ]
    assert sorted(set(stuck) - set(ONE_WAY)) == []


def deciding(text: str) -> list[str]:
    """Functions of a migration that change data and import the project to do it."""
    tree = ast.parse(text)
    runs = any(isinstance(n, ast.Attribute) and n.attr == "RunPython" for n in ast.walk(tree))
    own = [
        n.module or ""
        for n in ast.walk(tree)
        if isinstance(n, ast.ImportFrom) and (n.module or "").startswith("wushi.domain")
    ]
    return own if runs else []


def test_data_migrations_import_nothing_of_the_project() -> None:
    for path in SOURCE.glob("domain/*/migrations/*.py"):
        assert deciding(path.read_text()) == [], path


def test_a_data_migration_that_imports_a_room_is_found() -> None:
    assert deciding("from wushi.domain.cases.models import Case\nx = migrations.RunPython(f)\n") == [
        "wushi.domain.cases.models"
    ]
