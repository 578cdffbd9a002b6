"""An open page's stream: what concerns it and nothing else, in order; it ends when the page is gone or sleeps."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from wushi.live import streams
from wushi.live.streams import Hub, events


def _alone(what: Awaitable[Any]) -> Any:
    # in a thread of its own: after a test with a browser this one has a loop already
    async def run() -> Any:
        return await what

    with ThreadPoolExecutor(1) as thread:
        return thread.submit(lambda: asyncio.run(run())).result(30)


def _said(chunk: bytes) -> dict[str, str]:
    return json.loads(chunk.removeprefix(b"data: "))  # type: ignore[no-any-return]


def test_a_page_hears_its_own_topics_in_order_and_no_others() -> None:
    async def story() -> list[dict[str, str]]:
        hub = Hub()
        mine, other = events(hub, ["a", "b"]), events(hub, ["c"])
        assert await anext(mine) == await anext(other) == b"retry: 2000\n\n"
        hub.tell("1 a")
        hub.tell("2 c b")
        heard = [_said(await anext(mine)), _said(await anext(mine)), _said(await anext(other))]
        assert hub.streams == 2
        await mine.aclose()  # type: ignore[attr-defined]
        await other.aclose()  # type: ignore[attr-defined]
        assert hub.streams == 0
        return heard

    assert _alone(story()) == [
        {"topic": "a", "version": "1"},
        {"topic": "b", "version": "2"},
        {"topic": "c", "version": "2"},
    ]


def test_a_page_that_is_gone_ends_its_stream_at_once() -> None:
    async def story() -> int:
        hub = Hub()
        gone: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        seen = []

        async def read() -> None:
            async for chunk in events(hub, ["a"], gone):
                seen.append(chunk)

        reading = asyncio.create_task(read())
        await asyncio.sleep(0.05)
        gone.set_result(None)
        await asyncio.wait_for(reading, 5)
        assert len(seen) == 1
        return hub.streams

    assert _alone(story()) == 0


def test_a_page_that_sleeps_is_let_go_and_keeps_nobody_waiting(monkeypatch: Any) -> None:
    monkeypatch.setattr(streams, "QUEUE", 3)

    async def story() -> list[bytes]:
        hub = Hub()
        asleep, awake = events(hub, ["a"]), events(hub, ["a"])
        await anext(asleep)
        await anext(awake)
        for version in range(5):
            hub.tell(f"{version} a")
            assert _said(await anext(awake))["version"] == str(version)
        return [chunk async for chunk in asleep]

    # more than it can hold: it ends, and the page reads again
    assert _alone(story()) == []


def test_a_quiet_stream_says_now_and_then_that_it_is_there(monkeypatch: Any) -> None:
    monkeypatch.setattr(streams, "PING_SECONDS", 0.02)

    async def story() -> list[bytes]:
        stream = events(Hub(), ["a"])
        return [await anext(stream) for _ in range(3)]

    assert _alone(story()) == [b"retry: 2000\n\n", b": here\n\n", b": here\n\n"]
