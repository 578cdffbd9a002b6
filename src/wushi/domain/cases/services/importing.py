"""Requests of another system come in: as new ones whose clocks run, or as history to which nothing happens any more."""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import connection
from django.utils import timezone

from wushi.domain.areas.rules import columns_of
from wushi.domain.audit.models import Leaf
from wushi.domain.audit.services import digest, leaves_of, new_salt, record
from wushi.domain.cases.arriving import Match, Source, match, may_import_cases
from wushi.domain.cases.errors import ImportUnderWay
from wushi.domain.cases.events import HistoriesWritten
from wushi.domain.cases.models import Case, Entry, Kind, Urgency
from wushi.domain.cases.queries.rulebook import Rulebook, rulebook
from wushi.domain.cases.rules import decide_route, number_of
from wushi.domain.cases.rules.arriving import Arrival
from wushi.domain.cases.services.intake import Intake, open_case, title_of
from wushi.domain.cases.states import MOVES, CaseState
from wushi.domain.people.models import Person
from wushi.domain.people.services.arriving import forget_people, note_people
from wushi.domain.people.services.entering import NewPerson
from wushi.kernel.actor import Actor
from wushi.kernel.errors import NotAllowed
from wushi.kernel.events import announce
from wushi.kernel.ids import receipt_code, uuid7
from wushi.kernel.states import move
from wushi.kernel.verb import DB_TIME, take_traces, verb
from wushi.plumbing.sheets.importer import Done, Said, Verdict
from wushi.plumbing.text import clean
from wushi.plumbing.tokens import quarter_token, tokens
from wushi.plumbing.writes import insert_bulk

_CODE = re.compile(r"[A-Za-z0-9_.:-]{1,40}")
_MANY_DIGITS = re.compile(r"\d{11}")
# what another system said became of it; of these columns an import is made up and taken back
_ENDING = ("state", "step", "handled_at", "outcome", "closed_at", "closing", "rating")


@verb
def import_case(*, actor: Actor, source: Source, rows: Sequence[Said], now: datetime = DB_TIME) -> list[Done]:
    """Requests of another system are entered: as history with their own times, or opened anew so that their clocks run."""
    matches = match(actor, source, rows, lock=True)
    if not may_import_cases(actor) or any(one.judged.verdict == Verdict.ERROR for one in matches):
        raise NotAllowed()
    # first of all, so that figures wait for the whole list: it may stay uncommitted for minutes
    announce(HistoriesWritten(actor=actor, at=now, county=actor.county))
    if not source.meanings.historic:
        return [_open(actor, source, one, now) for one in matches if one.case is None]
    new = [one for one in matches if one.case is None]
    later = [one for one in matches if one.judged.verdict == Verdict.CHANGED]
    people = _people(actor, new, now)
    numbers = _Numbers(actor.county, new, now)
    told = [_history(actor, source, one, people.get(one.said.number), numbers, now) for one in new]
    told += [_later(actor, one) for one in later]
    insert_bulk([story.case for story in told if story.fresh])
    insert_bulk([entry for story in told for entry in story.entries])
    _rewrite(actor.county, [story.case for story in told if not story.fresh])
    # a long list leaves more leaves than a worker should hold until the end
    insert_bulk(leaves_of(actor.county, take_traces()))
    return [story.done for story in told]


