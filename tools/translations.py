"""The words of the pages: English in the source, Chinese beside it.

    python tools/translations.py extract    gather the strings of src/wushi into the .po; keeps what is translated
    python tools/translations.py compile    .po -> .mo (committed, so that nothing is compiled where Wushi runs)
    python tools/translations.py check      exit 1 when a string is missing, empty, fuzzy, unused, or not compiled

Needs Babel (a development package) and no gettext programs.
"""

import ast
import io
import re
import sys
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django.conf import settings
from django.utils.translation.template import templatize

ROOT = Path(__file__).resolve().parent.parent
SOURCE = ROOT / "src/wushi"
PO = SOURCE / "web/locale/zh_Hans/LC_MESSAGES/django.po"
MO = PO.with_suffix(".mo")
HEADER = "# Wushi: the words of the pages. Chinese is the first language in quality; English is the key."
CALL = re.compile(r"\b(_|n?p?gettext(?:_lazy|_noop)?)\(")

MsgId = str | tuple[str, str]
Found = tuple[str | None, MsgId]


def of_call(node: ast.Call) -> Found | None:
    """(context, msgid) of one call; None when it is no translation or its words are not written out."""
    name = (
        node.func.id
        if isinstance(node.func, ast.Name)
        else node.func.attr
        if isinstance(node.func, ast.Attribute)
        else ""
    )
    if not CALL.fullmatch(name + "("):
        return None
    words = [arg.value for arg in node.args if isinstance(arg, ast.Constant) and isinstance(arg.value, str)]
    context = words.pop(0) if name.lstrip("n").startswith("pgettext") and words else None
    if not words or not words[0]:
        return None
    return context, (words[0], words[1]) if name.startswith("n") and len(words) > 1 else words[0]


def in_python(path: Path) -> Iterator[Found]:
    """The strings of a module."""
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Call) and (found := of_call(node)):
            yield found


def in_template(path: Path) -> Iterator[Found]:
    """The strings of a template. Django turns them into calls with filler between; each call is read by itself."""
    text = templatize(path.read_text(), origin=str(path))
    for start in CALL.finditer(text):
        end = start.end()
        while (end := text.find(")", end) + 1) > 0:
            try:
                node = ast.parse(text[start.start() : end], mode="eval").body
            except SyntaxError:
                continue
            if isinstance(node, ast.Call) and (found := of_call(node)):
                yield found
            break


def gather() -> dict[Found, set[str]]:
    """Every string and the files it stands in (no line numbers: they would change with every edit)."""
    found: dict[Found, set[str]] = {}
    for path in sorted(
        [
            *SOURCE.rglob("*.py"),
            *SOURCE.glob("web/templates/**/*.html"),
            *SOURCE.glob("web/templates/**/*.txt"),
        ]
    ):
        for entry in in_python(path) if path.suffix == ".py" else in_template(path):
            found.setdefault(entry, set()).add(str(path.relative_to(ROOT)))
    return merged_plurals(found)


def merged_plurals(found: dict[Found, set[str]]) -> dict[Found, set[str]]:
    """One entry where the same words occur alone and as the singular of a plural (gettext keys by the singular)."""
    for context, msgid in list(found):
        if isinstance(msgid, tuple) and (alone := found.pop((context, msgid[0]), None)):
            found[context, msgid] |= alone
    return found


def read() -> Catalog:
    """The .po as it is, or an empty one."""
    if not PO.exists():
        return Catalog(locale="zh_Hans", domain="django", charset="utf-8")
    with PO.open("rb") as file:
        return read_po(file, locale="zh_Hans", domain="django", charset="utf-8")


def save(catalog: Catalog) -> None:
    """Write the .po in one stable order."""
    PO.parent.mkdir(parents=True, exist_ok=True)
    with PO.open("wb") as file:
        write_po(file, catalog, width=120, sort_output=True, ignore_obsolete=True, omit_header=False)


def extract() -> int:
    """Merge what the source says into the .po; new strings come empty, unused ones go."""
    old, new = (
        read(),
        Catalog(
            locale="zh_Hans", domain="django", charset="utf-8", project="wushi", version="1", fuzzy=False
        ),
    )
    new.header_comment = HEADER
    new.creation_date = new.revision_date = datetime(
        2026, 11, 23, tzinfo=UTC
    )  # fixed: only words make a difference
    new.last_translator, new.language_team = "Wushi", "Wushi"
    empty = 0
    for (context, msgid), files in gather().items():
        known = old.get(msgid if isinstance(msgid, str) else msgid[0], context)
        words = known.string if known else ""
        if isinstance(msgid, tuple) and isinstance(words, str):
            words = (words,)
        if isinstance(msgid, str) and isinstance(words, tuple):
            words = words[0]
        empty += not all(words if isinstance(words, tuple) else (words,))
        new.add(msgid, words, locations=[(file, None) for file in sorted(files)], context=context)
    save(new)
    print(f"{len(new)} strings, {empty} without Chinese")
    return 0


def compiled() -> bytes:
    """The bytes of the .mo that belong to the .po."""
    target = io.BytesIO()
    write_mo(target, read())
    return target.getvalue()


def complaints() -> Iterator[str]:
    """What is missing, empty, fuzzy, unused or not compiled."""
    yield from problems(read(), gather())
    if not MO.exists() or MO.read_bytes() != compiled():
        yield "django.mo is not what django.po says (run compile)"


def problems(catalog: Catalog, wanted: Iterable[Found]) -> Iterator[str]:
    """What a catalogue lacks of the strings that are used."""
    have = {
        (message.context, message.id if isinstance(message.id, str) else message.id[0]): message
        for message in catalog
        if message.id
    }
    needed = {(context, msgid if isinstance(msgid, str) else msgid[0]) for context, msgid in wanted}
    for key in sorted(needed - have.keys(), key=str):
        yield f"missing: {key[1]!r} (run extract)"
    for key, message in have.items():
        if key not in needed:
            yield f"unused: {key[1]!r} (run extract)"
        if message.fuzzy:
            yield f"fuzzy: {key[1]!r}"
        words = message.string if isinstance(message.string, tuple) else (message.string,)
        if not all(words):
            yield f"empty: {key[1]!r}"
        if set(re.findall(r"%\(\w+\)", key[1])) - set(re.findall(r"%\(\w+\)", "".join(words))) - {"%(n)"}:
            yield f"a variable is lost: {key[1]!r}"


def main() -> int:
    """The command line."""
    settings.configure(USE_I18N=True)
    command = sys.argv[1] if len(sys.argv) == 2 else ""
    if command == "extract":
        return extract()
    if command == "compile":
        MO.write_bytes(compiled())
        return 0
    if command == "check":
        found = list(complaints())
        print("\n".join(found) or "every string has its Chinese")
        return 1 if found else 0
    print(__doc__)
    return 2


if __name__ == "__main__":
    sys.exit(main())
