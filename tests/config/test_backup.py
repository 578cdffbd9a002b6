"""One file holds database, photos and keys; what comes back is what went in, or nothing changes."""

from __future__ import annotations

import shutil
import stat
import subprocess
import tarfile
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import psycopg
import pytest

from wushi.config.postgres import Cluster, ClusterUrls

Settings = Callable[..., Mapping[str, str]]
Command = Callable[..., list[str]]

TABLE = (
    "CREATE TABLE note (county text, words text)",
    "CREATE INDEX note_words ON note USING gin (words gin_trgm_ops)",
    "INSERT INTO note VALUES ('341504', '路灯不亮'), ('341503', 'x')",
    "ALTER TABLE note ENABLE ROW LEVEL SECURITY",
    "ALTER TABLE note FORCE ROW LEVEL SECURITY",
    "CREATE POLICY of_county ON note TO wushi_app USING (county = current_setting('wushi.county', true))",
    "GRANT SELECT ON note TO wushi_app",
)


@pytest.fixture
def full(cluster: Cluster) -> Iterator[ClusterUrls]:
    """A database with rows behind forced row-level security."""
    urls = cluster.create_database("wushi_test_full")
    with psycopg.connect(urls.owner, autocommit=True) as connection:
        for statement in TABLE:
            connection.execute(statement.encode())
    yield urls
    cluster.drop_database("wushi_test_full")


@pytest.fixture
def empty(cluster: Cluster) -> Iterator[ClusterUrls]:
    """A database with nothing in it."""
    yield cluster.create_database("wushi_test_empty")
    cluster.drop_database("wushi_test_empty")


def of(urls: ClusterUrls, home: Path) -> dict[str, str]:
    """Settings that name a database and a home."""
    return {
        "DATABASE_URL": urls.app,
        "DATABASE_OWNER_URL": urls.owner,
        "DATABASE_BACKUP_URL": urls.backup,
        "WUSHI_HOME": str(home),
    }


def run(command: list[str], settings: Mapping[str, str]) -> subprocess.CompletedProcess[str]:
    """Run the command line to its end."""
    return subprocess.run(command, env=dict(settings), capture_output=True, text=True, check=False)


@pytest.fixture
def backup_file(full: ClusterUrls, wushi: Command, settings_for: Settings, tmp_path: Path) -> Path:
    """A backup of the full database, one photo and the keys."""
    home = tmp_path / "old"
    (home / "media" / "ab").mkdir(parents=True)
    (home / "media" / "ab" / "灯.jpg").write_bytes(b"\xff\xd8photo")
    (home / "index.key").write_text("the key of the look-up columns")
    done = run(wushi("backup", str(tmp_path / "kept")), settings_for(**of(full, home)))
    assert done.returncode == 0, done.stderr
    (file,) = (tmp_path / "kept").iterdir()
    return file


def test_what_comes_back_is_what_went_in(
    backup_file: Path, empty: ClusterUrls, wushi: Command, settings_for: Settings, tmp_path: Path
) -> None:
    assert stat.S_IMODE(backup_file.stat().st_mode) == 0o600
    home = tmp_path / "new"
    home.mkdir()
    (home / "secret").write_text("another installation's secret, kept beside")
    done = run(wushi("restore", str(backup_file)), settings_for(**of(empty, home)))
    assert done.returncode == 0, done.stderr
    with psycopg.connect(empty.backup) as connection:
        rows = connection.execute("SELECT county, words FROM note ORDER BY 1").fetchall()
    assert rows == [("341503", "x"), ("341504", "路灯不亮")]
    with psycopg.connect(empty.app) as connection:
        assert connection.execute("SELECT words FROM note").fetchall() == []
        connection.execute("SET wushi.county = '341504'")
        assert connection.execute("SELECT words FROM note").fetchall() == [("路灯不亮",)]
    assert (home / "media" / "ab" / "灯.jpg").read_bytes() == b"\xff\xd8photo"
    for name in ("secret", "index.key"):
        assert (home / name).read_text() == (tmp_path / "old" / name).read_text()
        assert stat.S_IMODE((home / name).stat().st_mode) == 0o600
    assert (home / "secret.before-restore").exists()


def test_a_database_that_holds_something_is_refused(
    backup_file: Path, full: ClusterUrls, wushi: Command, settings_for: Settings, tmp_path: Path
) -> None:
    done = run(wushi("restore", str(backup_file)), settings_for(**of(full, tmp_path / "new")))
    assert done.returncode == 1
    assert "not empty (1 tables)" in done.stderr
    assert not (tmp_path / "new" / "media").exists()


@pytest.mark.parametrize("harm", ["cut", "changed", "added", "outside", "not ours"])
def test_a_damaged_file_changes_nothing(
    harm: str, backup_file: Path, empty: ClusterUrls, wushi: Command, settings_for: Settings, tmp_path: Path
) -> None:
    damage(backup_file, harm, tmp_path)
    done = run(wushi("restore", str(backup_file)), settings_for(**of(empty, tmp_path / "new")))
    assert done.returncode == 1, done.stdout
    assert "damaged" in done.stderr
    assert "Traceback" not in done.stderr
    with psycopg.connect(empty.owner) as connection:
        assert connection.execute("SELECT to_regclass('note')").fetchone() == (None,)
    assert not (tmp_path / "new" / "media").exists()
    assert not (tmp_path / "escaped").exists()


def damage(file: Path, harm: str, tmp_path: Path) -> None:
    """Harm a backup in one way."""
    if harm == "cut":
        file.write_bytes(file.read_bytes()[: file.stat().st_size // 2])
    elif harm == "changed":
        file.write_bytes(file.read_bytes().replace(b"\xff\xd8photo", b"\xff\xd8phot0"))
    elif harm == "not ours":
        file.write_text("no tar at all")
    else:
        (tmp_path / "one").write_text("more")
        with tarfile.open(file, "a") as tar:
            tar.add(tmp_path / "one", "media/more" if harm == "added" else "../../escaped")


def test_no_address_for_the_backup_role_is_told(
    full: ClusterUrls, wushi: Command, settings_for: Settings, tmp_path: Path
) -> None:
    settings = of(full, tmp_path / "old") | {"DATABASE_BACKUP_URL": ""}
    done = run(wushi("backup", str(tmp_path)), settings_for(**settings))
    assert done.returncode == 1
    assert "DATABASE_BACKUP_URL" in done.stderr


def test_the_owner_s_own_dump_would_stop(
    full: ClusterUrls, wushi: Command, settings_for: Settings, tmp_path: Path
) -> None:
    """Why there is a backup role at all."""
    settings = of(full, tmp_path / "old") | {"DATABASE_BACKUP_URL": full.owner}
    done = run(wushi("backup", str(tmp_path / "kept")), settings_for(**settings))
    assert done.returncode == 1
    assert "row-level security" in done.stderr
    assert list((tmp_path / "kept").iterdir()) == []
    shutil.rmtree(tmp_path / "kept")
