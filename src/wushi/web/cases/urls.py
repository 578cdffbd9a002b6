"""Addresses of the office's requests."""

from django.urls import path, re_path
from django.views.decorators.http import require_http_methods, require_safe

from wushi.web.cases import intake, verbs, views

asked = require_http_methods(["GET", "HEAD", "POST"])

urlpatterns = [
    path("work/", require_safe(views.work), name="work"),
    path("work/new/", asked(intake.new_case), name="work_new"),
    path("work/cases/<uuid:case_id>/", require_safe(views.work_case), name="work_case"),
    path(
        "work/cases/<uuid:case_id>/photo/<uuid:photo_id>/",
        require_safe(views.case_photo),
        name="work_case_photo",
    ),
    re_path(
        r"^work/cases/(?P<case_id>[0-9a-f-]{36})/(?P<slug>accept|claim|assign|return|decline|handle|close|reopen|words|official)/$",
        asked(verbs.case_verb),
        name="work_case_verb",
    ),
]
