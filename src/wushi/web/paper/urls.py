"""Addresses of what is printed."""

from django.urls import path, re_path
from django.views.decorators.http import require_safe

from wushi.web.paper import views

AREA = "(?P<code>[0-9]{12}(?:[0-9]{3})?)"

urlpatterns = [
    path("work/cases/<uuid:case_id>/paper.pdf", require_safe(views.case_paper), name="case_paper"),
    path("r/<str:code>/paper.pdf", require_safe(views.receipt_paper), name="receipt_paper"),
    re_path(rf"^work/paper/cards/{AREA}\.pdf$", require_safe(views.cards), name="paper_cards"),
    re_path(rf"^work/paper/notice/{AREA}\.pdf$", require_safe(views.notice), name="paper_notice"),
]
