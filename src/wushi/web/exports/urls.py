"""The one address of exports."""

from django.urls import path
from django.views.decorators.http import require_http_methods

from wushi.web.exports import views

urlpatterns = [
    path("work/export/", require_http_methods(["GET", "HEAD", "POST"])(views.export), name="work_export"),
]
