"""The adapters under test, each with the local server that keeps its provider's rules."""

from __future__ import annotations

import json
from base64 import urlsafe_b64encode
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from typing import Any

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
)

from tests.gateway import providers
from tests.gateway.providers import CORP, KEY, SECRET, Provider
from wushi.domain.notify import carriers
from wushi.domain.notify.carriers import Carrier
from wushi.edge.notices import render
from wushi.gateway.channels.http import Http
from wushi.gateway.channels.mail import Mail
from wushi.gateway.channels.push import Push
from wushi.gateway.channels.robots import DingTalkRobot, WeComRobot
from wushi.gateway.channels.wecom import WeComApp


@dataclass(frozen=True)
class Line:
    """An adapter, its provider, an address that works and one that never will."""

    carrier: Carrier
    provider: Provider
    good: str
    bad: str


def http(name: str, channel: str, url: str, **more: Any) -> Http:
    """As an office would write it into channels.toml."""
    known: dict[str, Any] = {
        "headers": {"X-Signature": "{signature}", "X-Timestamp": "{timestamp}"},
        "body": {
            "phone": "{phone}",
            "sign": "{sign}",
            "text": "{text}",
            "params": "{params}",
            "id": "{key}",
        },
        "sign": "叶集区",
        "secret": SECRET,
        "signed": "{timestamp}{key}",
        "code_at": "Code",
        "ref_at": "BizId",
        "ok": ("OK",),
        "throttled": ("isv.BUSINESS_LIMIT_CONTROL",),
        "refused": ("isv.MOBILE_NUMBER_ILLEGAL", "isv.PARAM_LENGTH_LIMIT"),
        "barred": ("SignatureDoesNotMatch",),
        "repeated": ("DUPLICATE",),
        "tells_repetition": True,
    }
    return Http(name=name, channel=channel, url=url, **{**known, **more})


@contextmanager
def text_message() -> Iterator[Line]:
    with providers.serving(providers.sms) as p:
        yield Line(http("office", "sms", p.url), p, "13856411234", "13856410000")


@contextmanager
def voice_call() -> Iterator[Line]:
    with providers.serving(providers.sms) as p:
        yield Line(http("caller", "voice", p.url), p, "13856411234", "13856410000")


@contextmanager
def wecom_group() -> Iterator[Line]:
    with providers.serving(providers.wecom_robot) as p:
        yield Line(WeComRobot("jt", f"{p.url}/cgi-bin/webhook/send?key={KEY}", ""), p, "", "wrong key")


@contextmanager
def dingtalk_group() -> Iterator[Line]:
    with providers.serving(providers.dingtalk_robot) as p:
        url = f"{p.url}/robot/send?access_token=token-of-the-robot"
        yield Line(DingTalkRobot("sl", url, "", SECRET), p, "", "wrong key")


@contextmanager
def wecom_member() -> Iterator[Line]:
    with providers.serving(providers.wecom_app) as p:
        yield Line(WeComApp("wecom", p.url, CORP, 1000002, SECRET), p, "ChenShuji", "gone")


@contextmanager
def letter_box() -> Iterator[Line]:
    with providers.mail_server() as (box, port):
        carrier = Mail("mail", "127.0.0.1", port, "wushi@example.cn", security="none")
        yield Line(carrier, box.provider, "chen@example.cn", "nobody@example.cn")


def subscription(url: str) -> tuple[str, ec.EllipticCurvePrivateKey, bytes]:
    """What a browser gives, its private key, its secret."""
    private, secret = ec.generate_private_key(ec.SECP256R1()), b"0123456789abcdef"
    point = private.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
    keys = {
        "p256dh": urlsafe_b64encode(point).decode().rstrip("="),
        "auth": urlsafe_b64encode(secret).decode().rstrip("="),
    }
    return json.dumps({"endpoint": url, "keys": keys}), private, secret


def push_keys() -> tuple[bytes, bytes]:
    """A VAPID pair as PEM."""
    key = ec.generate_private_key(ec.SECP256R1())
    private = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    return private, key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)


@contextmanager
def browser() -> Iterator[Line]:
    with providers.serving(providers.push_service) as p:
        private, public = push_keys()
        good, bad = subscription(f"{p.url}/push/one")[0], subscription(f"{p.url}/push/gone")[0]
        yield Line(Push("push", private, public, "it@example.cn"), p, good, bad)


LINES: Mapping[str, Callable[[], AbstractContextManager[Line]]] = {
    "sms": text_message,
    "voice": voice_call,
    "wecom robot": wecom_group,
    "dingtalk robot": dingtalk_group,
    "wecom member": wecom_member,
    "mail": letter_box,
    "push": browser,
}


@contextmanager
def set_up(*found: Carrier) -> Iterator[None]:
    """The house sends through these, and through what was set up before afterwards."""
    before = list(carriers._carriers)
    carriers.register(lambda: {c.name: c for c in found}, render)
    try:
        yield
    finally:
        carriers._carriers[:] = before
