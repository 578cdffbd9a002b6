"""Which kinds of tables are taken: each room hands its importer in through ``config/wiring.py``."""

from __future__ import annotations

from wushi.domain.imports.errors import UnknownKind
from wushi.domain.imports.models import Batch
from wushi.kernel.actor import Actor
from wushi.plumbing.sheets.importer import Importer, bound_to

_importers: dict[str, Importer] = {}


def register(*importers: Importer) -> None:
    """Take importers in; the same kind again replaces it."""
    _importers.update({importer.kind: importer for importer in importers})


def importer_of(kind: str) -> Importer:
    """The importer of a kind. Raises UnknownKind."""
    try:
        return _importers[kind]
    except KeyError as error:
        raise UnknownKind() from error


def importer_for(batch: Batch) -> Importer:
    """The importer of a batch, with what was told of its source's words."""
    return bound_to(importer_of(batch.kind), batch.source, batch.options)


def importers_for(actor: Actor) -> list[Importer]:
    """Those whose kind the actor may bring in, in the order they were handed in."""
    return [importer for importer in _importers.values() if importer.may(actor)]


def all_kinds() -> list[str]:
    """Every kind, for the command line."""
    return list(_importers)
