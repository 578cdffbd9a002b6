"""Words of channels and of what became of a message."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from wushi.web.labels import Badge

CHANNELS = {
    "inbox": _("In Wushi itself"),
    "push": _("A note of this browser"),
    "app": _("WeCom message"),
    "sms": _("Text message"),
    "voice": _("Voice call"),
    "mail": pgettext_lazy("channel", "E-mail"),
    "robot": _("Group robot"),
}
STATES = {
    "waiting": Badge("amber", "hour", _("waiting")),
    "sending": Badge("amber", "send", _("on its way")),
    "sent": Badge("green", "check", pgettext_lazy("message", "sent")),
    "unsure": Badge("amber", "ask", _("perhaps arrived")),
    "refused": Badge("red", "ban", pgettext_lazy("message", "refused")),
    "failed": Badge("red", "alert", _("given up")),
    "unfiled": Badge("red", "lock", _("signature not filed")),
    "merged": Badge("", "list", _("sent with others")),
    "expired": Badge("", "clock", _("too late")),
}
# what the providers' codes mean, where an administrator can do something about it
CODES = {
    "not_connected": _("The provider's server could not be reached."),
    "cut_off": _("The line was cut after the message was handed over."),
    "no_carrier": _("The channel is not set up any more."),
    "no_template": _("There is no filed template for this kind of message."),
    "unfiled": _(
        "The text message signature is not filed with the operators yet; that takes 3 to 10 working days."
    ),
    "bad_address": _("The provider's address in channels.toml is not one."),
    "bad_subscription": _("The browser's registration cannot be used."),
    "stale_token": _("WeCom refused the token twice."),
    "invaliduser": _("WeCom knows no such member, or the application may not see him."),
    "93000": _("The robot's address (key) is wrong."),
    "300001": _("The robot's address (token) is wrong."),
    "310000": _("The robot's signature or keyword does not fit its settings."),
    "45009": _("Too many in a minute; it goes on by itself."),
    "410100": _("Too many in a minute; DingTalk rests for ten minutes, then it goes on by itself."),
    "40001": _("The corporation's secret is wrong."),
    "60020": _(
        "WeCom takes nothing from this server: its address is not among the application's trusted ones."
    ),
    "no_address": _("That is no address."),
    "42001": _("The token had expired; a new one is fetched."),
    "isv.BUSINESS_LIMIT_CONTROL": _("Too many for this number; it goes on later."),
    "isv.MOBILE_NUMBER_ILLEGAL": _("The provider says this is no mobile number."),
    "SignatureDoesNotMatch": _("The provider refuses our signature: look at the secret in channels.toml."),
    "http_401": _("The provider refuses us: look at the keys in channels.toml."),
    "http_403": _("The provider refuses us: look at the keys in channels.toml."),
    "http_410": _("The browser is gone for good."),
    "http_429": _("Too many at once; it goes on by itself."),
    "http_503": _("The provider is out of order for the moment."),
    "550": _("There is no such mailbox."),
    "421": _("The mail server wants fewer at once; it goes on by itself."),
}
