"""``wushi staff``: the way back in for who lost a password or a second factor, from the server's own shell."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING, Annotated

import typer

from wushi.config import env
from wushi.config.commands.common import Refused, close_connections, say, start_django, working_database

if TYPE_CHECKING:
    from wushi.domain.accounts.models import User

app = typer.Typer(help="Staff who cannot get in.", no_args_is_help=True)
Name = Annotated[str, typer.Argument(help="The name he signs in with.")]


def _somebody(name: str) -> User:
    from wushi.domain.accounts.models import User
    from wushi.kernel.verb import unscoped

    with unscoped("the shell looks for a member of staff by name"):
        found = User.objects.filter(username=name).first()
    if found is None:
        raise Refused(f"Nobody signs in as {name!r}.")
    return found


@app.command("password")
def password(name: Name) -> None:
    """Set a new random password and print it; he is signed out everywhere."""
    with working_database(env.load()):
        start_django()
        from wushi.domain.accounts.services import set_password
        from wushi.kernel.actor import Actor

        user, fresh = _somebody(name), secrets.token_urlsafe(12)
        set_password(actor=Actor.of_house(user.county), user_id=user.id, password=fresh)
        close_connections()
    say(f"{name} signs in with  {fresh}")


@app.command("reset-totp")
def reset_totp(name: Name) -> None:
    """Take off a lost second factor; he enrols a new one at his next sign-in."""
    with working_database(env.load()):
        start_django()
        from wushi.domain.accounts.services import reset_totp as take_off
        from wushi.kernel.actor import Actor

        user = _somebody(name)
        take_off(actor=Actor.of_house(user.county), user_id=user.id)
        close_connections()
    say(f"{name} enrols a new second factor at the next sign-in.")
