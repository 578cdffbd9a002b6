"""What people say, put together from phrases of our own: no text of a real person is used."""

from __future__ import annotations

import random
from dataclasses import dataclass

COMMON, MEDIUM, RARE, NONE = "路灯", "蓄水池", "萤火虫", "企鹅"

_WHERE = (
    "村口", "小学门前", "井边", "东头", "西头", "南塘边", "北坡上", "老槐树下", "桥头", "卫生室旁", "晒谷场", "广场边",
    "三组", "五组", "八组", "大坝脚下", "祠堂后面", "公交站旁",
    "菜地边", "后山脚", "文化室门口", "养老院对面", "新村二排", "河湾里",
)  # fmt: skip
_WHAT = (
    "水管漏水", "水泥路塌了一块", "排水沟堵了", "垃圾桶满了", "电线垂得很低", "护栏缺了一截", "井盖松动", "公厕没人打扫",
    "健身器材坏了", "自来水发黄", "机耕路被冲断", "涵洞淤住了", "变压器响得厉害", "秸秆堆在路边", "池塘没有围栏", "广播听不清",
    "宅基地界线说不清", "低保材料不知道怎么办", "医保交了没有到账", "养老金这个月没有发", "邻居家的狗乱跑", "鸡粪味道很大",
    "稻田缺水", "下水道返味", "墙上的裂缝变大了", "快递点搬走了", "校车停的地方太偏", "树枝压到瓦上", "蜂窝挂在屋檐", "信号不好",
)  # fmt: skip
_SINCE = (
    "三天了",
    "一个多星期了",
    "从上个月起",
    "昨晚开始",
    "下雨以后",
    "过年到现在",
    "刚发现的",
    "反映过一次",
)
_SO = (
    "老人走路不方便", "孩子上学要绕路", "晚上看不见", "车子过不去", "味道大得睡不着", "怕出危险", "影响收割", "想请人来看看",
    "不知道找谁", "能不能修一下", "请尽快处理", "希望有个答复", "我们自己弄不了", "大家都有意见", "麻烦书记了", "来一趟就明白",
)  # fmt: skip


@dataclass(frozen=True)
class Said:
    """One text as it is stored: itself, its title, its tokens as a tsvector literal."""

    text: str
    title: str
    vector: str


def sentence(rng: random.Random) -> str:
    """One request in one or two sentences."""
    what = f"{COMMON}不亮" if rng.random() < 0.08 else rng.choice(_WHAT)
    text = f"{rng.choice(_WHERE)}{what}，{rng.choice(_SINCE)}，{rng.choice(_SO)}。"
    if rng.random() < 0.5:
        text += f"{rng.choice(_WHERE)}也是{rng.choice(_WHAT)}，{rng.choice(_SO)}。"
    if rng.random() < 0.006:
        text += f"旁边的{MEDIUM}也要看看。"
    return text


def said(text: str) -> Said:
    """As ``open_case`` would store it."""
    from wushi.domain.cases.services.intake import title_of
    from wushi.plumbing.tokens import tokens

    return Said(text, title_of(text), " ".join(f"'{t}'" for t in tokens(text)))


def pool(rng: random.Random, size: int) -> list[Said]:
    """So many ready texts; rows draw from them."""
    return [said(sentence(rng)) for _ in range(size)]


def rare(rng: random.Random) -> Said:
    """A text with the rare word."""
    return said(sentence(rng) + f"水边还有{RARE}。")
