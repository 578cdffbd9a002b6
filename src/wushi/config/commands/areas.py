"""``wushi areas``: the country's divisions, which ship with the package and load by province or county."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from wushi.config import env
from wushi.config.commands.common import (
    WRONG_USE,
    Refused,
    close_connections,
    say,
    start_django,
    step,
    working_database,
)

app = typer.Typer(help="Divisions: province, county, town, village.", no_args_is_help=True)

Code = Annotated[
    str, typer.Argument(help="2 digits (province), 4 (city), 6 (county), 9 (town) or 12 (village).")
]


def _checked(code: str, lengths: tuple[int, ...]) -> str:
    if not (code.isascii() and code.isdecimal()) or len(code) not in lengths:
        raise Refused(f"{code!r} is no code of a division: {', '.join(map(str, lengths))} digits.", WRONG_USE)
    return code


@app.command()
def load(code: Code) -> None:
    """Load a province, city or county with everything below it."""
    _checked(code, (2, 4, 6))
    with working_database(env.load()):
        start_django()
        from wushi.config import imports

        with step(f"loading the divisions below {code}"):
            count = imports.load_divisions(code, say)
        close_connections()
    if not count:
        raise Refused(f"No division begins with {code}.")
    say(f"{count} divisions.")


@app.command(name="list")
def list_(code: Code) -> None:
    """List the divisions one level below a code, from the data that ships with the package."""
    _checked(code, (2, 4, 6, 9, 12))
    start_django()
    from wushi.config import imports

    found = False
    for division, name in imports.list_divisions(code):
        found = True
        say(f"{division}  {name}")
    if not found:
        raise Refused(f"No division lies below {code}.")


@app.command()
def grids(
    file: Annotated[
        Path, typer.Argument(help="GeoJSON with code, name and outline.", exists=True, dir_okay=False)
    ],
) -> None:
    """Take over grids from a GeoJSON file: all of them, or none."""
    with working_database(env.load()):
        start_django()
        from wushi.config import imports

        with step(f"reading {file.name}"):
            try:
                new, changed = imports.load_grids(file.read_text(encoding="utf-8-sig"))
            except imports.NoSuchDivision as none:
                raise Refused(str(none)) from None
            except UnicodeDecodeError:
                raise Refused(f"{file.name} is not UTF-8 text.") from None
        close_connections()
    say(f"{new} new grids, {changed} described anew.")


@app.command()
def replace(
    old: Annotated[list[str], typer.Option(help="A code that ends; several to merge.")],
    new: Annotated[list[str], typer.Option(help="CODE=NAME that begins; several to split.")],
) -> None:
    """Merge areas (several --old, one --new) or split one (one --old, several --new). Posts and open matters follow."""
    pairs = [tuple(part.partition("=")[::2]) for part in new]
    if not all(code.isdecimal() and name for code, name in pairs) or not all(
        code.isdecimal() for code in old
    ):
        raise Refused("Give codes as digits, and what begins as CODE=NAME.", WRONG_USE)
    with working_database(env.load()):
        start_django()
        from wushi.config import imports

        with step("replacing areas"):
            imports.replace(old, [(str(code), str(name)) for code, name in pairs])
        close_connections()
    say(f"{', '.join(old)} ended; {', '.join(code for code, _ in pairs)} began.")


@app.command()
def hours(
    county: Annotated[str, typer.Argument(help="The district's six digits.")],
    spans: Annotated[str, typer.Option(help="Working hours of a day: 08:00-12:00,14:30-18:00.")],
    basis: Annotated[str, typer.Option(help="The notice they come from.")],
    since: Annotated[str, typer.Option(help="The first day, YYYY-MM-DD.")],
) -> None:
    """From a day on people work these hours (summer, winter); running deadlines are planned anew."""
    from datetime import date, time

    try:
        pairs = [tuple(time.fromisoformat(t.strip()) for t in span.split("-")) for span in spans.split(",")]
        day = date.fromisoformat(since)
    except ValueError:
        raise Refused(
            "Give --spans as 08:00-12:00,14:30-18:00 and --since as 2026-10-01.", WRONG_USE
        ) from None
    if any(len(pair) != 2 for pair in pairs):
        raise Refused("A span is FROM-UNTIL: 08:00-12:00.", WRONG_USE)
    with working_database(env.load()):
        start_django()
        from wushi.domain.areas.services import set_hours
        from wushi.kernel.actor import Actor

        set_hours(actor=Actor.of_house(county), since=day, spans=[(p[0], p[1]) for p in pairs], basis=basis)
        close_connections()
    say(f"From {day} on, {county} works {spans}.")
