"""Sending what waits: taken under a lease, carried outside any transaction, noted. At least once, each time with the same key.

Whoever dies in between leaves a lease that runs out; the next one finds the row and sends it again with the same key.
"""

from __future__ import annotations

import json
import time
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import structlog
from django.conf import settings
from django.db.models import F
from django.utils import timezone

from wushi.domain.notify.carriers import Answer, Carrier, Letter, Result, carriers, words
from wushi.domain.notify.messages import DIGEST, Weight
from wushi.domain.notify.models import Browser, Delivery, Notice
from wushi.domain.notify.rules import PUSH, ROBOT, NotifyRule, next_try, room_left, rule_on
from wushi.domain.notify.states import S
from wushi.kernel.verb import chore
from wushi.plumbing.fields import blind_index
from wushi.plumbing.writes import serialised

log = structlog.get_logger("wushi.notify")
BATCH = 100
# a push service's answer for a browser that is gone
GONE = ("http_404", "http_410")
# one request lasts this long at most (gateway/channels/web.py, mail.py): nobody begins one that would outlast the lease
LONGEST_SECONDS = 15.0
_NUMBERS_SHOWN = 10
_ENDED = {
    Result.REFUSED: S.REFUSED,
    Result.UNFILED: S.UNFILED,
}


@dataclass(frozen=True)
class Taken:
    """A delivery under lease, with all that its letter says."""

    id: UUID
    county: str
    carrier: str
    channel: str
    tries: int
    urgent: bool
    language: str
    kind: str
    facts: Mapping[str, Any]
    link: str
    address: str
    expires_at: datetime


def deliver(county: str, notice_id: UUID | None = None) -> int:
    """Send what is due in a county (of one notice, or all); how many letters went to a provider."""
    found = carriers()
    taken = _take(county, notice_id, found)
    by_carrier: dict[str, list[Taken]] = defaultdict(list)
    for one in taken:
        by_carrier[one.carrier].append(one)
    if not by_carrier:
        return 0
    # one slow provider keeps no other waiting; threads only talk to providers, never to the database
    until = time.monotonic() + _rule_now().lease_seconds - LONGEST_SECONDS
    with ThreadPoolExecutor(max_workers=min(len(by_carrier), 8)) as pool:
        jobs = [pool.submit(_carry_all, found.get(name), some, until) for name, some in by_carrier.items()]
        for job in as_completed(jobs):
            for one, text, answer in job.result():
                _note(one, text, answer, found.get(one.carrier))
    return len(taken)


def _take(county: str, notice_id: UUID | None, found: Mapping[str, Carrier]) -> list[Taken]:
    """Lock what is due, put together what is many, leave the rest for when there is room; under lease afterwards."""
    with chore(county, "take_deliveries") as scope:
        rows = Delivery.objects.select_for_update(skip_locked=True, of=("self",)).filter(
            county=county, next_at__lte=scope.now
        )
        if notice_id is not None:
            rows = rows.filter(notice=notice_id)
        due = list(rows.order_by("next_at", "id")[:BATCH])
        lines = _lines_of(county, due)
        wanted = {d.notice_id for d in due} | {d.notice_id for some in lines.values() for d in some}
        notices = {n.id: n for n in Notice.objects.filter(county=county, id__in=wanted)}
        # alarms first
        due.sort(key=lambda d: (notices[d.notice_id].weight != Weight.URGENT, d.created_at, d.id))
        by_carrier: dict[str, list[Delivery]] = defaultdict(list)
        for row in due:
            if notices[row.notice_id].expires_at <= scope.now:
                # whoever had it under lease may have sent it
                over = S.EXPIRED if row.state == S.WAITING else S.UNSURE
                _change(row, state=over.value, next_at=None)
                _let_go(row, over)
            else:
                by_carrier[row.carrier].append(row)
        taken: list[Taken] = []
        for name, some in sorted(by_carrier.items()):
            taken += _within_limit(county, found.get(name), some, notices, lines, scope.now)
        return taken


def _lines_of(county: str, due: Sequence[Delivery]) -> dict[UUID, list[Delivery]]:
    """What went into letters that have to go out again: each is the same letter then, with all its lines."""
    found: dict[UUID, list[Delivery]] = defaultdict(list)
    ids = [row.id for row in due]
    for row in Delivery.objects.filter(county=county, merged_into__in=ids, state=S.MERGED).order_by("id"):
        found[row.merged_into].append(row)  # type: ignore[index]
    return found


