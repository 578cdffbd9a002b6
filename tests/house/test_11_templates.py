"""House test 11: every template is used, none has inline script or style, every one was rendered by some test."""

from __future__ import annotations

import re

import pytest

from tests import support
from tests.house.tree import SOURCE, modules

FOLDER = SOURCE / "web" / "templates"
_INLINE = re.compile(r"<style|\sstyle=|<script(?![^>]*\bsrc=)|\son[a-z]+=|[\"']javascript:", re.IGNORECASE)
_ELSEWHERE = re.compile(r"""(?:src|href|action)=["'](?:https?:)?//""", re.IGNORECASE)


def templates() -> dict[str, str]:
    """Name -> text."""
    return {str(p.relative_to(FOLDER)): p.read_text(encoding="utf-8") for p in sorted(FOLDER.rglob("*.html"))}


def improper(text: str) -> list[str]:
    """Inline scripts, styles and handlers, and anything from another host."""
    return [m.group(0) for pattern in (_INLINE, _ELSEWHERE) for m in pattern.finditer(text)]


def unused(names: set[str], texts: list[str]) -> set[str]:
    """Templates whose name stands nowhere."""
    whole = "\n".join(texts)
    return {name for name in names if f'"{name}"' not in whole and f"'{name}'" not in whole}


def test_no_inline_script_or_style() -> None:
    wrong = {name: improper(text) for name, text in templates().items()}
    assert {name: found for name, found in wrong.items() if found} == {}


def test_every_template_is_used() -> None:
    found = templates()
    assert unused(set(found), [*found.values(), *(m.text for m in modules())]) == set()


@pytest.mark.last
def test_every_template_was_rendered() -> None:
    if not support.whole_suite():
        pytest.skip("only when the whole suite runs")
    assert set(templates()) - support.RENDERED == set()


def test_what_is_improper_is_found() -> None:
    assert improper('<p style="x">')
    assert improper("<script>alert(1)</script>")
    assert improper('<a onclick="x()">')
    assert improper('<img src="https://elsewhere.example/x.png">')
    assert improper('<script src="/static/js/page.js"></script>') == []
    assert unused({"a/b.html"}, ["{% include 'a/c.html' %}"]) == {"a/b.html"}
