"""Personal identifiers: how they are written, checked, normalised and masked (GB 11643)."""

from __future__ import annotations

import re
import unicodedata
from datetime import date

_MOBILE = re.compile(r"1[3-9]\d{9}")
_LANDLINE = re.compile(r"0\d{2,3}\d{7,8}")
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECK = "10X98765432"
# Family names of two characters; a mask keeps them whole.
_DOUBLE_NAMES = frozenset(
    [
        "欧阳",
        "上官",
        "司马",
        "诸葛",
        "东方",
        "皇甫",
        "尉迟",
        "公孙",
        "令狐",
        "慕容",
        "司徒",
        "夏侯",
        "端木",
        "长孙",
        "宇文",
        "南宫",
        "独孤",
        "轩辕",
        "百里",
        "呼延",
    ]
)


def normal_phone(text: str) -> str:
    """Digits only, without +86; '' for empty. Accepts full-width digits, blanks and hyphens as people type them."""
    digits = re.sub(r"[\s\-()]", "", unicodedata.normalize("NFKC", text))
    return re.sub(r"^(?:\+86|0086|86(?=1[3-9]\d{9}$))", "", digits)


def is_phone(text: str) -> bool:
    """A mobile number or a landline with its area code."""
    phone = normal_phone(text)
    return bool(_MOBILE.fullmatch(phone) or _LANDLINE.fullmatch(phone))


def is_mobile(text: str) -> bool:
    """A number a message can be sent to."""
    return bool(_MOBILE.fullmatch(normal_phone(text)))


def normal_id_number(text: str) -> str:
    """18 characters, the check letter in upper case."""
    return re.sub(r"\s", "", unicodedata.normalize("NFKC", text)).upper()


def is_id_number(text: str) -> bool:
    """GB 11643: check digit and a real birth date. The first six digits may be any place: people move, districts change."""
    number = normal_id_number(text)
    if not re.fullmatch(r"\d{17}[\dX]", number):
        return False
    try:
        date(int(number[6:10]), int(number[10:12]), int(number[12:14]))
    except ValueError:
        return False
    return _CHECK[sum(w * int(d) for w, d in zip(_WEIGHTS, number, strict=False)) % 11] == number[17]


def mask_phone(phone: str) -> str:
    """138****1234; a landline keeps its last four."""
    if not phone:
        return ""
    return f"{phone[:3]}****{phone[-4:]}" if len(phone) == 11 and phone[0] == "1" else f"****{phone[-4:]}"


def mask_id_number(number: str) -> str:
    """3415**********001X."""
    return f"{number[:4]}{'*' * (len(number) - 8)}{number[-4:]}" if len(number) >= 8 else "*" * len(number)


def mask_name(name: str) -> str:
    """张*, 欧阳**: the family name stays."""
    if not name:
        return ""
    keep = 2 if name[:2] in _DOUBLE_NAMES else 1
    return name[:keep] + "*" * max(len(name) - keep, 1)


def mask_address(address: str) -> str:
    """To the group or road; house numbers hidden."""
    return re.sub(r"\d+", "**", address)
