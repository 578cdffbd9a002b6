"""The county's rules for requests as dated data, what proposes words and departments, and lists people keep."""

from django.db import models
from django.db.models import Q

from wushi.domain.accounts.models import User
from wushi.domain.cases.models.request import Kind
from wushi.plumbing.county import Code, CountyModel


class NumberBlock(CountyModel):
    """The next free serial of a day; processes take blocks, so numbers may have gaps."""

    day = models.DateField()
    next_serial = models.PositiveIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["county", "day"], name="cases_block_per_day")]

    def __str__(self) -> str:
        return f"{self.day} next {self.next_serial}"


class Dated(CountyModel):
    """A line of the county's rules: version, effective dates, legal basis."""

    code = Code(max_length=40)
    version = models.PositiveIntegerField(default=1)
    valid_from = models.DateField()
    valid_until = models.DateField(null=True)
    basis = models.CharField(max_length=200)

    class Meta:
        abstract = True


class Category(Dated):
    """What a request is about, by the district's own list."""

    name = models.CharField(max_length=60)
    name_en = models.CharField(max_length=80, blank=True, default="")
    kind = Code(max_length=12, choices=Kind.choices, default=Kind.HELP)
    place_in_list = models.PositiveSmallIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["county", "code", "version"], name="cases_category_version")
        ]

    def __str__(self) -> str:
        return self.code


class Route(Dated):
    """A line of the dispatch list (派单目录): category x area -> tray."""

    category = Code(max_length=32)
    kind = Code(max_length=12)
    area = Code(max_length=15)
    level = Code(max_length=10)
    duty = Code(max_length=20)
    unit = Code(max_length=32)
    automatic = models.BooleanField(default=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["county", "code", "version"], name="cases_route_version")
        ]

    def __str__(self) -> str:
        return f"{self.code} v{self.version}"


class Pace(Dated):
    """How long something may take, by which clock and in which unit, and what happens when it is over."""

    clock = Code(max_length=12, default="resolution")
    kind = Code(max_length=12)
    urgency = Code(max_length=10)
    category = Code(max_length=32)
    amount = models.PositiveIntegerField()
    unit = Code(max_length=12, default="workday")
    by_time = models.TimeField()
    extension_cap = models.PositiveSmallIntegerField(default=0)
    at_red = Code(max_length=10, default="tell")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["county", "code", "version"], name="cases_pace_version")
        ]

    def __str__(self) -> str:
        return f"{self.code} v{self.version}"


class Profile(Dated):
    """What a district sets for all its requests: the number's prefix, days, the discipline inspection's channels."""

    number_prefix = Code(max_length=6)
    reopen_days = models.PositiveSmallIntegerField()
    discipline_channels = models.JSONField(default=list)
    yellow_percent = models.PositiveSmallIntegerField(default=70)
    supervision_percent = models.PositiveSmallIntegerField(default=120)
    pause_workdays = models.PositiveSmallIntegerField(default=10)
    return_times = models.PositiveSmallIntegerField(default=2)
    return_workdays = models.PositiveSmallIntegerField(default=2)
    refusals_to_supervise = models.PositiveSmallIntegerField(default=2)
    callback_percent = models.PositiveSmallIntegerField(default=5)
    hasty_minutes = models.PositiveSmallIntegerField(default=5)
    mass_number = models.PositiveSmallIntegerField(default=10)
    mass_minutes = models.PositiveSmallIntegerField(default=60)
    pingpong_times = models.PositiveSmallIntegerField(default=3)
    contest_days = models.PositiveSmallIntegerField(default=15)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["county", "code", "version"], name="cases_profile_version")
        ]

    def __str__(self) -> str:
        return f"{self.county} profile v{self.version}"


class DutyLine(Dated):
    """A line of a department's duty list (部门职责清单): which matters are its by law; it proposes whom to whistle for."""

    unit = Code(max_length=32)
    category = Code(max_length=32)
    name = models.CharField(max_length=120)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["county", "code", "version"], name="cases_duty_line_version")
        ]

    def __str__(self) -> str:
        return f"{self.unit} {self.name}"


class AnswerTemplate(Dated):
    """Words to begin an answer with, by category and outcome; whoever answers changes them as he likes."""

    category = Code(max_length=32)
    outcome = Code(max_length=12)
    name = models.CharField(max_length=60)
    text = models.TextField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["county", "code", "version"], name="cases_template_version")
        ]

    def __str__(self) -> str:
        return self.name


class SavedFilter(CountyModel):
    """A list somebody made for himself, or shares with everybody whose posts lie in an area."""

    owner = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", db_index=False)
    name = models.CharField(max_length=40)
    wanted = models.JSONField(default=dict)
    shared_area = Code(max_length=15)
    made_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["county", "owner", "name"], name="cases_filter_name_once")
        ]
        indexes = [
            models.Index(
                fields=["county", "shared_area"], condition=~Q(shared_area=""), name="cases_filters_shared"
            )
        ]

    def __str__(self) -> str:
        return self.name
