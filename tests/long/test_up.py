"""``wushi up`` as a person runs it: the whole system, its crashes and its end. No demonstration: it has its own tests."""

from __future__ import annotations

import json
import os
import re
import signal
import socket
import ssl
import subprocess
import time
import urllib.request
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from wushi.config.supervisor import process_mark

Command = Callable[..., list[str]]


def free_ports() -> int:
    """A port that is free, and the next one too."""
    for _ in range(50):
        with socket.socket() as first, socket.socket() as second:
            first.bind(("127.0.0.1", 0))
            port = int(first.getsockname()[1])
            try:
                second.bind(("127.0.0.1", port + 1))
            except (OSError, OverflowError):
                continue
            return port
    raise AssertionError("no two free ports")


class Installation:
    """One home, its settings, and the ``up`` that runs in it."""

    def __init__(self, command: Command, environ: Mapping[str, str], home: Path) -> None:
        self.command, self.home, self.port = command, home, free_ports()
        self.environ = {**environ, "WUSHI_HOME": str(home), "WUSHI_PORT": str(self.port)}
        self.log = home.with_suffix(".log")
        self.process: subprocess.Popen[bytes] | None = None

    def up(self, *options: str) -> subprocess.Popen[bytes]:
        """Start, and wait for the words that it runs."""
        with self.log.open("wb") as log:
            self.process = subprocess.Popen(
                self.command("up", "--no-demo", *options),
                env=self.environ,
                stdout=log,
                stderr=log,
                stdin=subprocess.DEVNULL,
                start_new_session=True,
            )
        self.until(lambda: "Ctrl-C stops everything" in self.said() or self.ended())
        assert not self.ended(), self.said()
        return self.process

    def ended(self) -> bool:
        """The parent has ended."""
        return self.process is not None and self.process.poll() is not None

    def said(self) -> str:
        """Everything ``up`` and its children have said."""
        return self.log.read_text(errors="replace")

    def run(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Another command in the same home."""
        return subprocess.run(
            self.command(*arguments),
            env=self.environ,
            capture_output=True,
            text=True,
            check=False,
            stdin=subprocess.DEVNULL,
        )

    def until(self, true: Callable[[], object]) -> None:
        """Wait for something; fail, with what was said, when it never comes."""
        deadline = time.monotonic() + 120
        while not true():
            assert time.monotonic() < deadline, self.said()
            time.sleep(0.05)

    def answers(self, scheme: str = "http", live: bool = False) -> bool:
        """Pages, or live, answer."""
        where = f"127.0.0.1:{self.port + 1}/live" if live else f"127.0.0.1:{self.port}"
        context = ssl.create_default_context()
        context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
        opener = urllib.request.build_opener(
            urllib.request.ProxyHandler({}), urllib.request.HTTPSHandler(context=context)
        )
        try:
            with opener.open(f"{scheme}://{where}/healthz", timeout=5) as answer:
                return bool(answer.status == 200)
        except OSError:
            return False

    def children(self) -> list[int]:
        """The process numbers the parent has noted."""
        return [int(pid) for pid in json.loads((self.home / "up.json").read_text())["children"]]

    def end(self) -> None:
        """Leave nothing behind, whatever the test did."""
        if self.process is not None and not self.ended():
            self.process.terminate()
            self.process.wait()
        self.run("down")
        done = self.run("reset", "--yes")
        assert done.returncode == 0, done.stderr


@pytest.fixture
def installation(wushi: Command, clean_environ: dict[str, str], tmp_path: Path) -> Iterator[Installation]:
    """A home of its own on ports of its own."""
    one = Installation(wushi, clean_environ, tmp_path / "home")
    yield one
    one.end()


def test_up_and_a_second_up(installation: Installation, tmp_path: Path) -> None:
    parent = installation.up()
    assert installation.answers()
    assert installation.answers(live=True)
    assert (installation.home / "up.pid").read_text() == f"{parent.pid}\n"
    second = installation.run("up")
    assert second.returncode == 0
    assert f"running already, at http://127.0.0.1:{installation.port}" in second.stdout
    elsewhere = subprocess.run(
        installation.command("up"),
        env={**installation.environ, "WUSHI_HOME": str(tmp_path / "elsewhere")},
        capture_output=True,
        text=True,
        check=False,
    )
    assert elsewhere.returncode == 1
    assert f"Port {installation.port} of 127.0.0.1 cannot be used" in elsewhere.stderr
    assert "is running at" in installation.run("reset", "--yes").stderr
    assert installation.run("check").stdout == "All is well.\n"


def test_crashes_and_down(installation: Installation) -> None:
    parent = installation.up()
    server = database_pid(installation)
    before = installation.children()
    os.kill(before[0], signal.SIGKILL)
    installation.until(lambda: len(installation.children()) == 3 and before[0] not in installation.children())
    installation.until(installation.answers)
    assert "was ended by signal 9; starting it again" in installation.said()
    assert database_pid(installation) == server  # a child that ends never takes the database along

    os.kill(server, signal.SIGKILL)
    installation.until(lambda: "the database has ended; starting it again" in installation.said())
    installation.until(lambda: installation.run("check").returncode == 0)

    children = {pid: process_mark(pid) for pid in installation.children()}
    assert "Stopped: pages, live, calls, worker" in installation.run("down").stdout
    assert parent.wait() == 0
    assert not [pid for pid, mark in children.items() if process_mark(pid) == mark]
    assert not installation.answers()
    assert database_pid(installation) == 0


def database_pid(installation: Installation) -> int:
    """The embedded server's process, by what ``status`` says; 0 while there is none."""
    found = re.search(r"runs \(process (\d+)\)\.$", installation.run("status").stdout.strip())
    return int(found[1]) if found else 0


def test_a_parent_ended_by_force_leaves_nothing_to_the_next(installation: Installation) -> None:
    parent = installation.up()
    left = {pid: process_mark(pid) for pid in installation.children()}
    parent.kill()
    parent.wait()
    installation.up("--keep-database")
    assert "was ended by force; stopped" in installation.said()
    assert not [pid for pid, mark in left.items() if process_mark(pid) == mark]
    assert installation.process
    installation.process.send_signal(signal.SIGINT)
    assert installation.process.wait() == 0
    assert "runs (process" in installation.run("status").stdout
    assert installation.run("down").stdout == "Stopped: database.\n"


def test_https_for_phones_in_the_network(installation: Installation, tmp_path: Path) -> None:
    certificate, key = self_signed(tmp_path)
    installation.up("--host", "0.0.0.0", "--cert", str(certificate), "--key", str(key))
    assert installation.answers("https")
    assert installation.answers("https", live=True)
    assert f"https://127.0.0.1:{installation.port}" in installation.said()
    assert "Without HTTPS" not in installation.said()


def test_without_https_it_says_what_phones_will_miss(installation: Installation) -> None:
    installation.up("--host", "0.0.0.0")
    for missing in ("Without HTTPS", "service worker", "microphone", "wake lock"):
        assert missing in installation.said()


def self_signed(folder: Path) -> tuple[Path, Path]:
    """A certificate for this machine, and its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .sign(key, hashes.SHA256())
    )
    certificate_file, key_file = folder / "cert.pem", folder / "key.pem"
    certificate_file.write_bytes(made.public_bytes(serialization.Encoding.PEM))
    key_file.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
    )
    return certificate_file, key_file
