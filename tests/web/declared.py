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
SLUGS = (
    *("accept", "assign", "claim", "report", "answer", "decide", "handle", "resume", "contact", "callback"),
    *("sendback", "whistle", "extend", "pause", "return", "transfer", "escalate", "handback", "reopen"),
    *("partner", "release", "plan", "endwhistle", "grade", "words", "supervise", "instruct", "revise"),
    *("merge", "unmerge", "split", "link", "close", "official", "decline"),
)
# Complete in every field; what a verb does not need it does not read. Parts and other matters are of ``test_together``.
COMPLETE = {
    "outcome": "resolved",
    "words": "看过了",
    "reason_code": "other",
    "channel_code": "court",
    "accused": "level:village",
    "way": "phone",
    "colour": "yellow",
    "granted": "yes",
    "amount": "1",
    "essential": "yes",
    "result": "done",
    "grade": "good",
    "until_on": "2099-01-01",
    "kind": "help",
    "urgency": "soon",
    "text": "还有一件",
    "units": "JT",
}
# One tap: nothing can be missing.
ONE_TAP = {"claim", "accept", "resume", "report"}
NOBODYS = dict.fromkeys(SLUGS, 403)
_SAYS = {"words": 303, "official": 303}
# what lies in the tray and nobody has signed for; a whistle's kind is none of a matter's, so that form stays incomplete
TRAYS = (
    NOBODYS
    | dict.fromkeys(("accept", "assign", "decline", "unmerge"), 409)
    | dict.fromkeys(("claim", "return", "escalate", "contact", "revise", "split"), 303)
    | {
        "handback": 409,
        "plan": 409,
        "endwhistle": 409,
        "grade": 422,
        "merge": 422,
        "link": 422,
        "whistle": 422,
    }
    | _SAYS
)
DISPATCHERS = (
    NOBODYS
    | dict.fromkeys(("accept", "assign", "decline", "unmerge"), 409)
    | {"revise": 303, "merge": 422, "link": 422}
    | _SAYS
)
# the town's dispatcher empties the tray one level above the village's
UPPER = {"decide": 409, "supervise": 303}
SUPERVISORS = (
    NOBODYS
    | dict.fromkeys(("close", "reopen", "sendback", "callback"), 409)
    | {"supervise": 303, "link": 422}
    | _SAYS
)
LEADERS = NOBODYS | {"instruct": 303}


def pressed(who: str) -> dict[str, int]:
    """Slug -> what pressing it answers, for somebody who sees the matter."""
    if who in VILLAGE:
        return TRAYS
    if who in CLERKS:
        return DISPATCHERS | (UPPER if who == "town_clerk" else {})
    if who == "town_lead":
        return NOBODYS | UPPER | {"instruct": 303}
    if who == "district_lead":
        return LEADERS
    return SUPERVISORS if who == "supervisor" else NOBODYS


def pressed_empty(who: str) -> dict[str, int]:
    """The same with nothing filled in: what would be done is refused, unless it asks for nothing."""
    asks = {slug for slug, status in pressed(who).items() if status == 303} - ONE_TAP
    # it asks for a result before it is seen that nobody blew a whistle
    asks |= {"endwhistle"} if who in VILLAGE else set()
    return {slug: 422 if slug in asks else status for slug, status in pressed(who).items()}


def opened(who: str) -> dict[str, int]:
    """Slug -> what its small page answers: the form where it is his now, else back to the matter."""
    shown = {slug for slug, status in pressed(who).items() if status in (303, 422)} - ONE_TAP - {"grade"}
    return {slug: 200 if slug in shown else 303 for slug in SLUGS}


# ---- a post: of a grid here, of a grid of the sibling village, of a village of the other town, of another county ----
def stand_in(who: str, where: str) -> int:
    """Whether he may arrange a stand-in for the post (200), sees it and may not (403), or it does not exist for him."""
    unseen = {"own": set(), "sibling": VILLAGE | GRID, "parent": VILLAGE | GRID | TOWN}
    if where == "other" or who in unseen[where]:
        return 404
    return 200 if who in CLERKS | {"district_admin"} else 403


AREA = "(?P<code>[0-9]{12}(?:[0-9]{3})?)"


