"""The receipt, and the ways to the discipline inspection."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any


@dataclass(frozen=True)
class ReceiptCard:
    """What a resident takes home."""

    code: str
    number: str
    title: str
    place: str
    due_at: datetime | None


@dataclass(frozen=True)
class ChannelCard:
    """One way to reach the discipline inspection."""

    name: str
    value: str
    icon: str
    href: str


def receipt_card(case: Any, place: str) -> ReceiptCard:
    """The case as a receipt."""
    return ReceiptCard(
        case.receipt,
        case.number,
        case.title,
        f"{place} {case.place}".strip(),
        case.due_at if case.is_open else None,
    )


def channel_cards(channels: Iterable[Mapping[str, str]]) -> list[ChannelCard]:
    """As the district configured them: a telephone number, a web address, a place; each by one tap where it can be.

    A channel may be one line ("reporting line 12388"): then what can be dialled or opened is its last word.
    """
    found = []
    for channel in channels:
        name = channel.get("name", "")
        value = next((channel[key] for key in ("value", "phone", "url", "address") if channel.get(key)), "")
        if not (name and value) and " " in (name or value):
            name, value = (name or value).rsplit(" ", 1)
        digits = value.replace("-", "").replace(" ", "")
        if digits.isascii() and digits.isdigit():
            found.append(ChannelCard(name, value, "phone", f"tel:{digits}"))
        elif value.startswith(("https://", "www.")):
            found.append(
                ChannelCard(name, value, "globe", value if value.startswith("https") else f"https://{value}/")
            )
        else:
            found.append(ChannelCard(name, value, "pin", "") if value else ChannelCard("", name, "pin", ""))
    return found
