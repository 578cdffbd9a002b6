"""The source tree as syntax trees, for rules that are read and not run."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SOURCE = ROOT / "src" / "wushi"


@dataclass(frozen=True)
class Module:
    """One Python file."""

    path: str
    text: str

    @property
    def tree(self) -> ast.Module:
        """Parsed anew each time; files are small."""
        return ast.parse(self.text)

    @property
    def parts(self) -> tuple[str, ...]:
        """Its place: ('domain', 'cases', 'services', 'closing.py')."""
        return tuple(self.path.split("/"))


@cache
def modules() -> tuple[Module, ...]:
    """Every module of the package but migrations."""
    found = []
    for path in sorted(SOURCE.rglob("*.py")):
        if "migrations" not in path.parts:
            found.append(Module(str(path.relative_to(SOURCE)), path.read_text(encoding="utf-8")))
    return tuple(found)


def functions(tree: ast.AST) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    """Every function of a tree."""
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node


def calls(tree: ast.AST) -> Iterator[ast.Call]:
    """Every call of a tree."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            yield node
