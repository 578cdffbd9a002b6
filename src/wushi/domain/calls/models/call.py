"""A call (呼叫), the steps of its ladder, and the words said about it."""

from uuid import UUID

from django.db import models
from django.db.models import Q

from wushi.domain.calls.models.device import Device
from wushi.domain.calls.states import OPEN, OVER, UNANSWERED, CallState
from wushi.domain.cases.models import Case
from wushi.domain.people.models import Person
from wushi.plumbing.county import Code, CountyForeignKey, CountyModel
from wushi.plumbing.fields import SealedField


class Urgency(models.TextChoices):
    """The two classes of a call: red and green."""

    EMERGENCY = "emergency", "emergency"
    ORDINARY = "ordinary", "help"


class Way(models.TextChoices):
    """How it came in; one door for all of them."""

    BUTTON = "button", "wireless caller"
    PAGE = "page", "the resident's page"
    FAMILY = "family", "the family, from elsewhere"
    PHONE = "phone", "by telephone, written down by the hotline or the village"
    PROBE = "probe", "the installation trying itself"


class How(models.TextChoices):
    """How an arrival is known; none of them asks for a photo or a track."""

    WORD = "word", "he says so"
    PRESS = "press", "the person pressed again"
    DOOR = "door", "the code at the door"
    FIX = "fix", "one position, given freely"


class Finding(models.TextChoices):
    """What was found."""

    HELPED = "helped", "helped on the spot"
    TAKEN_TO_HOSPITAL = "hospital", "taken to a doctor"
    COMPANY = "company", "wanted to talk, or somebody to come"
    MISTAKEN = "mistaken", "pressed by mistake"
    DEVICE = "device", "the device was at fault"
    NOBODY = "nobody", "nobody was there"
    CASE = "case", "became a request"
    OTHER = "other", "something else"


class Service(models.TextChoices):
    """Who is called beside the village, never instead of it."""

    POLICE = "110", "police"
    FIRE = "119", "fire brigade"
    AMBULANCE = "120", "ambulance"


class Spoke(models.TextChoices):
    """How somebody spoke with the person after a mistaken press."""

    PHONE = "phone", "by telephone"
    THERE = "there", "in person"


class Rating(models.TextChoices):
    """What the caller says of it."""

    GOOD = "satisfied", "satisfied"
    FAIR = "neutral", "so-so"
    BAD = "dissatisfied", "not satisfied"


