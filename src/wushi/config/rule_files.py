"""Rule books as TOML files: written, read, rehearsed, adopted. A file that cannot be read whole changes nothing."""

from __future__ import annotations

import dataclasses
import tomllib
from datetime import date, datetime, time, timedelta
from enum import Enum
from typing import Any

from wushi.kernel.actor import Actor
from wushi.kernel.verb import reading

TABLES = ("categories", "routes", "paces", "duties", "templates")
UNITS = ("workday", "work_minute", "day", "minute")
CLOCKS = ("claim", "handover", "contact", "resolution", "whole", "answer", "roll_call", "part")


class BadRules(ValueError):
    """The file is no rule book; the text says which line of which table, and why."""


def plain(value: Any) -> Any:
    """Dataclasses, instants and spans as JSON knows them."""
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {f.name: plain(getattr(value, f.name)) for f in dataclasses.fields(value)}
    if isinstance(value, dict):
        return {str(k): plain(v) for k, v in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(v) for v in value]
    if isinstance(value, (datetime, date, time)):
        return value.isoformat()
    if isinstance(value, timedelta):
        return value.total_seconds()
    return value.value if isinstance(value, Enum) else value


_SHOWN = ("code", "version", "amount", "unit", "by_time", "basis", "at_red", "extension_cap")


def promise(
    county: str, *, kind: str, urgency: str, clock: str, category: str, opened: datetime
) -> dict[str, Any]:
    """What one clock of a request would show. Raises BadRules where the county has no such line."""
    from wushi.domain.areas.queries import calendar_of
    from wushi.domain.cases.errors import NotServed
    from wushi.domain.cases.queries import rulebook
    from wushi.domain.cases.rules import LOCAL, NoRule, decide_pace, plan

    with reading(Actor.of_house(county)):
        try:
            book = rulebook(county)
            pace = decide_pace(
                book.paces, kind=kind, urgency=urgency, category=category,
                day=opened.astimezone(LOCAL).date(), clock=clock,
            )  # fmt: skip
        except NotServed:
            raise BadRules(f"{county} is not set up on this installation.") from None
        except NoRule:
            raise BadRules(
                f"The rules of {county} have no line for the clock {clock!r} of {kind!r} on that day."
            ) from None
        calendar = calendar_of(county)
        marks = plan(pace, started=opened, calendar=calendar, shares=book.profile.shares)
    local = {
        name: getattr(marks, name).astimezone(LOCAL).isoformat()
        for name in ("started", "yellow", "due", "supervision")
    }
    return {
        "county": county,
        "clock": clock,
        **local,
        "guess": marks.guess,
        "rule": {name: value for name, value in plain(pace).items() if name in _SHOWN},
        "calendar_last_year": calendar.last_year,
    }  # fmt: skip


