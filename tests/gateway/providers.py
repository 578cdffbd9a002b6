"""Local servers that keep the providers' documented rules: errcode, signature, 20 a minute, lengths, repetitions.

Faults are asked for by name and happen once: ``down`` (503), ``cut`` (the message is taken, then the line drops before
the answer).
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import re
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

from aiosmtpd.controller import Controller

Answer = tuple[int, Any]
SECRET, KEY, CORP = "a-secret-of-the-county", "693axxx6-7aoc-4bc4-97a0-0ec2sifa5aaa", "ww1234"


@dataclass
class Provider:
    """What the server knows and keeps."""

    taken: list[dict[str, Any]] = field(default_factory=list)
    keys: set[str] = field(default_factory=set)
    faults: list[str] = field(default_factory=list)
    asked: int = 0
    minute: list[float] = field(default_factory=list)
    limit: int = 20
    tokens: set[str] = field(default_factory=set)
    url: str = ""

    def too_many(self) -> bool:
        """More than ``limit`` in 60 seconds."""
        now = time.monotonic()
        self.minute = [at for at in self.minute if at > now - 60]
        self.minute.append(now)
        return len(self.minute) > self.limit


Rules = Callable[[Provider, str, dict[str, list[str]], dict[str, Any], dict[str, str]], Answer]


def sms(p: Provider, path: str, query: Any, body: dict[str, Any], headers: dict[str, str]) -> Answer:
    """As 阿里云 answers: Code OK, isv.* codes; a signature over time and id; variables of at most 20 characters."""
    signed = f"{headers.get('x-timestamp', '')}{body.get('id', '')}".encode()
    wanted = base64.b64encode(hmac.new(SECRET.encode(), signed, hashlib.sha256).digest()).decode()
    if headers.get("x-signature") != wanted:
        return 200, {"Code": "SignatureDoesNotMatch"}
    if not re.fullmatch(r"1[3-9]\d{9}", body["phone"]) or body["phone"].endswith("0000"):
        return 200, {"Code": "isv.MOBILE_NUMBER_ILLEGAL"}
    if body["id"] in p.keys:
        return 200, {"Code": "DUPLICATE", "BizId": body["id"]}
    if p.too_many():
        return 200, {"Code": "isv.BUSINESS_LIMIT_CONTROL"}
    if any(len(value) > 20 for value in json.loads(body["params"]).values()):
        return 200, {"Code": "isv.PARAM_LENGTH_LIMIT"}
    if len(body["text"]) > 500:
        return 200, {"Code": "isv.CONTENT_LENGTH_LIMIT"}
    p.keys.add(body["id"])
    p.taken.append(body)
    return 200, {"Code": "OK", "BizId": f"biz-{len(p.taken)}"}


def wecom_robot(p: Provider, path: str, query: Any, body: dict[str, Any], headers: dict[str, str]) -> Answer:
    """企业微信群机器人: key in the address, 2,048 bytes, 20 a minute; it does not tell repetitions."""
    if query.get("key") != [KEY]:
        return 200, {"errcode": 93000, "errmsg": "invalid webhook url"}
    if len(body["text"]["content"].encode()) > 2048:
        return 200, {"errcode": 40058, "errmsg": "text exceed max length"}
    if p.too_many():
        return 200, {"errcode": 45009, "errmsg": "api freq out of limit"}
    p.taken.append(body)
    return 200, {"errcode": 0, "errmsg": "ok"}


def dingtalk_robot(
    p: Provider, path: str, query: Any, body: dict[str, Any], headers: dict[str, str]
) -> Answer:
    """钉钉: access_token, timestamp within an hour, sign over both; 20 a minute, then ten minutes of nothing."""
    if query.get("access_token") != ["token-of-the-robot"]:
        return 200, {"errcode": 300001, "errmsg": "token is not exist"}
    stamp = query.get("timestamp", ["0"])[0]
    digest = hmac.new(SECRET.encode(), f"{stamp}\n{SECRET}".encode(), hashlib.sha256).digest()
    fresh = abs(time.time() * 1000 - int(stamp)) < 3_600_000
    if not fresh or query.get("sign") != [base64.b64encode(digest).decode()]:
        return 200, {"errcode": 310000, "errmsg": "sign not match"}
    if p.too_many():
        return 200, {"errcode": 410100, "errmsg": "send too fast, exceed 20 times per minute"}
    p.taken.append(body)
    return 200, {"errcode": 0, "errmsg": "ok"}


def wecom_app(p: Provider, path: str, query: Any, body: dict[str, Any], headers: dict[str, str]) -> Answer:
    """企业微信应用消息: a token first; members by name; enable_duplicate_check drops the same text to the same member."""
    if path == "/cgi-bin/gettoken":
        if query.get("corpid") != [CORP] or query.get("corpsecret") != [SECRET]:
            return 200, {"errcode": 40001, "errmsg": "invalid credential"}
        token = f"token-{len(p.tokens) + 1}"
        p.tokens = {*p.tokens, token}
        return 200, {"errcode": 0, "access_token": token, "expires_in": 7200}
    if query.get("access_token", [""])[0] not in p.tokens:
        return 200, {"errcode": 42001, "errmsg": "access_token expired"}
    if body["touser"] == "gone":
        return 200, {"errcode": 0, "invaliduser": "gone", "msgid": "m"}
    same = f"{body['touser']}|{body['text']['content']}"
    if body.get("enable_duplicate_check") == 1 and same in p.keys:
        return 200, {"errcode": 0, "errmsg": "ok", "msgid": "repeated"}
    if p.too_many():
        return 200, {"errcode": 45009, "errmsg": "api freq out of limit"}
    if len(body["text"]["content"].encode()) > 2048:
        return 200, {"errcode": 40058, "errmsg": "text exceed max length"}
    p.keys.add(same)
    p.taken.append(body)
    return 200, {"errcode": 0, "errmsg": "ok", "msgid": f"m-{len(p.taken)}"}


def push_service(p: Provider, path: str, query: Any, body: dict[str, Any], headers: dict[str, str]) -> Answer:
    """RFC 8030: VAPID, TTL and encoding are asked for; a subscription may be gone (410); a topic replaces what waits."""
    if not headers.get("authorization", "").startswith(("vapid ", "WebPush ")):
        return 401, {}
    if headers.get("content-encoding") != "aes128gcm" or "ttl" not in headers:
        return 400, {}
    if path.endswith("/gone"):
        return 410, {}
    if p.too_many():
        return 429, {}
    if headers.get("topic") in p.keys:
        return 201, {}
    p.keys.add(headers.get("topic", ""))
    p.taken.append({"path": path, "sealed": body["raw"], "headers": headers})
    return 201, {}


@contextmanager
def serving(rules: Rules) -> Iterator[Provider]:
    """The server on a free port of the loopback, until the block ends."""
    provider = Provider()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            parts = urlsplit(self.path)
            raw = self.rfile.read(int(self.headers.get("content-length") or 0))
            try:
                body = json.loads(raw) if raw else {}
            except ValueError:
                body = {"raw": raw}
            headers = {k.lower(): v for k, v in self.headers.items()}
            token = parts.path.endswith("gettoken")
            provider.asked += not token
            fault = provider.faults.pop(0) if provider.faults and not token else ""
            if fault == "down":
                return self._answer(503, {})
            status, answer = rules(provider, parts.path, parse_qs(parts.query), body, headers)
            if fault == "cut":
                # taken, but the answer never arrives
                self.close_connection = True
                self.connection.close()
                return None
            return self._answer(status, answer)

        do_GET = do_POST

        def _answer(self, status: int, answer: Any) -> None:
            data = json.dumps(answer).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)

        def log_message(self, format: str, *args: Any) -> None:
            """Quiet."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    provider.url = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield provider
    finally:
        server.shutdown()
        server.server_close()


