"""Reading requests: ``visible_to`` for one row, ``page_for`` for lists, both from the same scopes."""

from wushi.domain.cases.queries.lamps import Lamp, lamp_of, lamps_under
from wushi.domain.cases.queries.lists import Wanted, count_for, page_for
from wushi.domain.cases.queries.rulebook import Rulebook, rulebook
from wushi.domain.cases.queries.scopes import by_receipt, mine_of, of_receipt, visible_to
from wushi.domain.cases.queries.telling import Step, may, timeline, why

__all__ = [
    "Lamp",
    "Rulebook",
    "Step",
    "Wanted",
    "by_receipt",
    "count_for",
    "lamp_of",
    "lamps_under",
    "may",
    "mine_of",
    "of_receipt",
    "page_for",
    "rulebook",
    "timeline",
    "visible_to",
    "why",
]
