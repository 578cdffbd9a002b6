"""The life of a call (呼叫), as docs/GLOSSARY.md names it, and of a wireless caller. 到场 cannot be skipped (书记必到)."""

from enum import StrEnum

from wushi.kernel.states import machine


class CallState(StrEnum):
    """Where a call stands."""

    RINGING = "ringing"  # 呼叫中
    ACKNOWLEDGED = "acknowledged"  # 已接警
    ON_WAY = "on_way"  # 在路上
    ARRIVED = "arrived"  # 已到场
    ENDED = "ended"  # 已结束, with what was found
    FOLLOWED_UP = "followed_up"  # 已回访
    RATED = "rated"  # 已评价
    ARCHIVED = "archived"  # 已归档


class DeviceState(StrEnum):
    """Where a wireless caller is."""

    STOCK = "stock"  # 在库
    INSTALLED = "installed"  # 已安装
    REPAIR = "repair"  # 维修中
    RETURNED = "returned"  # 已收回


S = CallState
# The lamp is red: somebody calls and nobody is there yet.
UNANSWERED = frozenset({S.RINGING, S.ACKNOWLEDGED, S.ON_WAY})
OPEN = frozenset({*UNANSWERED, S.ARRIVED})
OVER = frozenset({S.ENDED, S.FOLLOWED_UP, S.RATED, S.ARCHIVED})

LINE = "line"  # whom the ladder may ring for this place
ANSWERER = "answerer"  # who has it in hand
CALLER = "caller"  # who pressed: by receipt or signed in, or who called for his parents
REVIEWER = "reviewer"  # who follows up: a supervisor, the town's or the district's clerk
HOUSE = "house"

MOVES = machine(
    ("ring_next", [S.RINGING], "", {HOUSE}),
    ("press_again", sorted(OPEN), "", {HOUSE, CALLER}),
    ("take_back_call", [S.RINGING, S.ACKNOWLEDGED, S.ON_WAY], "", {HOUSE, CALLER}),
    ("acknowledge_call", [S.RINGING], S.ACKNOWLEDGED, {LINE}),
    ("release_call", [S.ACKNOWLEDGED, S.ON_WAY], S.RINGING, {ANSWERER, HOUSE}),
    ("take_over_call", [S.ACKNOWLEDGED, S.ON_WAY], S.ACKNOWLEDGED, {LINE}),
    ("set_out", [S.RINGING, S.ACKNOWLEDGED], S.ON_WAY, {LINE}),
    ("arrive_at_call", [S.RINGING, S.ACKNOWLEDGED, S.ON_WAY], S.ARRIVED, {LINE}),
    ("confirm_arrival", [S.ARRIVED, S.ENDED], "", {HOUSE, CALLER, LINE}),
    ("hand_to_service", sorted(OPEN), "", {LINE}),
    ("note_call", [*sorted(OPEN), S.ENDED, S.FOLLOWED_UP, S.RATED], "", {LINE, REVIEWER}),
    ("end_call", [S.ARRIVED], S.ENDED, {LINE}),
    ("end_mistaken_call", [S.ACKNOWLEDGED, S.ON_WAY, S.ARRIVED], S.ENDED, {LINE}),
    (
        "turn_call_into_case",
        [S.ACKNOWLEDGED, S.ON_WAY, S.ARRIVED, S.ENDED, S.FOLLOWED_UP, S.RATED],
        "",
        {LINE},
    ),
    ("follow_up_call", [S.ENDED, S.RATED], S.FOLLOWED_UP, {REVIEWER, LINE}),
    ("rate_call", [S.ENDED, S.FOLLOWED_UP], S.RATED, {CALLER}),
    ("archive_call", [S.ENDED, S.FOLLOWED_UP, S.RATED], S.ARCHIVED, {HOUSE}),
    ("close_test_call", [S.RINGING], S.ARCHIVED, {HOUSE}),
)

D = DeviceState
DEVICE_MOVES = machine(
    ("install_device", [D.STOCK], D.INSTALLED, {LINE}),
    ("move_device", [D.INSTALLED], "", {LINE}),
    ("send_to_repair", [D.INSTALLED], D.REPAIR, {LINE}),
    ("put_back_device", [D.REPAIR], D.INSTALLED, {LINE}),
    ("hand_back_device", [D.INSTALLED, D.REPAIR], D.RETURNED, {LINE, HOUSE}),
    ("restock_device", [D.RETURNED, D.REPAIR], D.STOCK, {LINE}),
)