class Call(CountyModel):
    """Somebody pressed, and somebody comes. ``pressed_at`` is the device's own time, ``opened_at`` ours."""

    town = Code(max_length=9)
    village = Code(max_length=12)
    grid = Code(max_length=15)
    place = models.CharField(max_length=120, blank=True, default="")
    receipt = Code(max_length=18)
    client_key = Code(max_length=64)
    body_hash = models.BinaryField(max_length=32)
    urgency = Code(max_length=10, choices=Urgency.choices)
    way = Code(max_length=8, choices=Way.choices)
    device = CountyForeignKey(Device, null=True)
    person = CountyForeignKey(Person, null=True)
    # who called for somebody else
    for_by_id = models.UUIDField(null=True)
    taken_by_id = models.UUIDField(null=True)
    # who may be rung back; the device's contact is asked only where there is none
    phone = SealedField()
    test = models.BooleanField(default=False)
    state = Code(max_length=12, default=CallState.RINGING)
    step = models.PositiveIntegerField(default=1)
    pressed_at = models.DateTimeField(null=True)
    opened_at = models.DateTimeField()
    presses = models.PositiveSmallIntegerField(default=1)
    last_press_at = models.DateTimeField()
    # the ladder: which lines it was opened with, how far it is, when it goes on
    ladder_version = models.PositiveIntegerField(default=0)
    ladder_at = models.DateTimeField()
    rung = models.PositiveSmallIntegerField(default=0)
    # how many rungs were rung in all: the ladder begins anew when a green call turns red
    rungs = models.PositiveSmallIntegerField(default=0)
    next_rung_at = models.DateTimeField(null=True)
    answerer_id = models.UUIDField(null=True)
    acknowledged_at = models.DateTimeField(null=True)
    on_way_at = models.DateTimeField(null=True)
    arrived_at = models.DateTimeField(null=True)
    arrived_by_id = models.UUIDField(null=True)
    arrived_how = Code(max_length=8, choices=How.choices)
    # 代到: somebody else than the secretary of the village or his stand-in
    stand_in = models.BooleanField(default=False)
    # what bore it out: ``How`` codes, in order
    confirmed_how = models.JSONField(default=list)
    taken_back_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    finding = Code(max_length=12, choices=Finding.choices)
    spoke = Code(max_length=8, choices=Spoke.choices)
    services = models.JSONField(default=list)
    case = CountyForeignKey(Case, null=True)
    followed_up_at = models.DateTimeField(null=True)
    rating = Code(max_length=12, choices=Rating.choices)
    # the two clocks as they were promised; '' or yellow, red
    acknowledge_by = models.DateTimeField()
    arrive_by = models.DateTimeField()
    why = models.JSONField(default=dict)
    late = models.JSONField(default=list)
    next_mark_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["county", "id"], name="calls_call_in_county"),
            models.UniqueConstraint(fields=["county", "client_key"], name="calls_call_once_per_key"),
            models.UniqueConstraint(fields=["county", "receipt"], name="calls_receipt_once"),
            models.CheckConstraint(
                condition=~Q(state__in=[CallState.ARRIVED.value]) | Q(arrived_at__isnull=False),
                name="calls_arrived_has_a_time",
            ),
            # 书记必到: nothing ends but by an arrival, or a word with the person after a mistake
            models.CheckConstraint(
                condition=Q(ended_at=None)
                | Q(arrived_at__isnull=False)
                | Q(test=True)
                | (Q(finding="mistaken") & ~Q(spoke="")),
                name="calls_end_needs_arrival",
            ),
        ]
        indexes = [
            models.Index(
                fields=["county", "next_rung_at", "id"],
                condition=Q(next_rung_at__isnull=False),
                name="calls_rungs_to_come",
            ),
            models.Index(
                fields=["county", "next_mark_at", "id"],
                condition=Q(next_mark_at__isnull=False),
                name="calls_marks_to_come",
            ),
            models.Index(
                fields=["county", "village"],
                condition=Q(state__in=sorted(s.value for s in OPEN)),
                name="calls_open",
            ),
            models.Index(fields=["county", "village", "opened_at", "id"], name="calls_of_village"),
            models.Index(fields=["county", "town", "opened_at", "id"], name="calls_of_town"),
            models.Index(fields=["county", "opened_at", "id"], name="calls_of_county"),
            models.Index(
                fields=["county", "ended_at"],
                condition=Q(state__in=["ended", "followed_up", "rated"]),
                name="calls_to_lay_away",
            ),
            models.Index(
                fields=["county", "device", "opened_at"],
                condition=Q(device__isnull=False),
                name="calls_of_device",
            ),
            models.Index(
                fields=["county", "person", "opened_at"],
                condition=Q(person__isnull=False),
                name="calls_of_person",
            ),
            models.Index(fields=["county", "case"], condition=Q(case__isnull=False), name="calls_of_case"),
        ]

    def __str__(self) -> str:
        return f"call {self.id}"

    @property
    def area(self) -> str:
        """The most exact code."""
        return self.grid or self.village or self.town or self.county

    def has_rung(self, user_id: UUID) -> bool:
        """Whether one of its rungs rang this member of staff."""
        rungs = Rung.objects.filter(county=self.county, call=self.pk, rang__contains=[str(user_id)])
        return rungs.exists()

    @property
    def topic(self) -> str:
        """What its open pages listen to."""
        return f"call:{self.id}"

    @property
    def is_open(self) -> bool:
        """Nobody has ended it."""
        return self.state in OPEN

    @property
    def is_unanswered(self) -> bool:
        """Nobody is there yet: the lamp is red."""
        return self.state in UNANSWERED

    @property
    def is_over(self) -> bool:
        """It has ended."""
        return self.state in OVER


class Rung(CountyModel):
    """One step of a call's ladder that was taken: whom it rang, once however often it is asked for."""

    append_only = True

    call = CountyForeignKey(Call)
    number = models.PositiveSmallIntegerField()
    code = Code(max_length=40)
    area = Code(max_length=15)
    rang = models.JSONField(default=list)
    # nobody held the duty or stood on the roster: the next one was rung at once
    empty = models.BooleanField(default=False)
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["county", "call", "number"], name="calls_each_rung_once")
        ]

    def __str__(self) -> str:
        return f"rung {self.number} of {self.call_id}"


class Remark(CountyModel):
    """Words said about a call at one of its steps; they may be replaced by a tombstone, the leaf keeps their digest."""

    call = CountyForeignKey(Call)
    at_step = models.PositiveIntegerField()
    text = models.TextField()
    salt = models.BinaryField(max_length=16)
    author = Code(max_length=64)
    said_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["county", "call", "at_step"], name="calls_one_remark_a_step")
        ]

    def __str__(self) -> str:
        return f"words at {self.at_step}"


class Probe(CountyModel):
    """One trial of the whole way, by the installation itself: when it went in, when it came out."""

    key = Code(max_length=64)
    sent_at = models.DateTimeField()
    heard_at = models.DateTimeField(null=True)
    told_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["county", "key"], name="calls_probe_once")]
        indexes = [models.Index(fields=["county", "sent_at"], name="calls_probes_in_time")]

    def __str__(self) -> str:
        return f"probe {self.sent_at}"
