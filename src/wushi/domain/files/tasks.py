"""Background entries: throw away photos nobody claimed."""

from procrastinate.contrib.django import app

from wushi.domain.files.services import sweep_orphans


@app.task(name="files.sweep_orphans")
def sweep(county: str) -> None:
    """One county's unclaimed photos."""
    sweep_orphans(county)
