"""The ladder as data: who is rung when; and who is on watch instead of whom."""

from django.db import models
from django.db.models import Q

from wushi.domain.accounts.models import User
from wushi.plumbing.county import Code, CountyModel


class LadderStep(CountyModel):
    """One rung (梯次): so many seconds after the press, whoever holds one of the duties at a level of the place is rung."""

    code = Code(max_length=40)
    version = models.PositiveIntegerField(default=1)
    # '' for both classes
    urgency = Code(max_length=10)
    after_seconds = models.PositiveIntegerField()
    level = Code(max_length=8)
    duties = models.JSONField(default=list)
    # rung again every so many seconds as long as nobody answers; 0: once
    again_seconds = models.PositiveIntegerField(default=0)
    valid_from = models.DateField()
    valid_until = models.DateField(null=True)
    basis = models.CharField(max_length=200)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["county", "code", "version"], name="calls_ladder_version")
        ]

    def __str__(self) -> str:
        return f"{self.code} v{self.version}"


class Habits(CountyModel):
    """What a county set for its calls: spans and shares, dated."""

    version = models.PositiveIntegerField(default=1)
    duplicate_seconds = models.PositiveIntegerField(default=90)
    take_back_seconds = models.PositiveIntegerField(default=30)
    silent_intervals = models.DecimalField(max_digits=4, decimal_places=2, default=2.5)
    repair_hours = models.PositiveIntegerField(default=48)
    battery_low = models.PositiveSmallIntegerField(default=20)
    battery_urgent = models.PositiveSmallIntegerField(default=10)
    test_days = models.PositiveSmallIntegerField(default=31)
    test_minutes = models.PositiveSmallIntegerField(default=15)
    inform_days = models.PositiveSmallIntegerField(default=3)
    archive_days = models.PositiveSmallIntegerField(default=7)
    keep_wires_days = models.PositiveSmallIntegerField(default=90)
    probe_minutes = models.PositiveSmallIntegerField(default=5)
    # what is believed of a device, see rules/devices.py
    late_minutes = models.PositiveIntegerField(default=720)
    behind_most = models.PositiveSmallIntegerField(default=8)
    most_a_minute = models.PositiveSmallIntegerField(default=30)
    aside_minutes = models.PositiveSmallIntegerField(default=60)
    valid_from = models.DateField()
    basis = models.CharField(max_length=200)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["county", "version"], name="calls_habits_version")]

    def __str__(self) -> str:
        return f"{self.county} v{self.version}"


class OnWatch(CountyModel):
    """值班表: from when to when a member of staff is rung in the place of a duty's holders. Persons change, rungs do not."""

    area = Code(max_length=15)
    duty = Code(max_length=20)
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", db_index=False)
    begins_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    step = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["county", "id"], name="calls_watch_in_county"),
            models.CheckConstraint(
                condition=Q(ends_at__gt=models.F("begins_at")), name="calls_watch_has_length"
            ),
        ]
        indexes = [
            models.Index(
                fields=["county", "area", "duty", "begins_at"],
                condition=Q(ended_at=None),
                name="calls_watches",
            )
        ]

    def __str__(self) -> str:
        return f"{self.duty} of {self.area} until {self.ends_at}"
