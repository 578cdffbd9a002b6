"""What every route may answer, declared by hand: the matrix of ``test_matrix.py`` holds the pages to it.

200 a page, 302/303 elsewhere, 403 not his, 404 does not exist for him, 405 no such method, 409 not in this state,
422 something is missing in what was sent.
"""

from __future__ import annotations

VILLAGE = {"secretary", "deputy"}
GRID = {"grid_lead", "grid_worker", "grid_assistant"}
TOWN = {"town_clerk", "town_lead"}
CLERKS = {"town_clerk", "district_clerk"}

# ---- a matter that was given to the village and that nobody has signed for ----
SLUGS = ("accept", "claim", "assign", "return", "decline", "handle", "close", "reopen", "words", "official")
# Complete in every field; what a verb does not need it does not read.
COMPLETE = {
    "outcome": "resolved",
    "words": "看过了",
    "reason_code": "other",
    "channel_code": "court",
    "accused": "level:village",
}
NOBODYS = dict.fromkeys(SLUGS, 403)
TRAYS = (
    NOBODYS
    | {"accept": 409, "assign": 409, "decline": 409, "claim": 303, "return": 303}
    | {
        "words": 303,
        "official": 303,
    }
)
DISPATCHERS = NOBODYS | {"accept": 409, "assign": 409, "decline": 409, "words": 303, "official": 303}
SUPERVISORS = NOBODYS | {"close": 409, "reopen": 409, "words": 303, "official": 303}


def pressed(who: str) -> dict[str, int]:
    """Slug -> what pressing it answers, for somebody who sees the matter."""
    if who in VILLAGE:
        return TRAYS
    if who in CLERKS:
        return DISPATCHERS
    return SUPERVISORS if who == "supervisor" else NOBODYS


def pressed_empty(who: str) -> dict[str, int]:
    """The same with nothing filled in: what would be done is refused, unless it asks for nothing."""
    return {
        slug: 422 if status == 303 and slug != "claim" else status for slug, status in pressed(who).items()
    }


def opened(who: str) -> dict[str, int]:
    """Slug -> what its small page answers: the form where it is his now, else back to the matter."""
    return {slug: 200 if status == 303 and slug != "claim" else 303 for slug, status in pressed(who).items()}


# ---- a post: of a grid here, of a grid of the sibling village, of a village of the other town, of another county ----
def stand_in(who: str, where: str) -> int:
    """Whether he may arrange a stand-in for the post (200), sees it and may not (403), or it does not exist for him."""
    unseen = {"own": set(), "sibling": VILLAGE | GRID, "parent": VILLAGE | GRID | TOWN}
    if where == "other" or who in unseen[where]:
        return 404
    return 200 if who in CLERKS | {"district_admin"} else 403


# ---- routes that name nothing: reading, and sending a form with nothing of its own in it ----
PUBLIC = {
    "": (200, 405),
    "places/": (200, 303),
    "who-sees/": (200, 405),
    "prefs/": (405, 303),
    "live-ticket/": (405, 200),
    "upload-ticket/": (405, 200),
    "report/": (200, 422),
    "report/official/": (200, 405),
    "track/": (200, 422),
    "sign-in/": (200, 422),
    "sign-in/code/": (302, 422),
    "me/": (200, 405),
    "work/sign-in/": (200, 401),
    "work/_style": (200, 405),
    "^d/(?P<code>[0-9]{12}(?:[0-9]{3})?)/$": (302, 405),
}
STAFF_ROUTES = {
    "work/": (200, 405),
    "work/me/": (200, 405),
    "work/new/": (200, 422),
    "work/village/": (200, 405),
    "work/calendar/": (200, 422),
    "work/staff/": (200, 405),
    "work/staff/new/": (200, 422),
    "work/staff/appoint/": (200, 422),
    "work/totp/": (303, 303),
}
# with the right receipt in the address, whoever holds it; the matter is given to the village and not signed for
RECEIPT = {
    "r/<str:code>/": (200, 405),
    "report/done/<str:code>/": (200, 405),
    "r/<str:code>/qr.svg": (200, 405),
    "r/<str:code>/photo/<uuid:photo_id>/": (404, 405),
    "r/<str:code>/confirm/": (405, 409),
    "r/<str:code>/reopen/": (405, 409),
    "r/<str:code>/words/": (200, 422),
    "r/<str:code>/withdraw/": (200, 303),
    "^r/(?P<code>[^/]+)/appeal/(?P<level>town|district)/$": (200, 303),
}
# pressed with browsers of their own: they end a sign-in
SIGNING_OUT = ("sign-out/", "work/sign-out/")
