"""Random lives of requests, told through the real verbs; and the rows of a county in a form that two counties share."""

from __future__ import annotations

import heapq
import random
import re
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import models

from tests.village import Village, at
from wushi.domain.audit.models import Leaf
from wushi.domain.cases.models import (
    Case,
    Clock,
    Entry,
    Extension,
    Flag,
    Link,
    Part,
    Pause,
    Watch,
    Whistle,
)
from wushi.domain.cases.permissions import verbs_now
from wushi.domain.cases.rules import LOCAL, Tray
from wushi.domain.cases.services import Called, Intake, mark_clock, open_case
from wushi.domain.cases.services.histories import TELLABLE, Deed, History
from wushi.kernel.actor import Actor
from wushi.kernel.errors import DomainError
from wushi.kernel.verb import reading

NOW = at("2026-11-20 10:00")
CAST = (
    ("陈书记", "secretary", "village", ""),
    ("副书记", "deputy", "village", ""),
    ("王网格长", "grid_lead", "grid", ""),
    ("白龙书记", "secretary", "sibling", ""),
    ("孙岗分流", "town_clerk", "town", ""),
    ("孙岗负责", "town_lead", "town", ""),
    ("姚李分流", "town_clerk", "other_town", ""),
    ("区分流", "district_clerk", "county", ""),
    ("交通", "department", "county", "JT"),
    ("督办", "supervisor", "county", ""),
    ("话务", "hotline", "county", ""),
    ("区领导", "district_lead", "county", ""),
)
TEXTS = (
    "井边路路灯不亮，晚上看不见",
    "自来水发黄",
    "垃圾桶满了三天没人清。味道大",
    "桥头护栏缺了一截",
    "问医保怎么转，跑了两趟",
)
CATEGORIES = ("", "road", "light", "water", "house", "safety", "neighbour", "welfare")
_HEX = re.compile(r"[0-9a-f]{64}")


def cast_of(village: Village) -> dict[str, Actor]:
    """The staff of a village by name, and the resident without one."""
    places = {
        "village": village.code, "sibling": village.sibling, "grid": village.grid, "town": village.town,
        "other_town": village.other_town, "county": village.county,
    }  # fmt: skip
    found = {
        name: village.officer(name, duty=duty, area=places[place], unit=unit)
        for name, duty, place, unit in CAST
    }
    return {**found, "群众": village.resident(), "系统": village.house}


@dataclass
class Step:
    """One deed in words both counties understand: {who} by name, areas with the county cut off."""

    verb: str
    at: datetime
    who: str
    facts: dict[str, Any]
    refused: str = ""


@dataclass
class Walk:
    """One life."""

    intake: dict[str, Any]
    opened_at: datetime
    opened_by: str
    steps: list[Step] = field(default_factory=list)
    case: Case | None = None

    def history(self, cast: dict[str, Actor], county: str, refused: int | None = None) -> History:
        """The same for another county; with ``refused``, up to the refused step of that place and with it."""
        steps = self.steps if refused is None else self.steps[: refused + 1]
        kept = [s for n, s in enumerate(steps) if not s.refused or n == refused]
        deeds = tuple(
            Deed(s.verb, s.at, cast.get(s.who), {k: _there(v, county) for k, v in s.facts.items()})
            for s in kept
        )
        return History(intake_of(self, county), self.opened_at, cast[self.opened_by], deeds)


def _there(value: Any, county: str) -> Any:
    if isinstance(value, str):
        return value.replace("{c}", county)
    if isinstance(value, Tray):
        return Tray(value.duty, value.area.replace("{c}", county), value.unit.replace("{c}", county))
    return value


def intake_of(walk: Walk, county: str) -> Intake:
    """What was said, in a county."""
    return Intake(**{name: _there(value, county) for name, value in walk.intake.items()})