# ---- calls and devices: what is done with one of them; none of these is here ----
CALL_SLUGS = (
    *("acknowledge", "setout", "arrive", "takeover", "release", "service", "note", "end", "mistaken"),
    "followup",
)
DEVICE_SLUGS = ("install", "move", "try", "repair", "putback", "handback", "restock")
CALLER_SLUGS = ("again", "mistake", "here", "rate")


# ---- routes that name nothing: reading, and sending a form with nothing of its own in it ----
PUBLIC = {
    "": (200, 405),
    # a device's way in: without its secret nobody hears more
    "in/<str:county>/<str:gateway>": (403, 403),
    "places/": (200, 303),
    "who-sees/": (200, 405),
    "help/": (200, 405),
    "prefs/": (405, 303),
    "live-ticket/": (405, 200),
    "upload-ticket/": (405, 200),
    "kept-voice/<uuid:recording_id>/": (404, 405),
    "report/": (200, 422),
    "call/": (200, 422),
    "report/official/": (200, 405),
    "sw.js": (200, 405),
    "manifest.webmanifest": (200, 405),
    "figures/": (200, 405),
    "offline/": (200, 405),
    "offline/me/": (200, 405),
    "track/": (200, 422),
    "sign-in/": (200, 422),
    "sign-in/code/": (302, 422),
    "me/": (200, 405),
    "work/sign-in/": (200, 401),
    "work/_style": (200, 405),
    "^d/(?P<code>[0-9]{12}(?:[0-9]{3})?)/$": (302, 405),
    # a sticker nobody stuck on; see test_devices_pages for a device's own
    "^d/(?P<code>[0-9]{6}[0-9A-Za-z]{10})/$": (404, 405),
}
STAFF_ROUTES = {
    "work/": (200, 405),
    "work/assign/": (200, 422),
    "work/filters/": (405, 422),
    "work/filters/<uuid:filter_id>/drop/": (405, 404),
    "work/flags/": (200, 405),
    "work/flags/<uuid:flag_id>/": (405, 404),
    "work/callbacks/": (200, 422),
    "work/me/": (200, 405),
    "work/family/": (200, 422),
    "work/family/<uuid:bond_id>/end/": (405, 404),
    "offline/act/": (200, 405),
    "work/inbox/": (200, 405),
    "work/inbox/badge/": (200, 405),
    "work/inbox/read/": (405, 303),
    "work/inbox/<uuid:notice_id>/": (405, 404),
    "work/me/notices/": (200, 303),
    "work/me/notices/browser/": (405, 422),
    "work/me/notices/browser/<uuid:browser_id>/": (405, 303),
    "work/notices/": (200, 405),
    "work/notices/texts/": (200, 405),
    "work/notices/try/": (405, 422),
    "work/notices/<uuid:delivery_id>/": (404, 404),
    "work/export/": (200, 422),
    "work/imports/": (200, 405),
    "work/imports/new/": (200, 405),
    "work/imports/ticket/": (405, 422),
    "work/imports/template/": (200, 405),
    "work/imports/<uuid:batch_id>/": (404, 405),
    "work/imports/<uuid:batch_id>/back/": (404, 405),
    **{
        f"work/imports/<uuid:batch_id>/{deed}/": (405, 404)
        for deed in ("columns", "words", "sheet", "commit", "undo")
    },
    "work/calls/": (200, 405),
    "work/calls/ringing/": (200, 405),
    "work/calls/new/": (200, 422),
    "work/calls/duty/": (200, 405),
    "work/calls/ladder/": (200, 405),
    "work/calls/ladder/new/": (200, 422),
    "work/calls/watch/": (200, 422),
    "work/calls/watch/<uuid:watch_id>/": (405, 404),
    "work/calls/<uuid:call_id>/": (404, 405),
    "work/calls/<uuid:call_id>/case/": (404, 404),
    **{f"work/calls/<uuid:call_id>/{slug}/": (405, 404) for slug in CALL_SLUGS},
    "work/devices/": (200, 422),
    "work/devices/labels/": (200, 405),
    "work/devices/labels.pdf": (404, 405),
    "work/devices/<uuid:device_id>/label.pdf": (404, 405),
    "work/devices/errands/": (200, 405),
    "work/devices/errands/<uuid:errand_id>/": (405, 404),
    "work/devices/gateways/": (200, 422),
    "work/devices/gateways/<uuid:gateway_id>/": (405, 404),
    "work/devices/<uuid:device_id>/": (404, 405),
    **{f"work/devices/<uuid:device_id>/{slug}/": (405, 404) for slug in DEVICE_SLUGS},
    "work/new/": (200, 422),
    "work/new/earlier/": (405, 422),
    "work/figures/": (200, 405),
    "work/figures/people/": (200, 405),
    "work/village/": (200, 405),
    "work/calendar/": (200, 422),
    "work/staff/": (200, 405),
    "work/staff/new/": (200, 422),
    "work/staff/appoint/": (200, 422),
    "work/totp/": (303, 303),
    "work/help/": (200, 405),
    f"^work/paper/cards/{AREA}\\.pdf$": (200, 405),
    f"^work/paper/notice/{AREA}\\.pdf$": (200, 405),
}
# for a resident signed in by a code to his phone
RESIDENT = {
    "mine/": (200, 405),
    "me/inbox/": (200, 405),
    "me/inbox/<uuid:notice_id>/": (405, 404),
    "me/notices/": (200, 303),
    "me/family/": (200, 422),
    "me/family/code/": (405, 422),
    "me/family/bonds/<uuid:bond_id>/end/": (405, 404),
    "me/family/<uuid:matter_id>/": (404, 405),
    "me/family/<uuid:matter_id>/photo/<uuid:photo_id>/": (404, 405),
    "me/family/<uuid:matter_id>/voice/<uuid:recording_id>/": (404, 405),
}
# with the right receipt in the address, whoever holds it; the matter is given to the village and not signed for
RECEIPT = {
    "r/<str:code>/": (200, 405),
    "report/done/<str:code>/": (200, 405),
    "r/<str:code>/qr.svg": (200, 405),
    # a matter's receipt opens no call; see test_calls for a call's own
    "call/<str:code>/": (404, 405),
    **{f"call/<str:code>/{slug}/": (405, 404) for slug in CALLER_SLUGS},
    "r/<str:code>/paper.pdf": (200, 405),
    "r/<str:code>/photo/<uuid:photo_id>/": (404, 405),
    "r/<str:code>/voice/<uuid:recording_id>/": (404, 405),
    "r/<str:code>/confirm/": (405, 409),
    "r/<str:code>/rate/": (405, 409),
    "r/<str:code>/reopen/": (405, 409),
    "r/<str:code>/words/": (200, 422),
    "r/<str:code>/withdraw/": (200, 303),
    # told by himself: there is nothing to contest; see test_contest
    "r/<str:code>/contest/": (200, 409),
    "^r/(?P<code>[^/]+)/appeal/(?P<level>town|district)/$": (200, 303),
}
# agreeing, refusing, rating and taking back are refused in a browser in which a member of staff is signed in
OF_RESIDENT_ALONE = {f"r/<str:code>/{verb}/" for verb in ("confirm", "rate", "reopen", "withdraw", "contest")}
# pressed with browsers of their own: they end a sign-in
SIGNING_OUT = ("sign-out/", "work/sign-out/")

# ---- the API: open to everybody, or by receipt ----
API = (
    "POST api/v1/cases",
    "GET api/v1/cases/{receipt_code}",
    "GET api/v1/areas/at",
    "GET api/v1/areas/{code}",
)
# for staff by their token: what somebody with the duty hears of a call or a device that does not exist for him
_CALL_DEEDS = ("acknowledge", "set-out", "arrive", "release", "take-over", "end", "end-mistaken", "service")
CALL_TOLD = {"finding": "helped", "spoke": "phone", "service": "120"}
API_STAFF = {
    "GET api/v1/calls": 200,
    "GET api/v1/calls/{call_id}": 404,
    "GET api/v1/devices": 200,
    "GET api/v1/devices/{device_id}": 404,
    **{f"POST api/v1/calls/{{call_id}}/{deed}": 404 for deed in _CALL_DEEDS},
}
