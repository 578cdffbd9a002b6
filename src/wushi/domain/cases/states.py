"""The life of a request (诉求), as the table of docs/GLOSSARY.md names it; a state comes with its verbs."""

from enum import StrEnum

from wushi.domain.accounts.duties import Duty
from wushi.kernel.states import machine


class CaseState(StrEnum):
    """Where a request stands."""

    RECEIVED = "received"  # 已登记
    WAITING = "waiting"  # 待派单
    ASSIGNED = "assigned"  # 待签收
    WORKING = "working"  # 办理中
    PAUSED = "paused"  # 挂起
    HANDLED = "handled"  # 办结（待群众确认）
    CLOSED = "closed"  # 归档
    DECLINED = "declined"  # 不予受理
    WITHDRAWN = "withdrawn"  # 撤回
    MERGED = "merged"  # 合并
    IMPORTED = "imported"  # 历史导入: told in another system; what became of it there is not known


S = CaseState
# How it ended (``Case.closing``) when whom it was recorded for said that it was not his wish.
CONTESTED = "contested"
# ... and when another system said so: never confirmed, never satisfied.
CLOSED_ELSEWHERE = "imported"
# Where it comes from (``Case.source``) when the generator of ``wushi demo --cases`` made it: with a reduced history, which
# cannot be told again from its leaves.
GENERATED = "generator"
# Open: the lamp is amber. Handled is no longer open and not yet closed; every figure shows both.
OPEN = frozenset({S.RECEIVED, S.WAITING, S.ASSIGNED, S.WORKING, S.PAUSED})
ENDED = frozenset({S.CLOSED, S.DECLINED, S.WITHDRAWN, S.MERGED, S.IMPORTED})
# Somebody has it, or should have: what the clocks push upward.
UNDER_WAY = frozenset({S.RECEIVED, S.WAITING, S.ASSIGNED, S.WORKING})

# Relations to the row, beside the duties over its area.
TRAY = "tray"  # a member of the tray it lies in
HOLDER = "holder"  # who signed for it, or who stands in for him
UPPER = "upper"  # a member of the tray one level above the one it lies in
REPORTER = "reporter"  # who told it: by receipt or signed in
PARTNER = "partner"  # a member of a tray that has a part of its own in it
HOUSE = "house"
DISPATCHERS = frozenset({Duty.TOWN_CLERK.value, Duty.DISTRICT_CLERK.value})
SUPERVISORS = frozenset({Duty.SUPERVISOR.value})
LEADERS = frozenset({Duty.TOWN_LEAD.value, Duty.DISTRICT_LEAD.value})
SPEAKERS = frozenset({REPORTER, HOLDER, TRAY, *DISPATCHERS, *SUPERVISORS})
_ANY_OPEN = sorted(OPEN)
_NOT_OVER = [*_ANY_OPEN, S.HANDLED]

MOVES = machine(
    ("accept_case", [S.RECEIVED], S.WAITING, {TRAY, *DISPATCHERS}),
    ("decline_case", [S.RECEIVED, S.WAITING], S.DECLINED, {TRAY, *DISPATCHERS}),
    ("assign_case", [S.WAITING], S.ASSIGNED, {TRAY, *DISPATCHERS}),
    ("claim_case", [S.ASSIGNED], S.WORKING, {TRAY, HOLDER}),
    ("return_case", [S.ASSIGNED], S.WAITING, {TRAY, HOLDER}),
    ("transfer_case", [S.ASSIGNED, S.WORKING], S.ASSIGNED, {HOLDER}),
    ("escalate_case", sorted(UNDER_WAY), S.WAITING, {TRAY, HOLDER, HOUSE}),
    ("hand_back_case", [S.WAITING, S.ASSIGNED, S.WORKING], S.ASSIGNED, {TRAY, HOLDER}),
    ("contact_case", [S.ASSIGNED, S.WORKING, S.PAUSED], "", {HOLDER, TRAY}),
    ("request_extension", [S.WORKING], "", {HOLDER}),
    ("decide_extension", [S.WORKING, S.PAUSED], "", {UPPER}),
    ("pause_case", [S.WORKING], S.PAUSED, {HOLDER}),
    ("resume_case", [S.PAUSED], S.WORKING, {HOLDER, HOUSE}),
    ("handle_case", [S.WORKING], S.HANDLED, {HOLDER}),
    ("send_back_case", [S.HANDLED], S.WORKING, SUPERVISORS),
    ("confirm_case", [S.HANDLED], S.CLOSED, {REPORTER}),
    ("rate_case", [S.CLOSED], "", {REPORTER}),
    ("reopen_case", [S.HANDLED, S.CLOSED], S.ASSIGNED, {REPORTER, *SUPERVISORS}),
    ("close_case", [S.HANDLED], S.CLOSED, {*SUPERVISORS, HOUSE}),
    ("withdraw_case", _ANY_OPEN, S.WITHDRAWN, {REPORTER}),
    ("contest_case", list(S), "", {REPORTER}),
    ("merge_case", _ANY_OPEN, S.MERGED, {TRAY, *DISPATCHERS}),
    ("unmerge_case", [S.MERGED], "", {TRAY, *DISPATCHERS, HOUSE}),
    ("split_case", _ANY_OPEN, "", {TRAY, HOLDER}),
    ("link_cases", list(S), "", {TRAY, HOLDER, *DISPATCHERS, *SUPERVISORS}),
    ("revise_case", _ANY_OPEN, "", {TRAY, HOLDER, *DISPATCHERS}),
    ("supervise_case", _NOT_OVER, "", {*SUPERVISORS, UPPER, HOUSE}),
    ("instruct_case", _NOT_OVER, "", LEADERS),
    ("blow_whistle", _ANY_OPEN, "", {TRAY, HOLDER}),
    ("plan_together", _ANY_OPEN, "", {TRAY, HOLDER}),
    ("end_whistle", _ANY_OPEN, "", {TRAY, HOLDER}),
    ("ask_partner", [S.WORKING, S.PAUSED], "", {HOLDER}),
    ("release_partner", [S.WORKING, S.PAUSED], "", {HOLDER}),
    ("report_for_roll_call", _ANY_OPEN, "", {PARTNER}),
    ("answer_part", _ANY_OPEN, "", {PARTNER}),
    ("grade_part", [*_NOT_OVER, S.CLOSED], "", {HOLDER, TRAY, PARTNER}),
    ("record_callback", [S.HANDLED, S.CLOSED], "", SUPERVISORS),
    ("release_case", [S.ASSIGNED, S.WORKING, S.PAUSED], S.ASSIGNED, {HOUSE}),
    ("release_ended_case", [S.HANDLED, S.CLOSED, S.MERGED], "", {HOUSE}),
    ("seal_case", _NOT_OVER, S.WAITING, {HOUSE}),
    ("seal_case_to_tray", _NOT_OVER, S.ASSIGNED, {HOUSE}),
    ("readdress_case", [*_NOT_OVER, S.MERGED], "", {HOUSE}),
    ("mark_clock", _NOT_OVER, "", {HOUSE}),
    ("replan_case", _NOT_OVER, "", {HOUSE}),
    ("add_words", list(S), "", SPEAKERS),
    ("appeal_case", [s for s in S if s not in (S.MERGED, S.IMPORTED)], "", {REPORTER}),
    ("mark_official", list(S), "", SPEAKERS),
    # 历史导入: only what the source says later leads out of it, to handled, closed, declined or withdrawn
    ("import_case", [S.IMPORTED, S.HANDLED], "", {HOUSE}),
    ("take_back_import", sorted(ENDED), S.IMPORTED, {HOUSE}),
)
