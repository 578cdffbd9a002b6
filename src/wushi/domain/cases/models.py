"""Requests (诉求), what was said about them, who watches them, and the county's rules for them as dated data."""

from django.db import models
from django.db.models import F, Q

from wushi.domain.accounts.models import User
from wushi.domain.cases.states import OPEN, CaseState
from wushi.domain.people.models import Person
from wushi.plumbing.county import Code, CountyForeignKey, CountyModel
from wushi.plumbing.fields import TokensField

_OPEN = Q(state__in=sorted(s.value for s in OPEN))
# Everybody whose duty covers the area may see; a smaller number shuts out the levels below it (mark_official).
UNSEALED = 15
# Below the district's own six digits: only who empties the tray it lies in (a supervisor's) still sees it.
SEALED_TO_TRAY = 5


class Kind(models.TextChoices):
    """The five kinds of a 12345 hotline (北京市接诉即办工作条例 2), and hazards and disputes."""

    INQUIRY = "inquiry", "inquiry"  # 咨询
    HELP = "help", "help"  # 求助
    COMPLAINT = "complaint", "complaint"  # 投诉
    TIP_OFF = "tip_off", "tip-off"  # 举报
    SUGGESTION = "suggestion", "suggestion"  # 建议
    HAZARD = "hazard", "hazard"  # 隐患
    DISPUTE = "dispute", "dispute"  # 纠纷


class Urgency(models.TextChoices):
    """How soon somebody is needed."""

    NORMAL = "normal", "normal"
    SOON = "soon", "soon"
    URGENT = "urgent", "urgent"


class Channel(models.TextChoices):
    """Where it came from."""

    H5 = "h5", "resident's page"
    QR = "qr", "door QR code"
    TEL = "tel", "telephone"
    WALK = "walk", "visit to the office"
    VISIT = "visit", "household visit"
    PATROL = "patrol", "grid patrol"
    HOTLINE = "12345", "hotline 12345"
    LETTER = "letter", "letter"
    DEPT = "dept", "department"
    LEADER = "leader", "leader's instruction"
    API = "api", "another system"


class Consent(models.TextChoices):
    """How somebody agreed that another person speaks for him."""

    WORD = "word", "by word of mouth"
    PAPER = "paper", "on paper"
    MESSAGE = "message", "by message"


class Outcome(models.TextChoices):
    """What the holder says became of it."""

    RESOLVED = "resolved", "resolved"
    EXPLAINED = "explained", "explained"
    NOT_YET = "not_yet", "not yet possible"


class Rating(models.TextChoices):
    """What the resident says of it; empty is "not rated", never satisfied."""

    SATISFIED = "satisfied", "satisfied"
    NEUTRAL = "neutral", "so-so"
    UNSATISFIED = "unsatisfied", "not satisfied"


