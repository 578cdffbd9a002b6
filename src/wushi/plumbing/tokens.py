"""Search tokens: overlapping pairs of Chinese characters, words of Latin letters and digits.

Pairs find every substring of two characters and more and need no dictionary; the choice and what a segmenter would give
instead is in docs/decisions/0007-search-tokens.md.
"""

import re
import unicodedata
from datetime import date

_HAN = r"\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
_RUN = re.compile(rf"[{_HAN}]+|[0-9a-z]+")
_IS_HAN = re.compile(rf"[{_HAN}]")
LONGEST = 40


def normal(text: str) -> str:
    """Full-width to half-width, lower case: what people mean by the same word."""
    return unicodedata.normalize("NFKC", text).casefold()


def _runs(text: str) -> list[str]:
    return _RUN.findall(normal(text))


def tokens(text: str) -> list[str]:
    """What is stored for a text: single characters, pairs, Latin words."""
    found: set[str] = set()
    for run in _runs(text):
        if _IS_HAN.match(run):
            found.update(run)
            found.update(run[i : i + 2] for i in range(len(run) - 1))
        else:
            found.add(run[:LONGEST])
    return sorted(found)


def query_tokens(text: str) -> list[str]:
    """What is asked for: pairs where the run is long enough, else the single character."""
    found: set[str] = set()
    for run in _runs(text):
        if not _IS_HAN.match(run):
            found.add(run[:LONGEST])
        elif len(run) == 1:
            found.add(run)
        else:
            found.update(run[i : i + 2] for i in range(len(run) - 1))
    return sorted(found)


def quarter_token(day: date) -> str:
    """The quarter something happened in, as a token no text has: the index of words finds the latest hits by it."""
    return f"~{day.year}q{(day.month + 2) // 3}"


def last_quarters(day: date, n: int) -> list[str]:
    """The quarter of a day and those before it, ``n`` in all."""
    months = day.year * 12 + day.month - 1
    return [quarter_token(date((months - 3 * k) // 12, (months - 3 * k) % 12 + 1, 1)) for k in range(n)]
