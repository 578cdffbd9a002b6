"""The life of a thing as a table of moves (house rule 8)."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from wushi.kernel.errors import DomainError


class MoveRefused(DomainError):
    """The thing is in a state from which this verb does not go (409)."""

    code = "move_refused"


@dataclass(frozen=True)
class Move:
    """One row of the table. An empty ``target`` leaves the state as it is."""

    verb: str
    sources: frozenset[str]
    target: str
    who: frozenset[str]


def machine(*moves: tuple[str, Iterable[str], str, Iterable[str]]) -> Mapping[str, Move]:
    """Build a table of moves from (verb, from, to, who) rows; a verb stands in it once."""
    table = {verb: Move(verb, frozenset(src), dst, frozenset(who)) for verb, src, dst, who in moves}
    if len(table) != len(moves):
        raise ValueError("a verb stands twice in the table of moves")
    return table


def move(table: Mapping[str, Move], verb: str, state: str) -> Move:
    """The row for ``verb``; raises MoveRefused where it does not start from ``state``."""
    step = table[verb]
    if state not in step.sources:
        raise MoveRefused(verb=verb, state=state)
    return step
