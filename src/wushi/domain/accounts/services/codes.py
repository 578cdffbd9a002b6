"""A resident's sign-in code: asked for, sent, tried. Open doors close slowly: limits per phone, then per try."""

from __future__ import annotations

import hashlib
import secrets
from datetime import datetime, timedelta
from uuid import UUID

from wushi.domain.accounts.errors import CodeTooSoon, WrongCode
from wushi.domain.accounts.models import Attempt, SignIn, SignInCode
from wushi.domain.accounts.rules import rule_on, too_many
from wushi.domain.audit.services import record
from wushi.domain.outbox.services import leave_job
from wushi.kernel.actor import Actor
from wushi.kernel.errors import Invalid
from wushi.kernel.verb import DB_TIME, chore, verb
from wushi.plumbing.fields import blind_index
from wushi.plumbing.personal import is_mobile, normal_phone
from wushi.plumbing.writes import serialised

SEND_CODE = "accounts.send_code"


def _hash(code: str, salt: bytes, bound_to: str) -> bytes:
    """A code is good for one thing only: what it is bound to goes into its hash, apart from what is typed."""
    return hashlib.sha256(salt + f"{bound_to}|{code}".encode()).digest()


@verb
def request_code(
    *, actor: Actor, phone: str, about: str = "", bound_to: str = "", now: datetime = DB_TIME
) -> SignInCode:
    """A resident asks for a code to his phone; it is sent after the commit. Raises CodeTooSoon past the limits.

    ``about`` says in the message what else it is for than signing in; ``bound_to``: it fits nothing but that.
    """
    number = normal_phone(phone)
    if not is_mobile(number):
        raise Invalid(fields={"phone": "bad_mobile"})
    index = blind_index("phone", number)
    rule = rule_on(now.date())
    serialised(f"code:{index.hex()}")
    lately = SignInCode.objects.filter(phone_index=index, created_at__gt=now - timedelta(days=1))
    stamps = list(lately.values_list("created_at", flat=True))
    limits = ((1, rule.codes_per_minute), (60, rule.codes_per_hour), (60 * 24, rule.codes_per_day))
    for minutes, limit in limits:
        if too_many(stamps, now, timedelta(minutes=minutes), limit):
            raise CodeTooSoon(minutes=minutes)
    code, salt = f"{secrets.randbelow(10**6):06d}", secrets.token_bytes(16)
    row = SignInCode(
        county=actor.county,
        phone=number,
        phone_index=index,
        code=code,
        code_hash=_hash(code, salt, bound_to),
        salt=salt,
        created_at=now,
        expires_at=now + rule.code_lives,
    )
    row.save(force_insert=True)
    leave_job(SEND_CODE, code_id=row.id, county=actor.county, **({"about": about} if about else {}))
    record(subject=row)
    return row


@verb
def mark_code_sent(*, actor: Actor, code_id: UUID, now: datetime = DB_TIME) -> None:
    """The code is out: number and code are forgotten, their hashes stay."""
    row = SignInCode.objects.select_for_update().filter(id=code_id, county=actor.county, sent_at=None).first()
    if row is None:
        return
    row.sent_at, row.phone, row.code = now, "", ""
    row.save(update_fields=["sent_at", "phone", "code"])
    record(subject=row)


def check_code(*, county: str, phone: str, code: str, bound_to: str = "") -> UUID:
    """The id of the code that fits, and was made for this. Raises WrongCode; after some tries the code is dead."""
    with chore(county, "count_code_try") as scope:
        index = blind_index("phone", normal_phone(phone))
        row = (
            SignInCode.objects.select_for_update()
            .filter(county=county, phone_index=index, used_at=None, expires_at__gt=scope.now)
            .order_by("-created_at")
            .first()
            if index
            else None
        )
        rule = rule_on(scope.now.date())
        fits = False
        if row is not None and row.tries < rule.code_tries:
            row.tries += 1
            row.save(update_fields=["tries"])
            fits = secrets.compare_digest(
                _hash(code.strip(), bytes(row.salt), bound_to), bytes(row.code_hash)
            )
    if row is None or not fits:
        raise WrongCode()
    return row.id


@verb
def spend_code(*, actor: Actor, code_id: UUID, now: datetime = DB_TIME) -> bytes:
    """A code is used, once; returns the blind index of the phone it was sent to. Raises WrongCode the second time."""
    row = SignInCode.objects.select_for_update().filter(id=code_id, county=actor.county, used_at=None).first()
    if row is None:
        raise WrongCode()
    row.used_at = now
    row.save(update_fields=["used_at"])
    record(subject=row)
    return bytes(row.phone_index)


def forget_old(county: str) -> int:
    """What signing in leaves behind is not kept for ever: dead codes after a day, over sign-ins after 30; how many rows.

    A code that was never sent loses its number with it. 个人信息保护法 19: no longer than the purpose needs.
    """
    with chore(county, "forget_old_sign_ins") as scope:
        day, month = scope.now - timedelta(days=1), scope.now - timedelta(days=30)
        gone, _ = SignInCode.objects.filter(county=county, expires_at__lt=day).delete()
        over, _ = SignIn.objects.filter(county=county, expires_at__lt=month).delete()
        tries, _ = Attempt.objects.filter(at__lt=day).delete()
    return gone + over + tries
