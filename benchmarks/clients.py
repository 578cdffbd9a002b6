"""Load: some processes of some threads each, set up like the server's own, doing one operation for some seconds."""

from __future__ import annotations

import multiprocessing
import threading
import time
from multiprocessing.connection import Connection
from typing import Any

from benchmarks.results import Figures

PROCESSES = 2
WARM_SECONDS = 0.7


class Clients:
    """Two processes that stay for the whole run; ``run`` has them do one operation together."""

    def __init__(self) -> None:
        context = multiprocessing.get_context("spawn")
        self._lines: list[Connection] = []
        self._processes = []
        for _ in range(PROCESSES):
            here, there = context.Pipe()
            process = context.Process(target=_serve, args=(there,), daemon=True)
            process.start()
            self._lines.append(here)
            self._processes.append(process)

    def run(self, operation: str, threads: int, seconds: float, **arguments: Any) -> Figures:
        """``threads`` clients in all; raises what a client raised."""
        each = max(1, threads // PROCESSES)
        for line in self._lines:
            line.send((operation, each, seconds, arguments))
        found: list[float] = []
        for line in self._lines:
            answer = line.recv()
            if isinstance(answer, str):
                raise RuntimeError(f"{operation}: {answer}")
            found += answer
        return Figures.of(found, seconds)

    def close(self) -> None:
        """Let the processes end."""
        for line, process in zip(self._lines, self._processes, strict=True):
            line.send(None)
            process.join(10)


def _serve(line: Connection) -> None:
    import django

    django.setup()
    import structlog

    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(40))
    while (order := line.recv()) is not None:
        operation, threads, seconds, arguments = order
        try:
            line.send(_measure(operation, threads, seconds, arguments))
        except Exception as error:
            line.send(f"{type(error).__name__}: {error}"[:500])


def _measure(operation: str, threads: int, seconds: float, arguments: dict[str, Any]) -> list[float]:
    from benchmarks.operations import OPERATIONS

    found: list[list[float]] = [[] for _ in range(threads)]
    faults: list[Exception] = []
    begin = time.monotonic() + WARM_SECONDS

    def client(number: int) -> None:
        try:
            one = OPERATIONS[operation](**arguments)
            while time.monotonic() < begin:
                one()
            while (started := time.monotonic()) < begin + seconds:
                one()
                found[number].append((time.monotonic() - started) * 1000)
        except Exception as error:
            faults.append(error)
        finally:
            _done()

    workers = [threading.Thread(target=client, args=(n,)) for n in range(threads)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    if faults:
        raise faults[0]
    return [value for own in found for value in own]


def _done() -> None:
    from django.db import connection

    connection.close()
