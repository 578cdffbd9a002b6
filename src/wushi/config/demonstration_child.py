"""The child of ``wushi up`` that fills the demonstration district and ends: ``python -m wushi.config.demonstration_child``."""

from __future__ import annotations

import os
import sys

from wushi.config.commands.common import close_connections, say, start_django


def main() -> int:
    """Make what is missing, and say when all is there."""
    # whoever looks at a page meanwhile goes first
    os.nice(5)
    start_django()
    from wushi.config.demonstration import COUNTY
    from wushi.config.demonstration_filling import fill

    filled = fill(COUNTY, say)
    if filled.requests or filled.households:
        say(f"the demonstration district is complete, after {filled.seconds} s")
    close_connections()
    return 0


if __name__ == "__main__":
    sys.exit(main())