class _Story:
    """One request of another system with what was said and what became of it, leaf by leaf."""

    def __init__(self, actor: Actor, case: Case, arrival: Arrival, said: int, fresh: bool) -> None:
        self.actor, self.case, self.arrival, self.fresh = actor, case, arrival, fresh
        self.entries: list[Entry] = []
        self.said, self.before = said, dict[str, Any]()

    def end(self) -> None:
        """Answered, then over, as far as the source says."""
        ending = self.arrival.ending
        if ending.answered_at is not None:
            self._step(
                CaseState.HANDLED, ending.answered_at, handled_at=ending.answered_at, outcome=ending.outcome
            )
        if ending.over_at is not None:
            over: dict[str, Any] = {
                "outcome": ending.outcome,
                "closing": ending.closing,
                "rating": ending.rating,
            }
            # an answer that came later than the end of its file
            at = max(ending.over_at, ending.answered_at or ending.over_at)
            self._step(ending.state, at, closed_at=at, **over)

    def _step(self, state: str, at: datetime, **columns: Any) -> None:
        case = self.case
        move(MOVES, "import_case", case.state)
        case.state, case.step = state, case.step + 1
        for name, value in columns.items():
            setattr(case, name, value)
        facts = {name: value for name, value in columns.items() if not name.endswith("_at")}
        if "handled_at" in columns:
            facts["words"] = self._words(at)
        record(subject=case, happened_at=at, state=case.state, **facts)

    def _words(self, at: datetime) -> str:
        text, salt = _safe(self.arrival.reply), new_salt()
        self.entries.append(
            Entry(
                county=self.case.county, case=self.case, at_step=self.case.step, text=text, salt=salt,
                author=self.actor.ref, said_at=at,
            )
        )  # fmt: skip
        return digest(text, salt)

    @property
    def done(self) -> Done:
        """For taking back."""
        return Done(self.said, self.case.id, self.case.step, {**self.before, "left": self.case.state})


def _safe(text: str) -> str:
    """As every text that comes in; the length was looked at before."""
    return clean(text, field="text", limit=len(text) + 1)


def _history(
    actor: Actor,
    source: Source,
    one: Match,
    person: tuple[Person, bool] | None,
    numbers: _Numbers,
    now: datetime,
) -> _Story:
    arrival = one.arrival
    assert arrival is not None and arrival.opened_at is not None
    case = _row(actor.county, source, one, numbers, now)
    story = _Story(actor, case, arrival, one.said.number, fresh=True)
    if person is not None:
        case.reporter = person[0]
        story.before = {"made_person": str(person[0].id)} if person[1] else {}
    record(
        subject=case,
        happened_at=arrival.opened_at,
        state=case.state,
        source=coded(source.name),
        source_id=coded(arrival.source_id),
        channel=case.channel,
        kind=case.kind,
        entered=now,
        words=digest(case.text, bytes(case.salt)),
    )
    story.end()
    return story


def coded(text: str) -> str:
    """A name or number of another system as a leaf may keep it: as it is where it is a code, else its hash."""
    if not text or (_CODE.fullmatch(text) and not _MANY_DIGITS.search(text)):
        return text
    return "sha256:" + hashlib.sha256(text.encode()).hexdigest()[:32]


def _row(county: str, source: Source, one: Match, numbers: _Numbers, now: datetime) -> Case:
    """The request as it was told there; in the tray it would go to today, where nothing waits for anybody."""
    arrival = one.arrival
    assert arrival is not None and arrival.opened_at is not None
    day, book = timezone.localdate(arrival.opened_at), numbers.book
    kind = arrival.kind or numbers.kinds.get(arrival.category, Kind.HELP.value)
    decision = decide_route(
        book.routes, category=arrival.category, kind=kind, area=one.area, day=timezone.localdate(now)
    )
    text, place = _safe(arrival.text), _safe(arrival.place)
    title = title_of(_safe(arrival.title) or text)
    return Case(
        id=uuid7(),
        **columns_of(one.area),
        number=numbers.of(one.key, day),
        receipt=receipt_code(county),
        client_key=one.key,
        body_hash=hashlib.sha256(one.key.encode()).digest(),
        place=place,
        longitude=arrival.longitude,
        latitude=arrival.latitude,
        kind=kind,
        category=arrival.category,
        urgency=arrival.urgency or Urgency.NORMAL.value,
        channel=arrival.channel,
        title=title,
        text=text,
        salt=new_salt(),
        tokens=[*_tokens(text, arrival, one.said.values), quarter_token(day)],
        state=CaseState.IMPORTED.value,
        step=1,
        tray_duty=decision.tray.duty,
        tray_area=decision.tray.area,
        unit=decision.tray.unit,
        opened_at=arrival.opened_at,
        # no clock runs: there is no deadline that could be kept or missed
        due_at=arrival.opened_at,
        source=source.name,
        source_id=arrival.source_id,
        imported_at=now,
    )


