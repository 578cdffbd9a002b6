"""Who could be meant when a matter turns out to be about an official: everybody answering for the place, by level."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext as _

from wushi.domain.accounts import queries as accounts
from wushi.domain.areas import queries as areas
from wushi.web import labels

LEVELS = {15: "grid", 12: "village", 9: "town", 6: "district"}
LEVEL = "level:"


def read(text: str) -> dict[str, Any]:
    """A choice of the form as the verb takes it: a person, or a level without a name."""
    if text.startswith(LEVEL):
        return {"accused_id": None, "level": text.removeprefix(LEVEL)}
    return {"accused_id": UUID(text), "level": ""}


def choices(case: Any) -> list[tuple[str, Any]]:
    """The people of the grid, the village, the town and the district, then each of these levels without a name.

    Whoever stands in for somebody is among them: he acts in that post.
    """
    line = [place for place in reversed(areas.line_of(case.area)) if len(place.code) in LEVELS]
    people: dict[UUID, str] = {}
    posts: dict[UUID, list[str]] = {}
    for place in line:
        for user, duty in _serving(place.code):
            people[user.id] = user.name
            posts.setdefault(user.id, []).append(f"{place.name} {labels.word(labels.DUTIES, duty)}")
    if case.holder_id and case.holder_id not in people:
        people |= accounts.names_of([case.holder_id])
    named = [(str(key), " · ".join([name, *posts.get(key, [])])) for key, name in people.items()]
    return named + [(LEVEL + LEVELS[len(p.code)], _unnamed(p)) for p in line]


def _serving(area: str) -> list[tuple[Any, str]]:
    """(person, duty) of those who hold a post over exactly this area today, or stand in for one."""
    today = timezone.localdate()
    duties = dict.fromkeys(post.duty for post in accounts.posts_over(area, today))
    return list(
        dict.fromkeys((user, duty) for duty in duties for user in accounts.holders(duty, area, today))
    )


def _unnamed(place: Any) -> str:
    return {
        "grid": _("Somebody of the grid (%(place)s), not known who"),
        "village": _("Somebody of the village (%(place)s), not known who"),
        "town": _("Somebody of the town (%(place)s), not known who"),
        "district": _("Somebody of the district (%(place)s), not known who"),
    }[LEVELS[len(place.code)]] % {"place": place.name}
