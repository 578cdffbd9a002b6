"""``wushi found``: a real district, ready to work."""

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

County = Annotated[str, typer.Argument(help="The district's six digits.")]
Prefix = Annotated[str, typer.Option(help="Letters that begin its numbers, like YJ.")]
Admin = Annotated[str, typer.Option(help="Name the administrator signs in with.")]


def found(county: County, prefix: Prefix, admin: Admin = "admin") -> None:
    """Make a district ready to work: divisions, calendar, rules, units, the first administrator."""
    if not (county.isascii() and county.isdecimal() and len(county) == 6):
        raise Refused(f"{county!r} is no county: six digits.", WRONG_USE)
    if not (prefix.isascii() and prefix.isalpha() and prefix.isupper() and len(prefix) <= 6):
        raise Refused(f"{prefix!r} is no prefix: one to six capital letters.", WRONG_USE)
    with working_database(env.load()):
        start_django()
        from wushi.config import founding, imports
        from wushi.config.commands.data import migrate_and_secure

        try:
            with step(f"founding {county}"):
                migrate_and_secure()
                made = founding.found_district(
                    county, prefix=prefix, admin=admin, channels=env.load().discipline_channels, say=say
                )
        except founding.NameTaken:
            raise Refused(f"Somebody of another district is called {admin!r}; choose --admin.") from None
        except imports.NoSuchDivision as none:
            raise Refused(str(none)) from None
        close_connections()
    say(f"{made.areas} new areas.")
    if made.password:
        say(
            f"{admin} signs in at /work/ with the password  {made.password}  and enrols a second factor then."
        )
    else:
        say(f"{admin} was there already; the password is unchanged.")
