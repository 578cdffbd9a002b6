"""``wushi demo``: the small demonstration district."""

from __future__ import annotations

from wushi.config import env
from wushi.config.commands.common import close_connections, say, start_django, step, working_database


def demo() -> None:
    """Make or mend the demonstration district, and say how to sign in."""
    with working_database(env.load()):
        start_django()
        from wushi.config import demonstration
        from wushi.config.commands.data import migrate_and_secure

        with step("looking after the demonstration district"):
            migrate_and_secure()
            access = demonstration.ensure(say=lambda words: say(f"  {words}"))
        close_connections()
    say("\n".join(access.lines()))
