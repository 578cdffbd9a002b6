"""Addresses of following and reporting for relatives."""

from django.urls import path
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from wushi.web.family import staff, views

asked = require_http_methods(["GET", "HEAD", "POST"])

urlpatterns = [
    path("me/family/", asked(views.family), name="family"),
    path("me/family/code/", require_POST(views.code), name="family_code"),
    path("me/family/bonds/<uuid:bond_id>/end/", require_POST(views.end), name="family_end"),
    path("me/family/<uuid:matter_id>/", require_safe(views.matter), name="family_matter"),
    path("me/family/<uuid:matter_id>/photo/<uuid:photo_id>/", require_safe(views.photo), name="family_photo"),
    path(
        "me/family/<uuid:matter_id>/voice/<uuid:recording_id>/",
        require_safe(views.voice),
        name="family_voice",
    ),
    path("work/family/", asked(staff.bonds), name="work_family"),
    path("work/family/<uuid:bond_id>/end/", require_POST(staff.end), name="work_family_end"),
]