class Walker:
    """Lets requests of one village live, the one whose turn is earliest first."""

    def __init__(self, village: Village, seed: int) -> None:
        self.village, self.rng = village, random.Random(seed)
        self.cast = cast_of(village)
        self.walks: list[Walk] = []

    def live(self, number: int) -> list[Walk]:
        """So many lives, each of a random length."""
        turns: list[tuple[datetime, int, int]] = []
        for n in range(number):
            began = at("2026-01-05 08:00") + timedelta(minutes=self.rng.randrange(280 * 1440))
            heapq.heappush(turns, (began, n, self.rng.choice((0, 2, 4, 6, 9, 14))))
        walks: dict[int, Walk] = {}
        while turns:
            moment, n, left = heapq.heappop(turns)
            if n not in walks:
                walks[n] = self._open(n, moment)
                self.walks.append(walks[n])
            else:
                self._step(walks[n], moment)
            later = moment + timedelta(minutes=self._wait())
            if left and later < NOW:
                heapq.heappush(turns, (later, n, left - 1))
        self._strike(NOW)
        return self.walks

    def _wait(self) -> int:
        return self.rng.choice((1, 3, 20, 60, 200, 600, 1440, 2880, 6000, 12000, 24000))

    def _open(self, n: int, moment: datetime) -> Walk:
        rng = self.rng
        on_behalf = rng.random() < 0.25
        with_name = on_behalf or rng.random() < 0.4
        walk = Walk(
            {
                "text": rng.choice(TEXTS), "area_code": "{c}100201" + rng.choice(("", "001", "002")),
                "channel": rng.choice(("qr", "h5", "tel", "patrol")), "key": str(UUID(int=rng.getrandbits(128))),
                "number": f"SY-{n:06d}", "category": rng.choice(CATEGORIES),
                "kind": rng.choice(("", "", "", "complaint", "inquiry")),
                "urgency": rng.choice(("normal", "normal", "soon", "urgent")), "place": rng.choice(("", "井边")),
                "name": "刘秀英" if with_name else "", "phone": f"1380000{rng.randrange(40):04d}" if with_name else "",
                "on_behalf": on_behalf, "consent": "word" if on_behalf else "",
                "wants_reply": rng.random() < 0.8, "tags": rng.choice(((), ("pressing",))),
            },
            moment,
            "话务" if on_behalf else rng.choice(("群众", "群众", "陈书记")),
        )  # fmt: skip
        actor = self.cast[walk.opened_by]
        walk.case = open_case(actor=actor, intake=intake_of(walk, self.village.county), now=moment)
        return walk

    def _strike(self, until: datetime) -> None:
        """Every mark of every request that comes until a moment, at its own time, as the worker sees to them."""
        while True:
            with reading(self.village.house):
                due = Clock.objects.filter(county=self.village.county, next_at__lte=until)
                clock = due.order_by("next_at", "name", "run").first()
            if clock is None or clock.next_at is None:
                return
            mark_clock(actor=self.village.house, clock_id=clock.id, now=clock.next_at)

    def _step(self, walk: Walk, moment: datetime) -> None:
        assert walk.case is not None
        self._strike(moment)
        case = self.village.again(walk.case)
        who = self.rng.choice(
            [*(name for name in self.cast if name != "系统"), *["群众"] * 4, *["陈书记"] * 6]
        )
        actor = self.village.holding(case) if who == "群众" else self.cast[who]
        offered = [v for v in verbs_now(actor, case) if v in TELLABLE]
        if self.rng.random() < 0.15 or not offered:
            offered = [*offered, *self.rng.sample(sorted(TELLABLE), 3)]
        verb = self.rng.choice([*offered, *(v for v in offered if v in OFTEN for _ in range(4))])
        facts = ARGUMENTS.get(verb, lambda w, r, m: {})(self, self.rng, moment)
        given = {k: _there(v, self.village.county) for k, v in facts.items()}
        step = Step(verb, moment, "" if who == "群众" else who, facts)
        try:
            self._do(verb, actor, case, given, moment)
        except DomainError as refusal:
            step.refused = refusal.code
        walk.steps.append(step)

    def _do(self, verb: str, actor: Actor, case: Case, given: dict[str, Any], moment: datetime) -> None:
        for name in ("master", "other"):
            if name in given:
                key = given.pop(name)
                row = next(w.case for w in self.walks if w.intake["key"] == key)
                assert row is not None
                given[f"{name}_id"] = row.id
        if "part" in given:
            place = given.pop("part")
            with reading(self.village.house):
                parts = Part.objects.filter(county=case.county, case=case).order_by("-asked_at")
                found = next((p for p in parts if place in (p.unit, p.tray_area)), None)
            if found is None:
                raise DomainError
            given["part_id"] = found.id
        TELLABLE[verb](actor=actor, case_id=case.id, now=moment, **given)


