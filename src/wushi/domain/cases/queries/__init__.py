"""Reading requests: ``visible_to`` for one row, ``page_for`` for lists, both from the same scopes."""

from wushi.domain.cases.queries.clocks import ClockLine, Coming, Why, clocks_of, explain
from wushi.domain.cases.queries.desk import callbacks_for, cases_of, filters_for, flags_for, plea_of
from wushi.domain.cases.queries.lamps import Lamp, lamp_of, lamps_under
from wushi.domain.cases.queries.lists import Wanted, count_for, page_for
from wushi.domain.cases.queries.rulebook import Rulebook, rulebook
from wushi.domain.cases.queries.scopes import by_receipt, mine_of, of_family, of_receipt, visible_to
from wushi.domain.cases.queries.telling import Step, master_of, may, timeline, timeline_of_master
from wushi.domain.cases.queries.together import (
    PartLine,
    WhistleLine,
    linked_to,
    near_to,
    of_same_person,
    parts_of,
    split_off,
    whistles_of,
)

__all__ = [
    "ClockLine",
    "Coming",
    "Lamp",
    "PartLine",
    "Rulebook",
    "Step",
    "Wanted",
    "WhistleLine",
    "Why",
    "by_receipt",
    "callbacks_for",
    "cases_of",
    "clocks_of",
    "count_for",
    "explain",
    "filters_for",
    "flags_for",
    "lamp_of",
    "lamps_under",
    "linked_to",
    "master_of",
    "may",
    "mine_of",
    "near_to",
    "of_family",
    "of_receipt",
    "of_same_person",
    "page_for",
    "parts_of",
    "plea_of",
    "rulebook",
    "split_off",
    "timeline",
    "timeline_of_master",
    "visible_to",
    "whistles_of",
]