def _let_go(row: Delivery, state: S) -> None:
    """A letter of many ended badly: each line of it ended so, and can be sent again by itself."""
    Delivery.objects.filter(county=row.county, merged_into=row.id, state=S.MERGED).update(
        state=state.value, merged_into=None, code=row.code, step=F("step") + 1
    )


def _within_limit(
    county: str,
    carrier: Carrier | None,
    rows: Sequence[Delivery],
    notices: Mapping[UUID, Notice],
    lines: Mapping[UUID, list[Delivery]],
    now: datetime,
) -> list[Taken]:
    rule = rule_on(timezone.localdate(now))
    groups = _put_together(rows, notices, rule)
    left, free_at = len(groups), now
    if carrier is not None and carrier.per_minute:
        # two workers must not each think that there is room
        serialised(f"carrier:{county}:{carrier.name}")
        lately = Delivery.objects.filter(
            county=county, carrier=carrier.name, sent_at__gt=now - timedelta(seconds=60)
        ).values_list("sent_at", flat=True)
        left, free_at = room_left(carrier.per_minute, [at for at in lately if at], now)
        if len(groups) > left and carrier.channel == ROBOT:
            groups = _one_for_all(groups, notices)
    taken = []
    for group in groups[:left]:
        taken.append(
            _lease([*group, *(line for row in group for line in lines.get(row.id, ()))], notices, rule, now)
        )
    for group in groups[left:]:
        for row in group:
            _change(row, next_at=max(free_at, now + timedelta(seconds=1)))
    return taken


def _may_merge(row: Delivery, notice: Notice) -> bool:
    """A resident's receipt stays its own; what staff and groups have waiting, and reminders, may come as one."""
    staff = not notice.recipient.startswith("person:")
    return notice.weight == Weight.REMINDER or (staff and notice.weight == Weight.NORMAL)


def _put_together(
    rows: Sequence[Delivery], notices: Mapping[UUID, Notice], rule: NotifyRule
) -> list[list[Delivery]]:
    """Groups that go out as one letter each, in order."""
    same: dict[Any, list[Delivery]] = defaultdict(list)
    for row in rows:
        notice = notices[row.notice_id]
        key: Any = (bytes(row.address_index), row.channel) if _may_merge(row, notice) else row.id
        same[key].append(row)
    found = []
    for group in same.values():
        found += [group] if len(group) >= rule.digest_from else [[row] for row in group]
    return found


def _one_for_all(groups: list[list[Delivery]], notices: Mapping[UUID, Notice]) -> list[list[Delivery]]:
    """A group's robot with little room left: alarms stay by themselves, everything else becomes one."""
    alone = [g for g in groups if notices[g[0].notice_id].weight == Weight.URGENT]
    rest = [row for g in groups if g not in alone for row in g]
    return [*alone, rest] if rest else alone


def _lease(group: list[Delivery], notices: Mapping[UUID, Notice], rule: NotifyRule, now: datetime) -> Taken:
    first, notice = group[0], notices[group[0].notice_id]
    kind, facts, link = notice.kind, notice.facts, notice.link
    if len(group) > 1:
        numbers = [n for n in (notices[d.notice_id].facts.get("number", "") for d in group) if n]
        kind, link = DIGEST.code, ""
        facts = {"n": len(group), "numbers": numbers[:_NUMBERS_SHOWN]}
        for row in group[1:]:
            if row.merged_into != first.id:
                _change(row, state=S.MERGED.value, next_at=None, merged_into=first.id)
    _change(
        first,
        state=S.SENDING.value,
        tries=first.tries + 1,
        sent_at=now,
        next_at=now + timedelta(seconds=rule.lease_seconds),
    )
    urgent = notice.weight == Weight.URGENT
    return Taken(
        first.id,
        first.county,
        first.carrier,
        first.channel,
        first.tries,
        urgent,
        notice.language or settings.LANGUAGE_CODE,
        kind,
        facts,
        link,
        first.address,
        notice.expires_at,
    )


def _rule_now() -> NotifyRule:
    return rule_on(timezone.localdate())


def _carry_all(
    carrier: Carrier | None, some: Iterable[Taken], until: float
) -> list[tuple[Taken, str, Answer]]:
    """One provider's letters in order; when it wants a rest, or the lease would run out, the others wait too."""
    found: list[tuple[Taken, str, Answer]] = []
    resting: Answer | None = None
    for one in some:
        letter = letter_of(one)
        if carrier is None:
            answer = Answer(Result.FAILED, "no_carrier")
        elif not carrier.filed:
            answer = Answer(Result.UNFILED, "unfiled")
        else:
            late = time.monotonic() > until
            answer = resting or (Answer(Result.THROTTLED, "no_time") if late else _handed(carrier, letter))
        if answer.result in (Result.THROTTLED, Result.BARRED):
            resting = answer
        found.append((one, letter.text, answer))
    return found


