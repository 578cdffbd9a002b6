"""Tickets for the live process: it reads no permission itself, the page that hands out a ticket did."""

from __future__ import annotations

import hashlib
import hmac
import time
from typing import Any
from uuid import uuid4

from django.conf import settings
from django.core import signing
from django.http import HttpRequest

from wushi.kernel.actor import Actor

STREAM_SALT, UPLOAD_SALT = "wushi.stream", "wushi.upload"
STREAM_SECONDS, UPLOAD_SECONDS, RENEW_SECONDS = 120, 1800, 12 * 3600


def opaque(topic: str) -> str:
    """What a topic is called outside: unguessable, the same in every process of the installation."""
    key = settings.SECRET_KEY.encode()
    return hmac.new(key, b"topic:" + topic.encode(), hashlib.sha256).hexdigest()[:24]


def topic(kind: str, *parts: object) -> str:
    """``topic("case", id)`` -> the opaque name a page listens to."""
    return opaque(":".join([kind, *map(str, parts)]))


def ticket(request: HttpRequest, topics: list[str]) -> str:
    """A ticket to open one stream on these opaque topics, the reader's own inbox and what rings at him, for a short time."""
    actor = request.actor  # type: ignore[attr-defined]
    own = [topic("inbox", actor.ref)] if actor.kind in ("user", "person") else []
    # what rings at a member of staff is heard on every page of his, whatever else it listens to
    own += [topic("ring", actor.id)] if actor.kind == "user" else []
    body = {"t": sorted({*topics, *own}), "a": actor.ref, "s": int(time.time()), "g": _held(actor)}
    return signing.dumps(body, salt=STREAM_SALT, compress=True)


def _held(actor: Actor) -> list[str]:
    """The duties held, each as eight digits that say nothing; none for a resident."""
    return sorted(opaque(f"grant:{g.duty}:{g.area}:{g.unit}")[:8] for g in actor.grants)


def read_ticket(text: str, max_age: int | None = STREAM_SECONDS) -> list[str]:
    """The topics of a ticket; raises signing.BadSignature for a forged or old one."""
    return list(signing.loads(text, salt=STREAM_SALT, max_age=max_age)["t"])


def renew(request: HttpRequest, tickets: list[str]) -> str:
    """One fresh ticket for what the tickets of a browser's tabs were good for.

    Within RENEW_SECONDS of the page that handed out the oldest, and only for whoever it was handed to: who was signed
    out, whose account was closed, or who holds a duty no longer that he held then, gets none. Raises signing.BadSignature.
    """
    topics: set[str] = set()
    began = int(time.time())
    held = _held(request.actor)  # type: ignore[attr-defined]
    for old in tickets[:20]:
        body = signing.loads(old, salt=STREAM_SALT, max_age=RENEW_SECONDS)
        staff = str(body["a"]).startswith("user:")
        if time.time() - body["s"] > RENEW_SECONDS or (staff and body["a"] != request.actor.ref):  # type: ignore[attr-defined]
            raise signing.BadSignature("too old, or not his")
        if not set(body.get("g", ())) <= set(held):
            raise signing.BadSignature("of a duty that ended")
        began = min(began, int(body["s"]))
        topics.update(body["t"])
    fresh = {"t": sorted(topics)[:200], "a": request.actor.ref, "s": began, "g": held}  # type: ignore[attr-defined]
    return signing.dumps(fresh, salt=STREAM_SALT, compress=True)


def upload_ticket(actor: Actor, kind: str = "photo", facts: dict[str, str] | None = None) -> str:
    """A ticket for one photo, one recording (``kind`` sound) or one table (sheet, with what it is of), in the actor's county."""
    body: dict[str, Any] = {"c": actor.county, "a": actor.ref, "n": uuid4().hex, "k": kind}
    if facts:
        body["f"] = facts
    return signing.dumps(body, salt=UPLOAD_SALT, compress=True)


def read_upload_ticket(text: str) -> dict[str, Any]:
    """{c: county, a: ref, n: nonce, k: kind, f: facts}; raises signing.BadSignature."""
    body: dict[str, Any] = signing.loads(text, salt=UPLOAD_SALT, max_age=UPLOAD_SECONDS)
    return body


def base_url(request: HttpRequest) -> str:
    """Where browsers find ``live``: as configured, else the same host on the next port."""
    if settings.WUSHI_LIVE_URL:
        return str(settings.WUSHI_LIVE_URL)
    host, _, port = request.get_host().rpartition(":")
    if not port.isdigit():
        host, port = request.get_host(), "443" if request.is_secure() else "80"
    return f"{request.scheme}://{host}:{int(port) + 1}/live"


def stream_url(request: HttpRequest) -> str:
    """The address of the event stream."""
    return f"{base_url(request)}/stream"


def upload_url(request: HttpRequest, text: str) -> str:
    """The address one photo is sent to."""
    return f"{base_url(request)}/upload?ticket={text}"
