"""Where platforms and buttons post: ``/in/<county>/<gateway>``. "Received" is said only after what was sent is committed."""

from __future__ import annotations

import structlog
from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from wushi.domain.calls.models import Proof
from wushi.domain.calls.services.inbox import Arrived, keep_messages
from wushi.edge.guard import Access
from wushi.gateway import ways
from wushi.gateway.envelopes.reading import text
from wushi.gateway.proofs import Request, proven
from wushi.gateway.ways import Way

BODY_LIMIT = 64 * 1024
PLAIN = "text/plain; charset=utf-8"
log = structlog.get_logger("wushi.gateway")


# no browser and no cookie is believed here: the secret of the gateway is the proof, so a form of another site proves nothing
@csrf_exempt
@require_http_methods(["GET", "POST"])
def take(request: HttpRequest, county: str, gateway: str) -> HttpResponse:
    """Keep what was sent and say so; whoever proves nothing hears the same whether the gateway exists or not."""
    try:
        return _take(request, county, gateway)
    except (DatabaseError, OSError):
        # not kept: the sender tries again
        log.error("callback not kept", exc_info=True)
        return HttpResponse("not now\n", status=503, content_type=PLAIN, headers={"Retry-After": "2"})


def _take(request: HttpRequest, county: str, gateway: str) -> HttpResponse:
    if _length(request) > BODY_LIMIT:
        return HttpResponse("too much\n", status=413, content_type=PLAIN)
    body = b"" if request.method == "GET" else request.body
    query = {name: str(value) for name, value in request.GET.items()}
    headers = {name.lower(): value for name, value in request.headers.items()}
    way = ways.way(county, gateway)
    if not proven(way, Request(body, headers, query, request.method == "GET")) or way is None:
        return HttpResponse("no\n", status=403, content_type=PLAIN)
    if request.method == "GET":
        return _checked(way, query)
    if not body:
        return HttpResponse("nothing was sent\n", status=400, content_type=PLAIN)
    # what cannot be read is kept and shown to the administrators: refusing it would only have it sent again
    keep_messages(county, [Arrived(way.code, way.envelope, body, _beside(query))])
    return HttpResponse("ok\n", content_type=PLAIN)


def _length(request: HttpRequest) -> int:
    said = str(request.META.get("CONTENT_LENGTH") or "0")
    return int(said) if said.isascii() and said.isdigit() and len(said) < 12 else BODY_LIMIT + 1


def _checked(way: Way, query: dict[str, str]) -> HttpResponse:
    """The answer to a platform that looks whether the address is ours: OneNET wants its own word back."""
    word = text(query.get("msg", "")) if way.proof == Proof.ONENET else "ok\n"
    return HttpResponse(word, content_type=PLAIN)


def _beside(query: dict[str, str]) -> dict[str, str]:
    """What the form needs beside the body: ChirpStack names its event in the address."""
    event = text(query.get("event", ""), 40)
    return {"event": event} if event else {}


take.asks_nobody = True  # type: ignore[attr-defined]
take.access = Access(  # type: ignore[attr-defined]
    "public",
    reason="a platform or a button posts here; its gateway's secret is the proof, nobody is signed in",
)
