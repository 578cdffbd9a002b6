"""The list of all pages one can look at, worked out from the routes: who opens it, and at which address."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tests.browser.shown import Shown

# Routes that only take a form, give a file, or answer a script.
NO_PAGE = {
    "me/family/code/",
    "me/family/bonds/<uuid:bond_id>/end/",
    "me/family/<uuid:matter_id>/photo/<uuid:photo_id>/",
    "me/family/<uuid:matter_id>/voice/<uuid:recording_id>/",
    "work/family/<uuid:bond_id>/end/",
    "kept-voice/<uuid:recording_id>/",
    "work/new/earlier/",
    "work/imports/ticket/",
    "work/imports/template/",
    "work/imports/<uuid:batch_id>/back/",
    "work/imports/<uuid:batch_id>/columns/",
    "work/imports/<uuid:batch_id>/sheet/",
    "work/imports/<uuid:batch_id>/commit/",
    "work/imports/<uuid:batch_id>/undo/",
    "work/filters/",
    "work/filters/<uuid:filter_id>/drop/",
    "work/flags/<uuid:flag_id>/",
    "work/inbox/badge/",
    "work/inbox/read/",
    "work/inbox/<uuid:notice_id>/",
    "me/inbox/<uuid:notice_id>/",
    "work/notices/try/",
    "work/me/notices/browser/",
    "work/me/notices/browser/<uuid:browser_id>/",
    "prefs/",
    "live-ticket/",
    "upload-ticket/",
    "sign-out/",
    "sign-in/code/",
    "work/sign-out/",
    "r/<str:code>/qr.svg",
    "r/<str:code>/paper.pdf",
    "work/cases/<uuid:case_id>/paper.pdf",
    r"^work/paper/cards/(?P<code>[0-9]{12}(?:[0-9]{3})?)\.pdf$",
    r"^work/paper/notice/(?P<code>[0-9]{12}(?:[0-9]{3})?)\.pdf$",
    "r/<str:code>/confirm/",
    "r/<str:code>/reopen/",
    "r/<str:code>/rate/",
    "r/<str:code>/photo/<uuid:photo_id>/",
    "work/cases/<uuid:case_id>/photo/<uuid:photo_id>/",
    "r/<str:code>/voice/<uuid:recording_id>/",
    "work/cases/<uuid:case_id>/voice/<uuid:recording_id>/",
    "work/devices/labels.pdf",
    "work/devices/<uuid:device_id>/label.pdf",
    "in/<str:county>/<str:gateway>",
    "sw.js",
    "manifest.webmanifest",
    "offline/me/",
}


@dataclass(frozen=True)
class Sight:
    """One page: a name for its picture, who looks, and where."""

    name: str
    who: str
    path: str
    route: str
    press: str = ""

    def open(self, page: Any) -> None:
        """Go there; press what has to be opened first."""
        page.goto(self.path)
        if self.press:
            page.locator(self.press).first.click()


def sights(shown: Shown) -> list[Sight]:
    """Every page, with the addresses of the shown village's things."""
    handled, working, closed = shown.handled, shown.working, shown.closed
    post, other = shown.lead_post, shown.waiting
    rows = [
        ("home-amber", "resident", "/", ""),
        ("home-green", "calm", "/", ""),
        ("home-no-village", "stranger", "/", ""),
        ("places", "resident", "/places/", "places/"),
        ("door", "stranger", f"/d/{shown.grid}/", "^d/(?P<code>[0-9]{12}(?:[0-9]{3})?)/$"),
        ("report", "resident", "/report/", "report/"),
        ("report-official", "resident", "/report/official/", "report/official/"),
        ("report-done", "resident", f"/report/done/{other.receipt}/", "report/done/<str:code>/"),
        ("who-sees", "stranger", "/who-sees/", "who-sees/"),
        ("help", "stranger", "/help/", "help/"),
        ("work-help", "secretary", "/work/help/", "work/help/"),
        ("work-help-desk", "town", "/work/help/", "work/help/"),
        ("work-help-admin", "admin", "/work/help/", "work/help/"),
        ("work-help-dot", "secretary", "/work/village/", "work/village/", ".helpdot > summary"),
        ("track-enter", "stranger", "/track/", "track/"),
        ("track-waiting", "stranger", f"/r/{other.receipt}/", "r/<str:code>/"),
        ("track-working", "stranger", f"/r/{working.receipt}/", "r/<str:code>/"),
        ("track-rate", "stranger", f"/r/{handled.receipt}/", "r/<str:code>/"),
        ("track-closed", "stranger", f"/r/{closed.receipt}/", "r/<str:code>/"),
        ("track-words", "stranger", f"/r/{working.receipt}/words/", "r/<str:code>/words/"),
        ("track-recorded", "stranger", f"/r/{shown.together.recorded.receipt}/", "r/<str:code>/"),
        ("track-contested", "stranger", f"/r/{shown.together.contested.receipt}/", "r/<str:code>/"),
        (
            "track-contest",
            "stranger",
            f"/r/{shown.together.recorded.receipt}/contest/",
            "r/<str:code>/contest/",
        ),
        ("track-withdraw", "stranger", f"/r/{working.receipt}/withdraw/", "r/<str:code>/withdraw/"),
        (
            "track-appeal",
            "stranger",
            f"/r/{working.receipt}/appeal/town/",
            "^r/(?P<code>[^/]+)/appeal/(?P<level>town|district)/$",
        ),
        ("offline", "stranger", "/offline/", "offline/"),
        ("offline-act", "secretary", "/offline/act/", "offline/act/"),
        ("mine", "resident", "/mine/", "mine/"),
        ("me", "resident", "/me/", "me/"),
        ("resident-sign-in", "stranger", "/sign-in/", "sign-in/"),
        ("work-sign-in", "stranger", "/work/sign-in/", "work/sign-in/"),
        ("work-totp", "newcomer", "/work/totp/", "work/totp/"),
        ("work-list", "secretary", "/work/", "work/"),
        ("work-list-calm", "calm-secretary", "/work/", "work/"),
        ("work-list-town", "town", "/work/", "work/"),
        ("work-area", "town", "/work/?list=area", "work/"),
        ("work-search", "secretary", "/work/?q=路灯", "work/"),
        ("work-search-none", "secretary", "/work/?q=没有这样的话", "work/"),
        ("work-case", "secretary", f"/work/cases/{working.id}/", "work/cases/<uuid:case_id>/"),
        ("work-case-town", "town", f"/work/cases/{shown.returned.id}/", "work/cases/<uuid:case_id>/"),
        ("work-case-closed", "secretary", f"/work/cases/{closed.id}/", "work/cases/<uuid:case_id>/"),
        ("work-new", "secretary", "/work/new/", "work/new/"),
        ("work-new-hotline", "hotline", "/work/new/", "work/new/"),
        ("work-village", "secretary", "/work/village/", "work/village/"),
        ("work-village-town", "town", "/work/village/", "work/village/"),
        ("figures", "resident", "/figures/", "figures/"),
        ("work-figures", "secretary", "/work/figures/", "work/figures/"),
        ("work-figures-town", "town", "/work/figures/", "work/figures/"),
        ("work-figures-people", "town", "/work/figures/people/", "work/figures/people/"),
        ("work-me", "secretary", "/work/me/", "work/me/"),
        ("work-staff", "admin", "/work/staff/", "work/staff/"),
        ("work-staff-end", "admin", f"/work/staff/{post}/end/", "work/staff/<uuid:post_id>/end/"),
        (
            "work-staff-stand-in",
            "admin",
            f"/work/staff/{post}/stand-in/",
            "work/staff/<uuid:post_id>/stand-in/",
        ),
        ("work-calendar", "admin", "/work/calendar/", "work/calendar/"),
        ("work-export", "town", "/work/export/?what=cases", "work/export/"),
        ("work-imports", "town", "/work/imports/", "work/imports/"),
        ("work-imports-new", "town", "/work/imports/new/", "work/imports/new/"),
        *(
            (f"work-import-{name}", "town", f"/work/imports/{key}/", "work/imports/<uuid:batch_id>/")
            for name, key in vars(shown.lists).items()
        ),
        ("work-inbox", "secretary", "/work/inbox/", "work/inbox/"),
        ("work-wishes", "secretary", "/work/me/notices/", "work/me/notices/"),
        ("work-notices", "admin", "/work/notices/", "work/notices/"),
        ("work-notice", "admin", f"/work/notices/{shown.delivery}/", "work/notices/<uuid:delivery_id>/"),
        ("work-notices-texts", "admin", "/work/notices/texts/", "work/notices/texts/"),
        ("inbox", "resident", "/me/inbox/", "me/inbox/"),
        ("wishes", "resident", "/me/notices/", "me/notices/"),
        ("family", "resident", "/me/family/", "me/family/"),
        ("family-mine", "daughter", "/mine/", "mine/"),
        ("family-report", "daughter", "/report/", "report/"),
        ("family-follows", "daughter", "/me/family/", "me/family/"),
        ("family-matter", "daughter", f"/me/family/{working.id}/", "me/family/<uuid:matter_id>/"),
        ("family-asked", "daughter", f"/me/family/{handled.id}/", "me/family/<uuid:matter_id>/"),
        ("work-family", "secretary", "/work/family/", "work/family/"),
        ("style", "secretary", "/work/_style", "work/_style"),
        ("error-404", "stranger", "/nothing-here/", ""),
        ("error-404-receipt", "stranger", "/r/341504AAAAAAAAAAAA/", "r/<str:code>/"),
        ("error-403", "secretary", "/work/staff/", "work/staff/"),
    ]
    verb = "^work/cases/(?P<case_id>[0-9a-f-]{36})/(?P<slug>"
    rows += [
        (f"verb-{slug}", "secretary", f"/work/cases/{case.id}/{slug}/", verb)
        for slug, case in (
            ("handle", working),
            ("return", other),
            ("words", working),
            ("official", working),
        )
    ]
    rows += [(*row, verb) for row in _of_verbs(shown)]
    rows.append(("verb-close", "supervisor", f"/work/cases/{handled.id}/close/", verb))
    rows.append(("verb-decline", "town", f"/work/cases/{shown.returned.id}/decline/", verb))
    return [*(Sight(*row) for row in rows), *_together(shown), *_calls(shown)]


