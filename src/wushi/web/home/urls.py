"""Addresses of the resident's first pages."""

from django.urls import path, re_path
from django.views.decorators.http import require_POST, require_safe

from wushi.web.home import views

urlpatterns = [
    path("", require_safe(views.home), name="home"),
    path("places/", views.places, name="places"),
    re_path(r"^d/(?P<code>[0-9]{12}(?:[0-9]{3})?)/$", require_safe(views.door), name="door"),
    path("who-sees/", require_safe(views.who_sees), name="who_sees"),
    path("prefs/", require_POST(views.prefs), name="prefs"),
    path("live-ticket/", require_POST(views.live_ticket), name="live_ticket"),
    path("upload-ticket/", require_POST(views.upload_ticket), name="upload_ticket"),
    path("kept-voice/<uuid:recording_id>/", require_safe(views.kept_voice), name="kept_voice"),
]
