"""Addresses of the figures."""

from django.urls import path
from django.views.decorators.http import require_safe

from wushi.web.insight import views

urlpatterns = [
    path("figures/", require_safe(views.public_figures), name="figures"),
    path("work/figures/", require_safe(views.office_figures), name="work_figures"),
    path("work/figures/people/", require_safe(views.people), name="work_figures_people"),
]
