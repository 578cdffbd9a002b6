"""``up``, ``down``, ``status``, ``reset``: everything that runs, as one thing."""

from __future__ import annotations

import fcntl
import os
import shutil
import signal
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType
from typing import Annotated

import typer

from wushi.config import broker, env
from wushi.config.commands import data
from wushi.config.commands.common import (
    WRONG_USE,
    Refused,
    check_database_choice,
    check_not_running,
    close_connections,
    confirm,
    ensure_database,
    say,
    start_django,
    step,
)
from wushi.config.commands.reach import (
    Https,
    addresses,
    answers,
    check_ports,
    https_files,
    is_loopback,
    near,
)
from wushi.config.env import Environment
from wushi.config.postgres import Cluster, PostgresTrouble
from wushi.config.supervisor import Program, RunningFile, Supervisor, stop_orphans, stop_parent

_READY_SECONDS = 60.0
_CRASHES_AT_START = 4
_OPEN_PAGES = 20_000
# Everything this project writes into WUSHI_HOME.
OURS = (
    "media", "uploads", "static", "static.mark", "logs", "postgres", "secret", "index.key", "demo-password",
    "database.json", "database-place.json", "database.lock", "up.pid", "up.json", "up.lock",
    "secret.before-restore", "index.key.before-restore", broker.SECRET_FILE,
)  # fmt: skip

Host = Annotated[
    str | None, typer.Option(help="Address to listen on; 0.0.0.0 = the whole network. Default 127.0.0.1.")
]
Port = Annotated[int | None, typer.Option(help="Port of the pages; live takes the next one. Default 8000.")]
Certificate = Annotated[Path | None, typer.Option(help="Certificate (PEM) for HTTPS; together with --key.")]
Key = Annotated[Path | None, typer.Option(help="Private key (PEM, PKCS#8) for HTTPS; together with --cert.")]
NoDemo = Annotated[bool, typer.Option("--no-demo", help="Do not make the demonstration district.")]
Keep = Annotated[
    bool, typer.Option("--keep-database", help="Leave the embedded database running at the end.")
]


def up(
    host: Host = None,
    port: Port = None,
    cert: Certificate = None,
    key: Key = None,
    no_demo: NoDemo = False,
    keep_database: Keep = False,
) -> None:
    """Start everything, and stop everything on Ctrl-C."""
    https = https_files(cert, key)
    _into_environment(host, port, https)
    environment = env.load()
    check_database_choice(environment)
    with _only_parent(environment) as first:
        if not first:
            return
        with _signals() as supervisor_of:
            try:
                check_ports(environment)
                access = _prepare(environment, demo=not no_demo)
                _run(environment, https, access, supervisor_of)
            finally:
                close_connections()
                RunningFile(environment.home).clear()
                if environment.embedded and not keep_database:
                    Cluster(environment.home).stop()
        say("Stopped.")


def _into_environment(host: str | None, port: int | None, https: Https) -> None:
    """The options as settings: the children read their environment, as everything else does."""
    for name, value in (
        ("WUSHI_HOST", host),
        ("WUSHI_PORT", port),
        ("WUSHI_HTTPS", "1" if https.on else None),
    ):
        if value is not None:
            os.environ[name] = str(value)


@contextmanager
def _only_parent(environment: Environment) -> Iterator[bool]:
    """One ``up`` for one home; a second one says where the first is."""
    environment.home.mkdir(parents=True, exist_ok=True, mode=0o700)
    file = RunningFile(environment.home)
    with (environment.home / "up.lock").open("a") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            running = file.read()
            where = f"at {running.address}" if running and running.alive else "and still starting"
            say(f"Wushi is running already, {where}. Stop it with 'make down'.")
            yield False
            return
        left = file.read()
        if left is not None and (orphans := stop_orphans(left)):
            say(f"The last 'wushi up' was ended by force; stopped {len(orphans)} process(es) it had left.")
        file.write(addresses(environment)[0])
        yield True


