"""Short lists that are read in every review: chores, vendored bytes, what is open without a county."""

from __future__ import annotations

import ast
import hashlib
import json
from collections.abc import Iterable

from tests.house.tree import ROOT, SOURCE, Module, calls, modules

# Machine writes that decide nothing: name -> why no leaf is needed.
CHORES = {
    "touch_sign_in": "a browser was seen, to the minute",
    "count_code_try": "a try at a sign-in code, so that guessing ends",
    "number_block": "a block of numbers; gaps are allowed",
    "sweep_orphan_photos": "photos nobody sent a form with",
    "discard_photos": "photos of what is not kept",
    "take_deliveries": "messages go under lease before they are handed to a provider",
    "note_delivery": "what the provider said of a message",
    "mark_notices_read": "somebody's own mark that he has seen a notice",
    "forget_addresses": "numbers and texts of messages long sent",
    "fold_figures": "counts of requests by village and month; they can be counted anew at any time",
    "keep_wires": "what devices sent, as it came; it is read afterwards by verbs",
    "mark_wires": "what became of a message when it was read",
    "forget_wires": "messages of devices after ninety days",
    "note_seen": "when a device was last heard, its battery and signal",
    "note_probe": "it came out",
    "send_probe": "the installation's trial of its own emergency path went in",
    "judge_import": "rows of a file are looked at; nothing counts",
    "forget_imports": "files and cells of imports after thirty days",
    "forget_old_sign_ins": "dead codes, over sign-ins, old guesses",
}
LISTENERS = 30


def chores(found: Iterable[Module]) -> set[str]:
    """Names of all chores in the code."""
    names = set()
    for module in found:
        for call in calls(module.tree):
            if isinstance(call.func, ast.Name) and call.func.id == "chore" and len(call.args) > 1:
                argument = call.args[1]
                names.add(
                    argument.value if isinstance(argument, ast.Constant) else f"{module.path}:{call.lineno}"
                )
    return names


def test_every_chore_is_on_the_list() -> None:
    assert chores(modules()) == set(CHORES)


def test_a_chore_that_is_not_on_the_list_is_found() -> None:
    assert chores([Module("x.py", "with chore(county, 'delete_everything'):\n    pass\n")]) == {
        "delete_everything"
    }


def test_the_wiring_fits_on_a_page() -> None:
    wiring = next(m for m in modules() if m.path == "config/wiring.py")
    assert (
        sum(1 for c in calls(wiring.tree) if isinstance(c.func, ast.Name) and c.func.id == "listen")
        <= LISTENERS
    )


def test_vendored_bytes_are_what_the_lock_file_says() -> None:
    folder = SOURCE / "web" / "static" / "vendor"
    listed = json.loads((folder / "VENDORED.json").read_text())
    lock = json.loads((ROOT / "package-lock.json").read_text())["packages"]
    assert listed
    for entry in listed:
        package = lock[f"node_modules/{entry['package']}"]
        assert package["version"] == entry["version"]
        assert package["integrity"] == entry["integrity"]
        assert hashlib.sha256((ROOT / entry["file"]).read_bytes()).hexdigest() == entry["sha256"], entry[
            "file"
        ]
