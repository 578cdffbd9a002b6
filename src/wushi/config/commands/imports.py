"""``wushi imports KIND FILE``: a list looked at, and carried out with --commit, by the same verbs as the pages."""

from __future__ import annotations

import json
import time
import tomllib
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

from wushi.config import env
from wushi.config.commands.common import (
    WRONG_USE,
    Refused,
    close_connections,
    say,
    start_django,
    working_database,
)

if TYPE_CHECKING:
    from wushi.domain.imports.models import Batch
    from wushi.kernel.actor import Actor

SHOWN = 20
WAIT_SECONDS = 600.0


def imports(
    kind: str = typer.Argument(..., help="What is in the file: residents, staff, grids ..."),
    file: Path = typer.Argument(..., help="xlsx, xls, csv or csv.gz."),
    map_file: Path | None = typer.Option(None, "--map", help='A TOML file: column = "head in the file".'),
    source: str = typer.Option("command line", "--source", help="The system or office whose list it is."),
    county: str = typer.Option("", "--county", help="Six digits; else the installation's own."),
    commit: bool = typer.Option(False, "--commit", help="Carry it out; without it nothing counts."),
    as_json: bool = typer.Option(False, "--json", help="One JSON object instead of words."),
) -> int:
    """Bring in a list: say what each row would do, and with --commit carry it out whole."""
    if not file.is_file():
        raise Refused(f"{file} is no file.", WRONG_USE)
    with working_database(env.load()) as environment:
        start_django()
        from wushi.kernel.actor import Actor

        house = Actor.of_house(county or environment.county)
        batch = looked_at(house, kind, file, source, _told(map_file))
        if commit and batch.state == "ready":
            batch = carried_out(house, batch)
        found = summary(house, batch)
        close_connections()
    say(json.dumps(found, ensure_ascii=False)) if as_json else print_summary(found)
    return 0


def _told(map_file: Path | None) -> dict[str, str]:
    if map_file is None:
        return {}
    try:
        told = tomllib.loads(map_file.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise Refused(f"{map_file} cannot be read: {error}", WRONG_USE) from error
    return {str(column): str(head) for column, head in told.items()}


def looked_at(
    house: Actor,
    kind: str,
    file: Path,
    source: str,
    told: dict[str, str],
    options: dict[str, Any] | None = None,
) -> Batch:
    """Taken, told, looked at. A worker that runs may be faster: then we wait for it."""
    from wushi.domain.imports import queries
    from wushi.domain.imports.registry import importer_of
    from wushi.domain.imports.services import NewFile, map_columns, preview, take_file, tell_words
    from wushi.domain.imports.services.judging import seen
    from wushi.kernel.verb import reading

    batch = take_file(actor=house, new=NewFile(kind, source, file.name, file))
    if batch.state not in ("taken", "looking", "ready"):
        return batch
    if options:
        batch = tell_words(actor=house, batch_id=batch.id, options=options)
    with reading(house):
        mapping = queries.offered_mapping(batch, importer_of(kind).columns)
    for column, head in told.items():
        if head not in batch.heads:
            raise Refused(f"The file has no column {head!r}. It has: {', '.join(batch.heads)}", WRONG_USE)
        mapping = {name: index for name, index in mapping.items() if index != batch.heads.index(head)}
        mapping[column] = batch.heads.index(head)
    batch = map_columns(actor=house, batch_id=batch.id, mapping=mapping)
    preview(house.county, batch.id, batch.step)
    return _until(lambda: seen(house, batch.id), "looking")


def _until(look: Any, state: str) -> Batch:
    until = time.monotonic() + WAIT_SECONDS
    while (batch := look()).state == state and time.monotonic() < until:
        time.sleep(0.5)
    found: Batch = batch
    return found


def carried_out(house: Actor, batch: Batch) -> Batch:
    """Carried out, where anything is new or changed."""
    from wushi.domain.imports.services import carry_out_batch, commit_batch, note_trouble
    from wushi.domain.imports.services.judging import seen
    from wushi.kernel.errors import DomainError

    if not batch.counts.get("new") and not batch.counts.get("changed"):
        return batch
    commit_batch(actor=house, batch_id=batch.id)
    try:
        carry_out_batch(actor=house, batch_id=batch.id)
    except DomainError as error:
        note_trouble(actor=house, batch_id=batch.id, code=error.code, facts=error.facts)
        raise
    return seen(house, batch.id)


def summary(house: Actor, batch: Batch) -> dict[str, Any]:
    """A batch as one object: where it stands, how many of what, what is wrong with which row."""
    from wushi.domain.imports import queries
    from wushi.kernel.verb import reading

    with reading(house):
        wrong = queries.wrong_lines(batch)
    return {
        "batch": str(batch.id),
        "state": batch.state,
        "rows": batch.total,
        "counts": {
            name: batch.counts.get(name, 0) for name in ("new", "changed", "same", "duplicate", "error")
        },
        "wrong": [{"row": n, "reason": reason, "column": column} for n, (reason, column) in wrong.items()],
    }


def print_summary(found: dict[str, Any]) -> None:
    """The same in words."""
    say(" / ".join(f"{name} {n}" for name, n in found["counts"].items()))
    for line in found["wrong"][:SHOWN]:
        say(f"  row {line['row']}: {line['column']} {line['reason']}".rstrip())
    if len(found["wrong"]) > SHOWN:
        say(f"  ... and {len(found['wrong']) - SHOWN} more")
    say("Carried out." if found["state"] == "done" else "Nothing counts yet. Give --commit to carry it out.")