@contextmanager
def _signals() -> Iterator[list[Supervisor]]:
    """A signal interrupts the preparations; once the children run, it asks their supervisor to stop."""
    current: list[Supervisor] = []

    def handle(number: int, frame: FrameType | None) -> None:
        if current:
            current[0].ask_to_stop()
        else:
            raise KeyboardInterrupt

    before = {
        number: signal.signal(number, handle) for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
    }
    try:
        yield current
    finally:
        for number, old in before.items():
            signal.signal(number, old)


def _prepare(environment: Environment, demo: bool) -> list[str]:
    """Database, migrations, static files, demonstration; the lines that tell how to sign in."""
    with step("starting the database" if environment.embedded else "looking at the database"):
        environment = ensure_database(environment)
    with step("bringing the database to this version"):
        start_django()
        data.migrate_and_secure()
    with step("gathering the pages' files"):
        data.collect_static(environment)
    lines: list[str] = []
    if demo:
        with step("looking after the demonstration district"):
            from wushi.config import demonstration

            lines = demonstration.ensure(say=lambda words: say(f"  {words}")).lines()
    close_connections()
    return lines


def programs(
    environment: Environment, cert: Path | None = None, key: Path | None = None, demo: bool = False
) -> list[Program]:
    """The children: pages, live, calls, worker; who listens to a broker; and who fills the demonstration district meanwhile."""
    granian = [
        str(Path(sys.executable).with_name("granian")),
        "--host",
        environment.host,
        "--no-ws",
        "--log-level",
        "warning",
    ]
    if cert is not None:
        # old phones in the villages speak TLS 1.2 only
        granian += ["--ssl-certificate", str(cert), "--ssl-keyfile", str(key), "--ssl-protocol-min", "tls1.2"]
    pages = [
        "--interface",
        "wsgi",
        "--port",
        str(environment.port),
        "--workers",
        "2",
        "--blocking-threads",
        "4",
    ]
    live = ["--interface", "asgi", "--port", str(environment.live_port), "--workers", "1"]
    # an open page is a request that never ends; by itself the server takes 1,024 of them and lets the next wait
    live += ["--backlog", "4096", "--backpressure", str(_OPEN_PAGES)]
    alive = ["--respawn-failed-workers", "--respawn-interval", "0.5", "--workers-kill-timeout", "5"]
    itself = f"{'https' if cert is not None else 'http'}://{near(environment)}:{environment.port}"
    worker = [sys.executable, "-m", "wushi.config.worker"]
    filling = Program("demo", [sys.executable, "-m", "wushi.config.demonstration_child"], once=True)
    return [
        Program("pages", [*granian, *pages, *alive, "wushi.config.wsgi:application"]),
        Program("live", [*granian, *live, *alive, "wushi.live.asgi:application"]),
        Program("calls", [*worker, "calls"]),
        Program("worker", [*worker, "rest"], {"WUSHI_OWN_URL": itself}),
        *_listening(environment, demo),
        *([filling] if demo else []),
    ]


def _listening(environment: Environment, demo: bool) -> list[Program]:
    """Who takes in what devices publish: with a broker that was named, or with the demonstration's own."""
    own = demo and not environment.mqtt_url and broker.available()
    if not (own or environment.mqtt_url):
        return []
    ingest = Program(
        "ingest",
        [sys.executable, "-m", "wushi.gateway.mqtt"],
        {"MQTT_URL": broker.address(environment), "WUSHI_COUNTY": environment.county},
    )
    return [*([Program("broker", [sys.executable, "-m", "wushi.config.broker"])] if own else []), ingest]


def _run(environment: Environment, https: Https, access: list[str], supervisor_of: list[Supervisor]) -> None:
    address = addresses(environment)[0]
    file = RunningFile(environment.home)
    supervisor = Supervisor(
        programs(environment, https.cert, https.key, demo=bool(access)),
        say,
        on_change=lambda children: file.write(address, children),
        also=_database_keeper(environment),
    )
    supervisor_of.append(supervisor)
    try:
        with step("starting pages, live and worker"):
            supervisor.start()
            _wait_until_ready(environment, supervisor, https)
        if not supervisor.ending:
            say("\n".join(["", *_welcome(environment, https), *access, "", "Ctrl-C stops everything."]))
            supervisor.watch()
        say("Stopping ...")
    finally:
        supervisor.stop()


