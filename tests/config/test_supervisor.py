"""The parent of the processes: restarts the crashed, forwards their words, stops all, leaves nobody behind."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.config.dummies import CRASHING, DEAF, STEADY, program
from wushi.config import supervisor
from wushi.config.supervisor import Running, RunningFile, Supervisor, process_mark, stop_orphans, stop_parent


def until(true: Callable[[], object], seconds: float = 30) -> None:
    """Wait for something; fail when it never comes."""
    deadline = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < deadline, "it never came"
        time.sleep(0.02)


@pytest.fixture
def said() -> list[str]:
    """What the supervisor says."""
    return []


@pytest.fixture
def watched(said: list[str]) -> Iterator[Callable[..., Supervisor]]:
    """A supervisor that watches in a thread and is stopped at the end."""
    running: list[tuple[Supervisor, threading.Thread]] = []

    def start(
        *programs: supervisor.Program, on_change: Callable[[list[int]], None] | None = None
    ) -> Supervisor:
        one = Supervisor(programs, said.append, on_change)
        one.start()
        thread = threading.Thread(target=one.watch)
        thread.start()
        running.append((one, thread))
        return one

    yield start
    for one, thread in running:
        one.ask_to_stop()
        thread.join()
        one.stop()


def test_a_killed_child_is_started_again_and_its_neighbour_left_alone(
    watched: Callable[..., Supervisor], said: list[str]
) -> None:
    seen: list[list[int]] = []
    one = watched(program("pages", STEADY), program("worker", STEADY), on_change=seen.append)
    until(lambda: "pages  | here" in said)
    before = one.pids()
    os.kill(before["pages"], signal.SIGKILL)
    until(lambda: one.pids().get("pages") not in (None, before["pages"]))
    assert one.pids()["worker"] == before["worker"]
    assert any("pages was ended by signal 9; starting it again" in line for line in said)
    until(lambda: said.count("pages  | here") == 2)
    until(lambda: seen and set(seen[-1]) == set(one.pids().values()))


def test_a_child_that_keeps_crashing_is_started_less_and_less_often(
    watched: Callable[..., Supervisor], said: list[str]
) -> None:
    one = watched(program("live", CRASHING))
    until(lambda: one.crashes() >= 3)
    told = [line for line in said if "ended with code 3" in line]
    assert [line.rpartition(" in ")[2] for line in told[:3]] == ["0.5 s", "1 s", "2 s"]


def test_a_program_that_does_not_exist_is_told(watched: Callable[..., Supervisor], said: list[str]) -> None:
    one = watched(supervisor.Program("live", ["/nowhere/at-all"]), program("pages", STEADY))
    until(lambda: any("live cannot be started" in line for line in said))
    assert list(one.pids()) == ["pages"]


def test_a_deaf_child_and_its_own_child_are_stopped_by_force(
    said: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(supervisor, "STOP_SECONDS", 0.3)
    one = Supervisor([program("pages", DEAF, tmp_path / "pid")], said.append)
    one.start()
    until((tmp_path / "pid").exists)
    grandchild = int((tmp_path / "pid").read_text())
    mark, parent = process_mark(grandchild), one.pids()["pages"]
    assert mark
    one.stop()
    until(lambda: process_mark(grandchild) != mark)
    assert not process_mark(parent)
    assert one.pids() == {}


def test_a_process_is_known_by_its_number_and_beginning() -> None:
    child = subprocess.Popen([sys.executable, "-c", STEADY], stdout=subprocess.DEVNULL)
    mark = process_mark(child.pid)
    assert mark
    assert process_mark(child.pid) == mark
    child.kill()
    until(lambda: not process_mark(child.pid))  # a zombie is no process
    child.wait()


def test_the_note_of_the_running_parent(tmp_path: Path) -> None:
    file = RunningFile(tmp_path)
    assert file.read() is None
    file.write("http://127.0.0.1:8000", [os.getpid()])
    running = file.read()
    assert running is not None
    assert (running.pid, running.address, running.alive) == (os.getpid(), "http://127.0.0.1:8000", True)
    assert (tmp_path / "up.pid").read_text() == f"{os.getpid()}\n"
    assert not Running(os.getpid(), "another beginning", "", {}).alive
    file.clear()
    assert list(tmp_path.iterdir()) == []
    (tmp_path / "up.json").write_text("[]")
    assert file.read() is None


def test_orphans_of_a_killed_parent_are_stopped_and_strangers_are_not() -> None:
    orphan, stranger = (
        subprocess.Popen([sys.executable, "-c", STEADY], stdout=subprocess.DEVNULL, start_new_session=True)
        for _ in "ab"
    )
    try:
        left = Running(1, "", "", {orphan.pid: process_mark(orphan.pid), stranger.pid: "another beginning"})
        assert stop_orphans(left) == [orphan.pid]
        until(lambda: orphan.poll() is not None)
        assert stranger.poll() is None
    finally:
        for process in (orphan, stranger):
            process.kill()
            process.wait()


def test_a_running_parent_is_asked_to_end() -> None:
    parent = subprocess.Popen([sys.executable, "-c", STEADY], stdout=subprocess.DEVNULL)
    running = Running(parent.pid, process_mark(parent.pid), "", {})
    assert running.alive
    assert stop_parent(running)
    assert parent.wait() == -signal.SIGTERM
    assert stop_parent(running)


def test_what_has_its_work_done_is_not_started_again_and_what_failed_at_it_is(
    watched: Callable[..., Supervisor], said: list[str], tmp_path: Path
) -> None:
    """Who fills the demonstration ends when it is full; ended in the middle, it goes on."""
    mark = tmp_path / "tries"
    count = f"import sys; open({str(mark)!r}, 'a').write('x'); sys.exit(len(open({str(mark)!r}).read()) < 2)"
    filling = supervisor.Program("demo", [sys.executable, "-c", count], once=True)
    one = watched(filling, program("pages", STEADY))
    until(lambda: mark.exists() and mark.read_text() == "xx")
    until(lambda: set(one.pids()) == {"pages"})
    time.sleep(1.5)
    assert mark.read_text() == "xx"
    assert [words for words in said if "demo ended with code 1" in words]
