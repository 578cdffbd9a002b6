"""A receipt code in the hand: county + 12 characters; tolerant of how people type, never of guesses."""

from __future__ import annotations

import unicodedata

from wushi.domain.calls.queries import of_receipt as call_of_receipt
from wushi.domain.cases.queries import of_receipt
from wushi.kernel.actor import Actor
from wushi.kernel.errors import NotFound
from wushi.kernel.ids import RECEIPT_ALPHABET, RECEIPT_LENGTH
from wushi.kernel.verb import reading

# what people read as something else
_MISREAD = str.maketrans({"I": "1", "L": "1", "O": "0", "U": "V"})


def normal_code(text: str) -> str:
    """The code as it is stored; '' when it cannot be one."""
    squeezed = "".join(ch for ch in unicodedata.normalize("NFKC", text).upper() if ch.isalnum())
    county, rest = squeezed[:6], squeezed[6:].translate(_MISREAD)
    if (
        not (county.isdigit() and county.isascii())
        or len(rest) != RECEIPT_LENGTH
        or not set(rest) <= set(RECEIPT_ALPHABET)
    ):
        return ""
    return county + rest


def spaced(code: str) -> str:
    """For reading aloud: 341504 ABCD EFGH JKMN."""
    return " ".join([code[:6], *(code[i : i + 4] for i in range(6, len(code), 4))])


def actor_of(text: str, county: str = "") -> Actor:
    """The actor who holds this receipt; raises NotFound for a code nobody was given."""
    code = normal_code(text)
    if not code:
        raise NotFound()
    anybody = Actor.anonymous(code[:6])
    with reading(anybody):
        row = of_receipt(code[:6], code) or call_of_receipt(code[:6], code)
        if row is None:
            raise NotFound()
        return Actor(f"receipt:{row.id}", row.county, relations=frozenset({"receipt"}))
