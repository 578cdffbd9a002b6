"""Server-sent events from one LISTEN connection to every open page. NOTIFY says only which topic changed."""

from __future__ import annotations

import asyncio
import contextlib
import json
from collections import defaultdict
from collections.abc import AsyncIterator

import psycopg
import structlog

log = structlog.get_logger("wushi.live")
CHANNEL = "wushi_live"
# A page that does not read is dropped; it reconnects and reads its page again.
QUEUE = 64
STREAM_SECONDS = 300.0
PING_SECONDS = 20.0
RETRY_SECONDS = 1.0


class Hub:
    """Who listens to which opaque topic; one queue a stream."""

    def __init__(self) -> None:
        self._by_topic: dict[str, set[asyncio.Queue[str | None]]] = defaultdict(set)
        self.streams = 0

    def open(self, topics: list[str]) -> asyncio.Queue[str | None]:
        """A queue that gets what happens to the topics."""
        queue: asyncio.Queue[str | None] = asyncio.Queue(QUEUE)
        for topic in topics:
            self._by_topic[topic].add(queue)
        self.streams += 1
        return queue

    def close(self, topics: list[str], queue: asyncio.Queue[str | None]) -> None:
        """Forget the queue."""
        for topic in topics:
            self._by_topic[topic].discard(queue)
            if not self._by_topic[topic]:
                del self._by_topic[topic]
        self.streams -= 1

    def tell(self, payload: str) -> None:
        """``version topic topic ...`` from the relay, to everybody concerned."""
        version, *topics = payload.split(" ")
        for topic in topics:
            line = json.dumps({"topic": topic, "version": version})
            for queue in tuple(self._by_topic.get(topic, ())):
                self._put(queue, line)

    def tell_all(self) -> None:
        """Notices may have been lost (the database was away): everybody reads again."""
        for queue in {q for queues in self._by_topic.values() for q in queues}:
            self._put(queue, json.dumps({"topic": "*", "version": ""}))

    def _put(self, queue: asyncio.Queue[str | None], line: str) -> None:
        try:
            queue.put_nowait(line)
        except asyncio.QueueFull:
            # full = the reader sleeps: end its stream, lose nothing (the page reads again)
            self.end(queue)

    @staticmethod
    def end(queue: asyncio.Queue[str | None]) -> None:
        """Its stream ends at once, whatever still waits in it."""
        while not queue.empty():
            queue.get_nowait()
        queue.put_nowait(None)


async def listen(hub: Hub, url: str) -> None:
    """One direct connection; after every break all pages are told to read again."""
    broken = False
    while True:
        try:
            async with await psycopg.AsyncConnection.connect(
                url, autocommit=True, connect_timeout=10
            ) as connection:
                await connection.execute(f"LISTEN {CHANNEL}")
                if broken:
                    hub.tell_all()
                broken = False
                async for notice in connection.notifies():
                    hub.tell(notice.payload)
        except (psycopg.Error, OSError):
            log.warning("listening broke off", exc_info=True)
        broken = True
        await asyncio.sleep(RETRY_SECONDS)


async def events(
    hub: Hub, topics: list[str], gone: asyncio.Future[None] | None = None
) -> AsyncIterator[bytes]:
    """The bytes of one stream: notices as they come, a comment now and then, an end after five minutes or once ``gone``.

    One timer an event and no task: one event to thousands of pages is thousands of these turns.
    """
    queue = hub.open(topics)
    if gone is not None:
        gone.add_done_callback(lambda _gone: hub.end(queue))
    loop = asyncio.get_running_loop()
    end = loop.time() + STREAM_SECONDS
    try:
        yield b"retry: 2000\n\n"
        while (left := end - loop.time()) > 0:
            line: str | None = ""
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(min(PING_SECONDS, left)):
                    line = await queue.get()
            if line is None:
                return
            yield f"data: {line}\n\n".encode() if line else b": here\n\n"
    finally:
        hub.close(topics, queue)
