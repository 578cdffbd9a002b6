"""A row of another system's list read as a request: its words, times and state in ours. Pure."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from datetime import datetime, timedelta
from typing import Any

from wushi.domain.cases.rules.clocks import LOCAL
from wushi.domain.cases.states import CLOSED_ELSEWHERE, CaseState

S = CaseState
Words = Mapping[str, str]
# What official lists write into these columns; a district's own words come on top (``Meanings``).
KINDS: Words = {
    "咨询": "inquiry", "求助": "help", "求决": "help", "投诉": "complaint", "举报": "tip_off", "投诉举报": "complaint",
    "建议": "suggestion", "意见建议": "suggestion", "隐患": "hazard", "纠纷": "dispute",
}  # fmt: skip
URGENCIES: Words = {
    "一般": "normal", "普通": "normal", "平件": "normal", "较急": "soon", "急件": "soon", "紧急": "urgent", "特急": "urgent",
}  # fmt: skip
CHANNELS: Words = {
    "12345": "12345", "热线": "12345", "电话": "tel", "来访": "walk", "走访": "visit", "来信": "letter", "信件": "letter",
    "网格": "patrol", "巡查": "patrol", "部门": "dept", "领导批示": "leader", "网络": "api", "网站": "api", "微信": "h5",
}  # fmt: skip
RATINGS: Words = {
    "满意": "satisfied", "非常满意": "satisfied", "基本满意": "neutral", "一般": "neutral", "不满意": "unsatisfied",
}  # fmt: skip
OUTCOMES: Words = {
    "已解决": "resolved", "已解释": "explained", "暂不能解决": "not_yet", "挂账": "not_yet", "不属本级职责": "not_ours",
}  # fmt: skip
ANSWERED, OPEN = "answered", "open"
STATES: Words = {
    "办理中": OPEN, "处理中": OPEN, "待办": OPEN, "未办结": OPEN, "已受理": OPEN, "open": OPEN,
    "已答复": ANSWERED, "已回复": ANSWERED, "办结": ANSWERED, "已办结": ANSWERED, "归档": "closed", "已归档": "closed",
    "closed": "closed", "completed": "closed", "不予受理": "declined", "退回": "declined", "撤回": "withdrawn",
    "撤诉": "withdrawn", "重复": "duplicate", "duplicate": "duplicate",
}  # fmt: skip
ENDINGS = frozenset({OPEN, ANSWERED, "closed", "declined", "withdrawn", "duplicate"})
_OUR_WORDS = {
    "kinds": KINDS, "urgencies": URGENCIES, "channels": CHANNELS, "ratings": RATINGS, "outcomes": OUTCOMES, "states": STATES,
}  # fmt: skip
_MOMENT = re.compile(
    r"(\d{4})[./\-年](\d{1,2})[./\-月](\d{1,2})日?(?:[ T]+(\d{1,2})[:时](\d{1,2})分?(?:[:]?(\d{1,2})秒?(?:\.\d+)?)?)?"
)
_PACKED = re.compile(r"(\d{4})(\d{2})(\d{2})(?:(\d{2})(\d{2})(\d{2})?)?")
_SERIAL = re.compile(r"\d{5}(?:\.\d+)?")
_EPOCH = datetime(1899, 12, 30)


# what a request may say that begins to run here, as for every other (services.intake)
LIVE_LIMIT = 2000


class Unreadable(ValueError):
    """A row that cannot be a request; the code says why, with the column it is about."""

    def __init__(self, reason: str, column: str) -> None:
        super().__init__(reason)
        self.reason, self.column = reason, column


@dataclass(frozen=True)
class Meanings:
    """What a source's words mean here, as somebody told it; ``historic``: what is over there, nothing begins to run here."""

    historic: bool = False
    default_area: str = ""
    default_text: str = ""
    time_format: str = ""
    areas: Words = field(default_factory=dict)
    categories: Words = field(default_factory=dict)
    states: Words = field(default_factory=dict)
    kinds: Words = field(default_factory=dict)
    urgencies: Words = field(default_factory=dict)
    channels: Words = field(default_factory=dict)
    ratings: Words = field(default_factory=dict)
    outcomes: Words = field(default_factory=dict)

    @classmethod
    def of(cls, options: Mapping[str, Any]) -> Meanings:
        """From what a batch keeps; what is not known is left out."""
        names = {one.name for one in fields(cls)}
        return cls(**{name: value for name, value in options.items() if name in names})

    def word(self, table: str, said: str) -> str:
        """Our code of a word: as told for this source, else as offices write it; '' for a word nobody knows."""
        if not said:
            return ""
        told: Words = getattr(self, table)
        ours = _OUR_WORDS.get(table, {})
        return told.get(said) or ours.get(said.casefold(), "") or (said if said in set(ours.values()) else "")


