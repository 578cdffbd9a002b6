"""Background entries: load, call, nothing else."""

from uuid import UUID

from procrastinate.contrib.django import app

from wushi.domain.cases.services.notices import TELL, tell_of_step
from wushi.domain.cases.services.replanning import replan_county


@app.task(name="cases.replan")
def replan(county: str, cause: str, open_too: str) -> None:
    """Plan the county's running clocks anew."""
    replan_county(county, cause, open_too=open_too == "1")


@app.task(name=TELL, retry=3)
def tell_concerned(county: str, case_id: str, step: str) -> None:
    """Tell those whom a step of a request concerns."""
    tell_of_step(county, UUID(case_id), int(step))
