"""Addresses of what works without signal."""

from django.urls import path
from django.views.decorators.http import require_safe

from wushi.web.offline import views

urlpatterns = [
    path("sw.js", require_safe(views.service_worker), name="service_worker"),
    path("manifest.webmanifest", require_safe(views.manifest), name="manifest"),
    path("offline/", require_safe(views.waiting), name="offline"),
    path("offline/me/", require_safe(views.me), name="offline_me"),
    path("offline/act/", require_safe(views.act), name="offline_act"),
]
