"""``wushi backup`` and ``wushi restore``: database, photos and keys in one file with a manifest.

The database is read first and the photos after it: a photo that belongs to something is
never removed, so every photo a row names is in the file.
"""

from __future__ import annotations

import hashlib
import io
import json
import os
import shutil
import subprocess
import tarfile
import tempfile
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any

import typer

import wushi
from wushi.config import database, env
from wushi.config.commands.common import Refused, check_not_running, say, step, working_database
from wushi.config.env import Environment
from wushi.config.postgres_files import client_program

MANIFEST, DUMP, MEDIA, KEYS = "manifest.json", "database.dump", "media", "keys"
FORMAT = 1
# What lies in WUSHI_HOME and cannot be made again: without it sealed fields and look-up columns mean nothing.
KEY_FILES = ("secret", "index.key")


def backup(
    folder: Annotated[
        Path, typer.Argument(help="Where to write the file; default: the current folder.")
    ] = Path(),
) -> None:
    """Write database, photos and keys into one private file. It holds personal data and keys: lock it away."""
    with working_database(env.load()) as environment:
        url = environment.database_backup_url
        if not url:
            raise Refused(
                "Set DATABASE_BACKUP_URL, the address as the backup role: the owner's pg_dump stops at row-level security."
            )
        folder.mkdir(parents=True, exist_ok=True)
        target = folder / f"wushi-{environment.county}-{datetime.now(UTC):%Y%m%dT%H%M%SZ}.tar"
        draft = target.with_name(f".{target.name}.part")
        try:
            with tempfile.TemporaryDirectory(dir=folder, prefix=".wushi-") as work:
                dump = Path(work) / DUMP
                with step("reading the database"):
                    _dump(url, dump)
                with step("packing photos and keys"):
                    _pack(environment, dump, draft)
            draft.rename(target)
        finally:
            draft.unlink(missing_ok=True)
    say(f"{target}  ({target.stat().st_size / 1e6:.1f} MB)")


def _dump(url: str, dump: Path) -> None:
    _run("pg_dump", url, "--format=custom", "--no-owner", f"--file={dump}")


def _run(name: str, url: str, *arguments: str) -> None:
    program = client_program(name)
    environment = {
        "PATH": os.environ.get("PATH", os.defpath),
        "LC_ALL": "C",
        **database.client_environment(url),
    }
    done = subprocess.run(
        [str(program), *arguments],
        env=environment,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise Refused(f"{name} failed: {done.stderr.strip() or 'it gave no reason'}")


def _pack(environment: Environment, dump: Path, target: Path) -> None:
    files = {DUMP: dump}
    files |= {
        f"{KEYS}/{name}": environment.home / name for name in KEY_FILES if (environment.home / name).is_file()
    }
    media = environment.media
    files |= {
        f"{MEDIA}/{path.relative_to(media)}": path
        for path in sorted(media.rglob("*.jpg"))  # not what is still being received
        if path.is_file()
    }
    manifest: dict[str, Any] = {
        "format": FORMAT,
        "wushi": wushi.__version__,
        "written_at": datetime.now(UTC).isoformat(timespec="seconds"),
        "county": environment.county,
        "files": {},
    }
    descriptor = os.open(target, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with (
        os.fdopen(descriptor, "wb") as stream,
        tarfile.open(fileobj=stream, mode="w", dereference=True) as tar,
    ):
        for name, path in files.items():
            try:
                tar.add(path, name, recursive=False)
                manifest["files"][name] = _digest(path)
            except FileNotFoundError:
                if not name.startswith(f"{MEDIA}/"):
                    raise
                # a photo no form was sent with, swept meanwhile; a photo that belongs to something is never removed
        text = json.dumps(manifest, indent=1, ensure_ascii=False).encode()
        entry = tarfile.TarInfo(MANIFEST)
        entry.size, entry.mode = len(text), 0o600
        tar.addfile(entry, io.BytesIO(text))


def _digest(path: Path) -> str:
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def restore(
    file: Annotated[
        Path, typer.Argument(help="A file that 'wushi backup' wrote.", exists=True, dir_okay=False)
    ],
) -> None:
    """Put a backup into an empty installation. A database that holds tables is refused."""
    before = env.load()
    check_not_running(before, "restore")
    with working_database(before) as environment:
        count = database.tables_in(environment.database_owner_url)
        if count:
            raise Refused(
                f"The database is not empty ({count} tables). Nothing was changed; 'wushi reset' empties it."
            )
        environment.home.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=environment.home, prefix=".restore-") as work:
            with step("checking the file"):
                manifest = _unpack(file, Path(work))
            with step("writing the database"):
                # all or nothing: half a database would be refused by the next restore, and rightly
                _run(
                    "pg_restore", environment.database_owner_url, "--dbname", _name(environment), "--no-owner",
                    "--no-comments", "--single-transaction", "--exit-on-error", str(Path(work) / DUMP),
                )  # fmt: skip
            with step("putting photos and keys in their place"):
                _place(Path(work), environment)
    say(f"Restored what was written at {manifest['written_at']}. Run 'wushi migrate' or 'make up'.")


def _name(environment: Environment) -> str:
    return database.client_environment(environment.database_owner_url)["PGDATABASE"]


def _unpack(file: Path, work: Path) -> dict[str, Any]:
    """Unpack and compare every file with the manifest. Raises Refused for anything that does not fit."""
    try:
        with tarfile.open(file) as tar:
            for member in tar:
                _unpack_one(tar, member, work)
        manifest: dict[str, Any] = json.loads((work / MANIFEST).read_text())
        wanted: dict[str, str] = manifest["files"]
    except (tarfile.TarError, OSError, ValueError, KeyError) as error:
        raise Refused(f"{file} is not a backup of Wushi, or is damaged ({type(error).__name__}).") from None
    if manifest.get("format") != FORMAT:
        raise Refused(f"{file} was written by another version ({manifest.get('wushi')}).")
    found = {str(path.relative_to(work)) for path in work.rglob("*") if path.is_file()} - {MANIFEST}
    wrong = sorted(found ^ set(wanted)) or [name for name in wanted if _digest(work / name) != wanted[name]]
    if wrong:
        raise Refused(
            f"{file} is damaged: {wrong[0]} does not fit its manifest ({len(wrong)} in all). Nothing was changed."
        )
    return manifest


def _unpack_one(tar: tarfile.TarFile, member: tarfile.TarInfo, work: Path) -> None:
    # plain files below the folder only: extractall's filter is missing from the older Pythons 3.11
    stream = tar.extractfile(member) if member.isfile() else None
    target = work / member.name
    if stream is None or member.name.startswith("/") or ".." in Path(member.name).parts:
        raise tarfile.TarError(member.name)
    target.parent.mkdir(parents=True, exist_ok=True)
    with stream, target.open("wb") as copy:
        shutil.copyfileobj(stream, copy)


def _place(work: Path, environment: Environment) -> None:
    if (work / MEDIA).is_dir():
        shutil.copytree(work / MEDIA, environment.media, dirs_exist_ok=True)
    for key in sorted((work / KEYS).glob("*")) if (work / KEYS).is_dir() else []:
        present = environment.home / key.name
        if present.exists() and present.read_bytes() != key.read_bytes():
            present.rename(present.with_name(f"{present.name}.before-restore"))
        shutil.copyfile(key, present)
        present.chmod(0o600)
