"""Addresses of following a matter."""

from django.urls import path, re_path
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from wushi.web.track import views

asked = require_http_methods(["GET", "HEAD", "POST"])

urlpatterns = [
    path("track/", asked(views.enter), name="track"),
    path("mine/", require_safe(views.mine), name="mine"),
    path("r/<str:code>/", require_safe(views.track_case), name="track_case"),
    path("r/<str:code>/confirm/", require_POST(views.confirm), name="receipt_confirm"),
    path("r/<str:code>/reopen/", require_POST(views.reopen), name="receipt_reopen"),
    path("r/<str:code>/rate/", require_POST(views.rate), name="receipt_rate"),
    path("r/<str:code>/words/", asked(views.add_words), name="receipt_words"),
    path("r/<str:code>/withdraw/", asked(views.withdraw), name="receipt_withdraw"),
    path("r/<str:code>/contest/", asked(views.contest), name="receipt_contest"),
    re_path(
        r"^r/(?P<code>[^/]+)/appeal/(?P<level>town|district)/$", asked(views.appeal), name="receipt_appeal"
    ),
    path("r/<str:code>/photo/<uuid:photo_id>/", require_safe(views.receipt_photo), name="receipt_photo"),
    path("r/<str:code>/voice/<uuid:recording_id>/", require_safe(views.receipt_voice), name="receipt_voice"),
]
