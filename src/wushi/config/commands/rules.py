"""``wushi why``, ``wushi clocks due``, ``wushi rules``: what decided, what would be promised, what a change would do."""

from __future__ import annotations

import json
from datetime import date, datetime
from pathlib import Path
from typing import Annotated, Any

import typer

from wushi.config import env, rule_files
from wushi.config.commands.common import (
    WRONG_USE,
    Refused,
    close_connections,
    say,
    start_django,
    working_database,
)
from wushi.config.rule_files import BadRules

clocks = typer.Typer(help="What the clock engine promises.", no_args_is_help=True)
rules = typer.Typer(help="The rule book of a district.", no_args_is_help=True)
County = Annotated[str, typer.Option(help="The district's six digits.")]
Language = Annotated[str, typer.Option(help="zh or en.")]


def why(
    number: Annotated[str, typer.Argument(help="The request's number.")],
    county: County = "",
    language: Language = "zh",
    as_json: Annotated[bool, typer.Option("--json", help="Codes and instants instead of words.")] = False,
) -> None:
    """Why a request lies where it lies, why by then, and what happens next."""
    with working_database(env.load()):
        start_django()
        from django.utils import timezone
        from django.utils.translation import override

        from wushi.domain.accounts.queries import unit_names
        from wushi.domain.areas.queries import name_of
        from wushi.domain.cases.models import Case
        from wushi.domain.cases.queries import explain
        from wushi.kernel.actor import Actor
        from wushi.kernel.verb import reading
        from wushi.web.told import Names
        from wushi.web.why import coming_lines, why_lines

        place = county or env.load().county
        with reading(Actor.of_house(place)):
            case = Case.objects.filter(county=place, number=number.strip().upper()).first()
            if case is None:
                raise Refused(f"{place} has no request {number!r}.")
            now = timezone.now()
            found = explain(case, now)
            if as_json:
                say(json.dumps(rule_files.plain(found), ensure_ascii=False, indent=1))
            else:
                names = Names(name_of, unit_names(place))
                with override("zh-hans" if language == "zh" else "en"):
                    for line in [*why_lines(found, names, now), *coming_lines(found, names, now)]:
                        say(f"- {line}")
        close_connections()


@clocks.command("due")
def due(
    county: County,
    kind: Annotated[str, typer.Option(help="inquiry, help, complaint, suggestion, hazard, dispute ...")],
    opened: Annotated[
        str, typer.Option(help="When it came in, ISO 8601; without a zone it is Beijing time.")
    ],
    urgency: Annotated[str, typer.Option(help="normal, soon, urgent.")] = "normal",
    clock: Annotated[
        str, typer.Option(help="claim, contact, resolution, whole, handover ...")
    ] = "resolution",
    category: Annotated[str, typer.Option(help="A category of the district's list.")] = "",
) -> None:
    """Print what the engine would promise, as JSON: started, yellow, due, supervision, the line and the calendar."""
    moment = _moment(opened)
    with working_database(env.load()):
        start_django()
        from wushi.config.rule_files import promise

        try:
            found = promise(county, kind=kind, urgency=urgency, clock=clock, category=category, opened=moment)
        except BadRules as bad:
            raise Refused(str(bad), WRONG_USE) from None
        close_connections()
    say(json.dumps(found, ensure_ascii=False, indent=1))


def _moment(text: str) -> datetime:
    from wushi.domain.cases.rules.clocks import LOCAL

    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise Refused(
            f"{text!r} is no moment: 2026-11-23T09:00 or 2026-11-23T09:00+08:00.", WRONG_USE
        ) from None
    return moment if moment.tzinfo else moment.replace(tzinfo=LOCAL)


@rules.command("show")
def show(county: County) -> None:
    """Print the rules in force as TOML: the file a change begins with."""
    with working_database(env.load()):
        start_django()
        text = rule_files.written(county)
        close_connections()
    say(text)


@rules.command("rehearse")
def rehearse(
    file: Annotated[Path, typer.Argument(help="Changed rules (TOML), as 'wushi rules show' prints them.")],
    county: County,
    days: Annotated[int, typer.Option(help="How far back.", min=1, max=3650)] = 90,
    as_json: Annotated[bool, typer.Option("--json", help="All differences as JSON.")] = False,
) -> None:
    """What changed rules would have done to the last days, as a list of differences. Nothing is changed."""
    with working_database(env.load()):
        start_django()
        try:
            found = rule_files.rehearsed(county, _read(file), days)
        except BadRules as bad:
            raise Refused(str(bad), WRONG_USE) from None
        close_connections()
    if as_json:
        say(json.dumps(rule_files.plain(found), ensure_ascii=False, indent=1))
        return
    _print(found)


def _print(found: Any) -> None:
    for d in found.differences:
        say(f"{d.number}  {d.what:<10}  {d.was or '-'}  ->  {d.would_be or '-'}")
    counts = ", ".join(f"{what}: {n}" for what, n in sorted(found.counts.items())) or "none"
    say(f"{found.tried} requests tried; differences: {counts}.")
    say(f"Handled late, or open past the hour: {found.late_before} now, {found.late_after} by the new rules.")


@rules.command("adopt")
def adopt(
    file: Annotated[Path, typer.Argument(help="Changed rules (TOML).")],
    county: County,
    since: Annotated[str, typer.Option(help="The first day, YYYY-MM-DD; today if left out.")] = "",
    open_too: Annotated[bool, typer.Option(help="What is open is planned by the new rules as well.")] = False,
) -> None:
    """Put changed rules in force; what is open keeps its promise unless --open-too."""
    with working_database(env.load()):
        start_django()
        try:
            version = rule_files.adopted(county, _read(file), _day(since), open_too)
        except BadRules as bad:
            raise Refused(str(bad), WRONG_USE) from None
        close_connections()
    begins = f"begins on {since}" if since else "is in force"
    say(f"Version {version} of the rules of {county} {begins}. The worker plans anew what must be.")


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        raise Refused(f"{text!r} is no day: 2026-12-01.", WRONG_USE) from None


def _read(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise Refused(f"{file} cannot be read: {error}", WRONG_USE) from None
