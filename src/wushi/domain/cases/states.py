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
    HANDLED = "handled"  # 办结（待群众确认）
    CLOSED = "closed"  # 归档
    DECLINED = "declined"  # 不予受理
    WITHDRAWN = "withdrawn"  # 撤回


S = CaseState
# Open: the lamp is amber. Handled is no longer open and not yet closed; every figure shows both.
OPEN = frozenset({S.RECEIVED, S.WAITING, S.ASSIGNED, S.WORKING})
ENDED = frozenset({S.CLOSED, S.DECLINED, S.WITHDRAWN})

# Relations to the row, beside the duties over its area.
TRAY = "tray"  # a member of the tray it lies in
HOLDER = "holder"  # who signed for it, or who stands in for him
REPORTER = "reporter"  # who told it: by receipt or signed in
HOUSE = "house"
DISPATCHERS = frozenset({Duty.TOWN_CLERK.value, Duty.DISTRICT_CLERK.value})
SUPERVISORS = frozenset({Duty.SUPERVISOR.value})

MOVES = machine(
    ("accept_case", [S.RECEIVED], S.WAITING, {TRAY, *DISPATCHERS}),
    ("decline_case", [S.RECEIVED, S.WAITING], S.DECLINED, {TRAY, *DISPATCHERS}),
    ("assign_case", [S.WAITING], S.ASSIGNED, {TRAY, *DISPATCHERS}),
    ("claim_case", [S.ASSIGNED], S.WORKING, {TRAY, HOLDER}),
    ("return_case", [S.ASSIGNED], S.WAITING, {TRAY, HOLDER}),
    ("handle_case", [S.WORKING], S.HANDLED, {HOLDER}),
    ("confirm_case", [S.HANDLED], S.CLOSED, {REPORTER}),
    ("reopen_case", [S.HANDLED, S.CLOSED], S.ASSIGNED, {REPORTER, *SUPERVISORS}),
    ("close_case", [S.HANDLED], S.CLOSED, SUPERVISORS),
    ("withdraw_case", [S.RECEIVED, S.WAITING, S.ASSIGNED, S.WORKING], S.WITHDRAWN, {REPORTER}),
    ("release_case", [S.ASSIGNED, S.WORKING], S.ASSIGNED, {HOUSE}),
    ("release_ended_case", [S.HANDLED, S.CLOSED], "", {HOUSE}),
    ("seal_case", [S.RECEIVED, S.WAITING, S.ASSIGNED, S.WORKING, S.HANDLED], S.WAITING, {HOUSE}),
    ("seal_case_to_tray", [S.RECEIVED, S.WAITING, S.ASSIGNED, S.WORKING, S.HANDLED], S.ASSIGNED, {HOUSE}),
    ("readdress_case", [S.RECEIVED, S.WAITING, S.ASSIGNED, S.WORKING, S.HANDLED], "", {HOUSE}),
    ("add_words", list(S), "", {REPORTER, HOLDER, TRAY, *DISPATCHERS, *SUPERVISORS}),
    ("appeal_case", list(S), "", {REPORTER}),
    ("mark_official", list(S), "", {REPORTER, HOLDER, TRAY, *DISPATCHERS, *SUPERVISORS}),
)
