"""``wushi``: the command line. Errors are words; a traceback goes to a log, with a number to ask for."""

from __future__ import annotations

import os
import secrets
import sys
import traceback
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

import typer
from typer.exceptions import TyperException

from wushi.config import env
from wushi.config.commands import (
    areas,
    backup,
    cases,
    channels,
    data,
    demo,
    devices,
    found,
    imports,
    rules,
    run,
    simulate,
    staff,
)
from wushi.config.commands.common import FAILED, WRONG_USE, Refused
from wushi.config.env import EnvironmentRefused
from wushi.config.postgres import PostgresTrouble
from wushi.kernel.errors import DomainError

app = typer.Typer(
    help="Wushi: one request, one trace, one honest ending.",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)
for command in (
    run.up, run.down, run.status, run.reset, data.migrate, data.check, backup.backup, backup.restore, demo.demo,
    found.found, imports.imports, rules.why,
):  # fmt: skip
    app.command()(command)
app.add_typer(areas.app, name="areas")
app.add_typer(cases.app, name="cases")
app.add_typer(channels.channels, name="channels")
app.add_typer(devices.app, name="devices")
app.add_typer(simulate.app, name="simulate")
app.add_typer(staff.app, name="staff")
app.add_typer(rules.clocks, name="clocks")
app.add_typer(rules.rules, name="rules")


@app.command()
def version() -> None:
    """Say which version this is."""
    from wushi import __version__

    typer.echo(__version__)


def main() -> None:
    """The entry point of the ``wushi`` script."""
    sys.exit(run_command(sys.argv[1:]))


def _in_words(refusal: DomainError) -> str:
    """A verb's refusal in the sentence the pages use; Django was started before any verb ran."""
    from django.utils.translation import override

    from wushi.edge.refusals import sentence

    with override("en"):
        return f"{sentence(refusal)} ({refusal.code})"


def run_command(arguments: Sequence[str]) -> int:
    """Run one command; 0 = done, 1 = failed, 2 = used wrongly."""
    try:
        result = app(args=list(arguments), standalone_mode=False, prog_name="wushi")
    except Refused as refused:
        return _complain(str(refused), refused.code)
    except EnvironmentRefused as refused:
        return _complain(str(refused), WRONG_USE)
    except DomainError as refusal:
        return _complain(_in_words(refusal), FAILED)
    except PostgresTrouble as trouble:
        return _complain(str(trouble), FAILED)
    except (KeyboardInterrupt, typer.Abort):
        return _complain("Stopped.", FAILED)
    except TyperException as wrong:
        wrong.show()  # type: ignore[attr-defined]
        return int(getattr(wrong, "exit_code", WRONG_USE))
    except BrokenPipeError:
        # the reader of our output has gone (| head); Python would complain once more at exit
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return FAILED
    except Exception as error:
        return _unexpected(error)
    return result if isinstance(result, int) else 0


def _complain(words: str, code: int) -> int:
    sys.stdout.flush()
    sys.stderr.write(f"{words}\n")
    return code


def _unexpected(error: Exception) -> int:
    number = secrets.token_hex(4)
    # the message of an exception may quote a row; the file is private, the terminal gets the number only
    text = f"{datetime.now(UTC).isoformat()} {number}\n{''.join(traceback.format_exception(error))}\n"
    try:
        path = _log_file()
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600), "a") as stream:
            stream.write(text)
    except (OSError, EnvironmentRefused):
        return _complain(
            f"This went wrong ({type(error).__name__}), and its log could not be written.", FAILED
        )
    return _complain(f"This went wrong ({type(error).__name__}). Details: number {number} in {path}", FAILED)


def _log_file() -> Path:
    folder = env.load().logs
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    return folder / "wushi.log"


if __name__ == "__main__":
    main()
