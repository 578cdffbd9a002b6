"""A line that breaks: a small TCP proxy that takes a share of the replies away, after what was asked has arrived."""

from __future__ import annotations

import asyncio
import contextlib
import random
import threading
from collections.abc import Iterator
from contextlib import contextmanager

PIECE = 65536
HEAD = 12


class Cutting:
    """Between senders and pages. A cut reply is lost whole, or ends within its first line."""

    def __init__(self, target: int, share: float, rng: random.Random) -> None:
        self.target, self.share, self.rng = target, share, rng
        self.port, self.cuts, self.lines = 0, 0, 0
        self._loop = asyncio.new_event_loop()
        # the loop itself holds its tasks by a thread that may break
        self._held: set[asyncio.Task[None] | None] = set()

    async def _line(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.lines += 1
        self._held.add(asyncio.current_task())
        cut = self.rng.random() < self.share
        with contextlib.suppress(OSError):
            there, back = await asyncio.open_connection("127.0.0.1", self.target)
            asking = asyncio.ensure_future(self._forward(reader, back))
            try:
                await self._answer(there, writer, cut)
            finally:
                asking.cancel()
                back.close()
        writer.close()
        self._held.discard(asyncio.current_task())

    async def _forward(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(OSError):
            while piece := await reader.read(PIECE):
                writer.write(piece)
                await writer.drain()
        # whoever asked is gone: nobody waits for an answer any more
        writer.close()

    async def _answer(self, there: asyncio.StreamReader, writer: asyncio.StreamWriter, cut: bool) -> None:
        while piece := await there.read(PIECE):
            if cut:
                # the other side has done what was asked by now; nobody hears of it
                self.cuts += 1
                writer.write(piece[: self.rng.choice((0, HEAD))])
                return
            writer.write(piece)
            await writer.drain()

    def _run(self, ready: threading.Event) -> None:
        asyncio.set_event_loop(self._loop)
        server = self._loop.run_until_complete(asyncio.start_server(self._line, "127.0.0.1", 0))
        self.port = server.sockets[0].getsockname()[1]
        ready.set()
        self._loop.run_forever()
        server.close()
        for task in asyncio.all_tasks(self._loop):
            task.cancel()
        self._loop.run_until_complete(asyncio.sleep(0.1))

    @contextmanager
    def open(self) -> Iterator[Cutting]:
        """In a thread of its own, for a block."""
        ready = threading.Event()
        thread = threading.Thread(target=self._run, args=(ready,), daemon=True)
        thread.start()
        ready.wait(10)
        try:
            yield self
        finally:
            self._loop.call_soon_threadsafe(self._loop.stop)
            thread.join(10)
