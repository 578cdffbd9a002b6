"""The life of a batch (导入批次)."""

from django.db import models

from wushi.domain.accounts.duties import Duty
from wushi.kernel.states import machine


class BatchState(models.TextChoices):
    """Where a batch stands."""

    TAKEN = "taken", "columns to be told"  # 待对应
    LOOKING = "looking", "being looked at"  # 核对中
    READY = "ready", "to be confirmed"  # 待确认
    CARRYING = "carrying", "being carried out"  # 导入中
    DONE = "done", "carried out"  # 已导入
    UNDOING = "undoing", "being taken back"  # 撤销中
    UNDONE = "undone", "taken back"  # 已撤销


S = BatchState
BY_HAND = {Duty.DISTRICT_ADMIN, Duty.DISTRICT_CLERK, Duty.TOWN_CLERK}
HOUSE: set[str] = set()

MOVES = machine(
    ("map_columns", [S.TAKEN, S.LOOKING, S.READY], S.LOOKING, BY_HAND),
    ("tell_words", [S.TAKEN, S.LOOKING, S.READY], S.LOOKING, BY_HAND),
    ("finish_preview", [S.LOOKING], S.READY, HOUSE),
    ("commit_batch", [S.READY], S.CARRYING, BY_HAND),
    ("carry_out_batch", [S.CARRYING], S.DONE, HOUSE),
    ("undo_batch", [S.DONE], S.UNDOING, BY_HAND),
    ("take_back_batch", [S.UNDOING], S.UNDONE, HOUSE),
)
# Where a batch goes back to when the worker could not: nothing of the attempt counts.
BACK = {S.LOOKING: S.TAKEN, S.CARRYING: S.READY, S.UNDOING: S.DONE}
AT_WORK = frozenset(BACK)
