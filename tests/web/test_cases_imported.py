"""The pages of importing requests: history or new, places that nobody knows chosen, what a request then says of itself."""

from __future__ import annotations

from pathlib import Path

from django.test import Client

from tests.stories.test_register_is_imported import table, work
from tests.stories.test_requests_are_imported import HEADS, OLD, cases
from tests.village import Village
from tests.web.people import staff_client
from tests.web.test_imports import HERE, sent, text
from wushi.domain.imports.models import Batch
from wushi.kernel.verb import reading


def test_a_place_nobody_knows_is_chosen_on_the_page(village: Village, tmp_path: Path) -> None:
    admin, client = staff_client(village, "district_admin"), staff_client(village, "district_clerk")
    assert "其他系统的诉求" in text(admin.get(f"{HERE}new/"))
    assert "其他系统的诉求" in text(client.get(f"{HERE}new/"))
    rows = [*OLD, ["A5", "", "<b>井</b>干了", "2019-05-01", "<b>井西</b>", *[""] * 7]]
    batch_id = sent(client, table(tmp_path / "a.xlsx", rows, HEADS), kind="cases", source="老热线")
    base = f"{HERE}{batch_id}/"
    page = text(client.get(base))
    assert "历史诉求" in page and 'name="column-told_at"' in page
    assert client.post(f"{base}words/", {"mode": "historic", "default_area": ""}).status_code == 303
    told = {f"column-{name}": str(n) for n, name in enumerate(
        ["source_id", "title", "text", "told_at", "area", "place", "name", "phone", "reply", "reply_at", "state", "rating"]
    )}  # fmt: skip
    assert client.post(f"{base}columns/", told).status_code == 303
    with reading(village.house):
        batch = Batch.objects.get(county=village.county, id=batch_id)
    work(village, batch)
    page = text(client.get(base))
    assert "新增 3" in page and "请选择对应的村" in page and ">井东<" in page
    assert "<b>井西</b>" not in page and "13800000001" not in page
    chosen = {
        "mode": "historic",
        "word-0": "井东",
        "area-0": village.sibling,
        "word-1": "<b>井西</b>",
        "area-1": village.code,
    }
    assert client.post(f"{base}words/", chosen).status_code == 303
    work(village, batch)
    page = text(client.get(base))
    assert "新增 5" in page and "已对应的地名" in page
    assert client.post(f"{base}commit/").status_code == 303
    work(village, batch)
    assert "已导入" in text(client.get(base)) and "words/" not in text(client.get(base))
    one, two = cases(village)["A1"], cases(village)["A2"]
    assert two.village == village.sibling
    sheet = text(client.get(f"/work/cases/{one.id}/"))
    assert "老热线 A1" in sheet and "已派人更换灯泡" in sheet and "在其他系统登记" in sheet
    assert "绝不计为满意" in sheet
    listed = text(client.get("/work/?list=area&state=imported"))
    assert "垃圾没人收" in listed and "历史导入" in listed and "路灯坏了" not in listed
    resident = text(Client().get(f"/r/{one.receipt}/"))
    assert "本系统启用前已经办结，不计为满意" in resident
    assert "您点头" not in resident and "按政策" not in resident, "nothing is said that nobody said"
    unknown = text(Client().get(f"/r/{two.receipt}/"))
    assert "办理结果这里没有记录" in unknown
    assert client.get(f"/work/cases/{two.id}/").status_code == 200


def test_whom_it_is_not_offered_to_and_what_is_not_asked(village: Village, tmp_path: Path) -> None:
    town = staff_client(village, "town_clerk")
    assert "其他系统的诉求" not in text(town.get(f"{HERE}new/"))
    assert town.post(f"{HERE}ticket/?kind=cases&source=x&name=y").status_code == 403
    client = staff_client(village, "district_clerk")
    batch_id = sent(client, table(tmp_path / "a.xlsx", OLD, HEADS))
    assert "words/" not in text(client.get(f"{HERE}{batch_id}/")), "a register asks nothing of the kind"
    assert client.post(f"{HERE}{batch_id}/words/", {"mode": "historic"}).status_code == 403
