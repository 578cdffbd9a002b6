"""``WUSHI_HOME/channels.toml``: which providers this installation has. Secrets lie in this file (0600), never in the database.

Without the file text messages and voice calls are printed on the console, so that everything can be tried out.
"""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from wushi.domain.notify.carriers import Carrier
from wushi.domain.notify.rules import SMS, VOICE
from wushi.gateway.channels.console import Console
from wushi.gateway.channels.http import Http
from wushi.gateway.channels.mail import Mail
from wushi.gateway.channels.robots import DingTalkRobot, WeComRobot
from wushi.gateway.channels.wecom import WeComApp

FILE = "channels.toml"
SAMPLE = """# Channels of this installation. `wushi channels check` reads it; `wushi channels try NAME` sends one trial.
# This file holds secrets: only its owner may read it (chmod 600).

# [[sms]]                    # text messages; the same fields for [[voice]], which rings and speaks
# name = "mobile-office"
# url = "https://sms.example/send"
# filed = false              # 短信签名未报备: true once the operators have filed the signature (3-10 working days)
# sign = "叶集区"
# secret = "..."             # for {signature}: base64(HMAC-SHA256(secret, signed))
# signed = "{timestamp}{key}"
# code_at = "Code"
# ok = ["OK"]
# throttled = ["isv.BUSINESS_LIMIT_CONTROL"]
# refused = ["isv.MOBILE_NUMBER_ILLEGAL"]
# barred = ["SignatureDoesNotMatch", "isv.AMOUNT_NOT_ENOUGH"]   # refuses us, not a letter: everything waits, you are told
# repeated = ["DUPLICATE"]
# tells_repetition = false   # true when the provider drops a second message with the same {key}
# only_templates = true
# [sms.headers]
# X-Signature = "{signature}"
# [sms.body]
# phone = "{phone}"
# sign = "{sign}"
# template = "{template}"
# params = "{params}"
# text = "{text}"
# id = "{key}"
# [sms.templates]
# "cases.received" = "SMS_1001"

# [[wecom_robot]]            # 企业微信群机器人: whose matters it hears of is said by area
# name = "jt"
# area = "341504100"
# url = "https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=..."

# [[dingtalk_robot]]
# name = "sl"
# area = "341504101"
# url = "https://oapi.dingtalk.com/robot/send?access_token=..."
# secret = "SEC..."

# [[wecom_app]]
# name = "wecom"
# url = "https://qyapi.weixin.qq.com"
# corp = "ww..."
# agent = 1000002
# secret = "..."

# [[mail]]
# name = "mail"
# host = "smtp.example"
# port = 587
# sender = "wushi@example.gov.cn"
# user = ""
# password = ""

# [push]                     # web push; `wushi channels push-keys` makes the keys
# subscriber = "it@example.gov.cn"
"""


class ChannelsRefused(ValueError):
    """The file cannot be used; the text says which line and why."""


def _http(channel: str) -> Callable[[dict[str, Any]], Carrier]:
    def make(said: dict[str, Any]) -> Carrier:
        for name in ("ok", "throttled", "refused", "repeated", "barred"):
            if name in said:
                said[name] = tuple(str(code) for code in said[name])
        return Http(channel=channel, **said)

    return make


def _push(said: dict[str, Any]) -> Carrier:
    # cryptography is loaded only where push is used
    from wushi.gateway.channels.push import Push

    private, public = Path(said.pop("private_key")), Path(said.pop("public_key"))
    return Push(name="push", private_key=private.read_bytes(), public_key=public.read_bytes(), **said)


MAKERS: Mapping[str, Callable[[dict[str, Any]], Carrier]] = {
    "sms": _http(SMS),
    "voice": _http(VOICE),
    "wecom_robot": lambda said: WeComRobot(**said),
    "dingtalk_robot": lambda said: DingTalkRobot(**said),
    "wecom_app": lambda said: WeComApp(**said),
    "mail": lambda said: Mail(**said),
    "push": _push,
}


def read(path: Path) -> dict[str, Carrier]:
    """Every provider of the file by name. Raises ChannelsRefused in words; never shows a secret."""
    try:
        said = tomllib.loads(path.read_text())
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise ChannelsRefused(f"{path.name} cannot be read: {error}") from None
    if path.stat().st_mode & 0o077:
        raise ChannelsRefused(f"{path.name} holds secrets and others can read it. Run: chmod 600 {path}")
    found: dict[str, Carrier] = {}
    for kind, entries in said.items():
        maker = MAKERS.get(kind)
        if maker is None:
            raise ChannelsRefused(f"{path.name}: [[{kind}]] is no channel; there are {', '.join(MAKERS)}.")
        for entry in entries if isinstance(entries, list) else [entries]:
            if kind == "push":
                folder = path.parent
                entry = {
                    "private_key": str(folder / "push.key"),
                    "public_key": str(folder / "push.pub"),
                    **entry,
                }
            carrier = _made(path, kind, maker, dict(entry))
            if not carrier.name or carrier.name in found:
                raise ChannelsRefused(f"{path.name}: every [[{kind}]] needs a name of its own.")
            found[carrier.name] = carrier
    return found


def _made(
    path: Path, kind: str, maker: Callable[[dict[str, Any]], Carrier], entry: dict[str, Any]
) -> Carrier:
    try:
        return maker(entry)
    except TypeError as error:
        # "got an unexpected keyword argument 'x'" names fields, never their values
        words = str(error).split("__init__() ")[-1]
        raise ChannelsRefused(f"{path.name}, [[{kind}]]: {words}.") from None
    except (OSError, ValueError) as error:
        raise ChannelsRefused(f"{path.name}, [[{kind}]]: {type(error).__name__}.") from None


def with_console(found: dict[str, Carrier]) -> dict[str, Carrier]:
    """Text messages and voice calls that no provider takes are printed."""
    there = {c.channel for c in found.values()}
    for channel in (SMS, VOICE):
        if channel not in there:
            found[f"console-{channel}"] = Console(channel, f"console-{channel}")
    return found


class Kept:
    """The file as it is now: read again when it changed; a file that became unreadable leaves the last good one."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.stamp: tuple[int, int] | None = None
        self.found: dict[str, Carrier] = with_console({})
        self.trouble = ""

    def __call__(self) -> Mapping[str, Carrier]:
        """Name -> provider."""
        try:
            status = self.path.stat()
            stamp = (status.st_mtime_ns, status.st_size)
        except OSError:
            stamp = None
        if stamp != self.stamp:
            self.stamp = stamp
            try:
                self.found = with_console(read(self.path) if stamp else {})
                self.trouble = ""
            except ChannelsRefused as error:
                self.trouble = str(error)
        return self.found
