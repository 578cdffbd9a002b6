"""The verbs of this room, in the order of a member of staff's life."""

from wushi.domain.accounts.services.codes import check_code, mark_code_sent, request_code, spend_code
from wushi.domain.accounts.services.posts import (
    appoint,
    arrange_stand_in,
    end_post,
    end_stand_in,
    found_unit,
    move_posts,
    register_user,
)
from wushi.domain.accounts.services.signing import (
    accept_totp,
    close_account,
    confirm_totp,
    enrol_totp,
    open_sign_in,
    reset_totp,
    set_password,
    sign_in,
    sign_out,
    touch,
)

__all__ = [
    "accept_totp",
    "appoint",
    "arrange_stand_in",
    "check_code",
    "close_account",
    "confirm_totp",
    "end_post",
    "end_stand_in",
    "enrol_totp",
    "found_unit",
    "mark_code_sent",
    "move_posts",
    "open_sign_in",
    "register_user",
    "request_code",
    "reset_totp",
    "set_password",
    "sign_in",
    "sign_out",
    "spend_code",
    "touch",
]
