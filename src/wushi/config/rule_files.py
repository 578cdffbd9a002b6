"""Rule books as TOML files: written, read, rehearsed, adopted. A file that cannot be read whole changes nothing."""

from __future__ import annotations

import dataclasses
import json
import re
import tomllib
from datetime import date, datetime, time, timedelta
from enum import Enum
from typing import Any

from wushi.kernel.actor import Actor
from wushi.kernel.verb import reading

TABLES = ("categories", "routes", "paces", "duties", "templates")
UNITS = ("workday", "work_minute", "day", "minute")
CLOCKS = (
    "claim",
    "handover",
    "contact",
    "resolution",
    "whole",
    "answer",
    "roll_call",
    "part",
    "acknowledge",
    "arrive",
)


DUTIES = {
    "grid": ("grid_lead",),
    "village": ("secretary",),
    "town": ("town_clerk",),
    "county": ("district_clerk", "department"),
}
# ten years of days, one of minutes
MOST = {"workday": 2500, "day": 3660, "work_minute": 120_000, "minute": 530_000}
_CODE = re.compile(r"[A-Za-z0-9_.-]{1,40}")
_NEEDED = {
    "categories": ("name",),
    "routes": ("level", "duty"),
    "paces": ("amount",),
    "duties": ("unit", "name"),
    "templates": ("name", "text"),
}


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
    # TOML's basic strings are JSON's, but for DEL
    return json.dumps(str(value), ensure_ascii=False).replace("\x7f", "\\u007f")


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
            changes[table] = _table(table, found[table])
    if "numbers" in found:
        if not isinstance(found["numbers"], dict):
            raise BadRules("numbers is a table: [numbers], then name = value.")
        changes["numbers"] = {**current.numbers, **_numbers(found["numbers"], current.numbers)}
    if "reopen_days" in found:
        changes["reopen_days"] = _count("reopen_days", found["reopen_days"])
    rules = dataclasses.replace(current, **changes)
    _complete(rules)
    _check_places(county, rules)
    return rules


def _table(table: str, rows: Any) -> list[dict[str, Any]]:
    if not isinstance(rows, list):
        raise BadRules(f"{table} is a list of tables: [[{table}]] before each line.")
    found = [_row(table, n, row) for n, row in enumerate(rows, 1)]
    codes = [row["code"] for row in found]
    twice = sorted({code for code in codes if codes.count(code) > 1})
    if twice:
        raise BadRules(f"{table}: twice the same code: {', '.join(twice)}.")
    return found


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
    if not _CODE.fullmatch(clean["code"]):
        raise BadRules(
            f"{where}: a code is letters, digits, dots, dashes, at most 40; not {clean['code']!r}."
        )
    missing = [name for name in _NEEDED[table] if not clean.get(name)]
    if missing:
        raise BadRules(f"{where} ({clean['code']}): missing: {', '.join(missing)}.")
    if table == "paces":
        _check_pace(where, clean)
    if table == "routes":
        _check_route(where, clean)
    return clean


def _check_route(where: str, row: dict[str, Any]) -> None:
    """A tray of that level has that duty, else everything would go to one that nobody empties."""
    if row["level"] not in DUTIES:
        raise BadRules(f"{where} ({row['code']}): level is one of {', '.join(DUTIES)}.")
    if row["duty"] not in DUTIES[row["level"]]:
        raise BadRules(
            f"{where} ({row['code']}): the duty of a {row['level']} is {' or '.join(DUTIES[row['level']])}."
        )
    if (row["duty"] == "department") != bool(row.get("unit")):
        raise BadRules(f"{where} ({row['code']}): unit belongs to the duty department, and only to it.")


def _check_pace(where: str, row: dict[str, Any]) -> None:
    if row.get("unit", "workday") not in UNITS:
        raise BadRules(f"{where} ({row['code']}): unit is one of {', '.join(UNITS)}.")
    if row.get("clock", "resolution") not in CLOCKS:
        raise BadRules(f"{where} ({row['code']}): clock is one of {', '.join(CLOCKS)}.")
    if row.get("at_red", "tell") not in ("tell", "escalate"):
        raise BadRules(f"{where} ({row['code']}): at_red is tell or escalate.")
    most = MOST[row.get("unit", "workday")]
    if not 1 <= row["amount"] <= most or row.get("extension_cap", 0) > most:
        raise BadRules(f"{where} ({row['code']}): amount and extension_cap are at most {most} of this unit.")


def _complete(rules: Any) -> None:
    """A rule book without these cannot take in anything. Raises BadRules."""
    if not any(r.get("kind", "") == r.get("category", "") == r.get("area", "") == "" for r in rules.routes):
        raise BadRules("routes: one line must be for any kind, category and area.")
    paces = [p for p in rules.paces if p.get("clock", "resolution") == "resolution"]
    if not any(p.get("kind", "") == p.get("category", "") == p.get("urgency", "") == "" for p in paces):
        raise BadRules("paces: one line of the clock resolution must be for any kind, category and urgency.")


def _check_places(county: str, rules: Any) -> None:
    """Areas and units that are named are there. Raises BadRules."""
    from django.utils import timezone

    from wushi.domain.accounts.queries import units_of
    from wushi.domain.areas.queries import place

    units = {unit.code for unit in units_of(county, timezone.localdate())}
    for table in ("routes", "duties"):
        for row in getattr(rules, table):
            if row.get("unit") and row["unit"] not in units:
                raise BadRules(f"{table} ({row['code']}): there is no unit {row['unit']!r} in {county}.")
    for row in rules.routes:
        area = row.get("area", "")
        found = place(area) if area.startswith(county) else None
        if area and (found is None or found.ended):
            raise BadRules(f"routes ({row['code']}): there is no area {area!r} in {county}.")


def rehearsed(county: str, text: str, days: int) -> Any:
    """What the file's rules would have done to the last days. Raises BadRules."""
    from wushi.domain.areas.queries import calendar_of
    from wushi.domain.cases.queries.rehearsal import Book, rehearse
    from wushi.domain.cases.rules import PaceRule, RouteRule, Shares

    with reading(Actor.of_house(county)) as scope:
        rules = _rules(county, text, scope.now.date())
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

    from wushi.domain.cases.models import Profile
    from wushi.domain.cases.services import adopt_rules

    house = Actor.of_house(county)
    with reading(house):
        today = timezone.localdate()
        if open_too and since and since > today:
            raise BadRules(
                "What is open is planned anew at once: --open-too goes with a first day that has come."
            )
        rules = _rules(county, text, since or today)
    adopt_rules(actor=house, rules=rules, open_too=open_too)
    with reading(house):
        newest = Profile.objects.filter(county=county).order_by("-version").first()
        return newest.version if newest else 0
