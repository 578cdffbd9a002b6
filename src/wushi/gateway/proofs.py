"""How a callback proves who sends it. Every comparison takes the same time; no secret, no proof."""

from __future__ import annotations

import hashlib
import hmac
import secrets
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from wushi.domain.calls.models import Proof
from wushi.gateway.envelopes import onenet
from wushi.gateway.ways import Way

# a signature older than this could be somebody's who listened
SIGNED_WITHIN = 300
# what an unknown gateway is compared with: it takes as long as a known one
_NOBODY = Way("", "", Proof.TOKEN.value, secrets.token_urlsafe(24))


@dataclass(frozen=True)
class Request:
    """What of a request can prove anything; ``headers`` in small letters."""

    body: bytes = field(repr=False)
    headers: Mapping[str, str] = field(repr=False)
    query: Mapping[str, str] = field(repr=False)
    # the address check of OneNET: nothing is sent, a text comes back
    check: bool = False


def proven(way: Way | None, request: Request) -> bool:
    """Whether the request comes from who holds the gateway's secret."""
    asked = way if way is not None and way.secret else _NOBODY
    proof = _PROOFS.get(asked.proof, _token)(asked, request)
    return proof and asked is way


def signature(secret: str, timestamp: str, body: bytes) -> str:
    """HMAC-SHA256 over the time, a dot and the body, in hexadecimal digits."""
    return hmac.new(secret.encode(), f"{timestamp}.".encode() + body, hashlib.sha256).hexdigest()


def _same(a: str, b: str) -> bool:
    return hmac.compare_digest(a.encode("utf-8", "replace"), b.encode("utf-8", "replace"))


def _token(way: Way, request: Request) -> bool:
    given = request.headers.get("x-wushi-token") or request.query.get("token", "")
    return _same(given, way.secret)


def _signed(way: Way, request: Request) -> bool:
    stamp = request.headers.get("x-wushi-timestamp", "")
    given = request.headers.get("x-wushi-signature", "").removeprefix("sha256=").lower()
    same = _same(given, signature(way.secret, stamp, request.body))
    return same and stamp.isascii() and stamp.isdigit() and len(stamp) <= 12 and _lately(int(stamp))


def _lately(stamp: int) -> bool:
    return abs(time.time() - stamp) <= SIGNED_WITHIN


def _onenet(way: Way, request: Request) -> bool:
    if request.check:
        said = [request.query.get(name, "") for name in ("nonce", "msg", "signature")]
        return onenet.signed_by(way.secret, *said)
    return onenet.proves(request.body, way.secret)


_PROOFS: Mapping[str, Callable[[Way, Request], bool]] = {
    Proof.TOKEN.value: _token,
    Proof.HMAC.value: _signed,
    Proof.ONENET.value: _onenet,
}
