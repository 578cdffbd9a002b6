"""``wushi areas``: the country's divisions, which ship with the package and load by province or county."""

from __future__ import annotations

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
