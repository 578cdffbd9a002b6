"""The one typed reader of the environment: nothing else in the project reads ``os.environ`` for a setting.

Importable without Django. A value that cannot be used is refused here, in words, before anything has started.
"""

from __future__ import annotations

import json
import os
import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

_ROOT = Path(__file__).resolve().parents[3]
# Installed as a package there is no checkout; the data then lies where the command is run.
CHECKOUT = _ROOT if (_ROOT / "pyproject.toml").is_file() else Path.cwd()

DEFAULT_COUNTY = "341504"
DEFAULT_CHANNELS = "纪检监察举报电话 12388;纪检监察举报网站 www.12388.gov.cn"
# Chinese families that may print, the best first. None of them is shipped; proprietary ones are used where the system has them.
DEFAULT_PRINT_FONTS = (
    "Noto Serif CJK SC;Noto Serif SC;Source Han Serif SC;Noto Sans CJK SC;Noto Sans SC;Source Han Sans SC;LXGW WenKai;"
    "AR PL SungtiL GB;WenQuanYi Zen Hei;WenQuanYi Micro Hei;Songti SC;PingFang SC;SimSun;Microsoft YaHei;Droid Sans Fallback"
)
DATABASE_FILE = "database.json"
_TRUE, _FALSE = {"1", "true", "yes", "on"}, {"", "0", "false", "no", "off"}


class EnvironmentRefused(ValueError):
    """A setting that cannot be used; the text is a sentence for the person who set it."""


@dataclass(frozen=True)
class Environment:
    """Everything that differs between installations. Passwords and keys never show in ``repr``."""

    home: Path
    """``WUSHI_HOME``: database, photos, keys and logs of this installation."""
    host: str
    """``WUSHI_HOST``: the address the pages listen on."""
    port: int
    """``WUSHI_PORT``: the pages; ``live`` listens on the next one."""
    database_url: str = field(repr=False)
    """``DATABASE_URL``: as the app role; empty until the embedded database has been made."""
    database_owner_url: str = field(repr=False)
    """``DATABASE_OWNER_URL``: as the owner; only migrations and tests need it."""
    database_backup_url: str = field(repr=False)
    """``DATABASE_BACKUP_URL``: as the backup role; only ``wushi backup`` needs it."""
    listen_database_url: str = field(repr=False)
    """``LISTEN_DATABASE_URL``: direct and unpooled, for LISTEN; default ``DATABASE_URL``."""
    mqtt_url: str = field(repr=False)
    """``MQTT_URL``: the broker wireless callers speak to, ``mqtt://`` or ``mqtts://``; empty = callbacks alone."""
    own_url: str
    """``WUSHI_OWN_URL``: where this machine reaches its own pages, for the trial of the emergency path; set by ``wushi up``."""
    embedded: bool
    """No server was named by the environment: the database is the one under ``WUSHI_HOME``."""
    live_url: str
    """``WUSHI_LIVE_URL``: where browsers find ``live``; empty = same host, next port."""
    public_url: str
    """``WUSHI_PUBLIC_URL``: where residents' phones find the pages; stands in text messages. Empty = no link in them."""
    secret_key: str = field(repr=False)
    """``WUSHI_SECRET_KEY``, else the file ``secret`` under ``WUSHI_HOME``, made at first use."""
    demo_password: str = field(repr=False)
    """``WUSHI_DEMO_PASSWORD``: fixes the demonstration users' password; empty = a random one."""
    county: str
    """``WUSHI_COUNTY``: six digits, the installation's default county."""
    debug: bool
    """``WUSHI_DEBUG``."""
    allowed_hosts: tuple[str, ...]
    """``WUSHI_ALLOWED_HOSTS``: host names, by commas; empty = any."""
    https: bool
    """``WUSHI_HTTPS``: browsers arrive by HTTPS (``wushi up --cert`` sets it)."""
    behind_proxy: bool
    """``WUSHI_BEHIND_PROXY``: believe ``X-Forwarded-Proto``."""
    trusted_origins: tuple[str, ...]
    """``WUSHI_TRUSTED_ORIGINS``: origins with scheme, by commas, for forms behind a proxy."""
    discipline_channels: tuple[str, ...]
    """``WUSHI_DISCIPLINE_CHANNELS``: where to complain about an official, by semicolons; shown as written."""
    print_fonts: tuple[str, ...]
    """``WUSHI_PRINT_FONTS``: font families for PDFs, by semicolons, the best first; more lie in ``WUSHI_HOME/fonts``."""

    @property
    def live_port(self) -> int:
        """The port of ``live``: the one after the pages'."""
        return self.port + 1

    @property
    def media(self) -> Path:
        """Photos and other kept files."""
        return self.home / "media"

    @property
    def logs(self) -> Path:
        """Logs of the command line; they hold ids, never names or texts."""
        return self.home / "logs"