class Mailbox:
    """An SMTP server: refuses an unknown receiver (550), answers 421 above the limit, drops the line when asked."""

    def __init__(self) -> None:
        self.provider = Provider()

    async def handle_RCPT(self, server: Any, session: Any, envelope: Any, address: str, options: Any) -> str:
        """Before the text."""
        self.provider.asked += 1
        fault = self.provider.faults[0] if self.provider.faults else ""
        if fault == "down":
            self.provider.faults.pop(0)
            return "451 try again"
        if address.startswith("nobody@"):
            return "550 no such mailbox"
        if self.provider.too_many():
            return "421 too many"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        """The text; a mailbox shows one Message-ID once."""
        text = envelope.content.decode()
        key = re.search(r"^Message-ID: (\S+)", text, re.MULTILINE | re.IGNORECASE)
        assert key
        if key[1] not in self.provider.keys:
            self.provider.keys.add(key[1])
            self.provider.taken.append({"text": text})
        if self.provider.faults and self.provider.faults[0] == "cut":
            self.provider.faults.pop(0)
            server.transport.close()
            return "250 OK"
        return "250 OK"


@contextmanager
def mail_server() -> Iterator[tuple[Mailbox, int]]:
    """SMTP on a free port of the loopback."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    box = Mailbox()
    controller = Controller(box, hostname="127.0.0.1", port=port)
    controller.start()
    try:
        yield box, port
    finally:
        controller.stop()
