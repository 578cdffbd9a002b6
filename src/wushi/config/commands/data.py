"""The database's and the static files' form: migrate, check, and what ``up`` does before it starts."""

from __future__ import annotations

import hashlib
import json
import time
from dataclasses import asdict
from typing import Annotated

import typer

from wushi.config import env
from wushi.config.commands.common import (
    FAILED,
    Refused,
    close_connections,
    say,
    start_django,
    step,
    working_database,
)
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


NEWEST, PROGRESS_SECONDS = 2000, 5.0


def check(
    migrations: Annotated[
        bool, typer.Option("--migrations", help="Only: does every model have its migration?")
    ] = False,
    county: Annotated[str, typer.Option(help="Tell only the requests of this county again.")] = "",
    everything: Annotated[
        bool,
        typer.Option("--all", help=f"Tell every request again, not only the newest {NEWEST:,} a county."),
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="The result as JSON on one line.")] = False,
) -> None:
    """Check settings, migrations, row-level security; and tell requests again from their traces and rules."""
    environment = env.load()
    told, differing = 0, list[dict[str, str]]()
    if migrations:
        start_django()
        found = missing_migrations()
    else:
        with working_database(environment):
            start_django()
            found = [*missing_migrations(), *_system_findings(), *_database_findings()]
            if not found:
                told, differing = _tell_again(county, 0 if everything else NEWEST, quiet=as_json)
            close_connections()
    if as_json:
        say(json.dumps({"findings": found, "requests": told, "differences": differing}, ensure_ascii=False))
        if found or differing:
            raise typer.Exit(FAILED)
        return
    found += [f"{line['number']}: {line['what']}" for line in differing]
    if found:
        raise Refused("\n".join(found))
    say("All is well.")
    if told:
        say(f"{told} requests were told again from their traces; none differs.")
    if not migrations and (hint := font_hint()):
        say(hint)


def _tell_again(county: str, limit: int, quiet: bool) -> tuple[int, list[dict[str, str]]]:
    """(requests told again from their leaves and rules, what differs), county by county, with progress."""
    from wushi.domain.areas.models import NATION, Version
    from wushi.domain.calls.queries.replay import replay_calls
    from wushi.domain.cases.queries.replay import reduced_in, replay_county
    from wushi.kernel.verb import unscoped

    with unscoped("which counties are there"):
        counties = list(
            Version.objects.exclude(county=NATION).order_by("county").values_list("county", flat=True)
        )
    told, differing, began = 0, [], time.monotonic()
    for one in [county] if county else counties:
        for number, found in replay_county(one, limit):
            told += number
            differing += [{"county": one, **asdict(line)} for line in found]
            if not quiet and time.monotonic() - began > PROGRESS_SECONDS:
                began = time.monotonic()
                say(f"  {told} requests told again, {len(differing)} differences")
        for _number, lines in replay_calls(one, limit):
            differing += [{"county": one, "number": key, "what": what} for key, what in lines]
        if not quiet and (reduced := reduced_in(one)):
            say(
                f"  {reduced} requests of {one} were made by the generator with reduced histories: not told again."
            )
    return told, differing


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
