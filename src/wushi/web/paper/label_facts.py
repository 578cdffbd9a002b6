"""What stands on the sticker of a wireless caller: its number, its model, the code of its door. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from wushi.web.paper.case_facts import lang

# 70 x 37 mm, the common sheet of 24 stickers; on plain paper the marks show where to cut
ACROSS, DOWN = 3, 8
GROUP = 5


@dataclass(frozen=True)
class Label:
    """One sticker. Whose it is and where it hangs stands nowhere on it: a sticker falls off, and is found."""

    uid: str
    model: str
    door_code: str
    qr: str


def of_labels(labels: Sequence[Label]) -> dict[str, Any]:
    """The stickers in the order of the list, for ``labels.typ``."""
    return {
        "lang": lang(),
        "title": _("Labels of wireless callers"),
        "across": ACROSS,
        "down": DOWN,
        "labels": [
            {
                "uid": label.uid,
                "model": label.model,
                "code": f"{label.door_code[:GROUP]} {label.door_code[GROUP:]}".strip(),
                "qr": label.qr,
            }
            for label in labels
        ],
        "words": {
            "name": _("Wireless caller"),
            "press": _("Press: somebody comes."),
            "scan": _("No button at hand? Scan."),
            "door": _("Door"),
            "qr_alt": _("QR code of this door"),
            "foot": _("Wushi"),
        },
    }
