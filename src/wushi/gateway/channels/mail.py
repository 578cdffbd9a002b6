"""E-mail by SMTP, with the standard library."""

from __future__ import annotations

import smtplib
import ssl
from dataclasses import dataclass, field
from email.message import EmailMessage

from wushi.domain.notify.carriers import Answer, Letter, Result
from wushi.domain.notify.rules import MAIL

SECONDS = 10.0
# a server that says "later" says not when
WAIT_SECONDS = 60.0


@dataclass(frozen=True)
class Mail:
    """One SMTP server. ``security``: starttls, tls or none (only inside one's own network)."""

    name: str
    host: str
    port: int
    sender: str
    user: str = ""
    password: str = field(default="", repr=False)
    security: str = "starttls"
    area: str = ""
    filed: bool = True
    per_minute: int = 0
    channel: str = MAIL
    tells_repetition: bool = True  # the same Message-ID: mailboxes show it once

    def send(self, letter: Letter) -> Answer:
        """One letter; SMTP's own numbers say whether later helps (4xx) or never (5xx)."""
        try:
            mail = self._packed(letter)
        except (ValueError, TypeError):
            # a line break in an address: the standard library refuses it
            return Answer(Result.REFUSED, "no_address")
        handed = False
        try:
            with self._connected() as server:
                handed = True
                server.send_message(mail)
            return Answer(Result.SENT, "250", letter.key)
        except smtplib.SMTPRecipientsRefused as error:
            code = next(iter(error.recipients.values()))[0]
            return Answer(_result(code), str(code), wait=WAIT_SECONDS)
        except smtplib.SMTPAuthenticationError as error:
            return Answer(Result.BARRED, str(error.smtp_code))
        except smtplib.SMTPResponseException as error:
            return Answer(_result(error.smtp_code), str(error.smtp_code), wait=WAIT_SECONDS)
        except smtplib.SMTPServerDisconnected:
            return Answer(Result.UNSURE if handed else Result.FAILED, "cut_off")
        except (OSError, smtplib.SMTPException, ValueError) as error:
            return Answer(Result.FAILED, type(error).__name__)

    def _packed(self, letter: Letter) -> EmailMessage:
        mail = EmailMessage()
        mail["From"], mail["To"], mail["Subject"] = (
            self.sender,
            letter.address,
            letter.title or letter.text[:60],
        )
        mail["Message-ID"] = f"<{letter.key}@{self.sender.rpartition('@')[2]}>"
        mail["Auto-Submitted"] = "auto-generated"
        mail.set_content(f"{letter.text}\n{letter.link}\n" if letter.link else f"{letter.text}\n")
        return mail

    def _connected(self) -> smtplib.SMTP:
        if self.security == "tls":
            server: smtplib.SMTP = smtplib.SMTP_SSL(
                self.host, self.port, timeout=SECONDS, context=ssl.create_default_context()
            )
        else:
            server = smtplib.SMTP(self.host, self.port, timeout=SECONDS)
        if self.security == "starttls":
            server.starttls(context=ssl.create_default_context())
        if self.user:
            server.login(self.user, self.password)
        return server


def _result(code: int) -> Result:
    if code in (421, 450, 451, 452):
        return Result.THROTTLED if code == 421 else Result.FAILED
    return Result.REFUSED if code >= 500 else Result.FAILED
