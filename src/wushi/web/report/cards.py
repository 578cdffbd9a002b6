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
    """As the district configured them: a telephone number, an address, a web address."""
    found = []
    for channel in channels:
        name = channel.get("name", "")
        value = (
            channel.get("value") or channel.get("phone") or channel.get("address") or channel.get("url") or ""
        )
        digits = value.replace("-", "").replace(" ", "")
        if digits.isdigit():
            found.append(ChannelCard(name, value, "phone", f"tel:{digits}"))
        elif value.startswith("https://"):
            found.append(ChannelCard(name, value, "globe", value))
        else:
            found.append(ChannelCard(name, value, "pin", ""))
    return found