def _of_verbs(shown: Shown) -> list[tuple[str, str, str]]:
    """(name, who, address) of the small pages that came with clocks, levels and the whistle."""
    known, working = shown.together, shown.working
    found = [
        (f"verb-{slug}", "secretary", f"/work/cases/{working.id}/{slug}/")
        for slug in (
            "extend",
            "pause",
            "whistle",
            "transfer",
            "partner",
            "split",
            "revise",
            "contact",
        )
    ]
    found += [
        ("verb-handle-parts", "secretary", f"/work/cases/{known.called.id}/handle/"),
        ("verb-merge", "secretary", f"/work/cases/{known.pleading.id}/merge/"),
        ("verb-decide", "town", f"/work/cases/{known.pleading.id}/decide/"),
        ("verb-answer", "department", f"/work/cases/{known.called.id}/answer/"),
        ("verb-supervise", "supervisor", f"/work/cases/{working.id}/supervise/"),
    ]
    return found


def _calls(shown: Shown) -> list[Sight]:
    """Calls, devices, what is to be seen to; the alarm over a page; whoever called."""
    known, office, own = shown.calls, "work/calls/<uuid:call_id>/", "call/<str:code>/"
    found = [
        Sight("call-start", "resident", "/call/", "call/"),
        Sight("call-start-family", "daughter", "/call/", "call/"),
        Sight("call-start-no-village", "stranger", "/call/", "call/"),
        Sight("call-ringing", "stranger", f"/call/{known.ringing.receipt}/", own),
        Sight("call-there", "stranger", f"/call/{known.arrived.receipt}/", own),
        Sight("call-rate", "stranger", f"/call/{known.ended.receipt}/", own),
        Sight("work-ring", "rung", "/work/me/", "work/me/"),
        Sight("work-call-ringing", "town", f"/work/calls/{known.ringing.id}/", office),
        Sight("work-call", "town", f"/work/calls/{known.arrived.id}/", office),
        Sight("work-call-more", "town", f"/work/calls/{known.arrived.id}/", office, ".doing summary"),
        Sight("work-call-over", "supervisor", f"/work/calls/{known.ended.id}/", office),
        Sight("work-call-case", "town", f"/work/calls/{known.arrived.id}/case/", f"{office}case/"),
        Sight("work-door", "town", f"/d/{known.door}/", "^d/(?P<code>[0-9]{6}[0-9A-Za-z]{10})/$"),
        Sight("work-device", "town", f"/work/devices/{known.device}/", "work/devices/<uuid:device_id>/"),
    ]
    rest = (
        *(("work-calls", "town", "work/calls/"), ("work-calls-secretary", "secretary", "work/calls/")),
        *(("work-duty", "town", "work/calls/duty/"), ("work-duty-village", "secretary", "work/calls/duty/")),
        *(("work-watch", "town", "work/calls/watch/"), ("work-call-new", "hotline", "work/calls/new/")),
        *(("work-devices", "town", "work/devices/"), ("work-errands", "town", "work/devices/errands/")),
        *(
            ("work-gateways", "admin", "work/devices/gateways/"),
            ("work-labels", "town", "work/devices/labels/"),
        ),
        *(
            ("work-ladder", "town", "work/calls/ladder/"),
            ("work-ladder-admin", "admin", "work/calls/ladder/"),
        ),
        ("work-ladder-new", "admin", "work/calls/ladder/new/"),
    )
    return [*found, *(Sight(name, who, f"/{path}", path) for name, who, path in rest)]


