"""channels.toml: what can be read, what is refused in words without a secret, and that a broken file leaves the last good one."""

from __future__ import annotations

from pathlib import Path

import pytest

from wushi.config.channels import SAMPLE, ChannelsRefused, Kept, read, with_console

GOOD = """
[[sms]]
name = "office"
url = "https://sms.example/send"
filed = false
secret = "very-secret"
[sms.body]
phone = "{phone}"
[[wecom_robot]]
name = "jt"
area = "341504100"
url = "https://qyapi.example/send?key=very-secret"
[[mail]]
name = "mail"
host = "smtp.example"
port = 587
sender = "wushi@example.cn"
"""


def written(path: Path, text: str, mode: int = 0o600) -> Path:
    path.write_text(text)
    path.chmod(mode)
    return path


def test_it_is_read_and_the_console_takes_what_nobody_else_does(tmp_path: Path) -> None:
    found = with_console(read(written(tmp_path / "channels.toml", GOOD)))
    assert {n: c.channel for n, c in found.items()} == {
        "office": "sms",
        "jt": "robot",
        "mail": "mail",
        "console-voice": "voice",
    }
    assert not found["office"].filed
    assert "very-secret" not in repr(found["office"]) + repr(found["jt"])


def test_the_sample_is_all_comments_and_its_lines_can_be_used(tmp_path: Path) -> None:
    assert read(written(tmp_path / "channels.toml", SAMPLE)) == {}
    lines = [line for line in SAMPLE.splitlines()[2:] if not line.startswith("# [push]")]
    bare = "\n".join(line.removeprefix("# ") for line in lines).partition("subscriber")[0]
    assert set(read(written(tmp_path / "bare.toml", bare))) == {"mobile-office", "jt", "sl", "wecom", "mail"}


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("[[sms", "cannot be read"),
        ("[[pigeon]]\nname = 'x'", "no channel"),
        (
            "[[wecom_robot]]\nname = 'jt'\narea = ''\nurl = 'u'\nkey = 'very-secret'",
            "unexpected keyword argument 'key'",
        ),
        ("[[mail]]\nname = 'm'", "missing"),
        ("[[sms]]\nname = ''\nurl = 'u'", "a name of its own"),
        ("[[sms]]\nname = 'a'\nurl = 'u'\n[[voice]]\nname = 'a'\nurl = 'u'", "a name of its own"),
        ("[push]\nsubscriber = 'x@y.cn'", "FileNotFoundError"),
    ],
)
def test_what_cannot_be_used_is_refused_in_words(tmp_path: Path, text: str, words: str) -> None:
    with pytest.raises(ChannelsRefused) as refused:
        read(written(tmp_path / "channels.toml", text))
    assert words in str(refused.value) and "very-secret" not in str(refused.value)


def test_a_file_others_can_read_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ChannelsRefused, match="chmod 600"):
        read(written(tmp_path / "channels.toml", GOOD, 0o644))


def test_a_file_that_breaks_leaves_the_last_good_one(tmp_path: Path) -> None:
    path = tmp_path / "channels.toml"
    kept = Kept(path)
    assert set(kept()) == {"console-sms", "console-voice"}
    written(path, GOOD)
    assert "office" in kept()
    written(path, GOOD + "\n[[pigeon]]\n")
    assert "office" in kept() and "pigeon" in kept.trouble
    path.unlink()
    assert "office" not in kept() and kept.trouble == ""
