"""The verbs of this room: telling, sending again, choosing how to be told; and the machine's part of sending."""

from wushi.domain.notify.services.choices import (
    Chosen,
    add_browser,
    drop_browser,
    mark_read,
    set_wishes,
)
from wushi.domain.notify.services.ledger import forget_addresses, send_again, send_test, watch_carriers
from wushi.domain.notify.services.sending import deliver, preview
from wushi.domain.notify.services.telling import NewNotice, Reach, tell

__all__ = [
    "Chosen",
    "NewNotice",
    "Reach",
    "add_browser",
    "deliver",
    "drop_browser",
    "forget_addresses",
    "preview",
    "mark_read",
    "send_again",
    "send_test",
    "set_wishes",
    "tell",
    "watch_carriers",
]
