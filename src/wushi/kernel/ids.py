"""Identifiers: UUIDv7 for rows (RFC 9562, 5.7), random codes for what a resident holds in the hand."""

import os
import time
import uuid
from datetime import datetime

# RFC 4648 base32 in capital letters without I, L, O, U (Crockford's choice): read aloud by telephone without doubt.
RECEIPT_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
RECEIPT_LENGTH = 12


def uuid7() -> uuid.UUID:
    """A time-ordered UUID: 48 bits of Unix milliseconds, version, 74 random bits. In the standard library from 3.14."""
    milliseconds = time.time_ns() // 1_000_000
    tail = int.from_bytes(os.urandom(10), "big")
    value = (milliseconds & (1 << 48) - 1) << 80 | tail
    value = value & ~(0xF << 76) | 0x7 << 76
    value = value & ~(0x3 << 62) | 0x2 << 62
    return uuid.UUID(int=value)


def uuid7s(count: int) -> list[uuid.UUID]:
    """So many time-ordered UUIDs of this moment, ascending: within one millisecond single ones would be in any order."""
    head = (time.time_ns() // 1_000_000 & (1 << 48) - 1) << 80 | 0x7 << 76 | 0x2 << 62
    noise, keep = os.urandom(10 * count), (1 << 80) - 1 ^ 0xF << 76 ^ 0x3 << 62
    tails = sorted(int.from_bytes(noise[n : n + 10], "big") & keep for n in range(0, 10 * count, 10))
    return [uuid.UUID(int=head | tail) for tail in tails]


def earliest_of(moment: datetime) -> uuid.UUID:
    """The smallest UUIDv7 of a moment: ``id >= earliest_of(t)`` finds what was made since, by the primary key alone."""
    return uuid.UUID(int=int(moment.timestamp() * 1000) << 80 | 0x7 << 76 | 0x2 << 62)


def receipt_code(county: str) -> str:
    """A receipt: the six digits of the county, then 12 random characters (60 bits); tells nothing of when or in what order."""
    # 32 letters: five bits of each byte, and no letter likelier than another
    return county + "".join(RECEIPT_ALPHABET[byte & 31] for byte in os.urandom(RECEIPT_LENGTH))
