"""Copy what the pages take from npm into the repository, byte for byte.

    python tools/vendor_front_end.py           install by package-lock.json in a temporary folder, copy, write VENDORED.json
    python tools/vendor_front_end.py --check   no network: prove that the committed bytes are what VENDORED.json and the lock say

No Node runs where Wushi runs. To take a newer version: change package.json, `npm install --package-lock-only`, run this.
"""

import argparse
import hashlib
import json
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
STATIC = ROOT / "src/wushi/web/static"
RECORD = STATIC / "vendor/VENDORED.json"

# (package, file in the package, where it goes). axe-core is for the tests only and is never served.
FILES = (
    ("htmx.org", "dist/htmx.min.js", "src/wushi/web/static/vendor/htmx.min.js"),
    ("htmx.org", "LICENSE", "src/wushi/web/static/vendor/htmx.LICENSE.txt"),
    ("@tabler/icons", "LICENSE", "src/wushi/web/static/vendor/tabler-icons.LICENSE.txt"),
    ("axe-core", "axe.min.js", "tests/vendor/axe.min.js"),
    ("axe-core", "LICENSE", "tests/vendor/axe.LICENSE.txt"),
)

# Our names -> Tabler's (outline). The pages know only ours, so another set can take their place.
ICONS = {
    "alert": "alert-triangle",
    "archive": "archive",
    "ask": "help-circle",
    "ban": "ban",
    "bell": "bell",
    "building": "building",
    "cal": "calendar",
    "camera": "camera",
    "chart": "chart-bar",
    "check": "check",
    "clock": "clock",
    "contrast": "contrast",
    "desk": "device-desktop",
    "doc": "file-text",
    "down": "chevron-down",
    "eye": "eye",
    "flag": "flag",
    "globe": "world",
    "grid": "layout-grid",
    "heart": "heart",
    "history": "history",
    "home": "home",
    "hour": "hourglass",
    "info": "info-circle",
    "key": "key",
    "leaf": "leaf",
    "left": "chevron-left",
    "list": "list",
    "lock": "lock",
    "meh": "mood-neutral",
    "mic": "microphone",
    "moon": "moon",
    "off": "wifi-off",
    "order": "clipboard-check",
    "out": "logout",
    "pause": "player-pause",
    "people": "users",
    "phone": "phone",
    "pin": "map-pin",
    "plus": "plus",
    "print": "printer",
    "qr": "qrcode",
    "quiet": "bell-off",
    "redo": "rotate",
    "right": "chevron-right",
    "sad": "mood-sad",
    "scale": "scale",
    "search": "search",
    "send": "send",
    "settings": "settings",
    "shield": "shield",
    "sign": "pencil",
    "smile": "mood-smile",
    "sun": "sun",
    "talk": "message-circle",
    "trash": "trash",
    "undo": "arrow-back-up",
    "up": "arrow-up",
    "upload": "upload",
    "user": "user",
    "walk": "walk",
    "work": "briefcase",
    "x": "x",
}
SPRITE = "src/wushi/web/static/icons.svg"


def lock() -> dict[str, Any]:
    """The packages the lock file names, by their names."""
    packages = json.loads((ROOT / "package-lock.json").read_text())["packages"]
    return {path.removeprefix("node_modules/"): entry for path, entry in packages.items() if path}


def sprite(icons: Path) -> str:
    """One SVG of symbols; strokes and colours are left to the style sheet."""
    symbols = []
    for ours, theirs in sorted(ICONS.items()):
        text = (icons / f"{theirs}.svg").read_text()
        body = re.sub(
            r'\s*<path stroke="none"[^>]*/>',
            "",
            text[text.index(">", text.index("<svg")) + 1 : text.index("</svg>")],
        )
        body = re.sub(r"\s*\n\s*", "", body).replace(" />", "/>")
        symbols.append(f'<symbol id="i-{ours}" viewBox="0 0 24 24">{body}</symbol>')
    look = 'fill="none" stroke="currentColor" stroke-linecap="round" stroke-linejoin="round"'
    head = f'<svg xmlns="http://www.w3.org/2000/svg" {look}>'
    return head + "\n" + "\n".join(symbols) + "\n</svg>\n"


def digest(path: Path) -> str:
    """The SHA-256 of a file's bytes."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def vendor() -> None:
    """Install by the lock file (npm checks every integrity), copy, build the sprite, write the record."""
    with tempfile.TemporaryDirectory() as folder:
        for name in ("package.json", "package-lock.json"):
            shutil.copy(ROOT / name, folder)
        subprocess.run(["npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund"], cwd=folder, check=True)
        modules, locked, record = Path(folder) / "node_modules", lock(), []
        for package, source, target in FILES:
            (ROOT / target).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(modules / package / source, ROOT / target)
            record.append({"package": package, "source": source, "file": target})
        (ROOT / SPRITE).write_text(sprite(modules / "@tabler/icons/icons/outline"))
        record.append({"package": "@tabler/icons", "source": "icons/outline/*.svg", "file": SPRITE})
    for entry in record:
        found = locked[entry["package"]]
        entry |= {
            "version": found["version"],
            "sha256": digest(ROOT / entry["file"]),
            "integrity": found["integrity"],
        }
    RECORD.write_text(json.dumps(record, indent=1) + "\n")


def complaints() -> list[str]:
    """What does not agree: a file's bytes with the record, or the record with the lock file."""
    locked, found = lock(), []
    record = json.loads(RECORD.read_text())
    for entry in record:
        path, wanted = ROOT / entry["file"], locked.get(entry["package"], {})
        if not path.exists() or digest(path) != entry["sha256"]:
            found.append(f"{entry['file']}: the bytes are not the recorded ones")
        if (entry["version"], entry["integrity"]) != (wanted.get("version"), wanted.get("integrity")):
            found.append(
                f"{entry['file']}: {entry['package']} {entry['version']} is not what package-lock.json says"
            )
    known = {entry["file"] for entry in record}
    for path in sorted((STATIC / "vendor").iterdir()):
        if path != RECORD and str(path.relative_to(ROOT)) not in known:
            found.append(f"{path.relative_to(ROOT)}: in the folder but not in the record")
    return found


def main() -> int:
    """The command line."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--check", action="store_true", help="compare only; exit 1 when something differs")
    if not parser.parse_args().check:
        vendor()
    for line in (found := complaints()):
        print(line, file=sys.stderr)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
