"""Areas from the nation's provinces to a village's grids, and the days people work."""

from django.db import models
from django.db.models import Q

from wushi.kernel.ids import uuid7
from wushi.plumbing.county import Code, CountyCode

# The calendar every county follows unless it has rows of its own.
NATION = "000000"


class Level(models.TextChoices):
    """How many digits a code of the level has: 2, 4, 6, 9, 12, 15."""

    PROVINCE = "province", "province"
    CITY = "city", "city"
    COUNTY = "county", "county"
    TOWN = "town", "town"
    VILLAGE = "village", "village"
    GRID = "grid", "grid"


class GridKind(models.TextChoices):
    """基础网格 / 专属网格."""

    BASIC = "basic", "basic grid"
    DEDICATED = "dedicated", "dedicated grid"


class Area(models.Model):
    """A place with a code. Other rows store the code, not a key; an ended area names its successors."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    county = CountyCode(blank=True, default="")
    code = Code(max_length=15)
    parent = Code(max_length=12)
    level = Code(max_length=10, choices=Level.choices)
    name = models.CharField(max_length=120)
    pinyin = Code(max_length=240)
    grid_kind = Code(max_length=10, choices=GridKind.choices)
    households = models.PositiveIntegerField(null=True)
    outline = models.JSONField(null=True)
    lead_name = models.CharField(max_length=60, blank=True, default="")
    lead_phone = Code(max_length=20)
    valid_from = models.DateField()
    valid_until = models.DateField(null=True)
    successors = models.JSONField(default=list)
    step = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["code"], condition=Q(valid_until=None), name="areas_code_once_at_a_time"
            ),
        ]
        indexes = [models.Index(fields=["county", "level", "pinyin"], name="areas_of_county")]

    def __str__(self) -> str:
        return f"{self.code} {self.name}"


class CalendarDay(models.Model):
    """A day that differs from Monday-Friday: a holiday, or a make-up working day (国务院办公厅节假日安排)."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    county = CountyCode(default=NATION)
    day = models.DateField()
    is_workday = models.BooleanField()
    name = models.CharField(max_length=60, blank=True, default="")
    source = models.CharField(max_length=120, blank=True, default="")
    loaded_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["county", "day"], name="areas_day_once_per_county")]

    def __str__(self) -> str:
        return f"{self.day} {'work' if self.is_workday else 'rest'}"


class WorkHours(models.Model):
    """When people work on a working day, from a date on; summer and winter hours are two lines."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    county = CountyCode(default=NATION)
    valid_from = models.DateField()
    spans = models.JSONField()
    basis = models.CharField(max_length=200)
    loaded_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["county", "valid_from"], name="areas_hours_once_per_day")
        ]

    def __str__(self) -> str:
        return f"hours from {self.valid_from}"


class Version(models.Model):
    """A random mark per county that changes whenever something cached changes."""

    county = CountyCode(primary_key=True)
    mark = models.UUIDField(default=uuid7)

    def __str__(self) -> str:
        return f"{self.county} {self.mark}"
