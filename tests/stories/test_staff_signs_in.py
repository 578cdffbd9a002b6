"""Staff sign in by password, administrators with a second factor; guessing ends soon; leaving takes effect at once."""

from __future__ import annotations

from datetime import date, timedelta

import pyotp
import pytest
from django.utils import timezone

from tests.village import Village
from wushi.domain.accounts import queries as accounts
from wushi.domain.accounts.errors import (
    TooManyGuesses,
    UsernameTaken,
    WeakPassword,
    WrongCode,
    WrongCredentials,
)
from wushi.domain.accounts.rules import RULES, still_signed_in, too_many
from wushi.domain.accounts.services import (
    close_account,
    confirm_totp,
    enrol_totp,
    register_user,
    reset_totp,
    set_password,
    sign_in,
    sign_out,
    touch,
)
from wushi.domain.cases.services import claim_case
from wushi.kernel.errors import NotAllowed
from wushi.kernel.verb import unscoped

PASSWORD = "correct-horse-9"


def who(token: str) -> accounts.SignedIn | None:
    """What the edge would load."""
    with unscoped("test"):
        return accounts.signed_in(token)


def ready(village: Village, name: str, **more: str) -> str:
    """Somebody with a password; his username."""
    village.officer(name, **more)
    set_password(actor=village.house, user_id=village.user_id(name), password=PASSWORD)
    return village.people[name].username


def test_in_and_out_and_every_browser_after_a_new_password(village: Village) -> None:
    username = ready(village, "陈书记")
    one, two = sign_in(username=username, password=PASSWORD), sign_in(username=username, password=PASSWORD)
    found = who(one.token)
    assert found and found.name == "陈书记" and found.posts[0].duty == "secretary"
    touch(village.county, one.row.id)
    sign_out(actor=village.actor("陈书记"), sign_in_id=one.row.id)
    assert who(one.token) is None and who(two.token) is not None
    set_password(actor=village.actor("陈书记"), user_id=village.user_id("陈书记"), password=PASSWORD + "x")
    assert who(two.token) is None
    with pytest.raises(WeakPassword):
        set_password(actor=village.actor("陈书记"), user_id=village.user_id("陈书记"), password="short")
    with pytest.raises(NotAllowed):
        set_password(
            actor=village.officer("别人", area=village.sibling),
            user_id=village.user_id("陈书记"),
            password=PASSWORD,
        )


def test_a_name_that_does_not_exist_is_refused_like_a_wrong_password_and_guessing_ends(
    village: Village,
) -> None:
    username = ready(village, "陈书记")
    with pytest.raises(WrongCredentials):
        sign_in(username=f"nobody-{village.county}", password="x")
    for _ in range(RULES[0].guesses):
        with pytest.raises(WrongCredentials):
            sign_in(username=username, password="wrong")
    with pytest.raises(TooManyGuesses):
        sign_in(username=username, password=PASSWORD)


def test_nobody_has_a_password_before_one_is_set(village: Village) -> None:
    village.officer("陈书记")
    with pytest.raises(WrongCredentials):
        sign_in(username=village.people["陈书记"].username, password="")
    with pytest.raises(UsernameTaken):
        register_user(actor=village.house, username=village.people["陈书记"].username, name="另一个")


def test_an_administrator_is_nobody_before_his_second_factor(village: Village) -> None:
    username = ready(village, "许管理员", duty="district_admin")
    begun = sign_in(username=username, password=PASSWORD)
    half = who(begun.token)
    assert half and half.needs_second_factor
    with unscoped("as the edge does it"):
        actor = accounts.actor_of(half)
    assert actor.grants == frozenset()
    secret = enrol_totp(actor=actor)
    assert enrol_totp(actor=actor) == secret
    with pytest.raises(WrongCode):
        confirm_totp(actor=actor, sign_in_id=begun.row.id, code="000000")
    code = pyotp.TOTP(secret).now()
    confirm_totp(actor=actor, sign_in_id=begun.row.id, code=code)
    whole = who(begun.token)
    assert whole and not whole.needs_second_factor
    with unscoped("as the edge does it"):
        admin = accounts.actor_of(whole)
    assert admin.has_duty(["district_admin"])
    with pytest.raises(WrongCode):
        confirm_totp(actor=actor, sign_in_id=begun.row.id, code=code)
    with pytest.raises(NotAllowed):
        enrol_totp(actor=actor)
    with pytest.raises(NotAllowed):
        reset_totp(actor=admin, user_id=village.user_id("许管理员"))
    reset_totp(actor=village.house, user_id=village.user_id("许管理员"))
    assert who(begun.token) is None


def test_a_closed_account_is_out_at_once(village: Village) -> None:
    begun = sign_in(username=ready(village, "陈书记"), password=PASSWORD)
    case = village.case()
    claim_case(actor=village.actor("陈书记"), case_id=case.id)
    close_account(actor=village.house, user_id=village.user_id("陈书记"))
    assert who(begun.token) is None
    assert (village.again(case).state, village.again(case).holder_id) == ("assigned", None)
    with pytest.raises(WrongCredentials):
        sign_in(username=village.people["陈书记"].username, password=PASSWORD)


def test_idle_and_age_end_a_sign_in() -> None:
    now, rule = timezone.now(), RULES[0]
    times = {"created": now, "seen": now, "expires": now + rule.staff_total}
    assert still_signed_in(**times, now=now + timedelta(minutes=14), idle=rule.administrator_idle)
    assert not still_signed_in(**times, now=now + timedelta(minutes=15), idle=rule.administrator_idle)
    assert not still_signed_in(
        **{**times, "seen": now + timedelta(hours=11)}, now=now + rule.staff_total, idle=rule.staff_idle
    )
    assert still_signed_in(
        **{**times, "expires": now + rule.resident_total}, now=now + timedelta(days=89), idle=None
    )


def test_counting_guesses() -> None:
    now = timezone.now()
    stamps = [now - timedelta(minutes=n) for n in (1, 5, 9, 11)]
    assert too_many(stamps, now, timedelta(minutes=10), 3)
    assert not too_many(stamps, now, timedelta(minutes=10), 4)
    assert date.today() >= RULES[0].since
