"""吹哨报到: a village or town calls departments to one matter; and the parts of co-handlers."""

from django.db import models
from django.db.models import Q

from wushi.domain.cases.models.request import Case
from wushi.plumbing.county import Code, CountyForeignKey, CountyModel


class WhistleKind(models.TextChoices):
    """How loud it is blown."""

    EVERYDAY = "everyday", "everyday"  # 日常哨
    URGENT = "urgent", "urgent"  # 应急哨
    MAJOR = "major", "major"  # 重大事项哨


class PartResult(models.TextChoices):
    """What somebody says of his part."""

    DONE = "done", "done"
    EXPLAINED = "explained", "explained"
    NOT_OURS = "not_ours", "not ours by law"


class Grade(models.TextChoices):
    """Graded in both directions: the caller grades who came, who came grades the caller."""

    GOOD = "good", "good"
    FAIR = "fair", "fair"
    POOR = "poor", "poor"


class Whistle(CountyModel):
    """One call for help by a tray to departments; its joint plan and its result are words at their steps."""

    case = CountyForeignKey(Case)
    kind = Code(max_length=10, choices=WhistleKind.choices)
    tray_duty = Code(max_length=20)
    tray_area = Code(max_length=15)
    blown_at = models.DateTimeField()
    planned_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    result = Code(max_length=12)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["county", "id"], name="cases_whistle_in_county"),
            models.UniqueConstraint(
                fields=["county", "case"], condition=Q(ended_at=None), name="cases_one_whistle_at_a_time"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} whistle"


class Part(CountyModel):
    """What one tray has to do in somebody else's matter: a called department, or a co-handler under the one lead."""

    case = CountyForeignKey(Case)
    whistle = CountyForeignKey(Whistle, null=True)
    tray_duty = Code(max_length=20)
    tray_area = Code(max_length=15)
    unit = Code(max_length=32)
    essential = models.BooleanField(default=True)
    asked_at = models.DateTimeField()
    asked_at_step = models.PositiveIntegerField()
    came_at = models.DateTimeField(null=True)
    answered_at = models.DateTimeField(null=True)
    answered_at_step = models.PositiveIntegerField(null=True)
    result = Code(max_length=12, choices=PartResult.choices)
    released_at = models.DateTimeField(null=True)
    grade_of_part = Code(max_length=8, choices=Grade.choices)
    grade_of_caller = Code(max_length=8, choices=Grade.choices)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["county", "id"], name="cases_part_in_county"),
            models.UniqueConstraint(
                fields=["county", "case", "tray_duty", "tray_area", "unit"],
                condition=Q(answered_at=None, released_at=None),
                name="cases_one_open_part_per_tray",
            ),
        ]
        indexes = [
            models.Index(fields=["county", "case", "asked_at"], name="cases_parts_of_case"),
            models.Index(
                fields=["county", "tray_area", "tray_duty", "unit", "asked_at"],
                condition=Q(answered_at=None, released_at=None),
                name="cases_parts_to_do",
            ),
        ]

    def __str__(self) -> str:
        return f"part of {self.unit or self.tray_area}"

    @property
    def is_open(self) -> bool:
        """Still to be answered."""
        return self.answered_at is None and self.released_at is None

    @property
    def tray(self) -> tuple[str, str, str]:
        """(duty, area, unit)."""
        return self.tray_duty, self.tray_area, self.unit
