"""What belongs to a request while it is handled: words, watchers, clocks, rests, extensions, links, second looks."""

from django.db import models
from django.db.models import Q

from wushi.domain.accounts.models import User
from wushi.domain.cases.models.request import Case
from wushi.plumbing.county import Code, CountyForeignKey, CountyModel


class Entry(CountyModel):
    """Words that belong to one step of a request; what may be replaced by a tombstone lies here, not in the trace."""

    case = CountyForeignKey(Case)
    at_step = models.PositiveIntegerField()
    text = models.TextField(blank=True, default="")
    salt = models.BinaryField(max_length=16)
    author = Code(max_length=64)
    said_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["county", "id"], name="cases_entry_in_county"),
            models.UniqueConstraint(fields=["county", "case", "at_step"], name="cases_one_entry_per_step"),
        ]

    def __str__(self) -> str:
        return f"words at step {self.at_step}"


class Watch(CountyModel):
    """Somebody who keeps an eye on a request: a person, or a tray (one level up after 向上反映)."""

    case = CountyForeignKey(Case)
    user = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+", db_index=False)
    tray_duty = Code(max_length=20)
    tray_area = Code(max_length=15)
    unit = Code(max_length=32)
    reason = Code(max_length=16)
    since = models.DateTimeField()
    until = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["county", "id"], name="cases_watch_in_county"),
            models.UniqueConstraint(
                fields=["county", "case", "user", "tray_duty", "tray_area", "unit", "reason"],
                nulls_distinct=False,
                name="cases_watch_once",
            ),
        ]
        indexes = [
            models.Index(
                fields=["county", "tray_area", "tray_duty", "since", "id"],
                condition=Q(until=None),
                name="cases_watched_by_tray",
            ),
            models.Index(
                fields=["county", "user", "since", "id"],
                condition=Q(until=None),
                name="cases_watched_by_user",
            ),
        ]

    def __str__(self) -> str:
        return f"watch ({self.reason})"


class Clock(CountyModel):
    """One thing that is timed, once. A clock that begins anew is a new row with the next ``run``; none is ever set back."""

    case = CountyForeignKey(Case)
    name = Code(max_length=12)
    run = models.PositiveSmallIntegerField(default=1)
    part_id = models.UUIDField(null=True)
    pace = Code(max_length=40)
    pace_version = models.PositiveIntegerField()
    amount = models.PositiveIntegerField()
    unit = Code(max_length=12)
    by_time = models.TimeField()
    extended = models.PositiveSmallIntegerField(default=0)
    started_at = models.DateTimeField()
    yellow_at = models.DateTimeField()
    due_at = models.DateTimeField()
    supervise_at = models.DateTimeField()
    is_guess = models.BooleanField(default=False)
    paused_at = models.DateTimeField(null=True)
    reached = Code(max_length=12)
    # the next mark the sweep has to see to; none while it rests, and after the last
    next_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    ended_by = Code(max_length=24)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["county", "case", "name", "part_id", "run"],
                nulls_distinct=False,
                name="cases_clock_once_per_run",
            ),
            models.CheckConstraint(
                condition=Q(due_at__gte=models.F("started_at")), name="cases_clock_runs_forward"
            ),
        ]
        indexes = [
            models.Index(
                fields=["county", "next_at", "id"],
                condition=Q(next_at__isnull=False),
                name="cases_clocks_to_see_to",
            )
        ]

    def __str__(self) -> str:
        return f"{self.name} {self.run} until {self.due_at}"


class Pause(CountyModel):
    """A rest of a request: why, since when, at most until when."""

    case = CountyForeignKey(Case)
    reason = Code(max_length=20)
    since = models.DateTimeField()
    until_at_most = models.DateTimeField()
    until = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["county", "case"], condition=Q(until=None), name="cases_one_rest_at_a_time"
            )
        ]
        indexes = [models.Index(fields=["county", "case", "since"], name="cases_rests_of_case")]

    def __str__(self) -> str:
        return f"rest since {self.since}"


class Extension(CountyModel):
    """A plea for more time, and what became of it one level up."""

    case = CountyForeignKey(Case)
    amount = models.PositiveSmallIntegerField()
    asked_at = models.DateTimeField()
    asked_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", db_index=False)
    decided_at = models.DateTimeField(null=True)
    decided_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, related_name="+", db_index=False
    )
    granted = models.BooleanField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["county", "case"], condition=Q(decided_at=None), name="cases_one_plea_at_a_time"
            )
        ]
        indexes = [models.Index(fields=["county", "case", "asked_at"], name="cases_pleas_of_case")]

    def __str__(self) -> str:
        return f"{self.amount} more, asked {self.asked_at}"


class LinkKind(models.TextChoices):
    """How two requests belong together."""

    DUPLICATE = "duplicate", "the same matter"
    RELATED = "related", "belongs together"
    SPLIT = "split", "split off"


class Link(CountyModel):
    """Two requests that belong together; ``case`` was there first or is the one split."""

    case = CountyForeignKey(Case)
    other = CountyForeignKey(Case)
    kind = Code(max_length=12, choices=LinkKind.choices)
    since = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["county", "case", "other", "kind"], name="cases_linked_once")
        ]
        indexes = [models.Index(fields=["county", "other"], name="cases_linked_from")]

    def __str__(self) -> str:
        return self.kind


class CallBack(CountyModel):
    """A request drawn at random: somebody asks the resident by telephone whether it is so (回访抽查)."""

    case = CountyForeignKey(Case)
    draw = models.UUIDField()
    drawn_at = models.DateTimeField()
    reason = Code(max_length=16)
    made_at = models.DateTimeField(null=True)
    made_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+", db_index=False)
    result = Code(max_length=16)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["county", "case", "draw"], name="cases_drawn_once_a_draw")
        ]
        indexes = [
            models.Index(
                fields=["county", "drawn_at", "id"], condition=Q(made_at=None), name="cases_callbacks_to_make"
            )
        ]

    def __str__(self) -> str:
        return self.result or "to be called"


class Flag(CountyModel):
    """Something worth a second look by the level above; it accuses nobody and changes nothing."""

    kind = Code(max_length=20)
    case = CountyForeignKey(Case, null=True)
    about = Code(max_length=64)
    tray_duty = Code(max_length=20)
    tray_area = Code(max_length=15)
    facts = models.JSONField(default=dict)
    key = Code(max_length=120)
    raised_at = models.DateTimeField()
    seen_at = models.DateTimeField(null=True)
    seen_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+", db_index=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["county", "key"], name="cases_flag_once")]
        indexes = [
            models.Index(
                fields=["county", "tray_area", "tray_duty", "raised_at", "id"], name="cases_flags_of_tray"
            )
        ]

    def __str__(self) -> str:
        return self.kind