def load(environ: Mapping[str, str] | None = None) -> Environment:
    """Read and check the environment. Makes ``WUSHI_HOME`` and its secret at first use; raises EnvironmentRefused."""
    source = os.environ if environ is None else environ
    read = {key: value.strip() for key, value in source.items()}
    home = Path(read.get("WUSHI_HOME") or CHECKOUT / ".wushi").expanduser().absolute()
    urls = _database_urls(read, home)
    return Environment(
        home=home,
        host=read.get("WUSHI_HOST") or "127.0.0.1",
        port=_port(read.get("WUSHI_PORT") or "8000"),
        live_url=_address(read, "WUSHI_LIVE_URL").rstrip("/"),
        own_url=_address(read, "WUSHI_OWN_URL").rstrip("/")
        or f"http://127.0.0.1:{_port(read.get('WUSHI_PORT') or '8000')}",
        mqtt_url=_broker(read.get("MQTT_URL", "")),
        public_url=_address(read, "WUSHI_PUBLIC_URL").rstrip("/"),
        secret_key=_long_enough(read.get("WUSHI_SECRET_KEY", "")) or kept_secret(home / "secret"),
        demo_password=read.get("WUSHI_DEMO_PASSWORD", ""),
        county=_county(read.get("WUSHI_COUNTY") or DEFAULT_COUNTY),
        debug=_switch(read, "WUSHI_DEBUG"),
        allowed_hosts=_items(read, "WUSHI_ALLOWED_HOSTS", ","),
        https=_switch(read, "WUSHI_HTTPS"),
        behind_proxy=_switch(read, "WUSHI_BEHIND_PROXY"),
        trusted_origins=_items(read, "WUSHI_TRUSTED_ORIGINS", ","),
        discipline_channels=_items({"": read.get("WUSHI_DISCIPLINE_CHANNELS") or DEFAULT_CHANNELS}, "", ";"),
        print_fonts=_items({"": read.get("WUSHI_PRINT_FONTS") or DEFAULT_PRINT_FONTS}, "", ";"),
        **urls,
    )


def databases(environment: Environment) -> dict[str, dict[str, Any]]:
    """Django's ``DATABASES``: ``default`` as app through the native pool, ``owner`` without one."""
    # the worker has a connection for each of its loops, beside those of its jobs; others take what they need
    pool = {"min_size": 1, "max_size": 20, "timeout": 10}
    app = django_database(environment.database_url or "postgresql://wushi_app@/wushi")
    app["OPTIONS"]["pool"] = pool
    # only what binds its values in the server is prepared: the INSERTs of plumbing.writes
    app["OPTIONS"]["prepare_threshold"] = 5
    owner = django_database(environment.database_owner_url or "postgresql://wushi_owner@/wushi")
    return {"default": app, "owner": owner}


def django_database(url: str) -> dict[str, Any]:
    """One entry of ``DATABASES`` from a ``postgresql://`` address; sockets as ``?host=/folder``."""
    parts = urlsplit(url)
    extra = dict(parse_qsl(parts.query))
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.lstrip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": extra.pop("host", "") or unquote(parts.hostname or ""),
        "PORT": extra.pop("port", "") or (str(parts.port) if parts.port else ""),
        "OPTIONS": dict(extra),
    }


def kept_secret(path: Path) -> str:
    """The random text in a file only its owner reads; made once, safe against two processes starting together."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        if not path.exists():
            _write_once(path, secrets.token_urlsafe(48) + "\n")
        text = path.read_text().strip()
    except OSError as error:
        raise EnvironmentRefused(
            f"{path} can be neither read nor made ({error.strerror}). Point WUSHI_HOME at a folder you own, "
            "or run as the user who made this one."
        ) from None
    if not text:
        raise EnvironmentRefused(f"{path} is empty; delete it and a new one is made.")
    return text


def write_private(path: Path, text: str) -> None:
    """Replace a file in one step; only its owner can read it."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    draft = path.with_name(f".{path.name}.{os.getpid()}.{secrets.token_hex(4)}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w") as stream:
        stream.write(text)
    draft.replace(path)


