"""House test 6: 400 lines a module, 40 a function, 7 arguments; the list of exceptions may only shrink."""

from __future__ import annotations

import ast
from collections.abc import Iterable

from tests.house.tree import SOURCE, Module, functions, modules

LINES, FUNCTION_LINES, ARGUMENTS, SCRIPT_LINES = 400, 40, 7, 150
EXCEPTIONS: dict[str, str] = {}


def _arguments(node: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    names = [a.arg for a in (*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs)]
    return len([n for n in names if n not in {"self", "cls"}])


def too_large(found: Iterable[Module]) -> list[str]:
    """What exceeds a limit."""
    wrong = []
    for module in found:
        if len(module.text.splitlines()) > LINES:
            wrong.append(module.path)
        for node in functions(module.tree):
            body = node.body[1:] if ast.get_docstring(node) else node.body
            lines = (body[-1].end_lineno or 0) - body[0].lineno + 1 if body else 0
            if lines > FUNCTION_LINES or _arguments(node) > ARGUMENTS:
                wrong.append(f"{module.path}:{node.name}")
    return wrong


def test_nothing_is_too_large() -> None:
    assert sorted(set(too_large(modules())) - set(EXCEPTIONS)) == []
    assert set(EXCEPTIONS) <= set(too_large(modules())), (
        "an exception that is no longer needed leaves the list"
    )


def test_scripts_are_small() -> None:
    long = [
        p.name
        for p in (SOURCE / "web" / "static" / "js").glob("*.js")
        if len(p.read_text().splitlines()) > SCRIPT_LINES
    ]
    assert long == []


def test_what_is_too_large_is_found() -> None:
    long = Module("long.py", "x = 1\n" * 401)
    wide = Module("wide.py", "def f(a, b, c, d, e, f, g, h):\n    pass\n")
    deep = Module("deep.py", "def f():\n" + "    x = 1\n" * 41)
    assert too_large([long, wide, deep]) == ["long.py", "wide.py:f", "deep.py:f"]
