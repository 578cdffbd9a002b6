"""Web push (RFC 8030, 8291, 8292): wakes a browser where its vendor's push service can be reached.

An extra, never the only way: phones sold in China have no Google services, and an intranet reaches no push service at all.
"""

from __future__ import annotations

import json
from base64 import urlsafe_b64encode
from dataclasses import dataclass, field
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePublicKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat, load_pem_public_key
from webpush import WebPush, WebPushSubscription

from wushi.domain.notify.carriers import Answer, Letter, Result
from wushi.domain.notify.rules import PUSH
from wushi.gateway.channels.web import post, seconds_of

LIVES_SECONDS = 4 * 3600


@dataclass(frozen=True)
class Push:
    """Our key pair towards the push services (VAPID)."""

    name: str
    private_key: bytes = field(repr=False)
    public_key: bytes = field(repr=False)
    subscriber: str
    area: str = ""
    filed: bool = True
    per_minute: int = 0
    channel: str = PUSH
    tells_repetition: bool = True  # the same topic: the browser shows the last one only

    @property
    def browser_key(self) -> str:
        """Our public key as ``PushManager.subscribe`` wants it: the uncompressed point in base64url."""
        key = load_pem_public_key(self.public_key)
        assert isinstance(key, EllipticCurvePublicKey)
        point = key.public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
        return urlsafe_b64encode(point).decode().rstrip("=")

    def send(self, letter: Letter) -> Answer:
        """One encrypted notice to one browser: title and link, no names."""
        try:
            told: dict[str, Any] = json.loads(letter.address)
            to = WebPushSubscription.model_validate(told)
            push = WebPush(self.private_key, self.public_key, subscriber=self.subscriber)
            message = json.dumps(
                {"title": letter.title, "text": letter.text, "link": letter.link, "key": letter.key}
            )
            sealed = push.get(message, to)
        except (ValueError, KeyError, TypeError):
            return Answer(Result.REFUSED, "bad_subscription")
        headers = {k: str(v) for k, v in sealed.headers.items()}
        headers |= {
            "TTL": str(LIVES_SECONDS),
            "Topic": letter.key[:32],
            "Urgency": "high" if letter.urgent else "normal",
        }
        reply = post(str(told["endpoint"]), content=sealed.encrypted, headers=headers)
        if isinstance(reply, Answer):
            return reply
        code = f"http_{reply.status}"
        if reply.status in (200, 201, 202):
            return Answer(Result.SENT, code, reply.headers.get("location", "")[-80:])
        if reply.status == 429:
            return Answer(Result.THROTTLED, code, wait=seconds_of(reply))
        # 404 and 410: the browser is gone for good
        return Answer(Result.REFUSED if reply.status < 500 else Result.FAILED, code)
