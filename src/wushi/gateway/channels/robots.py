"""Group robots of WeCom (企业微信) and DingTalk (钉钉): 20 messages a minute each, ``errcode`` 0 is success.

They get the words of the channel "robot": number, place and a link that asks for sign-in, nothing of a person.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import time
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote_plus

from wushi.domain.notify.carriers import Answer, Letter, Result
from wushi.domain.notify.rules import ROBOT, cut
from wushi.gateway.channels.web import Reply, by_status, found, post

# "text" of a robot may hold 2,048 bytes (developer.work.weixin.qq.com 91770); DingTalk allows more
TEXT_BYTES = 2048
PER_MINUTE = 20
# freq out of limit; DingTalk's 410100 (sending too fast) rests ten minutes
_THROTTLED = {"45009": 60.0, "45033": 60.0, "410100": 600.0, "130101": 600.0}
# what this message holds is wrong: no later try helps
_REFUSED = {"40058"}
# invalid webhook, key, signature or keyword, the group is gone: somebody has to mend it, then all of them go out
_BARRED = {"93000", "300001", "310000", "400013", "400101", "400102"}


@dataclass(frozen=True)
class Robot:
    """What both have."""

    name: str
    url: str = field(repr=False)
    area: str
    secret: str = field(default="", repr=False)
    filed: bool = True
    per_minute: int = PER_MINUTE
    channel: str = ROBOT
    tells_repetition: bool = False

    def _body(self, letter: Letter) -> dict[str, Any]:
        raise NotImplementedError

    def _address(self) -> str:
        return self.url

    def send(self, letter: Letter) -> Answer:
        """One message to the group."""
        reply = post(self._address(), json_body=self._body(letter))
        return reply if isinstance(reply, Answer) else understood(reply)


class WeComRobot(Robot):
    """https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=... : the key in the address is the secret."""

    def _body(self, letter: Letter) -> dict[str, Any]:
        text: dict[str, Any] = {"content": cut(letter.text, TEXT_BYTES, in_bytes=True)}
        if letter.urgent:
            text["mentioned_list"] = ["@all"]
        return {"msgtype": "text", "text": text}


class DingTalkRobot(Robot):
    """https://oapi.dingtalk.com/robot/send?access_token=... , signed with ``secret`` (加签)."""

    def _address(self) -> str:
        if not self.secret:
            return self.url
        stamp = str(int(time.time() * 1000))
        signed = hmac.new(self.secret.encode(), f"{stamp}\n{self.secret}".encode(), hashlib.sha256).digest()
        return f"{self.url}&timestamp={stamp}&sign={quote_plus(base64.b64encode(signed))}"

    def _body(self, letter: Letter) -> dict[str, Any]:
        text = {"content": cut(letter.text, TEXT_BYTES, in_bytes=True)}
        return {"msgtype": "text", "text": text, "at": {"atMobiles": [], "isAtAll": letter.urgent}}


def understood(reply: Reply) -> Answer:
    """``errcode`` of both vendors."""
    if answer := by_status(reply):
        return answer
    code, ref = str(found(reply.body, "errcode")), str(found(reply.body, "msgid"))
    if code == "0":
        return Answer(Result.SENT, code, ref)
    if code in _THROTTLED:
        return Answer(Result.THROTTLED, code, wait=_THROTTLED[code])
    if code in _BARRED:
        return Answer(Result.BARRED, code)
    return Answer(Result.REFUSED if code in _REFUSED else Result.FAILED, code or "no_code")