@dataclass(frozen=True)
class Ending:
    """What became of it there: the states it went through, each with its moment, and how it ended."""

    answered_at: datetime | None = None
    over_at: datetime | None = None
    state: str = S.IMPORTED.value
    closing: str = ""
    outcome: str = ""
    rating: str = ""


@dataclass(frozen=True)
class Arrival:
    """One request of another system, in our codes. The area is still its word."""

    text: str
    title: str
    opened_at: datetime | None
    area: str
    place: str
    kind: str
    category: str
    urgency: str
    channel: str
    name: str
    phone: str
    reply: str
    longitude: float | None
    latitude: float | None
    source_id: str
    ending: Ending


def moment(text: str, form: str = "") -> datetime | None:
    """A moment of local time from the ways lists write it, or by a form of strptime; a day alone is its midnight.

    None for an empty cell. Raises ValueError.
    """
    text = unicodedata.normalize("NFKC", text).strip()
    if not text:
        return None
    if form:
        return datetime.strptime(text, form).replace(tzinfo=LOCAL)
    found = _MOMENT.fullmatch(text) or _PACKED.fullmatch(text)
    if found:
        said = datetime(*(int(part) for part in found.groups() if part))  # type: ignore[arg-type]
    elif _SERIAL.fullmatch(text):
        said = _EPOCH + timedelta(days=float(text))
    else:
        raise ValueError(text)
    if not 1949 <= said.year <= 2100:
        raise ValueError(text)
    return said.replace(tzinfo=LOCAL, microsecond=0)


def read_arrival(values: Mapping[str, str], meanings: Meanings, now: datetime) -> Arrival:
    """A row in our codes. Raises Unreadable.

    A word of kind, category, urgency or channel that nobody explained is not guessed at: it is left out.
    """
    text = values["text"] or values["title"] or meanings.default_text
    if not text:
        raise Unreadable("required", "text")
    if not meanings.historic and len(text) > LIVE_LIMIT:
        raise Unreadable("too_long", "text")
    kind = meanings.word("kinds", values["kind"])
    if kind == "tip_off":
        raise Unreadable("about_official", "kind")
    opened = _moment(values, "told_at", meanings)
    if meanings.historic and opened is None:
        raise Unreadable("required", "told_at")
    if opened is not None and opened > now:
        raise Unreadable("not_yet", "told_at")
    return Arrival(
        text=text,
        title=values["title"],
        opened_at=opened,
        area=values["area"],
        place=values["place"],
        kind=kind,
        category=meanings.categories.get(values["category"], values["category"]),
        urgency=meanings.word("urgencies", values["urgency"]) or "normal",
        channel=meanings.word("channels", values["channel"]) or "api",
        name=values["name"],
        phone=values["phone"],
        reply=values["reply"],
        longitude=_degrees(values, "longitude", 180),
        latitude=_degrees(values, "latitude", 90),
        source_id=values["source_id"],
        ending=_ending(values, meanings, opened),
    )


def _moment(values: Mapping[str, str], column: str, meanings: Meanings) -> datetime | None:
    try:
        return moment(values[column], meanings.time_format)
    except ValueError as error:
        raise Unreadable("bad_time", column) from error


def _degrees(values: Mapping[str, str], column: str, most: int) -> float | None:
    try:
        found = float(values[column]) if values[column] else None
    except ValueError as error:
        raise Unreadable("bad_number", column) from error
    if found is not None and not -most <= found <= most:
        raise Unreadable("bad_number", column)
    return found or None


def _ending(values: Mapping[str, str], meanings: Meanings, opened: datetime | None) -> Ending:
    """An answer closes it, at the time the source gives; without answer, end or word of one nobody knows what became of it."""
    state = meanings.word("states", values["state"])
    replied, closed = _moment(values, "reply_at", meanings), _moment(values, "closed_at", meanings)
    rating = meanings.word("ratings", values["rating"])
    over = closed or replied or opened
    if state == "declined":
        return Ending(None, over, S.DECLINED.value, "declined", "not_ours")
    if state == "withdrawn":
        return Ending(None, over, S.WITHDRAWN.value, "withdrawn", "withdrawn")
    if state == "duplicate":
        return Ending(None, over, S.CLOSED.value, CLOSED_ELSEWHERE, "duplicate")
    outcome = meanings.word("outcomes", values["outcome"])
    if values["reply"]:
        answered = replied or closed or opened
        return Ending(answered, over, S.CLOSED.value, CLOSED_ELSEWHERE, outcome or "explained", rating)
    if closed or state in ("closed", ANSWERED):
        return Ending(None, over, S.CLOSED.value, CLOSED_ELSEWHERE, outcome, rating)
    return Ending()
