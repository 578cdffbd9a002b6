"""The ASGI application: ``/live/stream``, ``/live/upload``, ``/live/healthz``. One process, thousands of open pages."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import resource
from collections.abc import Awaitable, Callable
from typing import Any
from urllib.parse import parse_qs

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "wushi.config.settings")
django.setup()

from django.conf import settings  # noqa: E402
from django.core import signing  # noqa: E402

from wushi.edge.live import read_ticket  # noqa: E402
from wushi.edge.refusals import sentence, status_of  # noqa: E402
from wushi.kernel.errors import DomainError  # noqa: E402
from wushi.live.streams import Hub, events, listen  # noqa: E402
from wushi.live.uploads import LineDropped, take_upload  # noqa: E402

Scope = dict[str, Any]
Receive = Callable[[], Awaitable[Any]]
Send = Callable[[dict[str, Any]], Awaitable[None]]

hub = Hub()
_listener: asyncio.Task[None] | None = None
# A ticket in the address is the right to it; no cookie is looked at, so any page may ask.
_CORS = [(b"access-control-allow-origin", b"*"), (b"cache-control", b"no-store")]


def _allow_many() -> None:
    """As many open pages as the machine lets this account have: a login's usual 1,024 files would end there."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft != hard:
        with contextlib.suppress(OSError, ValueError):
            resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))


def _start_listening() -> None:
    global _listener
    if _listener is None or _listener.done():
        _listener = asyncio.get_running_loop().create_task(listen(hub, settings.ENV.listen_database_url))


async def _answer(send: Send, status: int, body: dict[str, Any]) -> None:
    headers = [*_CORS, (b"content-type", b"application/json")]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": json.dumps(body, ensure_ascii=False).encode()})


async def _stream(scope: Scope, receive: Receive, send: Send, ticket: str) -> None:
    try:
        topics = read_ticket(ticket)
    except signing.BadSignature:
        await _answer(send, 403, {"code": "live.bad_ticket"})
        return
    headers = [*_CORS, (b"content-type", b"text/event-stream"), (b"x-accel-buffering", b"no")]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    gone = asyncio.ensure_future(_until_gone(receive))
    stream = events(hub, topics, gone)
    try:
        async for chunk in stream:
            await send({"type": "http.response.body", "body": chunk, "more_body": True})
        if not gone.done():
            await send({"type": "http.response.body", "body": b""})
    finally:
        gone.cancel()
        await stream.aclose()  # type: ignore[attr-defined]


async def _until_gone(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


async def _upload(scope: Scope, receive: Receive, send: Send, ticket: str) -> None:
    lengths = [int(v) for k, v in scope["headers"] if k == b"content-length" and v.isdigit()]
    try:
        await _answer(send, 201, await take_upload(ticket, lengths[0] if lengths else 0, receive))
    except DomainError as error:
        await _answer(send, status_of(error), {"code": error.code, "message": sentence(error)})
    except (TimeoutError, LineDropped):
        await _answer(send, 408, {"code": "live.dropped"})


async def _preflight(send: Send) -> None:
    headers = [
        *_CORS,
        (b"access-control-allow-methods", b"GET, POST"),
        (b"access-control-allow-headers", b"content-type"),
        (b"access-control-max-age", b"86400"),
    ]
    await send({"type": "http.response.start", "status": 204, "headers": headers})
    await send({"type": "http.response.body", "body": b""})


async def application(scope: Scope, receive: Receive, send: Send) -> None:
    """Three addresses; everything else is not there."""
    if scope["type"] == "lifespan":
        await _lifespan(receive, send)
        return
    if scope["type"] != "http":
        return
    _start_listening()
    path, method = scope["path"], scope["method"]
    ticket = parse_qs(scope.get("query_string", b"").decode("latin-1")).get("ticket", [""])[0]
    if method == "OPTIONS":
        await _preflight(send)
    elif path == "/live/stream" and method == "GET":
        await _stream(scope, receive, send, ticket)
    elif path == "/live/upload" and method in {"POST", "PUT"}:
        await _upload(scope, receive, send, ticket)
    elif path == "/live/healthz":
        alive = _listener is not None and not _listener.done()
        await _answer(send, 200 if alive else 503, {"listening": alive, "streams": hub.streams})
    else:
        await _answer(send, 404, {"code": "http.404"})


async def _lifespan(receive: Receive, send: Send) -> None:
    while True:
        message = await receive()
        if message["type"] == "lifespan.startup":
            _allow_many()
            _start_listening()
            await send({"type": "lifespan.startup.complete"})
        elif message["type"] == "lifespan.shutdown":
            if _listener:
                _listener.cancel()
            await send({"type": "lifespan.shutdown.complete"})
            return
