"""The demonstration district as a mountain: hundreds of thousands of requests and more, with reduced histories.

Whole histories are made by the verbs themselves, some hundred a second (``demonstration_filling.fill_beyond``); beyond that the
generator writes by COPY, which needs the server's superuser: the embedded database has one.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from uuid import UUID

from django.utils import timezone

from wushi.config.generator import Layout, Mountain, fill
from wushi.domain.accounts.duties import Duty
from wushi.domain.accounts.models import Post
from wushi.domain.accounts.queries import in_force
from wushi.domain.areas.models import Area
from wushi.domain.cases.models import Case
from wushi.domain.cases.states import GENERATED
from wushi.kernel.actor import Actor
from wushi.kernel.verb import reading, unscoped

SEED = 20261123
# beyond so many more, histories are reduced
WHOLE_AT_MOST = 20_000


def pile_up(county: str, url: str, number: int, say: Callable[[str], None]) -> int:
    """So many requests in all; how many were made now. ``url`` is a superuser's. Asked again it only adds what is missing."""
    with reading(Actor.of_house(county)):
        rows = Case.objects.filter(county=county)
        there, made = rows.count(), rows.filter(source=GENERATED).count()
    missing = number - there
    if missing <= 0:
        return 0
    mountain = Mountain(missing, SEED + made, first=made, open_too=False)
    seconds = fill(
        url, layout_of(county), mountain, say=lambda done: say(f"{there + done} of {number} requests")
    )
    say(f"{missing} requests with reduced histories, all over, in {seconds:.0f} s")
    return missing


def layout_of(county: str) -> Layout:
    """The district's villages that have a secretary and grids; a village with more grids tells more."""
    day = timezone.localdate()
    grids: dict[str, list[str]] = defaultdict(list)
    secretaries: dict[str, UUID] = {}
    with unscoped("villages, their grids and secretaries"):
        rows = Area.objects.filter(county=county, level="grid", valid_until=None)
        for code in rows.order_by("code").values_list("code", flat=True):
            grids[code[:12]].append(code)
        posts = Post.objects.filter(in_force(day), county=county, duty=Duty.SECRETARY)
        for post in posts.order_by("-id"):
            secretaries[post.area] = post.user_id
    villages = sorted(set(grids) & set(secretaries))
    return Layout(county, villages, [float(len(grids[v])) for v in villages], grids, secretaries)
