"""``wushi demo``: the demonstration district, whole."""

from __future__ import annotations

from typing import Annotated

import typer

from wushi.config import env
from wushi.config.commands.common import (
    Refused,
    close_connections,
    say,
    start_django,
    step,
    superuser_url,
    working_database,
)


def demo(
    full: Annotated[
        bool, typer.Option("--full", help="All 90,000 households and 280,000 residents, not a tenth of them.")
    ] = False,
    cases: Annotated[
        int,
        typer.Option(
            help="So many requests in all, beyond the 4,424 of the year, all of them over. Up to 20,000 more have whole"
            " histories (some hundred a second); more have reduced ones, which `wushi check` does not tell again."
        ),
    ] = 0,
) -> None:
    """Make or mend the demonstration district with its year of requests, and say how to sign in."""
    with working_database(env.load()):
        start_django()
        from wushi.config import demonstration, demonstration_filling
        from wushi.config.commands.data import migrate_and_secure
        from wushi.config.demonstration_people import SHARE

        with step("looking after the demonstration district"):
            migrate_and_secure()
            access = demonstration.ensure(say=lambda words: say(f"  {words}"))
            share = 1 if full else SHARE
            if cases:
                _refuse_beside_real_data(demonstration.COUNTY)
            demonstration_filling.fill(demonstration.COUNTY, lambda words: say(f"  {words}"), share)
            if cases:
                _pile_up(demonstration.COUNTY, cases)
        close_connections()
    say("\n".join(access.lines()))


def _pile_up(county: str, number: int) -> None:
    """Raises Refused where so many can only be written by a superuser, and there is none."""
    from wushi.config import demonstration_filling, demonstration_mountain
    from wushi.config.demonstration_fates import COLLECTED

    def tell(words: str) -> None:
        say(f"  {words}")

    if number - COLLECTED <= demonstration_mountain.WHOLE_AT_MOST:
        demonstration_filling.fill_beyond(county, tell, number)
        return
    url = superuser_url(env.load())
    if not url:
        raise Refused(
            "So many requests are written by the server's superuser, whom this program knows in the embedded database only:"
            " run it without DATABASE_URL."
        )
    demonstration_mountain.pile_up(county, url, number, tell)


def _refuse_beside_real_data(county: str) -> None:
    """Raises Refused where another county was founded here: a mountain of invented requests is for an installation of its own."""
    from wushi.domain.areas.models import NATION, Version
    from wushi.kernel.verb import unscoped

    with unscoped("which counties are there"):
        others = list(Version.objects.exclude(county__in=[NATION, county]).values_list("county", flat=True))
    if others:
        named = ", ".join(sorted(others)[:3])
        raise Refused(f"This database serves {named}. Give --cases an installation of its own (WUSHI_HOME).")
