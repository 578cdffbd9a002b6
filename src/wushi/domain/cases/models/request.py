"""The request (诉求) itself, and the words it is sorted by."""

from django.db import models
from django.db.models import F, Q

from wushi.domain.accounts.models import User
from wushi.domain.cases.states import OPEN, UNDER_WAY, CaseState
from wushi.domain.people.models import Consent, Person
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


class Outcome(models.TextChoices):
    """What became of it; the last two are not the holder's to say."""

    RESOLVED = "resolved", "resolved"  # 已解决
    EXPLAINED = "explained", "explained"  # 已解释
    NOT_YET = "not_yet", "not yet possible"  # 暂不能解决，挂账: a plan and a date go with it
    NOT_OURS = "not_ours", "not ours"  # 不属本级职责
    WITHDRAWN = "withdrawn", "withdrawn"  # 撤回
    DUPLICATE = "duplicate", "duplicate"  # 重复


# What a holder may say of it himself; 挂账 needs a plan and a date.
SAYABLE = (Outcome.RESOLVED, Outcome.EXPLAINED, Outcome.NOT_YET, Outcome.NOT_OURS)


class Tag(models.TextChoices):
    """急难愁盼: what makes a matter press."""

    PRESSING = "pressing", "pressing"  # 急
    HARD = "hard", "hard"  # 难
    WORRYING = "worrying", "worrying"  # 愁
    HOPED = "hoped", "hoped for"  # 盼


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

    tags = models.JSONField(default=list)
    # the trays below, the lowest first, that it was escalated from: [duty, area, unit, holder's id or ""]
    came_from = models.JSONField(default=list)
    # "duty|area|unit" of everybody who has or had a part of his own in it
    partners = models.JSONField(default=list)
    open_parts = models.PositiveSmallIntegerField(default=0)
    returns = models.PositiveSmallIntegerField(default=0)
    supervised = Code(max_length=8)
    merged_into = CountyForeignKey("self", null=True)
    state_before = Code(max_length=12)
    merged = models.PositiveSmallIntegerField(default=0)

    opened_at = models.DateTimeField()
    claimed_at = models.DateTimeField(null=True)
    contacted_at = models.DateTimeField(null=True)
    due_at = models.DateTimeField()
    due_is_guess = models.BooleanField(default=False)
    handled_at = models.DateTimeField(null=True)
    outcome = Code(max_length=12, choices=Outcome.choices)
    plan_on = models.DateField(null=True)
    resolved_level = Code(max_length=10)
    closed_at = models.DateTimeField(null=True)
    closing = Code(max_length=12)
    # of the result; empty is "not rated"
    rating = Code(max_length=12, choices=Rating.choices)
    rating_attitude = Code(max_length=12, choices=Rating.choices)
    rating_speed = Code(max_length=12, choices=Rating.choices)
    refusals = models.PositiveSmallIntegerField(default=0)
    appealed_to = Code(max_length=8)
    seal = models.PositiveSmallIntegerField(default=UNSEALED)
    # another system's name, its own number of the request, and when the history of it came in (none: told here, or came in new)
    source = models.CharField(max_length=60, blank=True, default="")
    source_id = models.CharField(max_length=64, blank=True, default="")
    imported_at = models.DateTimeField(null=True)
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
            models.Index(
                fields=["county", "merged_into"],
                condition=Q(merged_into__isnull=False),
                name="cases_merged_into",
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
    def is_running(self) -> bool:
        """Open, and its deadline is running."""
        return self.state in UNDER_WAY

    @property
    def is_open(self) -> bool:
        """Still to be done by somebody."""
        return self.state in OPEN
