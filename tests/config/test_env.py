"""The typed reader of the environment."""

from __future__ import annotations

import json
import stat
from pathlib import Path

import pytest

from wushi.config import env
from wushi.config.env import EnvironmentRefused, load


def test_everything_has_a_default(tmp_path: Path) -> None:
    found = load({"WUSHI_HOME": str(tmp_path)})
    assert (found.host, found.port, found.live_port, found.county) == ("127.0.0.1", 8000, 8001, "341504")
    assert (found.debug, found.https, found.allowed_hosts, found.live_url) == (False, False, (), "")
    assert found.embedded
    assert found.database_url == ""
    assert len(found.secret_key) >= 50


def test_the_secret_is_made_once_and_private(tmp_path: Path) -> None:
    first, second = load({"WUSHI_HOME": str(tmp_path)}), load({"WUSHI_HOME": str(tmp_path)})
    assert first.secret_key == second.secret_key
    assert stat.S_IMODE((tmp_path / "secret").stat().st_mode) == 0o600
    assert [path.name for path in tmp_path.iterdir()] == ["secret"]


def test_passwords_do_not_show(tmp_path: Path) -> None:
    shown = repr(
        load(
            {
                "WUSHI_HOME": str(tmp_path),
                "DATABASE_URL": "postgresql://a:hidden@h/d",
                "WUSHI_DEMO_PASSWORD": "hidden",
            }
        )
    )
    assert "hidden" not in shown
    assert load({"WUSHI_HOME": str(tmp_path)}).secret_key not in shown


def test_lists_and_switches(tmp_path: Path) -> None:
    found = load(
        {
            "WUSHI_HOME": str(tmp_path),
            "WUSHI_ALLOWED_HOSTS": "a.example, b.example,",
            "WUSHI_DEBUG": "Yes",
            "WUSHI_HTTPS": "0",
        }
    )
    assert found.allowed_hosts == ("a.example", "b.example")
    assert found.debug
    assert not found.https


def test_listening_defaults_to_the_app_s_address(tmp_path: Path) -> None:
    given = {"WUSHI_HOME": str(tmp_path), "DATABASE_URL": "postgresql://app@h/d"}
    assert load(given).listen_database_url == "postgresql://app@h/d"
    apart = load({**given, "LISTEN_DATABASE_URL": "postgresql://app@direct/d"})
    assert (apart.listen_database_url, apart.database_url) == (
        "postgresql://app@direct/d",
        "postgresql://app@h/d",
    )


def test_the_embedded_addresses_are_found_where_the_cluster_left_them(tmp_path: Path) -> None:
    urls = {"app": "postgresql://wushi_app@/wushi?host=%2Frun", "owner": "o", "backup": "b"}
    (tmp_path / env.DATABASE_FILE).write_text(json.dumps({"urls": urls}))
    found = load({"WUSHI_HOME": str(tmp_path)})
    assert (found.database_url, found.database_owner_url, found.database_backup_url) == (
        urls["app"],
        "o",
        "b",
    )
    named = load({"WUSHI_HOME": str(tmp_path), "DATABASE_OWNER_URL": "postgresql://owner@h/d"})
    assert (named.database_url, named.embedded) == ("", False)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("WUSHI_PORT", "eighty"),
        ("WUSHI_PORT", "0"),
        ("WUSHI_PORT", "65535"),
        ("WUSHI_PORT", "８０"),
        ("WUSHI_COUNTY", "34150"),
        ("WUSHI_COUNTY", "34150x"),
        ("WUSHI_DEBUG", "perhaps"),
        ("WUSHI_LIVE_URL", "live.example"),
        ("WUSHI_SECRET_KEY", "short"),
        ("DATABASE_URL", "mysql://a@b/c"),
        ("DATABASE_URL", "postgresql://a@b"),
        ("DATABASE_OWNER_URL", "postgresql://a@b:port/c"),
    ],
)
def test_a_bad_value_is_refused_in_words(tmp_path: Path, name: str, value: str) -> None:
    with pytest.raises(EnvironmentRefused, match=name):
        load({"WUSHI_HOME": str(tmp_path), name: value})


def test_a_home_that_cannot_be_made_is_refused_in_words(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(EnvironmentRefused, match="WUSHI_HOME"):
        load({"WUSHI_HOME": str(tmp_path / "file" / "home")})


def test_django_s_databases(tmp_path: Path) -> None:
    found = env.databases(
        load(
            {
                "WUSHI_HOME": str(tmp_path),
                "DATABASE_URL": "postgresql://app:p%40ss@/wushi?host=%2Fa%2Frun",
                "DATABASE_OWNER_URL": "postgresql://owner:x@db.example:5433/wushi?sslmode=require",
            }
        )
    )
    default, owner = found["default"], found["owner"]
    assert (default["NAME"], default["USER"], default["PASSWORD"], default["HOST"]) == (
        "wushi",
        "app",
        "p@ss",
        "/a/run",
    )
    assert default["OPTIONS"]["pool"]
    assert (owner["HOST"], owner["PORT"], owner["OPTIONS"]) == ("db.example", "5433", {"sslmode": "require"})
