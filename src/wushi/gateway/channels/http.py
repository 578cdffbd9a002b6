"""Generic HTTP: a text message or a voice call through whatever the county bought, described in ``channels.toml``.

A field of ``body`` or ``headers`` may name {phone} {text} {sign} {template} {params} {params_list} {key} {timestamp} {signature}.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import re
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from wushi.domain.notify.carriers import Answer, Letter, Result
from wushi.domain.notify.rules import cut
from wushi.gateway.channels.web import Reply, by_status, found, post

_NAME = re.compile(r"\{(\w+)\}")


@dataclass(frozen=True)
class Http:
    """One provider of text messages or voice calls."""

    name: str
    channel: str
    url: str = field(repr=False)
    area: str = ""
    filed: bool = True
    per_minute: int = 0
    tells_repetition: bool = False
    method: str = "POST"
    as_form: bool = False
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    body: Mapping[str, Any] = field(default_factory=dict)
    sign: str = ""
    secret: str = field(default="", repr=False)
    # what the signature is made of, like "{timestamp}{key}"
    signed: str = "{timestamp}{body}"
    # kind of notice -> the provider's template; a kind that is missing goes as text, where the provider allows it
    templates: Mapping[str, str] = field(default_factory=dict)
    only_templates: bool = False
    text_limit: int = 500
    variable_limit: int = 20
    # where its code stands in the answer, and what codes mean
    code_at: str = "code"
    ref_at: str = "id"
    ok: tuple[str, ...] = ("0", "OK", "Ok", "200")
    throttled: tuple[str, ...] = ()
    refused: tuple[str, ...] = ()
    repeated: tuple[str, ...] = ()
    # codes that refuse us and not a letter: signature, secret, balance
    barred: tuple[str, ...] = ()

    def send(self, letter: Letter) -> Answer:
        """Hand it over; a provider that tells repetitions gets the same key at every try."""
        template = self.templates.get(letter.kind, "")
        if self.only_templates and not template:
            # 模板未报备: text without a filed template is not delivered in China
            return Answer(Result.UNFILED, "no_template")
        words = self._words(letter, template)
        body = _filled(self.body, words)
        packed = json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode()
        words["body"] = packed.decode()
        words["signature"] = self._signature(words)
        body = _filled(self.body, words)
        packed = json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode()
        headers = {k: str(v) for k, v in _filled(self.headers, words).items()}
        if self.as_form:
            reply = post(
                self.url, form={k: str(v) for k, v in body.items()}, headers=headers, method=self.method
            )
        else:
            headers.setdefault("Content-Type", "application/json; charset=utf-8")
            reply = post(self.url, content=packed, headers=headers, method=self.method)
        return reply if isinstance(reply, Answer) else self._understood(reply)

    def _words(self, letter: Letter, template: str) -> dict[str, Any]:
        short = {k: cut(v, self.variable_limit) for k, v in letter.variables.items()}
        return {
            "phone": letter.address,
            "text": cut(letter.text, self.text_limit),
            "sign": self.sign,
            "template": template,
            "params": json.dumps(short, ensure_ascii=False),
            "params_list": list(short.values()),
            "key": letter.key,
            "timestamp": str(int(time.time() * 1000)),
            "signature": "",
            "body": "",
        }

    def _signature(self, words: Mapping[str, Any]) -> str:
        """base64(HMAC-SHA256(secret, what is signed)); empty without a secret."""
        if not self.secret:
            return ""
        signed = str(_fill(self.signed, words)).encode()
        return base64.b64encode(hmac.new(self.secret.encode(), signed, hashlib.sha256).digest()).decode()

    def _understood(self, reply: Reply) -> Answer:
        if answer := by_status(reply):
            return answer
        code, ref = str(found(reply.body, self.code_at)), str(found(reply.body, self.ref_at))
        if code in self.ok or code in self.repeated:
            return Answer(Result.SENT, code, ref)
        if code in self.throttled:
            return Answer(Result.THROTTLED, code, ref, wait=60.0)
        if code in self.barred:
            return Answer(Result.BARRED, code, ref)
        return Answer(Result.REFUSED if code in self.refused else Result.FAILED, code or "no_code", ref)


def _fill(text: Any, words: Mapping[str, Any]) -> Any:
    """A text with its names filled in; a text that is one name alone keeps the value's type (a list stays a list)."""
    if not isinstance(text, str):
        return text
    alone = _NAME.fullmatch(text)
    if alone and alone[1] in words:
        return words[alone[1]]
    return _NAME.sub(lambda m: str(words.get(m[1], m[0])), text)


def _filled(shape: Mapping[str, Any], words: Mapping[str, Any]) -> dict[str, Any]:
    found_: dict[str, Any] = {}
    for key, value in shape.items():
        if isinstance(value, Mapping):
            found_[key] = _filled(value, words)
        elif isinstance(value, list):
            found_[key] = [_fill(item, words) for item in value]
        else:
            found_[key] = _fill(value, words)
    return found_
