"""``wushi channels``: which providers are set up, one trial message, a sample file, keys for web push."""

from __future__ import annotations

import os
from typing import Annotated
from uuid import uuid4

import typer

from wushi.config import env
from wushi.config.commands.common import WRONG_USE, Refused, say, start_django

channels = typer.Typer(
    help="Ways to reach people: text messages, voice calls, WeCom, DingTalk, e-mail.", no_args_is_help=True
)


def _kept() -> dict[str, object]:
    start_django()
    from wushi.config.channels import FILE, ChannelsRefused, read, with_console

    path = env.load().home / FILE
    try:
        return dict(with_console(read(path) if path.exists() else {}))
    except ChannelsRefused as error:
        raise Refused(str(error), WRONG_USE) from None


@channels.command()
def check() -> None:
    """Read channels.toml and say what it sets up; 2 when it cannot be used."""
    for name, one in _kept().items():
        filed = "" if getattr(one, "filed", True) else "  signature not filed: nothing is sent"
        area = getattr(one, "area", "")
        say(f"{getattr(one, 'channel', ''):6} {name}{f'  for {area}' if area else ''}{filed}")


@channels.command("try")
def try_one(
    name: Annotated[str, typer.Argument(help="Its name in channels.toml.")],
    to: Annotated[str, typer.Option(help="A number or an address; nothing for a group.")] = "",
) -> None:
    """Send one trial message now, past the ledger, and say what the provider answered."""
    carrier = _kept().get(name)
    if carrier is None:
        raise Refused(f"No channel is called {name!r}; 'wushi channels check' lists them.", WRONG_USE)
    from wushi.domain.notify.carriers import Letter, Result
    from wushi.edge.notices import render

    said = render("notify.test", {"channel": name}, "", str(getattr(carrier, "channel", "")))
    answer = carrier.send(Letter(uuid4().hex, to, said.text, "notify.test", said.variables, said.title))  # type: ignore[attr-defined]
    say(f"{answer.result} {answer.code} {answer.ref}".strip())
    if answer.result != Result.SENT:
        raise Refused("It was not sent; the code above is the provider's own.")


@channels.command()
def sample() -> None:
    """Print a commented channels.toml to begin with."""
    from wushi.config.channels import SAMPLE

    say(SAMPLE.rstrip())


@channels.command("push-keys")
def push_keys() -> None:
    """Make the key pair of web push beside channels.toml; never replaces one, for browsers know it."""
    from cryptography.hazmat.primitives.asymmetric import ec
    from cryptography.hazmat.primitives.serialization import (
        Encoding,
        NoEncryption,
        PrivateFormat,
        PublicFormat,
    )

    home = env.load().home
    private, public = home / "push.key", home / "push.pub"
    if private.exists():
        raise Refused(f"{private} exists; browsers that are registered know it.")
    key = ec.generate_private_key(ec.SECP256R1())
    secret = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    with os.fdopen(os.open(private, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(secret)
    public.write_bytes(key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo))
    say(f'{private} and {public} were made. Add to channels.toml:\n[push]\nsubscriber = "it@..."')
