"""Addresses of villages and working days."""

from django.urls import path
from django.views.decorators.http import require_http_methods, require_safe

from wushi.web.areas import views

urlpatterns = [
    path("work/village/", require_safe(views.village), name="work_village"),
    path(
        "work/calendar/", require_http_methods(["GET", "HEAD", "POST"])(views.calendar), name="work_calendar"
    ),
]
