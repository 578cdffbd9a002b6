"""Kinds of notice this room sends, and after which deed. The sentences stand in ``edge/notices.py``."""

from __future__ import annotations

from wushi.domain.notify.messages import NoticeKind, Weight

_ABOUT = ("number", "place")
U, R = Weight.URGENT, Weight.REMINDER

# to staff
IN_TRAY = NoticeKind("cases.in_tray", (*_ABOUT, "due"), group=True)
IN_TRAY_URGENT = NoticeKind("cases.in_tray_urgent", (*_ABOUT, "due"), U, group=True)
RESIDENT_SAID = NoticeKind("cases.resident_said", _ABOUT)
REFUSED = NoticeKind("cases.refused", (*_ABOUT, "due"))
APPEALED = NoticeKind("cases.appealed", _ABOUT)
DUE_SOON = NoticeKind("cases.due_soon", (*_ABOUT, "clock", "due"), R)
OVERDUE = NoticeKind("cases.overdue", (*_ABOUT, "clock", "due"), group=True)
SUPERVISED = NoticeKind("cases.supervised", (*_ABOUT, "due"), U, group=True)
INSTRUCTED = NoticeKind("cases.instructed", _ABOUT, U)
CALLED = NoticeKind("cases.called", (*_ABOUT, "due"), U)
MORE_TIME_ASKED = NoticeKind("cases.more_time_asked", _ABOUT)
MORE_TIME_DECIDED = NoticeKind("cases.more_time_decided", (*_ABOUT, "due"))
TAKEN_BACK = NoticeKind("cases.taken_back", _ABOUT)
CONTESTED = NoticeKind("cases.contested", _ABOUT)

# to who told it
RECEIVED = NoticeKind("cases.received", ("number", "receipt", "due"), at_once=True)
RECORDED_FOR_YOU = NoticeKind("cases.recorded_for_you", ("number", "receipt", "until"), at_once=True)
TAKEN = NoticeKind("cases.taken", ("number", "receipt"), step=True)
MOVED = NoticeKind("cases.moved", ("number", "receipt"), step=True)
WAITS_FOR_YOU = NoticeKind("cases.waits_for_you", ("number", "receipt", "until"))
LATER = NoticeKind("cases.later", ("number", "receipt", "due"), step=True)
ASKED = NoticeKind("cases.asked", ("number", "receipt"))
DECLINED = NoticeKind("cases.declined", ("number", "receipt"))
CLOSED = NoticeKind("cases.closed", ("number", "receipt"))

# to those who follow him (亲情关联): the number, never the receipt code, which is the right to agree and to rate
FAMILY_RECEIVED = NoticeKind("cases.family_received", ("number", "due"))
FAMILY_MOVED = NoticeKind("cases.family_moved", ("number",), step=True)
FAMILY_WAITS = NoticeKind("cases.family_waits", ("number", "until"))
FAMILY_LATER = NoticeKind("cases.family_later", ("number", "due"), step=True)
FAMILY_ASKED = NoticeKind("cases.family_asked", ("number",))
FAMILY_CLOSED = NoticeKind("cases.family_closed", ("number",))

KINDS = (
    IN_TRAY,
    IN_TRAY_URGENT,
    RESIDENT_SAID,
    REFUSED,
    APPEALED,
    DUE_SOON,
    OVERDUE,
    SUPERVISED,
    INSTRUCTED,
    CALLED,
    MORE_TIME_ASKED,
    MORE_TIME_DECIDED,
    TAKEN_BACK,
    CONTESTED,
    RECEIVED,
    RECORDED_FOR_YOU,
    TAKEN,
    MOVED,
    WAITS_FOR_YOU,
    LATER,
    ASKED,
    DECLINED,
    CLOSED,
    FAMILY_RECEIVED,
    FAMILY_MOVED,
    FAMILY_WAITS,
    FAMILY_LATER,
    FAMILY_ASKED,
    FAMILY_CLOSED,
)

# what is put before the people of the tray it reaches
TO_TRAY = frozenset(
    {
        "open_case",
        "assign_case",
        "return_case",
        "transfer_case",
        "escalate_case",
        "hand_back_case",
        "release_case",
        "readdress_case",
        "unmerge_case",
        "split_case",
        "seal_case",
        "seal_case_to_tray",
    }
)
# to whoever holds it, or the people of its tray
TO_HOLDER = {
    "reopen_case": REFUSED,
    "send_back_case": REFUSED,
    "supervise_case": SUPERVISED,
    "instruct_case": INSTRUCTED,
    "decide_extension": MORE_TIME_DECIDED,
    "withdraw_case": TAKEN_BACK,
    "contest_case": CONTESTED,
    "add_words": RESIDENT_SAID,
    "appeal_case": APPEALED,
}
# to who told it
TO_REPORTER = {
    "open_case": RECEIVED,
    "claim_case": TAKEN,
    "transfer_case": MOVED,
    "escalate_case": MOVED,
    "handle_case": ASKED,
    "decline_case": DECLINED,
    "close_case": CLOSED,
    "pause_case": WAITS_FOR_YOU,
    "decide_extension": LATER,
}
# what who told it is told -> what those hear who follow him
TO_FAMILY = {
    RECEIVED: FAMILY_RECEIVED,
    TAKEN: FAMILY_MOVED,
    MOVED: FAMILY_MOVED,
    WAITS_FOR_YOU: FAMILY_WAITS,
    LATER: FAMILY_LATER,
    ASKED: FAMILY_ASKED,
    DECLINED: FAMILY_CLOSED,
    CLOSED: FAMILY_CLOSED,
}
TO_PARTNERS = frozenset({"blow_whistle", "ask_partner"})
# deeds after which somebody is told; a clock's marks beside them
TELLING = TO_TRAY | TO_HOLDER.keys() | TO_REPORTER.keys() | TO_PARTNERS | {"mark_clock", "request_extension"}
WAITING_FOR_RESIDENT = "resident"
