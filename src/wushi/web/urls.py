"""All pages: the resident's phone and the office."""

from django.urls import include, path

rooms = (
    "home",
    "report",
    "track",
    "accounts",
    "family",
    "areas",
    "cases",
    "calls",
    "devices",
    "insight",
    "notify",
    "imports",
    "exports",
    "paper",
    "help",
    "offline",
    "style",
)

urlpatterns = [path("", include(f"wushi.web.{room}.urls")) for room in rooms]