OFTEN = {"claim_case", "handle_case", "confirm_case", "pause_case", "resume_case", "request_extension",
         "decide_extension", "reopen_case", "escalate_case", "hand_back_case", "blow_whistle", "answer_part"}  # fmt: skip
Made = Callable[["Walker", random.Random, datetime], dict[str, Any]]


def _said(**more: Any) -> Made:
    return lambda w, r, m: {"words": r.choice(("已到现场看过", "明天上午去", "请再等一等")), **more}


def _tray(walker: Walker, rng: random.Random, moment: datetime) -> dict[str, Any]:
    trays = (
        Tray("secretary", "{c}100201"), Tray("grid_lead", "{c}100201001"), Tray("secretary", "{c}100202"),
        Tray("department", "{c}", "JT"), Tray("town_clerk", "{c}100"), Tray("district_clerk", "{c}"),
    )  # fmt: skip
    return {"tray": rng.choice(trays), "words": "请你们看一下"}


def _handle(walker: Walker, rng: random.Random, moment: datetime) -> dict[str, Any]:
    outcome = rng.choice(("resolved", "resolved", "explained", "not_ours", "not_yet"))
    later = moment.astimezone(LOCAL).date() + timedelta(days=rng.choice((0, 20)))
    return {"outcome": outcome, "words": "修好了", "plan_on": later if outcome == "not_yet" else None}


def _rated(walker: Walker, rng: random.Random, moment: datetime) -> dict[str, Any]:
    return {k: rng.choice(("", "satisfied", "unsatisfied")) for k in ("rating", "attitude", "speed")}


def _until(walker: Walker, rng: random.Random, moment: datetime) -> dict[str, Any]:
    day: date = moment.astimezone(LOCAL).date() + timedelta(days=rng.choice((0, 1, 3, 8, 30)))
    return {"reason_code": rng.choice(("weather", "material")), "until_on": day, "words": "等天晴"}


def _called(rng: random.Random) -> dict[str, Any]:
    called = (Called("JT", rng.random() < 0.7),)
    return {"kind": rng.choice(("urgent", "major")), "called": called, "words": "请到场"}


def _another(name: str, **more: Any) -> Made:
    return lambda w, r, m: {name: r.choice([k.intake["key"] for k in w.walks]), **more}


def _revised(walker: Walker, rng: random.Random, moment: datetime) -> dict[str, Any]:
    return {
        "category": rng.choice(CATEGORIES),
        "urgency": rng.choice(("", "urgent")),
        "tags": rng.choice((None, ["hard"])),
    }


