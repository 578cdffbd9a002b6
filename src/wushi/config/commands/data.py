"""The database's and the static files' form: migrate, check, and what ``up`` does before it starts."""

from __future__ import annotations

import hashlib
from typing import Annotated

import typer

from wushi.config import env
from wushi.config.commands.common import Refused, close_connections, say, start_django, step, working_database
from wushi.config.env import Environment, write_private


def migrate() -> None:
    """Bring the database to this version: tables, then policies and grants."""
    with working_database(env.load()), step("bringing the database to this version"):
        start_django()
        migrate_and_secure()
        close_connections()


def migrate_and_secure() -> None:
    """Migrations and row-level security as the owner: the only place that sets ``wushi.maintenance``."""
    from django.core.management import call_command
    from django.db import connections

    from wushi.kernel.verb import maintenance
    from wushi.plumbing import security

    owner = connections["owner"]
    with maintenance("wushi migrate"):
        try:
            with owner.cursor() as cursor:
                cursor.execute("SET wushi.maintenance = 'on'")
            call_command("migrate", database="owner", interactive=False, verbosity=0)
            security.secure(owner)
        finally:
            owner.close()  # the setting dies with its session


def check(
    migrations: Annotated[
        bool, typer.Option("--migrations", help="Only: does every model have its migration?")
    ] = False,
) -> None:
    """Check settings, migrations, and that row-level security is what the models say."""
    environment = env.load()
    if migrations:
        start_django()
        found = missing_migrations()
    else:
        with working_database(environment):
            start_django()
            found = [*missing_migrations(), *_system_findings(), *_database_findings()]
            close_connections()
    if found:
        raise Refused("\n".join(found))
    say("All is well.")
    if not migrations and (hint := font_hint()):
        say(hint)


def font_hint() -> str:
    """What to do where no font can write Chinese; '' where one can. Pages print by the browser all the same."""
    from wushi.web.paper.printing import chinese_fonts

    if chinese_fonts():
        return ""
    return (
        "No Chinese font was found, so there are no PDFs (pages print by the browser all the same). Install one, "
        "on Debian: apt install fonts-noto-cjk; or lay a font file into WUSHI_HOME/fonts; WUSHI_PRINT_FONTS names what is used."
    )


def missing_migrations() -> list[str]:
    """Models that have changed since their last migration; needs no database."""
    from django.apps import apps
    from django.db.migrations.autodetector import MigrationAutodetector
    from django.db.migrations.loader import MigrationLoader
    from django.db.migrations.state import ProjectState

    loader = MigrationLoader(None)
    found = [
        f"{room}: two migrations follow the same one ({', '.join(names)})."
        for room, names in loader.detect_conflicts().items()
    ]
    if found:
        return found
    detector = MigrationAutodetector(loader.project_state(), ProjectState.from_apps(apps))
    for room, changes in sorted(detector.changes(graph=loader.graph).items()):
        for change in changes:
            found += [f"{room}: no migration for: {operation.describe()}." for operation in change.operations]
    return found


def _system_findings() -> list[str]:
    from django.core import checks

    from wushi.kernel.verb import maintenance

    with maintenance("wushi check"):
        found = checks.run_checks(databases=["owner"])
    return [
        str(message) for message in found if not message.is_silenced() and message.level >= checks.WARNING
    ]


def _database_findings() -> list[str]:
    from django.db import connections
    from django.db.migrations.executor import MigrationExecutor

    from wushi.kernel.verb import maintenance
    from wushi.plumbing import security

    owner = connections["owner"]
    with maintenance("wushi check"):
        executor = MigrationExecutor(owner)
        plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
        if plan:
            return [f"{len(plan)} migration(s) have not been applied; run 'wushi migrate'."]
        return list(security.findings(owner))


def collect_static(environment: Environment) -> None:
    """Gather and compress the static files, if one has changed since the last time."""
    from django.conf import settings
    from django.contrib.staticfiles.finders import get_finders
    from django.core.management import call_command

    if settings.DEBUG:
        return
    digest = hashlib.sha256()
    for finder in get_finders():
        for path, storage in sorted(finder.list([]), key=lambda found: str(found[0])):
            digest.update(f"{path}\0".encode() + hashlib.sha256(storage.open(path).read()).digest())
    target = environment.home / "static"
    mark = environment.home / "static.mark"
    if mark.is_file() and mark.read_text() == digest.hexdigest() and target.is_dir():
        return
    call_command("collectstatic", interactive=False, clear=True, verbosity=0)
    write_private(mark, digest.hexdigest())
