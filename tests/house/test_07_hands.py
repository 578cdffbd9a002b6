"""House test 7: only services write; the faces start at queries, never at ``.objects``, and never pass ``now``."""

from __future__ import annotations

import ast
from collections.abc import Iterable

from tests.house.tree import Module, calls, modules

WRITES = {"save", "create", "delete", "bulk_create", "bulk_update", "get_or_create", "update_or_create"}
FACES = {"web", "api", "gateway", "live"}
# Not the database: what the name means there.
ALLOWED = {
    "domain/files/pictures.py .save()": "Pillow writes a JPEG into memory",
    "plumbing/sheets/writing.py .save()": "openpyxl writes a workbook",
    "web/report/views.py .save()": "segno draws a QR code into memory",
}


def _may_write(module: Module) -> bool:
    parts = module.parts
    return len(parts) > 2 and parts[0] == "domain" and parts[2] in {"services", "services.py"}


def writing(found: Iterable[Module]) -> list[str]:
    """Calls that write rows outside a room's services."""
    wrong = []
    for module in found:
        if _may_write(module):
            continue
        for call in calls(module.tree):
            if not isinstance(call.func, ast.Attribute):
                continue
            name = call.func.attr
            on_rows = name == "update" and bool(call.keywords) and not call.args
            if (name in WRITES or on_rows) and f"{module.path} .{name}()" not in ALLOWED:
                wrong.append(f"{module.path}:{call.lineno} .{name}()")
    return wrong


def reaching(found: Iterable[Module]) -> list[str]:
    """``.objects`` on the faces, and ``now=`` given by a face."""
    wrong = []
    for module in found:
        if module.parts[0] not in FACES:
            continue
        for node in ast.walk(module.tree):
            if isinstance(node, ast.Attribute) and node.attr in {
                "objects",
                "_base_manager",
                "_default_manager",
            }:
                wrong.append(f"{module.path}:{node.lineno} .{node.attr}")
            if (
                isinstance(node, ast.Call)
                and any(k.arg == "now" for k in node.keywords)
                and _calls_a_verb(node)
            ):
                wrong.append(f"{module.path}:{node.lineno} now=")
    return wrong


def _calls_a_verb(call: ast.Call) -> bool:
    return any(k.arg == "actor" for k in call.keywords)


def test_only_services_write() -> None:
    assert writing(modules()) == []


def test_faces_read_through_queries() -> None:
    assert reaching(modules()) == []


def test_a_writing_view_is_found() -> None:
    view = Module(
        "web/cases/views.py",
        "def f(c):\n    c.save()\n    Case.objects.filter(id=1).update(state='x')\n    {}.update({})\n",
    )
    assert writing([view]) == ["web/cases/views.py:2 .save()", "web/cases/views.py:3 .update()"]
    assert reaching([view]) == ["web/cases/views.py:3 .objects"]
    clock = Module("web/x.py", "handle_case(actor=a, case_id=c, now=t)\nsheet(now=t)\n")
    assert reaching([clock]) == ["web/x.py:1 now="]