def _tokens(text: str, arrival: Arrival, values: Mapping[str, str]) -> list[str]:
    """Words, place, the source's own number, and its words of sorting that we have none for."""
    said = (text, arrival.title, arrival.place, arrival.source_id, values["category"], values["kind"])
    return tokens(" ".join(part for part in said if part))


class _Numbers:
    """Our own numbers, of the day a request was told on: from that day's block, where nobody waits for it any more.

    Today's block is not touched: whoever tells something now would wait until the whole list has come in.
    """

    def __init__(self, county: str, rows: Sequence[Match], now: datetime) -> None:
        self.book: Rulebook = rulebook(county)
        self.kinds = {line.code: line.kind for line in self.book.categories}
        self.today = timezone.localdate(now)
        days = Counter(
            timezone.localdate(one.arrival.opened_at)
            for one in rows
            if one.arrival is not None and one.arrival.opened_at is not None
        )
        days.pop(self.today, None)
        self.next: dict[date, int] = _blocks(county, days) if days else {}

    def of(self, key: str, day: date) -> str:
        """The next number of a day; of today one that is drawn from the key."""
        if day not in self.next:
            return number_of(self.book.profile.number_prefix, self.today, drawn(key))
        serial = self.next[day]
        self.next[day] = serial + 1
        return number_of(self.book.profile.number_prefix, day, serial)


def drawn(key: str) -> int:
    """A serial of twelve digits that no block reaches, the same for the same key."""
    return 10**11 + int(hashlib.sha256(key.encode()).hexdigest()[:15], 16) % (9 * 10**11)


def _blocks(county: str, days: Mapping[date, int]) -> dict[date, int]:
    """Day -> the first of so many serials, taken for good; in order of days, so that two lists cannot wait for each other."""
    wanted = sorted(days.items())
    with connection.cursor() as cursor:
        cursor.execute(
            """INSERT INTO cases_numberblock (id, county, day, next_serial)
               SELECT id, %s, day, 1 + n FROM unnest(%s::uuid[], %s::date[], %s::int[]) AS d(id, day, n) ORDER BY day
               ON CONFLICT (county, day) DO UPDATE SET next_serial = cases_numberblock.next_serial + excluded.next_serial - 1
               RETURNING day, next_serial""",
            [county, [uuid7() for _ in wanted], [day for day, _ in wanted], [n for _, n in wanted]],
        )
        return {day: after - days[day] for day, after in cursor.fetchall()}


def _people(actor: Actor, rows: Sequence[Match], now: datetime) -> dict[int, tuple[Person, bool]]:
    """Row -> who told it; whoever is known by his phone is the same person."""
    named = [one for one in rows if one.arrival and (one.arrival.name or one.arrival.phone)]
    if not named:
        return {}
    people = [
        NewPerson(name=_safe(one.arrival.name), phone=one.arrival.phone, village=one.area[:12])
        for one in named
        if one.arrival
    ]
    found = note_people(actor=Actor.house(actor), people=people, now=now)
    return {one.said.number: who for one, who in zip(named, found, strict=True)}


def _later(actor: Actor, one: Match) -> _Story:
    """The source says meanwhile what became of it."""
    assert one.case is not None and one.arrival is not None
    story = _Story(actor, one.case, one.arrival, one.said.number, fresh=False)
    story.end()
    return story


_REWRITE = """
UPDATE cases_case SET state = d.state, step = d.step, handled_at = d.handled_at, outcome = d.outcome,
       closed_at = d.closed_at, closing = d.closing, rating = d.rating
  FROM unnest(%s::uuid[], %s::text[], %s::int[], %s::timestamptz[], %s::text[], %s::timestamptz[], %s::text[], %s::text[])
    AS d(id, state, step, handled_at, outcome, closed_at, closing, rating)
 WHERE cases_case.county = %s AND cases_case.id = d.id
"""