def _handed(carrier: Carrier, letter: Letter) -> Answer:
    """A fault of one letter is that letter's alone: the others go out, and it is noted."""
    try:
        return carrier.send(letter)
    except Exception as error:
        log.error("letter", carrier=carrier.name, key=letter.key, exc_info=True)
        return Answer(Result.FAILED, f"fault_{type(error).__name__}")


def letter_of(one: Taken) -> Letter:
    """The letter exactly as it goes out."""
    said = words(one.kind, {**one.facts, "link": one.link}, one.language, one.channel)
    # a browser opens the page beside which it was registered; every other reader needs the whole address
    link = one.link if one.channel == PUSH else said.link
    return Letter(one.id.hex, one.address, said.text, one.kind, said.variables, said.title, link, one.urgent)


def _note(one: Taken, text: str, answer: Answer, carrier: Carrier | None) -> None:
    """What the provider said goes into the ledger."""
    with chore(one.county, "note_delivery") as scope:
        row = Delivery.objects.select_for_update(of=("self",)).get(county=one.county, id=one.id)
        if row.state != S.SENDING or row.tries != one.tries:
            return  # the lease ran out and somebody else has it
        changes = _after(one, answer, carrier, scope.now)
        _change(row, code=answer.code[:64], ref=answer.ref[:80] or row.ref, text=text, **changes)
        if changes["state"] not in (S.SENT, S.WAITING):
            _let_go(row, S(changes["state"]))
        if answer.code in GONE and one.channel == PUSH:
            # the browser is gone for good: nothing is sent to it any more
            Browser.objects.filter(county=one.county, endpoint_index=_endpoint(one.address)).delete()
        if answer.result == Result.THROTTLED:
            Delivery.objects.filter(
                county=one.county, carrier=one.carrier, state=S.WAITING, next_at__lt=changes["next_at"]
            ).update(next_at=changes["next_at"], step=F("step") + 1)


def _endpoint(subscription: str) -> bytes:
    """By what a browser is known (``choices.add_browser``)."""
    return blind_index("address", str(json.loads(subscription)["endpoint"]))


def _after(one: Taken, answer: Answer, carrier: Carrier | None, now: datetime) -> dict[str, Any]:
    rule = rule_on(timezone.localdate(now))
    if answer.result == Result.SENT:
        return {"state": S.SENT.value, "sent_at": now, "next_at": None}
    if answer.result == Result.THROTTLED:
        later = now + timedelta(seconds=max(answer.wait, 1.0))
        return {"state": S.WAITING.value, "tries": one.tries - 1, "sent_at": None, "next_at": later}
    if answer.result == Result.BARRED:
        # it is not this letter's fault: it keeps until somebody has mended it, or until it helps nobody any more
        hold = now + timedelta(seconds=rule.barred_seconds)
        if hold >= one.expires_at:
            return {"state": S.FAILED.value, "sent_at": None, "next_at": None}
        return {"state": S.WAITING.value, "sent_at": None, "next_at": hold}
    if answer.result in _ENDED:
        return {"state": _ENDED[answer.result].value, "sent_at": None, "next_at": None}
    unsure = answer.result == Result.UNSURE
    if unsure and not (one.urgent or (carrier is not None and carrier.tells_repetition)):
        # it has most likely arrived; a second one would only confuse. A person may send it again
        return {"state": S.UNSURE.value, "sent_at": now, "next_at": None}
    later_at = next_try(rule, tries=one.tries, now=now, asked=answer.wait)
    if later_at is None or later_at >= one.expires_at:
        ended = S.UNSURE if unsure else S.FAILED
        return {"state": ended.value, "sent_at": None, "next_at": None}
    return {"state": S.WAITING.value, "sent_at": None, "next_at": later_at}


def _change(row: Delivery, **changes: Any) -> None:
    for name, value in changes.items():
        setattr(row, name, value)
    row.step += 1
    row.save(update_fields=["step", *changes])


def preview(kind: str, facts: Mapping[str, Any], *, language: str, channel: str) -> str:
    """The exact text a notice would be sent with."""
    return words(kind, facts, language, channel).text


__all__ = ["Taken", "deliver", "letter_of", "preview"]
