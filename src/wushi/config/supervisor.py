"""The parent of pages, live, calls and worker: starts them, restarts the one that crashed, stops all together.

Every child leads a process group of its own, so that its own children are stopped with it and a Ctrl-C in the terminal
reaches only the parent, which then stops them in order.
"""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

from wushi.config.env import write_private

Say = Callable[[str], None]

STOP_SECONDS = 8.0
STEADY_SECONDS = 30.0
LONGEST_PAUSE = 30.0
_TICK = 0.1
_ALSO_SECONDS = 2.0


@dataclass(frozen=True)
class Program:
    """One child: its name before every line of its log, and how it is called."""

    name: str
    command: Sequence[str]
    environment: Mapping[str, str] = field(default_factory=dict)
    # it has its work, and is not started again once it has done it
    once: bool = False


@dataclass
class _Child:
    program: Program
    process: subprocess.Popen[bytes] | None = None
    started: float = 0.0
    crashes: int = 0
    again_at: float = 0.0
    done: bool = False


class Supervisor:
    """Keeps the programs running until ``stop`` or a signal."""

    def __init__(
        self,
        programs: Sequence[Program],
        say: Say,
        on_change: Callable[[list[int]], None] | None = None,
        also: Callable[[], None] | None = None,
    ) -> None:
        """``on_change`` is told the children's process numbers; ``also`` is called every few seconds."""
        self._children = [_Child(program) for program in programs]
        self._say = say
        self._on_change = on_change or (lambda pids: None)
        self._also = also or (lambda: None)
        self._also_at = 0.0
        self._ending = threading.Event()

    def pids(self) -> dict[str, int]:
        """Who runs now, by name."""
        return {
            c.program.name: c.process.pid for c in self._children if c.process and c.process.poll() is None
        }

    def crashes(self) -> int:
        """How often children have ended since the start, or since they last stayed up for a while."""
        return sum(child.crashes for child in self._children)

    def start(self) -> None:
        """Start every program."""
        for child in self._children:
            self._start(child)
        self._on_change(list(self.pids().values()))

    def ask_to_stop(self) -> None:
        """End ``watch`` soon; safe in a signal handler."""
        self._ending.set()

    def watch(self) -> None:
        """Restart what crashes, until somebody asks to stop."""
        while not self._ending.wait(_TICK):
            self.tend()
            if time.monotonic() >= self._also_at:
                self._also()
                self._also_at = time.monotonic() + _ALSO_SECONDS

    def tend(self) -> None:
        """One look at every child."""
        now = time.monotonic()
        for child in self._children:
            if child.process is not None and child.process.poll() is not None:
                self._note_end(child, now)
            elif child.process is None and not child.done and now >= child.again_at:
                self._start(child)
                self._on_change(list(self.pids().values()))
            elif child.process is not None and child.crashes and now - child.started > STEADY_SECONDS:
                child.crashes = 0

    @property
    def ending(self) -> bool:
        """Somebody asked to stop."""
        return self._ending.is_set()

    def stop(self) -> None:
        """Ask every child to end, and end by force what has not after a few seconds."""
        self._ending.set()
        running = [c.process for c in self._children if c.process and c.process.poll() is None]
        for process in running:
            signal_group(process.pid, signal.SIGTERM)
        deadline = time.monotonic() + STOP_SECONDS
        for process in running:
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(max(0.0, deadline - time.monotonic()))
        for process in running:
            # the group too, when its leader has gone: a worker of a killed server must not keep the port
            signal_group(process.pid, signal.SIGKILL)
            process.wait()
        self._on_change([])

    def _start(self, child: _Child) -> None:
        program = child.program
        child.started = time.monotonic()
        try:
            child.process = subprocess.Popen(
                list(program.command),
                env={**os.environ, "PYTHONUNBUFFERED": "1", **program.environment},
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        except OSError as error:
            self._postpone(child, f"{program.name} cannot be started ({error.strerror})", child.started)
            return
        threading.Thread(target=self._forward, args=(program.name, child.process.stdout), daemon=True).start()

    def _forward(self, name: str, stream: IO[bytes]) -> None:
        for line in stream:
            # our reader may have gone; the child must not wait for ever for somebody to take its lines
            with contextlib.suppress(OSError):
                self._say(f"{name:<6} | {line.decode(errors='replace').rstrip()}")

    def _note_end(self, child: _Child, now: float) -> None:
        assert child.process is not None
        code = child.process.returncode
        signal_group(child.process.pid, signal.SIGKILL)  # what it left behind holds its port
        if child.program.once and code == 0:
            child.process, child.done = None, True
            self._on_change(list(self.pids().values()))
            return
        how = f"was ended by signal {-code}" if code < 0 else f"ended with code {code}"
        self._postpone(child, f"{child.program.name} {how}", now)
        self._on_change(list(self.pids().values()))

    def _postpone(self, child: _Child, what: str, now: float) -> None:
        child.process = None
        child.crashes += 1
        pause = min(LONGEST_PAUSE, 0.5 * 2 ** (child.crashes - 1))
        child.again_at = now + pause
        self._say(f"{what}; starting it again in {pause:g} s")


def signal_group(pid: int, number: int) -> None:
    """A signal to a child's whole group, if there is anyone left in it."""
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(pid, number)


def process_mark(pid: int) -> str:
    """When the process began: with its number it names one process for good. Empty if there is none."""
    try:
        # after the name, which may hold blanks and brackets, the 20th field is the start time
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        return "" if fields[0] == "Z" else fields[19]
    except FileNotFoundError:
        if Path("/proc/self/stat").exists():
            return ""
    except (OSError, IndexError):
        return ""
    told = subprocess.run(
        ["ps", "-o", "lstart=", "-p", str(pid)], capture_output=True, text=True, check=False
    )
    return told.stdout.strip()


@dataclass(frozen=True)
class Running:
    """What ``up`` leaves in ``WUSHI_HOME`` while it runs: who it is, where it is, which children it has."""

    pid: int
    mark: str
    address: str
    children: dict[int, str]

    @property
    def alive(self) -> bool:
        """The same process, not another with its number."""
        return bool(self.mark) and process_mark(self.pid) == self.mark


class RunningFile:
    """``up.pid`` (the number) and ``up.json`` (the rest)."""

    def __init__(self, home: Path) -> None:
        self._pid = home / "up.pid"
        self._rest = home / "up.json"

    def write(self, address: str, children: Sequence[int] = ()) -> None:
        """Note that this process is the parent."""
        marks = {str(pid): process_mark(pid) for pid in children}
        rest = {"pid": os.getpid(), "mark": process_mark(os.getpid()), "address": address, "children": marks}
        write_private(self._rest, json.dumps(rest) + "\n")
        write_private(self._pid, f"{os.getpid()}\n")

    def read(self) -> Running | None:
        """What was noted last, by a parent that may be dead."""
        try:
            rest = json.loads(self._rest.read_text())
            children = {int(pid): str(mark) for pid, mark in rest["children"].items()}
            return Running(int(rest["pid"]), str(rest["mark"]), str(rest["address"]), children)
        except (OSError, ValueError, KeyError, TypeError, AttributeError):
            return None

    def clear(self) -> None:
        """This process is the parent no more."""
        self._pid.unlink(missing_ok=True)
        self._rest.unlink(missing_ok=True)


def stop_orphans(running: Running) -> list[int]:
    """Stop the children of a parent that was killed, each only if it is still the process that was noted."""
    orphans = [pid for pid, mark in running.children.items() if mark and process_mark(pid) == mark]
    for pid in orphans:
        signal_group(pid, signal.SIGTERM)
    deadline = time.monotonic() + STOP_SECONDS
    while any(process_mark(pid) for pid in orphans) and time.monotonic() < deadline:
        time.sleep(_TICK)
    for pid in orphans:
        signal_group(pid, signal.SIGKILL)
    return orphans


def stop_parent(running: Running, seconds: float = 2 * STOP_SECONDS) -> bool:
    """Ask a running ``up`` to end and wait for it; False if it is still there."""
    with contextlib.suppress(ProcessLookupError):
        os.kill(running.pid, signal.SIGTERM)
    deadline = time.monotonic() + seconds
    while running.alive and time.monotonic() < deadline:
        time.sleep(_TICK)
    return not running.alive