def _database_keeper(environment: Environment) -> Callable[[], None] | None:
    """The embedded database is nobody's child, and is looked after all the same."""
    if not environment.embedded:
        return None
    cluster = Cluster(environment.home)

    def look() -> None:
        if cluster.status().running:
            return
        say("the database has ended; starting it again")
        try:
            cluster.ensure_started()
        except PostgresTrouble as trouble:
            say(str(trouble))

    return look


def _wait_until_ready(environment: Environment, supervisor: Supervisor, https: Https) -> None:
    deadline = time.monotonic() + _READY_SECONDS
    # our own sockets speak TLS only with a certificate; WUSHI_HTTPS alone means a proxy in front does
    base = f"{'https' if https.on else 'http'}://{near(environment)}"
    waiting = [f"{base}:{environment.port}/healthz", f"{base}:{environment.live_port}/live/healthz"]
    while waiting and not supervisor.ending:
        supervisor.tend()
        waiting = [url for url in waiting if not answers(url)]
        if waiting and (time.monotonic() > deadline or supervisor.crashes() >= _CRASHES_AT_START):
            raise Refused(f"No answer from {' and '.join(waiting)}; the lines above say why.")
        time.sleep(0.1)


def _welcome(environment: Environment, https: Https) -> list[str]:
    lines = [f"Wushi is at {'  and  '.join(addresses(environment))}"]
    if not is_loopback(environment.host) and not (https.on or environment.https or environment.behind_proxy):
        lines += [
            "Without HTTPS phones will miss: pages without network (service worker), voice (microphone), a screen that stays",
            "lit (wake lock). Give --cert and --key.",
        ]
    return [*lines, ""]


def down() -> None:
    """Stop what 'up' started, and the embedded database."""
    environment = env.load()
    running = RunningFile(environment.home).read()
    stopped = []
    if running is not None and running.alive:
        if not stop_parent(running):
            raise Refused(f"Process {running.pid} does not end; its log says why.")
        stopped.append("pages, live, calls, worker")
    elif running is not None:
        if stop_orphans(running):
            stopped.append("processes of an 'up' that was ended by force")
        RunningFile(environment.home).clear()
    if environment.embedded and Cluster(environment.home).stop():
        stopped.append("database")
    say(f"Stopped: {', '.join(stopped)}." if stopped else "Nothing was running.")


def status() -> None:
    """Say what runs, and where."""
    environment = env.load()
    running = RunningFile(environment.home).read()
    if running is not None and running.alive:
        say(f"Wushi runs at {running.address} (process {running.pid}).")
    else:
        say("Wushi does not run.")
    say(f"Data: {environment.home}")
    if not environment.embedded:
        say("Database: the server named by DATABASE_URL.")
        return
    cluster = Cluster(environment.home).status()
    how = f"runs (process {cluster.pid})" if cluster.running else "does not run"
    say(
        f"Database: PostgreSQL {cluster.version} in {cluster.folder}, {how}."
        if cluster.made
        else "Database: not made yet."
    )


def reset(
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
) -> None:
    """Delete all data of this installation: database, photos, keys. Asks first."""
    environment = env.load()
    check_not_running(environment, "reset")
    if not environment.embedded:
        raise Refused("The data is on the server named by DATABASE_URL; drop its database there.", WRONG_USE)
    confirm(f"This deletes the database, photos and keys under {environment.home} for good.", yes)
    Cluster(environment.home).destroy()
    left = _delete(environment.home)
    say(f"Deleted. Not ours and still there: {', '.join(left)}." if left else "Deleted.")


def _delete(home: Path) -> list[str]:
    """Only what we made: WUSHI_HOME may be a folder that holds other things too."""
    for name in OURS:
        path = home / name
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(path)
        else:
            path.unlink(missing_ok=True)
    left = sorted(path.name for path in home.iterdir())
    if not left:
        home.rmdir()
    return left
