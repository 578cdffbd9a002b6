"""``wushi cases import FILE``: the requests of an old system, by the same verbs as the pages."""

from __future__ import annotations

import json
import tomllib
from pathlib import Path
from typing import Any

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
from wushi.config.commands.imports import carried_out, looked_at, print_summary, summary

app = typer.Typer(help="Requests of other systems.", no_args_is_help=True)
TABLES = ("areas", "categories", "states", "kinds", "urgencies", "channels", "ratings", "outcomes")
SINGLE = ("default_area", "default_text", "time_format")


@app.callback()
def cases() -> None:
    """Requests of other systems."""


@app.command("import")
def import_cases(
    file: Path = typer.Argument(..., help="xlsx, xls, csv or csv.gz."),
    map_file: Path | None = typer.Option(
        None, "--map", help="A TOML file: what their heads, places and states mean (docs/OPERATING.md)."
    ),
    historic: bool = typer.Option(
        False, "--historic", help="History: their own times, no deadline runs, nobody is told."
    ),
    source: str = typer.Option("", "--source", help="The system they come from; rows are known again by it."),
    county: str = typer.Option("", "--county", help="Six digits; else the installation's own."),
    commit: bool = typer.Option(False, "--commit", help="Carry it out; without it nothing counts."),
    as_json: bool = typer.Option(False, "--json", help="One JSON object instead of words."),
) -> int:
    """Bring in requests: say what each row would do, and with --commit carry it out whole."""
    if not file.is_file():
        raise Refused(f"{file} is no file.", WRONG_USE)
    told = _told(map_file)
    name = source or told["source"]
    if not name:
        raise Refused('Which system is it? Give --source or source = "..." in the map.', WRONG_USE)
    options = {**told["options"], "historic": historic or told["historic"]}
    with working_database(env.load()) as environment:
        start_django()
        from wushi.domain.imports.registry import importer_of
        from wushi.domain.imports.services import look_again
        from wushi.kernel.actor import Actor

        strange = set(told["columns"]) - {column.name for column in importer_of("cases").columns}
        if strange:
            raise Refused(f"{map_file}: no column of ours is called {', '.join(sorted(strange))}.", WRONG_USE)
        house = Actor.of_house(county or environment.county)
        batch = looked_at(house, "cases", file, name, told["columns"], options)
        if batch.state == "done":
            # the same file again: what it would do today, which should be nothing
            found = summary(house, batch)
            found["counts"] |= dict.fromkeys(found["counts"], 0) | look_again(house, batch)
        else:
            if commit and batch.state == "ready":
                batch = carried_out(house, batch)
            found = summary(house, batch)
        close_connections()
    say(json.dumps(found, ensure_ascii=False)) if as_json else print_summary(found)
    return 0


def _told(map_file: Path | None) -> dict[str, Any]:
    """The map: source, columns (ours = their head), and what their words mean. Raises Refused."""
    text: dict[str, Any] = {}
    try:
        if map_file is not None:
            text = tomllib.loads(map_file.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise Refused(f"{map_file} cannot be read: {error}", WRONG_USE) from error
    strange = sorted(set(text) - {"source", "historic", "columns", *TABLES, *SINGLE})
    if strange:
        raise Refused(f"{map_file} says {', '.join(strange)}, which nothing here is called.", WRONG_USE)
    wrong = [name for name in ("columns", *TABLES) if not isinstance(text.get(name, {}), dict)]
    if wrong:
        raise Refused(f"{map_file}: {wrong[0]} must be a table of words.", WRONG_USE)
    words = {name: {str(k): str(v) for k, v in text[name].items()} for name in TABLES if name in text}
    single = {name: str(text[name]) for name in SINGLE if name in text}
    return {
        "source": str(text.get("source", "")),
        "historic": bool(text.get("historic")),
        "columns": {str(ours): str(head) for ours, head in text.get("columns", {}).items()},
        "options": {**words, **single},
    }
