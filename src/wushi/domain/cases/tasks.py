"""Background entries: load, call, nothing else."""

from procrastinate.contrib.django import app

from wushi.domain.cases.services.replanning import replan_county


@app.task(name="cases.replan")
def replan(county: str, cause: str, open_too: str) -> None:
    """Plan the county's running clocks anew."""
    replan_county(county, cause, open_too=open_too == "1")
