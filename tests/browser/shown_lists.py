"""Lists that were brought in, for those who look at pages: one whose columns are to be told, one to confirm, one carried out."""

from __future__ import annotations

import time
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

from tests.village import Village
from wushi.domain.imports import queries, tasks
from wushi.domain.imports.models import Batch
from wushi.domain.imports.services import NewFile, commit_batch, map_columns, take_file
from wushi.domain.people.importing import Residents
from wushi.kernel.actor import Actor
from wushi.kernel.verb import reading
from wushi.plumbing.sheets.writing import write_rows

HEADS = ["姓名", "身份证号", "手机号", "村（社区）", "网格", "住址"]


@dataclass(frozen=True)
class Lists:
    """Batches by where they stand."""

    taken: UUID
    ready: UUID
    done: UUID


def bring_lists(village: Village, clerk: Actor, folder: Path) -> Lists:
    """Three files of a town's dispatcher, in the three states a page has most to say of."""
    rows = [
        [f"{name}{n}", "", f"139{village.county[:4]}{n:04d}", "孙岗村", village.grid, f"井边路{n // 3}号"]
        for n, name in enumerate(["刘大山", "王秀英", "张建国", "李桂兰"] * 6)
    ]
    wrong = [
        ["陈小红", "110105194912310021", "", "孙岗村", "", ""],
        ["赵六", "", "138", "孙岗村", "", ""],
        ["孙七", "", "13800000077", "没有村", "", ""],
        rows[0],
    ]
    taken = _brought(village, clerk, folder, "户籍名册.xlsx", rows[:5])
    ready = _brought(village, clerk, folder, "孙岗村花名册.xlsx", rows + wrong)
    done = _brought(village, clerk, folder, "二组花名册.xlsx", rows[5:9])
    for batch in (ready, done):
        with reading(clerk):
            mapping = queries.offered_mapping(batch, Residents.columns)
        told = map_columns(actor=clerk, batch_id=batch.id, mapping=mapping)
        # a worker may run beside us or not: whoever is later at the same rows steps back
        tasks.look(county=village.county, batch_id=str(batch.id), step=str(told.step))
        wait_for(village, batch.id, "ready")
    commit_batch(actor=clerk, batch_id=done.id)
    tasks.carry_out(county=village.county, batch_id=str(done.id))
    wait_for(village, done.id, "done")
    return Lists(taken.id, ready.id, done.id)


def _brought(village: Village, clerk: Actor, folder: Path, name: str, rows: list[list[str]]) -> Batch:
    path = folder / name
    write_rows(path, HEADS, rows)
    return take_file(actor=clerk, new=NewFile("residents", "派出所", name, path))


def wait_for(village: Village, batch_id: UUID, state: str) -> Batch:
    """The worker does it within half a minute."""
    for _ in range(300):
        with reading(village.house):
            batch = Batch.objects.get(county=village.county, id=batch_id)
        if batch.state == state:
            return batch
        time.sleep(0.1)
    raise AssertionError(f"{batch.state} {batch.trouble}, not {state}")
