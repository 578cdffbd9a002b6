"""House test 9: source strings are English, Chinese is complete, nothing is fuzzy; Chinese comes first."""

from __future__ import annotations

import ast
import importlib.util
import subprocess
import sys

from django.conf import settings

from tests.house.tree import ROOT, modules
from wushi.edge.refusals import SENTENCES
from wushi.kernel.errors import DomainError


def test_the_catalogue_is_complete() -> None:
    done = subprocess.run(
        [sys.executable, "tools/translations.py", "check"], cwd=ROOT, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stdout + done.stderr


def test_a_missing_translation_is_found() -> None:
    from babel.messages.catalog import Catalog

    spec = importlib.util.spec_from_file_location("translations", ROOT / "tools" / "translations.py")
    assert spec and spec.loader
    tool = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(tool)
    catalog = Catalog(locale="zh_Hans")
    catalog.add("Report", "")
    catalog.add("Track", "查进度", flags=["fuzzy"])
    found = list(tool.problems(catalog, [(None, "Report"), (None, "Track"), (None, "Home")]))
    assert [line.partition(":")[0] for line in found] == ["missing", "empty", "fuzzy"]


def test_chinese_comes_first() -> None:
    assert settings.LANGUAGE_CODE == "zh-hans"


def _codes(cls: type[DomainError]) -> set[str]:
    return {cls.code}.union(*(_codes(c) for c in cls.__subclasses__() if c.__module__.startswith("wushi.")))


def test_every_refusal_has_its_sentence_and_no_sentence_is_idle() -> None:
    codes = _codes(DomainError) - {"refused"}
    assert codes - set(SENTENCES) == set()
    assert set(SENTENCES) - codes == set()


def test_source_strings_are_english() -> None:
    wrong = []
    for module in modules():
        for node in ast.walk(module.tree):
            if (
                isinstance(node, ast.Call)
                and isinstance(node.func, ast.Name)
                and node.func.id in {"_", "gettext", "gettext_lazy"}
            ):
                text = node.args[0].value if node.args and isinstance(node.args[0], ast.Constant) else ""
                if not str(text).isascii() and any("\u4e00" <= ch <= "\u9fff" for ch in str(text)):
                    wrong.append(f"{module.path}:{node.lineno}")
    assert wrong == []
