"""Addresses of the help."""

from django.urls import path
from django.views.decorators.http import require_safe

from wushi.web.help import views

urlpatterns = [
    path("help/", require_safe(views.residents), name="help"),
    path("work/help/", require_safe(views.staff), name="work_help"),
]
