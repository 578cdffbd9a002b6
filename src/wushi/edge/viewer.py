"""Who looks at a page: the actor for the rooms, and what a page may show of him."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

from django.conf import settings
from django.http import HttpRequest

from wushi.domain.accounts import queries as accounts
from wushi.domain.accounts.duties import Duty
from wushi.domain.areas import queries as areas
from wushi.kernel.actor import Actor
from wushi.kernel.verb import reading, unscoped

COOKIE = "wushi"
VILLAGE_COOKIE = "village"
# what was written before anybody signed in is sent later as that, whoever is signed in by then
UNSIGNED = "anonymous"
_VILLAGE = re.compile(r"[0-9]{12}")


@dataclass(frozen=True)
class ViewerPost:
    """A post of the viewer, with the names a page shows."""

    duty: str
    area: str
    unit: str
    area_name: str
    unit_name: str
    stands_in_for: str = ""


@dataclass(frozen=True)
class Viewer:
    """``kind`` is staff, resident or anonymous. The actor says what he may do; this says what he is called."""

    actor: Actor
    kind: str = "anonymous"
    name: str = ""
    username: str = ""
    county: str = ""
    village: str = ""
    posts: tuple[ViewerPost, ...] = ()
    sign_in: accounts.SignedIn | None = None
    needs_second_factor: bool = False
    extra: dict[str, Any] = field(default_factory=dict)

    @property
    def signed_in(self) -> bool:
        """Somebody known."""
        return self.kind != "anonymous"

    @property
    def is_staff(self) -> bool:
        """A member of staff."""
        return self.kind == "staff"

    @property
    def duties(self) -> frozenset[str]:
        """The duties he holds or stands in for."""
        return frozenset(post.duty for post in self.posts)

    @property
    def is_administrator(self) -> bool:
        """The district's administrator."""
        return Duty.DISTRICT_ADMIN in self.duties

    @property
    def district_name(self) -> str:
        """The name of the district he is in."""
        return str(self.extra.get("district_name", ""))


def _chosen(request: HttpRequest) -> tuple[str, str]:
    """(county, village) from the cookie a resident's phone keeps; else the installation's default county."""
    village = request.COOKIES.get(VILLAGE_COOKIE, "")
    if _VILLAGE.fullmatch(village):
        return village[:6], village
    return settings.WUSHI_COUNTY, ""


def _token(request: HttpRequest) -> str:
    """What a browser keeps; over the API only what a program says itself, because another site could send a cookie along."""
    if request.path.startswith("/api/"):
        kind, _sep, token = request.headers.get("Authorization", "").partition(" ")
        return token.strip() if kind.lower() == "bearer" else ""
    unsigned = request.headers.get("X-Queue") == UNSIGNED
    return "" if unsigned else request.COOKIES.get(COOKIE, "")


def load_viewer(request: HttpRequest) -> Viewer:
    """The edge's one statement, and the names of areas from the process's cache."""
    county, village = _chosen(request)
    token = _token(request)
    with unscoped("the edge: who is this"):
        who = accounts.signed_in(token) if token else None
        if who is None:
            return Viewer(Actor.anonymous(county), county=county, village=village, extra=_names(county))
        actor = accounts.actor_of(who)
        posts = tuple(
            ViewerPost(
                p.duty,
                p.area,
                p.unit,
                areas.name_of(p.area) if len(p.area) >= 6 else p.area,
                "",
                p.stands_in_for,
            )
            for p in who.posts
        )
        extra = _names(who.county)
    relations = frozenset(accounts.lending(p) for p in who.posts if p.stands_in_for)
    actor = Actor(actor.ref, actor.county, actor.grants, actor.relations | relations)
    if village[:6] != who.county:
        village = next((p.area[:12] for p in who.posts if len(p.area) >= 12), "")
    kind = "staff" if who.user_id else "resident"
    return Viewer(
        actor, kind, who.name, who.username, who.county, village, posts, who, who.needs_second_factor, extra
    )


def client_address(request: HttpRequest) -> str:
    """Where a request came from: behind a proxy of ours the last address it added, else the socket's."""
    forwarded = request.META.get("HTTP_X_FORWARDED_FOR", "") if settings.ENV.behind_proxy else ""
    return forwarded.rpartition(",")[2].strip() or str(request.META.get("REMOTE_ADDR", ""))


def _names(county: str) -> dict[str, Any]:
    return {"district_name": areas.name_of(county)}


__all__ = ["COOKIE", "VILLAGE_COOKIE", "Viewer", "ViewerPost", "client_address", "load_viewer", "reading"]
