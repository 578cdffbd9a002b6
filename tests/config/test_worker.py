"""The worker's rescue: a job whose worker died begins again."""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor
from uuid import uuid4

from django.db import connection

from wushi.config.worker import rescue_once
from wushi.kernel.verb import unscoped


def test_a_job_whose_worker_died_begins_again() -> None:
    name = f"tests.{uuid4().hex}"
    with unscoped("test: a worker that died ten minutes ago"), connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO procrastinate_workers (last_heartbeat) VALUES (now() - interval '10 minutes') RETURNING id"
        )
        worker = cursor.fetchone()[0]
        cursor.execute(
            "INSERT INTO procrastinate_jobs (queue_name, task_name, status, worker_id) "
            "VALUES ('tests', %s, 'doing', %s) RETURNING id",
            [name, worker],
        )
        job = cursor.fetchone()[0]

    async def rescued() -> int:
        from procrastinate.contrib.django import app as base

        app = base.with_connector(base.connector.get_worker_connector())  # type: ignore[attr-defined]
        async with app.open_async():
            return await rescue_once(app)

    # in a thread of its own: after a test with a browser this one has a loop already
    with ThreadPoolExecutor(1) as thread:
        assert thread.submit(lambda: asyncio.run(rescued())).result() >= 1
    with unscoped("test: look"), connection.cursor() as cursor:
        cursor.execute("SELECT status FROM procrastinate_jobs WHERE id = %s", [job])
        assert cursor.fetchone()[0] == "todo"
        cursor.execute("DELETE FROM procrastinate_jobs WHERE id = %s", [job])
