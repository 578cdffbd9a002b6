"""The figures of the demonstration's year: what becomes of how many requests, and what is said and answered."""

from __future__ import annotations

import random
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from wushi.config.demonstration_people import SEED

# The figures of the programme this is modelled on: collected, brought to an end, satisfied of those who rated.
COLLECTED, ENDED, OPEN = 4424, 4408, 16
SATISFIED_PERCENT, RATED = 98, 3100
PAIR = 150  # in each run of so many one matter is told twice


@dataclass(frozen=True)
class Saying:
    """What somebody says, and what he is answered."""

    category: str
    outcome: str
    text: str
    answer: str


@cache
def sayings() -> dict[str, list[Saying]]:
    """The texts of the package, by category."""
    found: dict[str, list[Saying]] = {}
    lines = (Path(__file__).parent / "demonstration_texts.txt").read_text(encoding="utf-8").splitlines()
    for line in lines:
        if line and not line.startswith("#"):
            category, outcome, text, answer = line.split("|")
            said = Saying(category, {"r": "resolved", "e": "explained"}[outcome], text, answer)
            found.setdefault(category, []).append(said)
    return found


def fates(open_already: int, ended_already: int, rated: int, satisfied: int) -> list[str]:
    """What becomes of each, so that with those told already the totals are exactly those of the programme."""
    number = COLLECTED - open_already - ended_already
    left_open = OPEN - open_already
    pairs = sum(1 for n in range(number) if n % PAIR == PAIR - 1)
    good = RATED * SATISFIED_PERCENT // 100 - satisfied
    bad = RATED - rated - good
    counted = {
        "satisfied": good - pairs, "neutral": bad * 2 // 3, "unsatisfied": bad - bad * 2 // 3, "withdrawn": 60,
        "declined": 30, "answer_awaited": 36, "supervisor": 24, "unanswered": 700,
    }  # fmt: skip
    plain = number - left_open - 2 * pairs - sum(counted.values())
    pool = [fate for fate, times in {**counted, "unrated": plain}.items() for _ in range(times)]
    random.Random(SEED).shuffle(pool)
    opened = ["new", "working", "paused", "overdue", "whistled", "escalated"]
    pool += [opened[n % len(opened)] for n in range(left_open)]
    found = []
    for n in range(number):
        if n % PAIR == PAIR - 2:
            found.append("host")
        elif n % PAIR == PAIR - 1:
            found.append("twin")
        else:
            found.append(pool[len(found) - 2 * (n // PAIR)])
    return found


# what becomes of those told beyond the year of the programme, by weight; all of them are over
BEYOND = {
    "satisfied": 70, "neutral": 1, "unsatisfied": 1, "unrated": 9, "unanswered": 16, "withdrawn": 2, "declined": 1,
}  # fmt: skip


def fate_beyond(n: int) -> str:
    """What becomes of a request beyond the programme's own."""
    return random.Random(f"{SEED}:beyond:{n}").choices(list(BEYOND), list(BEYOND.values()))[0]
