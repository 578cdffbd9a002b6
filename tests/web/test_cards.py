"""What the pages say, on plain data: times, places, channels, how much of the time is used."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.utils.translation import override

from wushi.web import words
from wushi.web.report.cards import channel_cards
from wushi.web.routes import back
from wushi.web.track.cards import colour_of, dots, used

HERE = ZoneInfo("Asia/Shanghai")
NOW = datetime(2026, 11, 23, 14, 5, tzinfo=HERE)  # a Monday


@pytest.mark.parametrize(
    ("at", "chinese", "english"),
    [
        (NOW - timedelta(minutes=5), "今天 14:00", "today 14:00"),
        (NOW - timedelta(days=1), "昨天 14:05", "yesterday 14:05"),
        (NOW - timedelta(days=3), "3 天前", "3 days ago"),
        (NOW - timedelta(days=40), "10月14日", "Oct 14"),
    ],
)
def test_a_past_moment_as_people_say_it(at: datetime, chinese: str, english: str) -> None:
    with override("zh-hans"):
        assert words.when(at, NOW) == chinese
    with override("en"):
        assert words.when(at, NOW) == english


@pytest.mark.parametrize(
    ("days", "said"),
    [
        (0, "今天 18:00"),
        (1, "明天 18:00"),
        (3, "周四 18:00"),
        (7, "下周一 18:00"),
        (-3, "上周五 18:00"),
        (21, "12月14日 18:00"),
    ],
)
def test_a_deadline_is_a_weekday_and_an_hour(days: int, said: str) -> None:
    with override("zh-hans"):
        assert words.deadline((NOW + timedelta(days=days)).replace(hour=18, minute=0), NOW) == said


def test_a_grid_called_after_its_village_is_said_once() -> None:
    assert words.place(["孙岗乡", "孙岗村", "孙岗村三网格"]) == "孙岗乡孙岗村三网格"
    assert words.place(["孙岗村", "三网格"]) == "孙岗村三网格"
    assert words.place([]) == ""


def test_yellow_at_seventy_percent_and_red_past_the_hour() -> None:
    opened, due = NOW - timedelta(hours=7), NOW + timedelta(hours=3)
    assert used(opened, due, NOW) == 70
    assert colour_of(70, due, NOW) == "amber"
    assert colour_of(100, NOW - timedelta(minutes=1), NOW) == "red"
    assert colour_of(69, due, NOW) == ""


def test_the_dots_tell_where_it_is() -> None:
    assert [dot.state for dot in dots("working")] == ["done", "done", "now", "", ""]
    assert [dot.state for dot in dots("closed")] == ["done"] * 5
    assert dots("declined") == []


def test_a_channel_is_one_tap_where_it_can_be() -> None:
    phone, site, place = channel_cards(
        [
            {"value": "举报电话 12388"},
            {"value": "举报网站 www.12388.gov.cn"},
            {"name": "来访", "value": "和平路 1 号"},
        ]
    )
    assert (phone.name, phone.href) == ("举报电话", "tel:12388")
    assert site.href == "https://www.12388.gov.cn/"
    assert (place.name, place.value, place.href) == ("来访", "和平路 1 号", "")


class _Asked:
    GET: dict[str, str] = {}

    def __init__(self, wanted: str) -> None:
        self.POST = {"next": wanted}


@pytest.mark.parametrize(
    "wanted",
    ["https://elsewhere.example/", "//elsewhere.example", "javascript:alert(1)", "", "/\\elsewhere.example"],
)
def test_nobody_is_sent_to_another_host(wanted: str) -> None:
    assert back(_Asked(wanted), "/") == "/"
    assert back(_Asked("/mine/?x=1"), "/") == "/mine/?x=1"
