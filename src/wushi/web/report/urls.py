"""Addresses of telling something."""

from django.urls import path
from django.views.decorators.http import require_http_methods, require_safe

from wushi.web.report import views

urlpatterns = [
    path("report/", require_http_methods(["GET", "HEAD", "POST"])(views.report), name="report"),
    path("report/official/", require_safe(views.official), name="report_official"),
    path("report/done/<str:code>/", require_safe(views.done), name="report_done"),
    path("r/<str:code>/qr.svg", require_safe(views.receipt_qr), name="receipt_qr"),
]
