"""Speaking HTTP with a provider: one short request, every way it can end turned into an answer."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import httpx

from wushi.domain.notify.carriers import Answer, Result

# Providers answer within a second or not at all; three seconds more for a slow line of an intranet.
SECONDS = httpx.Timeout(8.0, connect=4.0)


@dataclass(frozen=True)
class Reply:
    """What came back whole: status and body, as JSON where it is."""

    status: int
    body: Any
    headers: Mapping[str, str]


def post(
    url: str,
    *,
    json_body: Any = None,
    form: Mapping[str, str] | None = None,
    content: bytes | None = None,
    headers: Mapping[str, str] | None = None,
    method: str = "POST",
) -> Reply | Answer:
    """One request. A Reply when the answer came whole; else an Answer that says how it ended.

    Not connected: nothing was sent (FAILED). Cut off after it was sent: it may have arrived (UNSURE).
    The address is a secret (robots carry their key in it): it is never part of an error or a log line.
    """
    try:
        with httpx.Client(timeout=SECONDS, trust_env=True, follow_redirects=False) as client:
            answer = client.request(
                method, url, json=json_body, data=form, content=content, headers=dict(headers or {})
            )
            return Reply(answer.status_code, _read(answer.content), answer.headers)
    except (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout):
        return Answer(Result.FAILED, "not_connected")
    except (httpx.ReadError, httpx.RemoteProtocolError, httpx.ReadTimeout, httpx.WriteError):
        return Answer(Result.UNSURE, "cut_off")
    except httpx.HTTPError as error:
        return Answer(Result.FAILED, type(error).__name__)
    except (httpx.InvalidURL, ValueError):
        return Answer(Result.BARRED, "bad_address")


def _read(content: bytes) -> Any:
    try:
        return json.loads(content)
    except ValueError:
        return content[:2000].decode(errors="replace")


def by_status(reply: Reply) -> Answer | None:
    """What the HTTP status alone says; None for 2xx, where the body tells."""
    code = f"http_{reply.status}"
    if reply.status == 429:
        return Answer(Result.THROTTLED, code, wait=seconds_of(reply))
    if reply.status >= 500:
        return Answer(Result.FAILED, code, wait=seconds_of(reply, 0.0))
    if reply.status in (401, 403, 404, 407):
        # our key, our address: no letter is at fault
        return Answer(Result.BARRED, code)
    if reply.status >= 300:
        return Answer(Result.REFUSED, code)
    return None


def seconds_of(reply: Reply, default: float = 60.0) -> float:
    """Retry-After in seconds, at most an hour."""
    text = reply.headers.get("retry-after", "")
    return min(float(text), 3600.0) if text.isdigit() else default


def found(body: Any, path: str) -> Any:
    """A value inside JSON by a path like ``SendStatusSet.0.Code``; '' where it is not."""
    for part in path.split("."):
        if isinstance(body, list) and part.isdigit() and int(part) < len(body):
            body = body[int(part)]
        elif isinstance(body, Mapping):
            body = body.get(part, "")
        else:
            return ""
    return body
