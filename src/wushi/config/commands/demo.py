"""``wushi demo``: the demonstration district, whole."""

from __future__ import annotations

from typing import Annotated

import typer

from wushi.config import env
from wushi.config.commands.common import Refused, close_connections, say, start_django, step, working_database


def demo(
    full: Annotated[
        bool, typer.Option("--full", help="All 90,000 households and 280,000 residents, not a tenth of them.")
    ] = False,
    cases: Annotated[
        int,
        typer.Option(
            help="So many requests in all, beyond the 4,424 of the year: some hundred a second, all of them over."
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
                demonstration_filling.fill_beyond(
                    demonstration.COUNTY, lambda words: say(f"  {words}"), cases
                )
        close_connections()
    say("\n".join(access.lines()))


def _refuse_beside_real_data(county: str) -> None:
    """Raises Refused where another county was founded here: a mountain of invented requests is for an installation of its own."""
    from wushi.domain.areas.models import NATION, Version
    from wushi.kernel.verb import unscoped

    with unscoped("which counties are there"):
        others = list(Version.objects.exclude(county__in=[NATION, county]).values_list("county", flat=True))
    if others:
        named = ", ".join(sorted(others)[:3])
        raise Refused(f"This database serves {named}. Give --cases an installation of its own (WUSHI_HOME).")
