"""Who is told of a rung, an arrival, an errand: worked out behind the deed's back, each once."""

from __future__ import annotations

from uuid import UUID

from django.utils import timezone

from wushi.domain.accounts.duties import Duty
from wushi.domain.accounts.models import User
from wushi.domain.accounts.queries import holders
from wushi.domain.areas.queries import name_of
from wushi.domain.calls import messages as m
from wushi.domain.calls.models import Call, Errand, Rung
from wushi.domain.calls.states import OPEN, UNANSWERED
from wushi.domain.notify.messages import NoticeKind
from wushi.domain.notify.services import NewNotice, Reach, tell
from wushi.domain.people.queries import followers_to_tell
from wushi.kernel.actor import Actor
from wushi.kernel.verb import reading

LINK = "/work/calls/{}/"
FAMILY_LINK = "/call/{}/"


def _facts(call: Call) -> dict[str, str]:
    where = name_of(call.grid or call.village or call.area)
    return {"place": where, "urgency": call.urgency, "at": call.opened_at.isoformat()}


def tell_of_rung(county: str, call_id: UUID, number: int, presses: int) -> int:
    """Tell those a rung rang; ``number`` 0: pressed again, so whoever has it in hand, else everybody rung. How many."""
    house = Actor.of_house(county)
    with reading(house):
        call = Call.objects.filter(county=county, id=call_id).first()
        if call is None or call.test or call.state not in UNANSWERED:
            return 0
        rungs = Rung.objects.filter(county=county, call=call)
        if number:
            ids = [user for rung in rungs.filter(number=number) for user in rung.rang]
        elif call.answerer_id:
            ids = [str(call.answerer_id)]
        else:
            ids = list({user for rung in rungs for user in rung.rang})
        if call.acknowledged_at and number:
            return 0
        users = list(User.objects.filter(county=county, id__in=ids, is_active=True))
        kind = m.RINGING if number else m.RINGING_AGAIN
        # the same person may stand on two rungs, and is rung at each of them
        key = f"{call.id}:{number or f'again-{presses}'}"
        notices = [_to_user(kind, key, user, call) for user in users]
    return sum(tell(actor=house, notice=notice) is not None for notice in notices)


def _to_user(kind: NoticeKind, key: str, user: User, call: Call) -> NewNotice:
    return NewNotice(
        kind, key, Reach(f"user:{user.id}", user.phone), _facts(call), LINK.format(call.id), call
    )


def tell_family(county: str, call_id: UUID, what: str) -> int:
    """The family hears of a call and of the arrival: those who follow the person, and the contact the device names."""
    house = Actor.of_house(county)
    with reading(house):
        call = Call.objects.select_related("device").filter(county=county, id=call_id).first()
        if call is None or call.test or (what == "called" and call.state not in OPEN):
            return 0
        kind = m.FAMILY_ARRIVED if what == "arrived" else m.FAMILY_CALLED
        device = call.device if call.device_id else None
        wished = device is None or device.tells_family
        people = followers_to_tell(county, call.person_id) if call.person_id and wished else []
        facts = {name: value for name, value in _facts(call).items() if name != "urgency"}
        link = FAMILY_LINK.format(call.receipt)
        notices = [
            NewNotice(kind, f"{call.id}:{what}", Reach(f"person:{p.id}", p.phone), facts, link, call)
            for p in people
            if p.id != call.for_by_id
        ]
        known = {p.phone for p in people}
        if (
            device is not None
            and device.tells_family
            and device.contact_phone
            and device.contact_phone not in known
        ):
            # the contact is no resident known here; he is reached by his number alone
            who = f"contact:{device.id}"
            notices.append(
                NewNotice(kind, f"{call.id}:{what}", Reach(who, device.contact_phone), facts, "", call)
            )
    return sum(tell(actor=house, notice=notice) is not None for notice in notices)


def tell_of_errand(county: str, errand_id: UUID) -> int:
    """The village hears what is to be seen to: its grid's lead, else its secretary."""
    house = Actor.of_house(county)
    with reading(house) as scope:
        errand = Errand.objects.filter(county=county, id=errand_id, done_at=None).first()
        if errand is None:
            return 0
        day = timezone.localdate(scope.now)
        users = holders(Duty.GRID_LEAD, errand.grid, day) if errand.grid else []
        users = users or holders(Duty.SECRETARY, errand.village, day)
        facts = {"what": errand.kind, "place": name_of(errand.grid or errand.village or errand.county)}
        link = "/work/devices/errands/"
        notices = [
            NewNotice(m.ERRAND, str(errand.id), Reach(f"user:{u.id}", u.phone), facts, link, errand)
            for u in users
        ]
    return sum(tell(actor=house, notice=notice) is not None for notice in notices)
