"""Background entries: look at rows, carry them out, take them back; what fails is said on the batch."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

import structlog
from django.db import IntegrityError
from procrastinate.contrib.django import app

from wushi.domain.imports.errors import ChangedMeanwhile, ChangedSince, ImportFault
from wushi.domain.imports.services import carry_out_batch, note_trouble, preview, take_back_batch
from wushi.kernel.actor import Actor
from wushi.kernel.errors import DomainError

log = structlog.get_logger("wushi.imports")


def tried(
    county: str, batch_id: str, work: Callable[[], object], met: type[DomainError] = ChangedSince
) -> None:
    """Do it; a refusal, and a fault of ours, become words on the batch. A worker that dies leaves the job to be begun again."""
    try:
        work()
        return
    except DomainError as error:
        code, facts = error.code, {k: v for k, v in error.facts.items() if isinstance(v, int | str | list)}
    except IntegrityError:
        # something of another room points at what would be taken back, or somebody entered the same person this moment
        code, facts = met.code, {"n": 1}
        log.warning("import met its like", batch=batch_id, exc_info=True)
    except Exception:
        code, facts = ImportFault.code, {}
        log.error("import", batch=batch_id, exc_info=True)
    note_trouble(actor=Actor.of_house(county), batch_id=UUID(batch_id), code=code, facts=facts)


@app.task(name="imports.preview")
def look(county: str, batch_id: str, step: str) -> None:
    """Look at every row of a batch."""
    tried(county, batch_id, lambda: preview(county, UUID(batch_id), int(step)))


@app.task(name="imports.carry_out")
def carry_out(county: str, batch_id: str) -> None:
    """Carry a batch out, whole or not at all."""
    house = Actor.of_house(county)
    tried(county, batch_id, lambda: carry_out_batch(actor=house, batch_id=UUID(batch_id)), ChangedMeanwhile)


@app.task(name="imports.take_back")
def take_back(county: str, batch_id: str) -> None:
    """Take a batch back, whole or not at all."""
    house = Actor.of_house(county)
    tried(county, batch_id, lambda: take_back_batch(actor=house, batch_id=UUID(batch_id)))
