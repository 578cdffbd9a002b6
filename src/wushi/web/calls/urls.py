"""Addresses of calls: the office's, and those of whoever calls."""

from django.urls import path
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from wushi.web.calls import duty, ladder, resident, ring, views, watch, written

asked = require_http_methods(["GET", "HEAD", "POST"])

urlpatterns = [
    path("call/", asked(resident.call), name="call"),
    path("call/<str:code>/", require_safe(resident.calling), name="calling"),
    *(
        path(f"call/<str:code>/{slug}/", require_POST(resident.deed), {"slug": slug}, name=f"calling_{slug}")
        for slug in resident.DEEDS
    ),
    path("work/calls/", require_safe(views.ledger), name="work_calls"),
    path("work/calls/ringing/", require_safe(ring.ringing), name="work_ringing"),
    path("work/calls/new/", asked(written.new_call), name="work_call_new"),
    path("work/calls/duty/", require_safe(duty.duty), name="work_duty"),
    path("work/calls/ladder/", require_safe(ladder.ladder), name="work_ladder"),
    path("work/calls/ladder/new/", asked(ladder.new_ladder), name="work_ladder_new"),
    path("work/calls/watch/", asked(watch.watch), name="work_watch"),
    path("work/calls/watch/<uuid:watch_id>/", require_POST(watch.off), name="work_watch_off"),
    path("work/calls/<uuid:call_id>/", require_safe(views.call), name="work_call"),
    path("work/calls/<uuid:call_id>/case/", asked(views.to_case), name="work_call_case"),
    *(
        path(
            f"work/calls/<uuid:call_id>/{slug}/",
            require_POST(views.deed),
            {"slug": slug},
            name=f"work_call_{slug}",
        )
        for slug in views.DEEDS
    ),
]
