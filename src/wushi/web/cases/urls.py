"""Addresses of the office's requests."""

from django.urls import path, re_path
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from wushi.web.cases import bulk, filters, intake, looks, verbs, views
from wushi.web.labels.verbs import BY_SLUG

asked = require_http_methods(["GET", "HEAD", "POST"])

urlpatterns = [
    path("work/", require_safe(views.work), name="work"),
    path("work/new/earlier/", require_POST(intake.earlier), name="work_earlier"),
    path("work/filters/", require_POST(filters.keep), name="work_filters"),
    path("work/filters/<uuid:filter_id>/drop/", require_POST(filters.drop), name="work_filter_drop"),
    path("work/flags/", require_safe(looks.flags), name="work_flags"),
    path("work/flags/<uuid:flag_id>/", require_POST(looks.look), name="work_flag"),
    path("work/callbacks/", asked(looks.callbacks), name="work_callbacks"),
    path("work/assign/", asked(bulk.assign), name="work_assign"),
    path("work/new/", asked(intake.new_case), name="work_new"),
    path("work/cases/<uuid:case_id>/", require_safe(views.work_case), name="work_case"),
    path(
        "work/cases/<uuid:case_id>/photo/<uuid:photo_id>/",
        require_safe(views.case_photo),
        name="work_case_photo",
    ),
    path(
        "work/cases/<uuid:case_id>/voice/<uuid:recording_id>/",
        require_safe(views.case_voice),
        name="work_case_voice",
    ),
    re_path(
        rf"^work/cases/(?P<case_id>[0-9a-f-]{{36}})/(?P<slug>{'|'.join(BY_SLUG)})/$",
        asked(verbs.case_verb),
        name="work_case_verb",
    ),
]
