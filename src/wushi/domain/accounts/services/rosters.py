"""A roster of people and posts is entered and taken back, by the verbs that enter and end a single one."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from pypinyin import lazy_pinyin

from wushi.domain.accounts.models import Post, User
from wushi.domain.accounts.permissions import may_appoint
from wushi.domain.accounts.services.posts import appoint, end_post, register_user
from wushi.domain.accounts.services.signing import close_account
from wushi.domain.audit.services import record
from wushi.kernel.actor import Actor
from wushi.kernel.errors import NotAllowed
from wushi.kernel.verb import DB_TIME, verb
from wushi.plumbing.fields import blind_index
from wushi.plumbing.personal import normal_phone
from wushi.plumbing.sheets.importer import Done, Verdict


@dataclass(frozen=True)
class Line:
    """One person (name, phone, the name he signs in with or '') in one post."""

    number: int
    person: tuple[str, str, str]
    duty: str
    area: str
    unit: str
    since: date | None


@verb
def enter_roster(*, actor: Actor, lines: Sequence[Line], now: datetime = DB_TIME) -> list[Done]:
    """Those who are not known are entered, without a password, and everybody takes up the post of his row."""
    if not may_appoint(actor, actor.county):
        raise NotAllowed()
    done = []
    for line in lines:
        name, phone, username = line.person
        index = blind_index("phone", normal_phone(phone))
        user = User.objects.filter(county=actor.county, phone_index=index, is_active=True).first()
        made = user is None
        if user is None:
            free = username or free_name(name)
            user = register_user(actor=actor, username=free, name=name, phone=phone, now=now)
        post = appoint(
            actor=actor,
            user_id=user.id,
            duty=line.duty,
            area=line.area,
            unit=line.unit,
            since=line.since,
            now=now,
        )
        before = {"made_user": str(user.id)} if made else {}
        done.append(Done(line.number, post.id, post.step, before))
        if len(done) == 1:
            record(subject=post, step=0, rows=len(lines))
    return done


def free_name(name: str) -> str:
    """A name to sign in with that nobody has: the syllables, and a number where it is taken."""
    plain = re.sub(r"[^a-z0-9]", "", "".join(lazy_pinyin(name)).lower())[:40] or "staff"
    taken = set(User.objects.filter(username__startswith=plain).values_list("username", flat=True))
    found, number = plain, 1
    while found in taken or len(found) < 3:
        number += 1
        found = f"{plain}{number}"
    return found


@verb
def take_back_roster(
    *, actor: Actor, rows: Sequence[tuple[Verdict, Done]], now: datetime = DB_TIME
) -> list[int]:
    """The posts of a roster end, and the accounts it made are closed; the numbers of rows that were changed since."""
    if not may_appoint(actor, actor.county):
        raise NotAllowed()
    posts = {
        post.id: post
        for post in Post.objects.select_for_update().filter(
            county=actor.county, id__in=[done.subject for _, done in rows]
        )
    }
    stand = [d.number for _, d in rows if d.subject not in posts or posts[d.subject].step != d.step]
    if stand:
        return stand
    for _verdict, done in rows:
        end_post(actor=actor, post_id=done.subject, now=now)
        made = done.before.get("made_user", "")
        if made and not Post.objects.filter(county=actor.county, user=UUID(made), ended_at=None).exists():
            close_account(actor=actor, user_id=UUID(made), now=now)
    if rows:
        record(subject=posts[rows[0][1].subject], step=0, rows=len(rows))
    return []
