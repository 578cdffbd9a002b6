"""Signing in and out; the second factor; one choke point for every password."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

import pyotp
from django.contrib.auth.hashers import check_password, make_password
from django.db import connection
from django.utils import timezone

from wushi.domain.accounts.errors import (
    TooManyGuesses,
    UnknownUser,
    WeakPassword,
    WrongCode,
    WrongCredentials,
)
from wushi.domain.accounts.models import Attempt, SignIn, User
from wushi.domain.accounts.permissions import may_appoint
from wushi.domain.accounts.queries import posts_of, token_hash
from wushi.domain.accounts.rules import rule_on, too_many
from wushi.domain.accounts.services.posts import end_post, end_sign_ins
from wushi.domain.audit.services import record
from wushi.kernel.actor import Actor
from wushi.kernel.errors import NotAllowed
from wushi.kernel.verb import DB_TIME, chore, unscoped, verb
from wushi.plumbing.fields import blind_index
from wushi.plumbing.writes import serialised

LEAST_PASSWORD = 10
TOTP_SECONDS = 30
# Spent for a name that does not exist, so that the answer takes as long as for one that does.
_NOBODY = make_password(secrets.token_urlsafe(16))


@dataclass(frozen=True)
class NewSignIn:
    """A fresh sign-in: the row, and the token that goes to the browser and is stored nowhere else."""

    row: SignIn
    token: str


def _guess_subjects(username: str, address: str) -> list[tuple[str, bytes]]:
    return [("password", blind_index("guess", username.lower())), ("address", blind_index("guess", address))]


def _note_guess(username: str, address: str) -> list[UUID]:
    """A guess is counted before it is looked at, one after the other, so that a thousand at once are no way round.

    Raises TooManyGuesses when this name or this address failed too often lately; returns what ``_forgive`` takes back.
    """
    with unscoped("failed sign-ins are counted before anybody is known"), connection.cursor() as cursor:
        serialised(f"guess:{username.lower()}")
        cursor.execute("SELECT clock_timestamp()")
        now: datetime = cursor.fetchone()[0]
        rule = rule_on(now.date())
        rows = []
        for kind, subject in _guess_subjects(username, address):
            limit = rule.guesses if kind == "password" else rule.address_guesses
            since = now - rule.guess_window
            stamps = Attempt.objects.filter(kind=kind, subject=subject, at__gt=since).values_list(
                "at", flat=True
            )
            if subject and too_many(list(stamps), now, rule.guess_window, limit):
                raise TooManyGuesses(minutes=int(rule.guess_window.total_seconds() // 60))
            rows.append(Attempt(kind=kind, subject=subject, at=now))
        Attempt.objects.bulk_create(rows)
    return [row.id for row in rows]


def _forgive(noted: list[UUID]) -> None:
    """It was no guess but the right answer."""
    with unscoped("failed sign-ins are counted before anybody is known"):
        Attempt.objects.filter(id__in=noted).delete()


def sign_in(*, username: str, password: str, address: str = "") -> NewSignIn:
    """Staff sign in with name and password. Raises TooManyGuesses or WrongCredentials (never which of the two was wrong).

    Not a verb itself: a failed guess must be counted although nothing else is kept.
    """
    username = username.strip()
    noted = _note_guess(username, address)
    with unscoped("who this is decides the county"):
        user = User.objects.filter(username=username).first()
    good = check_password(password, user.password if user and user.has_usable_password() else _NOBODY)
    if not (user and good and user.is_active and user.has_usable_password()):
        raise WrongCredentials()
    _forgive(noted)
    return open_sign_in(actor=Actor(f"user:{user.id}", user.county), user_id=user.id)


@verb
def open_sign_in(
    *, actor: Actor, user_id: UUID | None = None, person_id: UUID | None = None, now: datetime = DB_TIME
) -> NewSignIn:
    """A browser is signed in, for a member of staff or a resident; the token is random and new each time."""
    if actor.ref not in {f"user:{user_id}", f"person:{person_id}"}:
        raise NotAllowed()
    token = secrets.token_urlsafe(32)
    rule = rule_on(now.date())
    lives: timedelta = rule.staff_total if user_id else rule.resident_total
    row = SignIn(
        county=actor.county,
        token_hash=token_hash(token),
        user_id=user_id,
        person=person_id,
        created_at=now,
        seen_at=now,
        expires_at=now + lives,
    )
    row.save(force_insert=True)
    record(subject=row, staff=user_id is not None)
    return NewSignIn(row, token)


@verb
def sign_out(*, actor: Actor, sign_in_id: UUID, now: datetime = DB_TIME) -> None:
    """A browser is signed out."""
    row = SignIn.objects.select_for_update().filter(id=sign_in_id, county=actor.county, ended_at=None).first()
    if row is None:
        return
    if actor.ref not in {f"user:{row.user_id}", f"person:{row.person}"}:
        raise NotAllowed()
    row.ended_at = now
    row.save(update_fields=["ended_at"])
    record(subject=row)


def touch(county: str, sign_in_id: UUID) -> None:
    """The browser was seen; kept to the minute."""
    with chore(county, "touch_sign_in") as scope:
        SignIn.objects.filter(id=sign_in_id).update(seen_at=scope.now)


@verb
def set_password(*, actor: Actor, user_id: UUID, password: str, now: datetime = DB_TIME) -> User:
    """A password is set by its owner or the administrator; every browser of his is signed out."""
    user = User.objects.select_for_update().filter(id=user_id, county=actor.county).first()
    if user is None:
        raise UnknownUser()
    if actor.ref != f"user:{user.id}" and not may_appoint(actor, actor.county):
        raise NotAllowed()
    if len(password) < LEAST_PASSWORD or len(set(password)) < 4:
        raise WeakPassword(least=LEAST_PASSWORD)
    user.set_password(password)
    user.step += 1
    user.save(update_fields=["password", "step"])
    end_sign_ins(user.id, now)
    record(subject=user)
    return user


@verb
def enrol_totp(*, actor: Actor, now: datetime = DB_TIME) -> str:
    """An administrator begins to enrol a second factor; until it is confirmed the secret stays the same."""
    user = _self(actor)
    if user.totp_since:
        raise NotAllowed()
    if not user.totp_secret:
        user.totp_secret = pyotp.random_base32()
        user.step += 1
        user.save(update_fields=["totp_secret", "step"])
        record(subject=user)
    return str(user.totp_secret)


def confirm_totp(*, actor: Actor, sign_in_id: UUID, code: str, address: str = "") -> None:
    """The code of the authenticator is shown, at enrolment and at each sign-in. Raises WrongCode or TooManyGuesses."""
    noted = _note_guess(actor.ref, address)
    accept_totp(actor=actor, sign_in_id=sign_in_id, code=code)
    _forgive(noted)


@verb
def accept_totp(*, actor: Actor, sign_in_id: UUID, code: str, now: datetime = DB_TIME) -> None:
    """A second factor is accepted, each code once."""
    user = _self(actor)
    step_now = int(now.timestamp()) // TOTP_SECONDS
    totp = pyotp.TOTP(user.totp_secret or pyotp.random_base32())
    matching = [
        s
        for s in (step_now - 1, step_now, step_now + 1)
        if secrets.compare_digest(totp.generate_otp(s), code.strip())
    ]
    if not matching or matching[0] <= user.totp_last_step:
        raise WrongCode()
    user.totp_last_step, user.totp_since, user.step = matching[0], user.totp_since or now, user.step + 1
    user.save(update_fields=["totp_last_step", "totp_since", "step"])
    SignIn.objects.filter(id=sign_in_id, user_id=user.id).update(second_factor=True)
    record(subject=user, sign_in=sign_in_id)


@verb
def reset_totp(*, actor: Actor, user_id: UUID, now: datetime = DB_TIME) -> User:
    """A lost second factor is taken off by another administrator or from the server's shell; he enrols anew."""
    user = User.objects.select_for_update().filter(id=user_id, county=actor.county).first()
    if user is None:
        raise UnknownUser()
    if actor.ref == f"user:{user.id}" or not may_appoint(actor, actor.county):
        raise NotAllowed()
    user.totp_secret, user.totp_since, user.step = "", None, user.step + 1
    user.save(update_fields=["totp_secret", "totp_since", "step"])
    end_sign_ins(user.id, now)
    record(subject=user)
    return user


@verb
def close_account(*, actor: Actor, user_id: UUID, now: datetime = DB_TIME) -> User:
    """A person leaves: he can no longer sign in, at once and everywhere; his posts end, so nothing stays with him."""
    user = User.objects.select_for_update().filter(id=user_id, county=actor.county).first()
    if user is None:
        raise UnknownUser()
    if not may_appoint(actor, actor.county):
        raise NotAllowed()
    if user.is_active:
        for post in posts_of(user.id, timezone.localdate(now)):
            end_post(actor=actor, post_id=post.id, now=now)
        user.is_active, user.step = False, user.step + 1
        user.save(update_fields=["is_active", "step"])
        end_sign_ins(user.id, now)
        record(subject=user)
    return user


def _self(actor: Actor) -> User:
    if actor.kind != "user" or actor.id is None:
        raise NotAllowed()
    user = User.objects.select_for_update().filter(id=actor.id, county=actor.county, is_active=True).first()
    if user is None:
        raise NotAllowed()
    return user