def _write_once(path: Path, text: str) -> None:
    draft = path.with_name(f".{path.name}.{os.getpid()}.{secrets.token_hex(4)}")
    write_private(draft, text)
    try:
        os.link(draft, path)  # fails if another process was first; its secret then counts
    except FileExistsError:
        pass
    finally:
        draft.unlink()


def _database_urls(read: Mapping[str, str], home: Path) -> dict[str, Any]:
    names = (
        "DATABASE_URL",
        "DATABASE_OWNER_URL",
        "DATABASE_BACKUP_URL",
        "LISTEN_DATABASE_URL",
    )
    given = {name: _database_url(name, read.get(name, "")) for name in names}
    embedded = not (given["DATABASE_URL"] or given["DATABASE_OWNER_URL"])
    kept = _kept_urls(home) if embedded else {}
    app = given["DATABASE_URL"] or kept.get("app", "")
    return {
        "database_url": app,
        "database_owner_url": given["DATABASE_OWNER_URL"] or kept.get("owner", ""),
        "database_backup_url": given["DATABASE_BACKUP_URL"] or kept.get("backup", ""),
        "listen_database_url": given["LISTEN_DATABASE_URL"] or app,
        "embedded": embedded,
    }


def _kept_urls(home: Path) -> dict[str, str]:
    path = home / DATABASE_FILE
    try:
        kept = json.loads(path.read_text())
        return {str(role): str(url) for role, url in kept["urls"].items()}
    except (FileNotFoundError, NotADirectoryError):
        return {}
    except PermissionError:
        raise EnvironmentRefused(f"{path} belongs to another user; run as the user who made it.") from None
    except (ValueError, KeyError, AttributeError):
        raise EnvironmentRefused(f"{path} cannot be understood; it is written by 'wushi up'.") from None


def _database_url(name: str, url: str) -> str:
    if not url:
        return ""
    try:
        parts = urlsplit(url)
        understood = (
            parts.scheme in ("postgresql", "postgres") and bool(parts.path.strip("/")) and parts.port != 0
        )
    except ValueError:
        understood = False
    if not understood:
        raise EnvironmentRefused(f"{name} must look like postgresql://user:password@host:5432/database.")
    return url


def _broker(url: str) -> str:
    if not url:
        return ""
    try:
        parts = urlsplit(url)
        understood = parts.scheme in ("mqtt", "mqtts") and bool(parts.hostname) and parts.port != 0
    except ValueError:
        understood = False
    if not understood:
        raise EnvironmentRefused(
            "MQTT_URL must look like mqtt://user:password@host:1883 or mqtts://host:8883?ca=file."
        )
    return url


def _port(text: str) -> int:
    if not (text.isascii() and text.isdecimal()) or not 1 <= int(text) <= 65534:
        raise EnvironmentRefused(
            f"WUSHI_PORT must be a number from 1 to 65534 (live takes the next port), not {text!r}."
        )
    return int(text)


def _county(text: str) -> str:
    if not re.fullmatch(r"[0-9]{6}", text):
        raise EnvironmentRefused(
            f"WUSHI_COUNTY must be the six digits of a county, like {DEFAULT_COUNTY}, not {text!r}."
        )
    return text


def _switch(read: Mapping[str, str], name: str) -> bool:
    text = read.get(name, "").lower()
    if text not in _TRUE | _FALSE:
        raise EnvironmentRefused(f"{name} must be 1 or 0, not {text!r}.")
    return text in _TRUE


def _address(read: Mapping[str, str], name: str) -> str:
    text = read.get(name, "")
    if text and not re.match(r"https?://[^/\s]+", text):
        raise EnvironmentRefused(f"{name} must begin with http:// or https://, not {text!r}.")
    return text


def _long_enough(text: str) -> str:
    if text and len(text) < 32:
        raise EnvironmentRefused(
            "WUSHI_SECRET_KEY is shorter than 32 characters; leave it out and one is made."
        )
    return text


def _items(read: Mapping[str, str], name: str, separator: str) -> tuple[str, ...]:
    return tuple(item.strip() for item in read.get(name, "").split(separator) if item.strip())
