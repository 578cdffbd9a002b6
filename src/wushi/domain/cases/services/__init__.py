"""The verbs of this room, in the order of a request's life."""

from wushi.domain.cases.services.assignment import (
    accept_case,
    assign_case,
    claim_case,
    decline_case,
    readdress_case,
    release_case,
    return_case,
)
from wushi.domain.cases.services.callbacks import (
    draw_callbacks,
    record_callback,
)
from wushi.domain.cases.services.callers import (
    Caller,
    look_up_caller,
)
from wushi.domain.cases.services.closing import (
    close_case,
    confirm_case,
    handle_case,
    rate_case,
    reopen_case,
    send_back_case,
    withdraw_case,
)
from wushi.domain.cases.services.contest import (
    contest_case,
)
from wushi.domain.cases.services.filters import (
    drop_filter,
    save_filter,
)
from wushi.domain.cases.services.flags import (
    look_at_flag,
)
from wushi.domain.cases.services.histories import (
    Deed,
    History,
    write_histories,
)
from wushi.domain.cases.services.intake import (
    Intake,
    open_case,
)
from wushi.domain.cases.services.levels import (
    contact_case,
    escalate_case,
    hand_back_case,
    transfer_case,
)
from wushi.domain.cases.services.merging import (
    link_cases,
    merge_case,
    revise_case,
    split_case,
    unmerge_case,
)
from wushi.domain.cases.services.numbers import (
    take_number,
)
from wushi.domain.cases.services.replanning import (
    replan_case,
    replan_county,
)
from wushi.domain.cases.services.resting import (
    decide_extension,
    pause_case,
    request_extension,
    resume_case,
)
from wushi.domain.cases.services.setup import (
    adopt_rules,
)
from wushi.domain.cases.services.supervision import (
    instruct_case,
    supervise_case,
)
from wushi.domain.cases.services.sweep import (
    mark_clock,
    sweep_clocks,
)
from wushi.domain.cases.services.together import (
    Called,
    answer_part,
    ask_partner,
    blow_whistle,
    end_whistle,
    grade_part,
    plan_together,
    release_partner,
    report_for_roll_call,
)
from wushi.domain.cases.services.upward import (
    add_words,
    appeal_case,
    mark_official,
)

__all__ = [
    "Called",
    "Caller",
    "Deed",
    "History",
    "Intake",
    "accept_case",
    "add_words",
    "adopt_rules",
    "answer_part",
    "appeal_case",
    "ask_partner",
    "assign_case",
    "blow_whistle",
    "claim_case",
    "close_case",
    "confirm_case",
    "contact_case",
    "contest_case",
    "decide_extension",
    "decline_case",
    "draw_callbacks",
    "drop_filter",
    "end_whistle",
    "escalate_case",
    "grade_part",
    "hand_back_case",
    "handle_case",
    "instruct_case",
    "link_cases",
    "look_at_flag",
    "look_up_caller",
    "mark_clock",
    "mark_official",
    "merge_case",
    "open_case",
    "pause_case",
    "plan_together",
    "rate_case",
    "readdress_case",
    "record_callback",
    "release_case",
    "release_partner",
    "reopen_case",
    "replan_case",
    "replan_county",
    "report_for_roll_call",
    "request_extension",
    "resume_case",
    "return_case",
    "revise_case",
    "save_filter",
    "send_back_case",
    "split_case",
    "supervise_case",
    "sweep_clocks",
    "take_number",
    "transfer_case",
    "unmerge_case",
    "withdraw_case",
    "write_histories",
]
