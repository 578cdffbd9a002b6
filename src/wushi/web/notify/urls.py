"""Addresses of notices: one's own, how one wants to be told, and the ledger."""

from django.urls import path
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from wushi.web.notify import inbox, ledger, texts, wishes

asked = require_http_methods(["GET", "HEAD", "POST"])

urlpatterns = [
    path("work/inbox/", require_safe(inbox.work_inbox), name="work_inbox"),
    path("work/inbox/badge/", require_safe(inbox.badge), name="work_inbox_badge"),
    path("work/inbox/read/", require_POST(inbox.work_read_all), name="work_inbox_read"),
    path("work/inbox/<uuid:notice_id>/", require_POST(inbox.work_open), name="work_inbox_open"),
    path("work/me/notices/", asked(wishes.work_wishes), name="work_wishes"),
    path("work/me/notices/browser/", require_POST(wishes.add_one), name="work_add_browser"),
    path(
        "work/me/notices/browser/<uuid:browser_id>/", require_POST(wishes.drop_one), name="work_drop_browser"
    ),
    path("work/notices/", require_safe(ledger.ledger), name="work_notices"),
    path("work/notices/texts/", require_safe(texts.texts), name="work_notices_texts"),
    path("work/notices/try/", require_POST(ledger.trial), name="work_notices_try"),
    path("work/notices/<uuid:delivery_id>/", asked(ledger.line), name="work_notice"),
    path("me/inbox/", require_safe(inbox.my_inbox), name="my_inbox"),
    path("me/inbox/<uuid:notice_id>/", require_POST(inbox.my_open), name="my_inbox_open"),
    path("me/notices/", asked(wishes.my_wishes), name="my_wishes"),
]
