"""WeCom application message (企业微信应用消息): a token for two hours, then a message to one member."""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass, field
from urllib.parse import quote

from wushi.domain.notify.carriers import Answer, Letter, Result
from wushi.domain.notify.rules import APP, cut
from wushi.gateway.channels.robots import TEXT_BYTES
from wushi.gateway.channels.web import Reply, by_status, found, post

# token invalid or expired: fetch a new one and try once more
_STALE = {"40014", "42001", "41001"}
# frequency limits: of the application, of the member (30 a minute)
_THROTTLED = {"45009", "45033", "45024"}
# 60111/81013: no such member, or not within the application's sight
_REFUSED = {"60111", "81013"}
# corporation, secret or agent wrong; 301002: no right to the application; 60020: this server's address is not among the
# trusted ones of the application (every new application begins so)
_BARRED = {"301002", "40001", "40013", "40056", "60020"}
# a repeated message within ``duplicate_check_interval`` is dropped by WeCom itself
_CHECK_SECONDS = 4 * 3600


@dataclass
class WeComApp:
    """One application of a corporation. The token is kept in this process and fetched anew when it is refused."""

    name: str
    url: str
    corp: str
    agent: int
    secret: str = field(repr=False)
    area: str = ""
    filed: bool = True
    per_minute: int = 0
    channel: str = APP
    tells_repetition: bool = True
    _token: str = field(default="", repr=False)
    _until: float = 0.0
    _lock: threading.Lock = field(default_factory=threading.Lock, repr=False)

    def send(self, letter: Letter) -> Answer:
        """Token, message; a stale token is renewed once."""
        for fresh in (False, True):
            token = self._have_token(fresh)
            if isinstance(token, Answer):
                return token
            reply = post(
                f"{self.url}/cgi-bin/message/send?access_token={quote(token)}", json_body=self._body(letter)
            )
            if isinstance(reply, Answer):
                return reply
            if str(found(reply.body, "errcode")) not in _STALE:
                return self._understood(reply)
        return Answer(Result.FAILED, "stale_token")

    def _body(self, letter: Letter) -> dict[str, object]:
        text = (
            f"{letter.text}\n{letter.link}" if letter.link and letter.link not in letter.text else letter.text
        )
        return {
            "touser": letter.address,
            "msgtype": "text",
            "agentid": self.agent,
            "text": {"content": cut(text, TEXT_BYTES, in_bytes=True)},
            "safe": 0,
            "enable_duplicate_check": 1,
            "duplicate_check_interval": _CHECK_SECONDS,
        }

    def _have_token(self, fresh: bool) -> str | Answer:
        with self._lock:
            if self._token and not fresh and time.monotonic() < self._until:
                return self._token
            address = f"{self.url}/cgi-bin/gettoken?corpid={quote(self.corp)}&corpsecret={quote(self.secret)}"
            reply = post(address, method="GET")
            if isinstance(reply, Answer):
                # nothing was sent yet, so nothing can have arrived
                return Answer(Result.FAILED, f"token_{reply.code}")
            if answer := by_status(reply):
                return answer
            code = str(found(reply.body, "errcode"))
            if code != "0":
                return Answer(Result.BARRED if code in _BARRED else Result.FAILED, code)
            self._token = str(found(reply.body, "access_token"))
            self._until = time.monotonic() + max(float(found(reply.body, "expires_in") or 0) - 120, 30)
            return self._token

    def _understood(self, reply: Reply) -> Answer:
        if answer := by_status(reply):
            return answer
        code, ref = str(found(reply.body, "errcode")), str(found(reply.body, "msgid"))
        if code == "0":
            # errcode 0 with the only receiver among "invaliduser" reached nobody
            nobody = bool(found(reply.body, "invaliduser"))
            return Answer(Result.REFUSED if nobody else Result.SENT, "invaliduser" if nobody else code, ref)
        if code in _THROTTLED:
            return Answer(Result.THROTTLED, code, wait=60.0)
        if code in _BARRED:
            return Answer(Result.BARRED, code)
        return Answer(Result.REFUSED if code in _REFUSED else Result.FAILED, code or "no_code")
