"""Addresses of imports."""

from django.urls import path
from django.views.decorators.http import require_POST, require_safe

from wushi.web.imports import views

urlpatterns = [
    path("work/imports/", require_safe(views.batches), name="work_imports"),
    path("work/imports/new/", require_safe(views.begin), name="work_imports_new"),
    path("work/imports/ticket/", require_POST(views.ticket), name="work_imports_ticket"),
    path("work/imports/template/", require_safe(views.template), name="work_imports_template"),
    path("work/imports/<uuid:batch_id>/", require_safe(views.batch), name="work_import"),
    path("work/imports/<uuid:batch_id>/columns/", require_POST(views.columns), name="work_import_columns"),
    path("work/imports/<uuid:batch_id>/words/", require_POST(views.words), name="work_import_words"),
    path("work/imports/<uuid:batch_id>/sheet/", require_POST(views.sheet), name="work_import_sheet"),
    path("work/imports/<uuid:batch_id>/commit/", require_POST(views.commit), name="work_import_commit"),
    path("work/imports/<uuid:batch_id>/undo/", require_POST(views.undo), name="work_import_undo"),
    path("work/imports/<uuid:batch_id>/back/", require_safe(views.back), name="work_import_back"),
]
