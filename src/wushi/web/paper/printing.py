"""From a form and its facts to a PDF: typst, closed into a folder of its own, with the fonts of this machine.

What residents typed reaches a form only as JSON, never as typst's code. The folder holds the forms and the photos of this one
print and nothing else; typst reads nothing outside of it.
"""

from __future__ import annotations

import json
import re
import tempfile
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from threading import BoundedSemaphore
from typing import Any

import typst
from django.conf import settings

FORMS = Path(__file__).resolve().parent / "forms"
# A print takes one core for some milliseconds, a village's cards for longer: the other threads go on serving pages.
_AT_ONCE = BoundedSemaphore(2)
_SANS = re.compile(r"Sans|Hei|YaHei|PingFang|Gothic", re.IGNORECASE)
_LONG_WORD = re.compile(r"[!-~]{24,}")


class NoFont(RuntimeError):
    """No font of the list can write Chinese here; a page says what to do."""


@lru_cache(maxsize=1)
def _fonts() -> typst.Fonts:
    """Read once a process (a quarter of a second): the system's and those laid into ``WUSHI_HOME/fonts``."""
    own = Path(settings.WUSHI_HOME) / "fonts"
    return typst.Fonts(font_paths=[own] if own.is_dir() else [])


def chinese_fonts() -> list[str]:
    """The families of ``WUSHI_PRINT_FONTS`` that are here, in the order of the list."""
    there = set(_fonts().families())
    return [name for name in settings.WUSHI_PRINT_FONTS if name in there]


def chains() -> dict[str, list[str]]:
    """For running text and for headings; raises NoFont."""
    found = chinese_fonts()
    if not found:
        raise NoFont
    straight = sorted(found, key=lambda name: _SANS.search(name) is None)
    with_serifs = sorted(found, key=lambda name: _SANS.search(name) is not None)
    # pictograms people type; typst goes on to the next family where one lacks a sign
    signs = [name for name in ("Noto Color Emoji", "Noto Emoji") if name in set(_fonts().families())]
    return {"serif": with_serifs + signs, "sans": straight + signs}


def breakable(text: str) -> str:
    """A word longer than any line (an address, a row of dots) may be broken anywhere; what one reads stays the same."""
    return _LONG_WORD.sub(lambda found: "\u200b".join(found.group(0)), text)


def soft(facts: Any) -> Any:
    """The same facts with every long word breakable; codes of pictures are left alone."""
    if isinstance(facts, str):
        return facts if facts.startswith(("<?xml", "<svg")) else breakable(facts)
    if isinstance(facts, Mapping):
        return {name: soft(value) for name, value in facts.items()}
    return [soft(value) for value in facts] if isinstance(facts, list | tuple) else facts


def pdf(form: str, facts: Mapping[str, Any], files: Mapping[str, bytes] | None = None) -> bytes:
    """The printed form. ``files``: what else it may read, by a plain name."""
    told = json.dumps(soft({**facts, "fonts": chains()}), ensure_ascii=False)
    with _AT_ONCE, tempfile.TemporaryDirectory(prefix="wushi-paper-") as folder:
        root = Path(folder)
        for name in (f"{form}.typ", "common.typ"):
            (root / name).write_bytes((FORMS / name).read_bytes())
        for name, data in (files or {}).items():
            (root / name).write_bytes(data)
        compiler = typst.Compiler(
            root / f"{form}.typ",
            root=root,
            font_paths=_fonts(),
            sys_inputs={"data": told},
            package_path=root,
            package_cache_path=root,
        )
        made = compiler.compile(format="pdf")
    assert isinstance(made, bytes)
    return made