def _rewrite(county: str, cases: Sequence[Case]) -> None:
    """What became of them, in one statement."""
    if cases:
        columns = [[case.id for case in cases]]
        columns += [[getattr(case, name) for case in cases] for name in _ENDING]
        with connection.cursor() as cursor:
            cursor.execute(_REWRITE, [*columns, county])


def _open(actor: Actor, source: Source, one: Match, now: datetime) -> Done:
    """It begins here, now: with clocks, and whom it concerns is told. The source's own number stays with it."""
    arrival = one.arrival
    assert arrival is not None
    intake = Intake(
        text=arrival.text,
        area_code=one.area,
        channel=arrival.channel,
        key=one.key,
        number=number_of(
            rulebook(actor.county).profile.number_prefix, timezone.localdate(now), drawn(one.key)
        ),
        kind=arrival.kind,
        category=arrival.category,
        urgency=arrival.urgency,
        place=arrival.place,
        name=arrival.name,
        phone=arrival.phone,
        longitude=arrival.longitude,
        latitude=arrival.latitude,
    )
    case = open_case(actor=Actor.house(actor), intake=intake, now=now)
    found = [*case.tokens, *tokens(f"{arrival.title} {arrival.source_id}")]
    case.source, case.source_id, case.tokens = source.name, arrival.source_id, found
    case.save(update_fields=["source", "source_id", "tokens"])
    record(subject=case, step=0, source=coded(source.name), source_id=coded(arrival.source_id))
    return Done(one.said.number, case.id, case.step, {"opened": True})


@verb
def take_back_import(
    *, actor: Actor, rows: Sequence[tuple[Verdict, Done]], now: datetime = DB_TIME
) -> list[int]:
    """Histories are as if they had never come; the numbers of those that were touched since, and then nothing is.

    Raises ImportUnderWay for requests that were opened anew: people were told, somebody may be on the way.
    """
    if not may_import_cases(actor):
        raise NotAllowed()
    if any(done.before.get("opened") for _, done in rows):
        raise ImportUnderWay()
    wanted = [done.subject for _, done in rows]
    locked = Case.objects.select_for_update(of=("self",)).filter(county=actor.county, id__in=wanted)
    cases = {case.id: case for case in locked.order_by("id")}
    touched = _touched(actor.county, wanted)
    stand = [
        d.number
        for _, d in rows
        if d.subject not in cases or d.subject in touched or cases[d.subject].state != d.before["left"]
    ]
    if stand:
        return stand
    gone, back = [], []
    for verdict, done in rows:
        case = cases[done.subject]
        case.step += 1
        if verdict == Verdict.NEW:
            gone.append(case)
        else:
            back.append(_as_before(case))
        record(subject=case, state=case.state)
    _rewrite(actor.county, back)
    _delete(actor, gone, [UUID(d.before["made_person"]) for _, d in rows if "made_person" in d.before], now)
    announce(HistoriesWritten(actor=actor, at=now, county=actor.county))
    return []


def _touched(county: str, ids: Sequence[UUID]) -> set[UUID]:
    """Those to which anything but importing and taking back happened."""
    leaves = Leaf.objects.filter(
        county=county, subject="cases.case", subject_id__in=[str(one) for one in ids], step__gt=0
    )
    others = leaves.exclude(verb__in=["cases.import_case", "cases.take_back_import"])
    return {UUID(one) for one in others.values_list("subject_id", flat=True)}


def _as_before(case: Case) -> Case:
    """Nobody knows what became of it. The answer stays in its history: it was there."""
    case.state = move(MOVES, "take_back_import", case.state).target
    case.handled_at = case.closed_at = None
    case.outcome = case.closing = case.rating = ""
    return case


def _delete(actor: Actor, gone: Sequence[Case], people: Sequence[UUID], now: datetime) -> None:
    ids = [case.id for case in gone]
    Entry.objects.filter(county=actor.county, case__in=ids).delete()
    Case.objects.filter(county=actor.county, id__in=ids).delete()
    if people:
        others = Case.objects.filter(county=actor.county, reporter__in=people)
        still = set(others.values_list("reporter_id", flat=True))
        forget_people(actor=Actor.house(actor), ids=[one for one in people if one not in still], now=now)