def _toml(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return str(value)
    if isinstance(value, time):
        return value.strftime("%H:%M:%S")
    text = str(value).replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
    return f'"{text}"'


def written(county: str) -> str:
    """The rules in force as TOML. Raises BadRules for a county that is not set up."""
    from wushi.domain.cases.errors import NotServed
    from wushi.domain.cases.services.setup import current_rules

    with reading(Actor.of_house(county)):
        try:
            rules = current_rules(county)
        except NotServed:
            raise BadRules(f"{county} is not set up on this installation.") from None
    lines = [f"# Rules of {county}, as in force. Change what you like, rehearse, then adopt.", ""]
    lines += [f"reopen_days = {rules.reopen_days}", "", "[numbers]"]
    lines += [f"{name} = {value}" for name, value in sorted(rules.numbers.items())]
    for table in TABLES:
        for row in getattr(rules, table):
            lines += ["", f"[[{table}]]"]
            lines += [f"{name} = {_toml(value)}" for name, value in row.items() if value != ""]
    return "\n".join(lines)


def _rules(county: str, text: str, since: date) -> Any:
    """The file as a rule book; what it leaves out stays as it is. Raises BadRules."""
    from wushi.domain.cases.services.setup import current_rules

    try:
        found = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise BadRules(f"This is no TOML: {error}.") from None
    unknown = set(found) - {*TABLES, "numbers", "reopen_days"}
    if unknown:
        raise BadRules(
            f"Unknown part: {', '.join(sorted(unknown))}. Known: {', '.join(TABLES)}, numbers, reopen_days."
        )
    current = current_rules(county)
    changes: dict[str, Any] = {"since": since}
    for table in TABLES:
        if table in found:
            changes[table] = [_row(table, n, row) for n, row in enumerate(found[table], 1)]
    if "numbers" in found:
        changes["numbers"] = {**current.numbers, **_numbers(found["numbers"], current.numbers)}
    if "reopen_days" in found:
        changes["reopen_days"] = _count("reopen_days", found["reopen_days"])
    return dataclasses.replace(current, **changes)


def _count(name: str, value: Any) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value <= 32000:
        raise BadRules(f"{name} is a number of 0 to 32000, not {value!r}.")
    return value


def _numbers(given: dict[str, Any], known: dict[str, int]) -> dict[str, int]:
    unknown = set(given) - set(known)
    if unknown:
        raise BadRules(f"Unknown number: {', '.join(sorted(unknown))}. Known: {', '.join(sorted(known))}.")
    return {name: _count(name, value) for name, value in given.items()}


def _columns(table: str) -> dict[str, Any]:
    from wushi.domain.cases import models

    model: Any = {
        "categories": models.Category,
        "routes": models.Route,
        "paces": models.Pace,
        "duties": models.DutyLine,
        "templates": models.AnswerTemplate,
    }[table]
    fixed = {"id", "county", "version", "valid_from", "valid_until", "place_in_list"}
    return {f.name: f for f in model._meta.concrete_fields if f.name not in fixed}


def _row(table: str, number: int, row: Any) -> dict[str, Any]:
    from django.core.exceptions import ValidationError

    where = f"{table}, line {number}"
    if not isinstance(row, dict) or not row.get("code"):
        raise BadRules(f"{where}: a line needs its code.")
    columns = _columns(table)
    unknown = set(row) - set(columns)
    if unknown:
        raise BadRules(f"{where} ({row['code']}): unknown: {', '.join(sorted(unknown))}.")
    try:
        clean = {name: columns[name].clean(value, None) for name, value in row.items()}
    except ValidationError as error:
        raise BadRules(f"{where} ({row['code']}): {' '.join(error.messages)}") from None
    if table == "paces":
        _check_pace(where, clean)
    return clean


def _check_pace(where: str, row: dict[str, Any]) -> None:
    if row.get("unit", "workday") not in UNITS:
        raise BadRules(f"{where} ({row['code']}): unit is one of {', '.join(UNITS)}.")
    if row.get("clock", "resolution") not in CLOCKS:
        raise BadRules(f"{where} ({row['code']}): clock is one of {', '.join(CLOCKS)}.")
    if row.get("at_red", "tell") not in ("tell", "escalate"):
        raise BadRules(f"{where} ({row['code']}): at_red is tell or escalate.")
    if not row.get("amount"):
        raise BadRules(f"{where} ({row['code']}): amount is missing.")


def _complete(rules: Any) -> None:
    """A rule book without these cannot take in anything. Raises BadRules."""
    if not any(r.get("kind", "") == r.get("category", "") == r.get("area", "") == "" for r in rules.routes):
        raise BadRules("routes: one line must be for any kind, category and area.")
    paces = [p for p in rules.paces if p.get("clock", "resolution") == "resolution"]
    if not any(p.get("kind", "") == p.get("category", "") == p.get("urgency", "") == "" for p in paces):
        raise BadRules("paces: one line of the clock resolution must be for any kind, category and urgency.")


def rehearsed(county: str, text: str, days: int) -> Any:
    """What the file's rules would have done to the last days. Raises BadRules."""
    from wushi.domain.areas.queries import calendar_of
    from wushi.domain.cases.queries.rehearsal import Book, rehearse
    from wushi.domain.cases.rules import PaceRule, RouteRule, Shares

    with reading(Actor.of_house(county)) as scope:
        rules = _rules(county, text, scope.now.date())
        _complete(rules)
        dated = {"version": 0, "valid_from": date.min, "valid_until": None}
        paces = tuple(
            PaceRule(**{**_EMPTY_PACE, **{k: v for k, v in row.items() if k in _PACE}, **dated})
            for row in rules.paces
        )
        routes = tuple(
            RouteRule(**{**_EMPTY_ROUTE, **{k: v for k, v in row.items() if k in _ROUTE}, **dated})
            for row in rules.routes
        )
        numbers = rules.numbers
        shares = Shares(numbers["yellow_percent"], numbers["supervision_percent"])
        return rehearse(
            county, Book(routes, paces, calendar_of(county), shares, any_day=True), scope.now, days=days
        )


_EMPTY_PACE: dict[str, Any] = {
    "clock": "resolution", "kind": "", "urgency": "", "category": "", "unit": "workday", "by_time": time(18),
    "extension_cap": 0, "at_red": "tell", "basis": "",
}  # fmt: skip
_PACE = {*_EMPTY_PACE, "code", "amount"}
_EMPTY_ROUTE: dict[str, Any] = {
    "category": "", "kind": "", "area": "", "level": "village", "duty": "secretary", "unit": "", "automatic": True,
    "basis": "",
}  # fmt: skip
_ROUTE = {*_EMPTY_ROUTE, "code"}


def adopted(county: str, text: str, since: date | None, open_too: bool) -> int:
    """The file's rules are in force from a day; the version. Raises BadRules."""
    from django.utils import timezone

    from wushi.domain.cases.queries import rulebook
    from wushi.domain.cases.services import adopt_rules

    house = Actor.of_house(county)
    with reading(house):
        rules = _rules(county, text, since or timezone.localdate())
        _complete(rules)
    adopt_rules(actor=house, rules=rules, open_too=open_too)
    with reading(house):
        return rulebook(county).profile.version