def _together(shown: Shown) -> list[Sight]:
    """Resting, merged, called together, rated later; menus and reasons opened."""
    known, office, receipt = shown.together, "work/cases/<uuid:case_id>/", "r/<str:code>/"
    case, menu = "/work/cases/%s/", "details[data-menu] > summary"
    why = "details.why > summary"
    both = shown.returned.id, shown.also_returned.id
    return [
        Sight("track-why", "stranger", f"/r/{shown.working.receipt}/", receipt, why),
        Sight("track-paused", "stranger", f"/r/{known.paused.receipt}/", receipt),
        Sight("track-merged", "stranger", f"/r/{known.merged.receipt}/", receipt),
        Sight("track-rate-later", "stranger", f"/r/{known.agreed.receipt}/", receipt),
        Sight("track-not-yet", "stranger", f"/r/{known.postponed.receipt}/", receipt),
        Sight("track-called", "stranger", f"/r/{known.called.receipt}/", receipt),
        Sight("track-beside-staff", "secretary", f"/r/{shown.handled.receipt}/", receipt),
        Sight("work-case-menu", "secretary", case % shown.working.id, office, menu),
        Sight("work-case-why", "secretary", case % known.pleading.id, office, why),
        Sight("work-case-paused", "secretary", case % known.paused.id, office),
        Sight("work-case-merged", "secretary", case % known.merged.id, office),
        Sight("work-case-whistle", "secretary", case % known.called.id, office),
        Sight("work-case-department", "department", case % known.called.id, office),
        Sight("work-list-department", "department", "/work/", "work/"),
        Sight("work-list-narrowed", "town", "/work/?list=area&kind=help", "work/"),
        Sight(
            "work-list-filters", "town", "/work/?list=area&kind=help", "work/", "details.filters > summary"
        ),
        Sight("work-choosing", "town", "/work/?select=all", "work/"),
        Sight("work-assign", "town", f"/work/assign/?ids={both[0]}&ids={both[1]}", "work/assign/"),
        Sight("work-flags", "town", "/work/flags/", "work/flags/"),
        Sight("work-callbacks", "supervisor", "/work/callbacks/", "work/callbacks/"),
        Sight("work-parts", "department", "/work/?list=parts", "work/"),
    ]