ARGUMENTS: dict[str, Made] = {
    "decline_case": _said(channel_code="court"), "assign_case": _tray,
    "return_case": _said(reason_code="not_our_duty"),
    "transfer_case": lambda w, r, m: {**_tray(w, r, m), "reason_code": "not_our_duty"},
    "escalate_case": _said(), "hand_back_case": _said(),
    "contact_case": lambda w, r, m: {"way": "phone", "words": r.choice(("", "说了"))},
    "request_extension": lambda w, r, m: {"amount": r.choice((1, 2, 9)), "words": "要等材料"},
    "decide_extension": lambda w, r, m: {"granted": r.random() < 0.7, "words": "可以"},
    "pause_case": _until, "handle_case": _handle, "confirm_case": _rated, "rate_case": _rated,
    "send_back_case": _said(), "close_case": _said(), "reopen_case": _said(), "instruct_case": _said(),
    "merge_case": _another("master"), "link_cases": _another("other", kind="related"), "revise_case": _revised,
    "supervise_case": lambda w, r, m: {"colour": r.choice(("yellow", "red")), "words": "抓紧"},
    "blow_whistle": lambda w, r, m: _called(r),
    "plan_together": _said(), "end_whistle": _said(result="done"),
    "ask_partner": lambda w, r, m: {**_tray(w, r, m), "essential": r.random() < 0.5},
    "release_partner": lambda w, r, m: {"part": r.choice(("{c}100202", "{c}100201001", "JT"))},
    "report_for_roll_call": lambda w, r, m: {"part": "JT"},
    "answer_part": lambda w, r, m: {"part": r.choice(("JT", "{c}100202")), "result": "done", "words": "修好了"},
    "grade_part": lambda w, r, m: {"part": "JT", "grade": "good"},
    "add_words": _said(), "appeal_case": lambda w, r, m: {"level": r.choice(("town", "district"))},
    "mark_official": lambda w, r, m: {"accused_id": None, "level": r.choice(("grid", "village", "town"))},
}  # fmt: skip

# ---- the rows, in a form that two counties share ----
TOLD: tuple[type[models.Model], ...] = (
    Case, Clock, Entry, Watch, Pause, Extension, Part, Whistle, Link, Flag,
)  # fmt: skip
# made at random in each telling, or made of what is
RANDOM = {"id", "salt", "receipt", "body_hash", "key"}


def rows_of(village: Village) -> dict[str, list[str]]:
    """Every row of every request of a county, by the request's key, as sorted lines."""
    names = _names(village)
    found: dict[str, list[str]] = defaultdict(list)
    with reading(village.house):
        cases = list(Case.objects.filter(county=village.county))
        labels = {str(c.id): f"case:{c.client_key}" for c in cases}
        labels |= dict(_label_parts(village.county, labels))
        keys = {c.id: c.client_key for c in cases}
        for model in TOLD:
            for row in model._default_manager.filter(county=village.county):
                case_id = row.pk if model is Case else getattr(row, "case_id", None)
                line = _line(row, {**names, **labels}, village.county)
                found[keys.get(case_id, "")].append(line)
        for leaf in Leaf.objects.filter(county=village.county, subject="cases.case", step__gt=0):
            line = _line(leaf, {**names, **labels}, village.county)
            found[keys[UUID(leaf.subject_id)]].append(_HEX.sub("<hash>", line))
    return {key: sorted(lines) for key, lines in found.items()}


def _names(village: Village) -> dict[str, str]:
    from wushi.domain.people.models import Person

    found = {str(user.id): name for name, user in village.people.items()}
    with reading(village.house):
        people = Person.objects.filter(county=village.county)
        return found | {str(p.id): f"person:{p.name}{p.phone}" for p in people}


def _label_parts(county: str, labels: dict[str, str]) -> Iterator[tuple[str, str]]:
    for model, when in ((Part, "asked_at"), (Whistle, "blown_at")):
        for row in model._default_manager.filter(county=county):
            place = f"{row.tray_duty}{row.tray_area[6:]}{getattr(row, 'unit', '')}"  # type: ignore[attr-defined]
            yield str(row.pk), f"{model.__name__}:{labels[str(row.case_id)]}:{getattr(row, when)}:{place}"  # type: ignore[attr-defined]


def _line(row: models.Model, labels: dict[str, str], county: str) -> str:
    columns = [f.attname for f in row._meta.concrete_fields if f.attname not in RANDOM]
    line = f"{type(row).__name__} " + " ".join(f"{c}={getattr(row, c)!r}" for c in columns)
    for key, label in labels.items():
        if key in line:
            line = line.replace(key, label)
    return line.replace(county, "{c}")
