"""The service worker as one script: what it keeps, under a version that changes with every byte of it."""

from __future__ import annotations

import functools
import hashlib
import json
import re
from pathlib import Path

from django.contrib.staticfiles.storage import staticfiles_storage

STATIC = Path(__file__).resolve().parent.parent / "static"
# One source for pages and worker: modules there, and here one after the other without their imports and exports.
PARTS = ("store", "vault", "queue", "worker", "pushed")
ASSETS = (
    "css/tokens.css",
    "css/components.css",
    "css/resident.css",
    "icons.svg",
    "favicon.svg",
    *(
        f"js/{name}.js"
        for name in (
            *("page", "drafts", "offline", "store", "vault", "queue"),
            *("waiting", "act", "draft", "send", "upload", "voice"),
        )
    ),
)
SHELL = ("/offline/", "/report/", "/report/official/")
_IMPORT = re.compile(r"^import .*;$", re.MULTILINE)
_EXPORT = re.compile(r"^export ", re.MULTILINE)


@functools.cache
def script() -> str:
    """The whole worker; a new release is another text, and replaces the old one with all it kept of pages and files."""
    parts = [(STATIC / "js" / f"{name}.js").read_text(encoding="utf-8") for name in PARTS]
    code = "\n".join(_EXPORT.sub("", _IMPORT.sub("", part)) for part in parts)
    urls = [staticfiles_storage.url(name) for name in ASSETS]
    bytes_of_all = b"".join(path.read_bytes() for path in sorted(STATIC.rglob("*")) if path.is_file())
    version = hashlib.sha256(bytes_of_all + json.dumps(urls).encode()).hexdigest()[:12]
    head = (
        f"const VERSION = {json.dumps(version)}, ASSETS = {json.dumps(urls)}, PAGES = {json.dumps(SHELL)};\n"
    )
    return head + code