class Case(CountyModel):
    """One request, from the first word to the last."""

    number = Code(max_length=32)
    receipt = Code(max_length=18)
    client_key = Code(max_length=64)
    body_hash = models.BinaryField(max_length=32)

    town = Code(max_length=9)
    village = Code(max_length=12)
    grid = Code(max_length=15)
    place = models.CharField(max_length=200, blank=True, default="")
    longitude = models.FloatField(null=True)
    latitude = models.FloatField(null=True)

    kind = Code(max_length=12, choices=Kind.choices)
    category = Code(max_length=32)
    urgency = Code(max_length=8, choices=Urgency.choices, default=Urgency.NORMAL)
    channel = Code(max_length=8, choices=Channel.choices)
    title = models.CharField(max_length=60)
    text = models.TextField()
    salt = models.BinaryField(max_length=16)
    tokens = TokensField()

    reporter = CountyForeignKey(Person, null=True)
    taken_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+", db_index=False)
    on_behalf = models.BooleanField(default=False)
    consent = Code(max_length=8, choices=Consent.choices)
    wants_reply = models.BooleanField(default=True)

    state = Code(max_length=12, choices=[(s.value, s.value) for s in CaseState])
    step = models.PositiveIntegerField(default=1)
    tray_duty = Code(max_length=20)
    tray_area = Code(max_length=15)
    unit = Code(max_length=32)
    holder = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+", db_index=False)
    why = models.JSONField(default=dict)

    opened_at = models.DateTimeField()
    due_at = models.DateTimeField()
    due_is_guess = models.BooleanField(default=False)
    handled_at = models.DateTimeField(null=True)
    outcome = Code(max_length=12, choices=Outcome.choices)
    closed_at = models.DateTimeField(null=True)
    closing = Code(max_length=12)
    rating = Code(max_length=12, choices=Rating.choices)
    refusals = models.PositiveSmallIntegerField(default=0)
    appealed_to = Code(max_length=8)
    seal = models.PositiveSmallIntegerField(default=UNSEALED)
    accused = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+", db_index=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["county", "id"], name="cases_case_in_county"),
            models.UniqueConstraint(fields=["county", "number"], name="cases_number_once"),
            models.UniqueConstraint(fields=["county", "receipt"], name="cases_receipt_once"),
            models.UniqueConstraint(fields=["county", "client_key"], name="cases_once_per_client_key"),
            models.CheckConstraint(condition=Q(due_at__gte=F("opened_at")), name="cases_due_after_opening"),
            models.CheckConstraint(
                condition=~Q(tray_duty="") & ~Q(tray_area=""), name="cases_always_in_a_tray"
            ),
        ]
        indexes = [
            models.Index(fields=["county", "opened_at", "id"], name="cases_of_county"),
            models.Index(fields=["county", "town", "opened_at", "id"], name="cases_of_town"),
            models.Index(fields=["county", "village", "opened_at", "id"], name="cases_of_village"),
            models.Index(fields=["county", "grid", "opened_at", "id"], name="cases_of_grid"),
            models.Index(fields=["county", "due_at", "id"], condition=_OPEN, name="cases_open_county"),
            models.Index(fields=["county", "town", "due_at", "id"], condition=_OPEN, name="cases_open_town"),
            models.Index(
                fields=["county", "village", "due_at", "id"], condition=_OPEN, name="cases_open_village"
            ),
            models.Index(
                fields=["county", "tray_area", "tray_duty", "due_at", "id"],
                condition=_OPEN,
                name="cases_in_tray",
            ),
            # searching reads whatever lay in a tray or was held; the lists by deadline read only what is open
            models.Index(
                fields=["county", "tray_area", "tray_duty", "opened_at", "id"], name="cases_of_tray"
            ),
            models.Index(
                fields=["county", "holder", "opened_at", "id"],
                condition=Q(holder__isnull=False),
                name="cases_of_holder",
            ),
            models.Index(
                fields=["county", "holder", "due_at", "id"],
                condition=_OPEN & Q(holder__isnull=False),
                name="cases_held_open",
            ),
            models.Index(
                fields=["county", "unit", "opened_at", "id"], condition=~Q(unit=""), name="cases_of_unit"
            ),
            models.Index(
                fields=["county", "taken_by", "opened_at", "id"],
                condition=Q(taken_by__isnull=False),
                name="cases_taken_by",
            ),
            models.Index(
                fields=["county", "reporter", "opened_at", "id"],
                condition=Q(reporter__isnull=False),
                name="cases_of_reporter",
            ),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def area(self) -> str:
        """The most exact area known of it."""
        return self.grid or self.village or self.town or self.county

    @property
    def topic(self) -> str:
        """What open pages listen to. Sealing changes it: who saw the matter before hears nothing of it afterwards."""
        return f"case:{self.id}" if self.seal == UNSEALED else f"case:{self.id}:{self.seal}"

    @property
    def is_open(self) -> bool:
        """Still to be done by somebody."""
        return self.state in OPEN


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
    reason = Code(max_length=16)
    since = models.DateTimeField()
    until = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["county", "id"], name="cases_watch_in_county"),
            models.UniqueConstraint(
                fields=["county", "case", "user", "tray_duty", "tray_area", "reason"],
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
    """How many working days handling may take, and the hour of the last."""

    kind = Code(max_length=12)
    urgency = Code(max_length=8)
    category = Code(max_length=32)
    workdays = models.PositiveSmallIntegerField()
    by_time = models.TimeField()

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
    answer_days = models.PositiveSmallIntegerField()
    discipline_channels = models.JSONField(default=list)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["county", "code", "version"], name="cases_profile_version")
        ]

    def __str__(self) -> str:
        return f"{self.county} profile v{self.version}"
