"""The developers' page."""

from django.urls import path
from django.views.decorators.http import require_safe

from wushi.web.style import views

urlpatterns = [path("work/_style", require_safe(views.style), name="style")]
