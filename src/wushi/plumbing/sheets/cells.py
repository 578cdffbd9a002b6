"""Cells as people fill them in, made one clean text; and what a text means where a column says so. Pure."""

from __future__ import annotations

import re
import unicodedata
from datetime import date, datetime, time, timedelta
from typing import Any

from wushi.plumbing.personal import is_id_number, is_phone, normal_id_number, normal_phone

# full-width digits and Latin letters only: Chinese punctuation in a text stays as it was typed
_HALF = {0xFF10 + n: ord("0") + n for n in range(10)}
_HALF |= {0xFF21 + n: ord("A") + n for n in range(26)} | {0xFF41 + n: ord("a") + n for n in range(26)}
_BLANK = re.compile(r"[ \t\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000]+")
_HIDDEN = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]")
# a number of more digits than this has lost its last ones in a spreadsheet (IEEE 754 keeps 15)
EXACT = 10**15
IMPRECISE, ERROR_CELL = "number_not_text", "error_cell"
_EPOCH = date(1899, 12, 30)
_YMD = re.compile(r"(\d{4})[./\-年](\d{1,2})(?:[./\-月](\d{1,2})日?|月)?(?:[ T]\d{1,2}:.*)?")
_PACKED = re.compile(r"(\d{4})(\d{2})(\d{2})")
_SEX = {"男": "男", "男性": "男", "1": "男", "m": "男", "male": "男"}
_SEX |= {"女": "女", "女性": "女", "2": "女", "f": "女", "female": "女"}
_DANGEROUS = ("=", "+", "-", "@", "\t", "\r")


class BadCell(ValueError):
    """A cell that cannot mean what its column asks for; ``code`` says why."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def clean_cell(value: Any) -> tuple[str, str]:
    """(text, mark): what stands in a cell as clean text; the mark is IMPRECISE where a number has lost digits."""
    if value is None:
        return "", ""
    if isinstance(value, bool):
        return ("TRUE" if value else "FALSE"), ""
    if isinstance(value, int | float):
        whole = float(value).is_integer()
        shown = str(int(value)) if whole and abs(value) < 1e18 else format(value, ".15g")
        return shown, IMPRECISE if abs(value) >= EXACT else ""
    if isinstance(value, datetime):
        midnight = value.time() == time()
        return (value.date().isoformat() if midnight else value.isoformat(" ", "minutes")), ""
    if isinstance(value, date | time):
        return value.isoformat(), ""
    if isinstance(value, timedelta):
        return str(value), ""
    text = str(value).replace("\r\n", "\n").replace("\r", "\n").translate(_HALF)
    lines = (_BLANK.sub(" ", line).strip() for line in _HIDDEN.sub("", text).split("\n"))
    joined = "\n".join(lines).strip()
    # the apostrophe that ``written`` put in front, in a file that came back
    return (joined[1:] if joined[:1] == "'" and joined[1:2] in _DANGEROUS else joined), ""


def plain(text: str) -> str:
    """A text as it is."""
    return text


def code(text: str) -> str:
    """A code: no blanks, half-width, an apostrophe in front (how people force text) dropped."""
    return re.sub(r"\s", "", unicodedata.normalize("NFKC", text)).lstrip("'`")


def label(text: str) -> str:
    """A name of a place or unit: no blanks in it, no apostrophe in front."""
    return re.sub(r"\s", "", text).lstrip("'`")


def phone(text: str) -> str:
    """A telephone number. Raises BadCell."""
    number = normal_phone(text.lstrip("'"))
    if number and not is_phone(number):
        raise BadCell("bad_phone")
    return number


def id_number(text: str) -> str:
    """An ID number with its check digit. Raises BadCell."""
    number = normal_id_number(text.lstrip("'"))
    if number and not is_id_number(number):
        raise BadCell("bad_id_number")
    return number


def sex(text: str) -> str:
    """男 or 女. Raises BadCell."""
    if not text:
        return ""
    found = _SEX.get(text.casefold())
    if found is None:
        raise BadCell("bad_sex")
    return found


def day(text: str) -> str:
    """A day in ISO form from the ways it is written: 1990.1.1, 1990年1月, 19900101, a spreadsheet's serial. Raises BadCell."""
    text = unicodedata.normalize("NFKC", text).strip().lstrip("'")
    if not text:
        return ""
    try:
        packed, parts = _PACKED.fullmatch(text), _YMD.fullmatch(text)
        if packed:
            found = date(*(int(part) for part in packed.groups()))
        elif parts:
            found = date(int(parts[1]), int(parts[2]), int(parts[3] or 1))
        elif re.fullmatch(r"\d{5}(?:\.\d+)?", text):
            # Excel counts days from the last one of 1899; it takes 1900 for a leap year, which is over by 61
            found = _EPOCH + timedelta(days=int(float(text)))
        else:
            raise BadCell("bad_date")
    except ValueError as error:
        raise BadCell("bad_date") from error
    if not 1850 <= found.year <= 2100:
        raise BadCell("bad_date")
    return found.isoformat()


def written(text: str) -> str:
    """What may stand in a cell that an office program opens: never the beginning of a formula."""
    kept = "".join(ch for ch in text if ch in "\n\t" or (ord(ch) >= 32 and ord(ch) not in (0xFFFE, 0xFFFF)))
    return "'" + kept if kept.startswith(_DANGEROUS) else kept
