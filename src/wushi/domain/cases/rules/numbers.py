"""Numbers read aloud by telephone, with a check digit."""

from __future__ import annotations

from datetime import date


def check_digit(digits: str) -> str:
    """ISO 7064 MOD 11,10 over the digits of a number read aloud by telephone: finds every single wrong digit."""
    product = 10
    for digit in digits:
        total = (int(digit) + product) % 10 or 10
        product = total * 2 % 11
    return str((11 - product) % 10)


def number_of(prefix: str, day: date, serial: int) -> str:
    """YJ-20261123-0001-3; the serial grows past 9999 without a limit."""
    body = f"{day:%Y%m%d}{serial:04d}"
    return f"{prefix}-{day:%Y%m%d}-{serial:04d}-{check_digit(body)}"


def is_number(text: str) -> bool:
    """Whether somebody typed a request's number, with its check digit right."""
    parts = text.strip().upper().split("-")
    if len(parts) != 4 or not parts[0].isalpha() or not all(p.isascii() and p.isdigit() for p in parts[1:]):
        return False
    return check_digit(parts[1] + parts[2]) == parts[3]
