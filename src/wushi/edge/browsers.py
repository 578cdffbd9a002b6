"""What a browser may keep for somebody: a name that tells nobody who it is, and the key of what he has not sent yet."""

from __future__ import annotations

import base64
import hashlib
import hmac

from django.conf import settings

from wushi.kernel.actor import Actor


def _of(purpose: str, actor: Actor) -> bytes:
    said = f"{purpose}:{actor.county}:{actor.ref}".encode()
    return hmac.new(settings.SECRET_KEY.encode(), said, hashlib.sha256).digest()


def opaque_name(actor: Actor) -> str:
    """The same in every browser he uses; nothing can be read from it."""
    return _of("offline-name", actor).hex()[:24]


def offline_key(actor: Actor) -> str:
    """256 bits for AES-GCM, base64: given to a page of the signed-in person himself, and to nobody else."""
    return base64.b64encode(_of("offline-key", actor)).decode()
