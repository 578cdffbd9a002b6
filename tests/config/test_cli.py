"""The command line: help, errors in words without tracebacks, right exit codes."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from wushi.config import cli
from wushi.config.commands import run as run_commands
from wushi.config.env import load

Settings = Callable[..., Mapping[str, str]]
Command = Callable[..., list[str]]


def run(command: list[str], settings: Mapping[str, str]) -> subprocess.CompletedProcess[str]:
    """Run the command line to its end, with nobody to ask."""
    return subprocess.run(
        command, env=dict(settings), capture_output=True, text=True, check=False, stdin=subprocess.DEVNULL
    )


@pytest.mark.parametrize(
    "arguments", [["--help"], ["up", "--help"], ["areas", "--help"], ["areas", "load", "--help"]]
)
def test_help(arguments: list[str], wushi: Command, settings_for: Settings) -> None:
    done = run(wushi(*arguments), settings_for())
    assert (done.returncode, done.stderr) == (0, "")
    assert "Usage: wushi" in done.stdout


@pytest.mark.parametrize(
    ("arguments", "settings", "code", "words"),
    [
        (["fly"], {}, 2, "No such command"),
        (["up", "--fly"], {}, 2, "No such option"),
        (["up", "--cert", "/nowhere"], {}, 2, "--cert and --key belong together"),
        (["up", "--cert", "/nowhere", "--key", "/nowhere"], {}, 2, "/nowhere cannot be read"),
        (["status"], {"WUSHI_PORT": "many"}, 2, "WUSHI_PORT must be a number"),
        (["areas", "load", "34150"], {}, 2, "no code of a division"),
        (["areas", "list", "county"], {}, 2, "no code of a division"),
        (["reset"], {}, 2, "Nothing was done"),
        (["restore", "/nowhere"], {}, 2, "does not exist"),
        (["up"], {"DATABASE_URL": "postgresql://a:b@h/d"}, 2, "ALTER ROLE wushi_owner"),
        (["migrate"], {"DATABASE_OWNER_URL": "postgresql://a:b@h/d"}, 2, "DATABASE_URL is not"),
        (
            ["migrate"],
            {
                "DATABASE_URL": "postgresql://a@127.0.0.1:1/d",
                "DATABASE_OWNER_URL": "postgresql://b@127.0.0.1:1/d",
            },
            1,
            "does not let us in",
        ),
        (
            ["reset"],
            {"DATABASE_URL": "postgresql://a@h/d", "DATABASE_OWNER_URL": "postgresql://b@h/d"},
            2,
            "drop its",
        ),
    ],
)
def test_errors_are_words(
    arguments: list[str],
    settings: dict[str, str],
    code: int,
    words: str,
    wushi: Command,
    settings_for: Settings,
) -> None:
    done = run(wushi(*arguments), settings_for(**settings))
    assert done.returncode == code
    assert words in done.stderr
    assert "Traceback" not in done.stderr + done.stdout


def test_nothing_runs(wushi: Command, settings_for: Settings) -> None:
    assert "does not run" in run(wushi("status"), settings_for()).stdout
    assert "Nothing was running" in run(wushi("down"), settings_for()).stdout


def test_the_unexpected_gets_a_number_and_a_private_log(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    monkeypatch.setenv("WUSHI_HOME", str(tmp_path))
    monkeypatch.setattr(cli, "app", lambda **_: {}["a name that must not be shown"])
    assert cli.run_command(["status"]) == 1
    shown = capsys.readouterr().err
    number = shown.partition("number ")[2].split()[0]
    log = tmp_path / "logs" / "wushi.log"
    assert number in log.read_text()
    assert "Traceback" in log.read_text()
    assert shown.count("\n") == 1
    assert "a name" not in shown
    assert log.stat().st_mode & 0o077 == 0


def test_reset_deletes_what_is_ours_and_nothing_else(
    wushi: Command, settings_for: Settings, tmp_path: Path
) -> None:
    home = tmp_path / "home"
    (home / "media").mkdir(parents=True)
    (home / "letters.txt").write_text("not ours")
    done = run(wushi("reset", "--yes"), settings_for())
    assert done.returncode == 0, done.stderr
    assert "letters.txt" in done.stdout
    assert [path.name for path in home.iterdir()] == ["letters.txt"]
    (home / "letters.txt").unlink()
    assert run(wushi("reset", "--yes"), settings_for()).returncode == 0
    assert not home.exists()


def test_the_children(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    found = load({"WUSHI_HOME": str(tmp_path), "WUSHI_PORT": "8100", "WUSHI_HOST": "0.0.0.0"})
    pages, live, calls, worker = run_commands.programs(found, Path("/c.pem"), Path("/k.pem"))
    assert [one.name for one in (pages, live, calls, worker)] == ["pages", "live", "calls", "worker"]
    assert (calls.command[-1], worker.command[-1]) == ("calls", "rest"), "a press waits for no job"
    assert {"wsgi", "8100", "0.0.0.0", "/c.pem", "/k.pem"} <= set(pages.command)
    assert {"asgi", "8101", "0.0.0.0", "/c.pem", "/k.pem"} <= set(live.command)
    assert os.access(pages.command[0], os.X_OK)


def test_the_children_that_listen_to_a_broker(tmp_path: Path) -> None:
    home = {"WUSHI_HOME": str(tmp_path), "WUSHI_PORT": "8100"}
    named = run_commands.programs(load({**home, "MQTT_URL": "mqtt://h:1883"}))
    assert [one.name for one in named] == ["pages", "live", "calls", "worker", "ingest"]
    assert named[-1].environment["MQTT_URL"] == "mqtt://h:1883"
    own = run_commands.programs(load(home), demo=True)
    assert [one.name for one in own] == ["pages", "live", "calls", "worker", "broker", "ingest", "demo"]
    assert "@127.0.0.1:8102" in own[5].environment["MQTT_URL"]
    assert own[5].environment["MQTT_URL"] not in " ".join(own[5].command)
