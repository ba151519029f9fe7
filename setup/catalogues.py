"""Every text that is said, gathered from code and templates into translations/, and each catalogue in its machine form.

python -m setup.catalogues            gather, then compile (make translations)
python -m setup.catalogues compile    compile what has changed
"""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from babel.messages.catalog import Catalog
from babel.messages.extract import DEFAULT_KEYWORDS, extract_from_file
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).resolve().parents[1]
TRANSLATIONS = ROOT / "translations"
LOCALES = ("en_GB", "cy")
#: Refusals and sentences that are put into words only where they are shown.
REFUSALS = (
    "Refused",
    "Sentence",
    "Stopped",
    "Busy",
    "CannotBeShown",
    "FileMissing",
    "FileDamaged",
    "NoAmounts",
    "NoHeader",
    "NoSuchSheet",
    "PdfMissing",
    "PrintingFailed",
    "ShareTaken",
)
KEYWORDS: dict[str, Any] = dict(DEFAULT_KEYWORDS) | {"lazy_gettext": None, "lazy_ngettext": (1, 2)} | dict.fromkeys(REFUSALS)
#: Tables of labels, and of jobs, by what makes them: which of its arguments holds the words.
LABELS = {"labels": 0, "Labels": 0, "Lifecycle": 1, "move": 4, "Job": 2}
#: What is read, and by which of Babel's readers.
SOURCES = {
    "scrutiny/**/*.py": "python",
    "workflows/**/*.py": "python",
    "templates/**/*.html": "jinja2",
    "templates/letters/**/*.txt": "jinja2",
}
JINJA: Mapping[str, Any] = {"silent": "false", "newstyle_gettext": "true"}


def gather(only: str = "") -> Catalog:
    """Every text marked for translation, of all sources or of those whose path begins so."""
    catalog = Catalog(project="Area Scrutiny", charset="utf-8")
    for pattern, method in SOURCES.items():
        for path in sorted(one for one in ROOT.glob(pattern) if one.relative_to(ROOT).as_posix().startswith(only)):
            for _, message, comments, context in extract_from_file(method, path, keywords=KEYWORDS, options=JINJA):
                catalog.add(message, auto_comments=comments, context=context)
            for label in _labels(path) if method == "python" else ():
                catalog.add(label)
    return catalog


def _labels(path: Path) -> Iterator[str]:
    """The labels of the tables in a module: of `labels({…})`, of the states of a lifecycle and its moves, and of the jobs."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        called = node.func.id if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) else ""
        if isinstance(node, ast.Call) and called in LABELS and len(node.args) > LABELS[called]:
            table = node.args[LABELS[called]]
            values = table.values if isinstance(table, ast.Dict) else [table]
            parts = [part for one in values for part in (one.elts if isinstance(one, ast.Tuple) else [one])]
            yield from (one.value for one in parts if isinstance(one, ast.Constant) and isinstance(one.value, str) and one.value)


def catalogue(locale: str) -> Catalog:
    """One catalogue as it is kept."""
    with po_file(locale).open("rb") as source:
        return read_po(source, locale=locale, charset="utf-8")


def po_file(locale: str) -> Path:
    """Where a catalogue is kept."""
    return TRANSLATIONS / locale / "LC_MESSAGES" / "messages.po"


def update() -> None:
    """Bring every text into each catalogue; a text no longer said leaves it, one translated keeps its translation."""
    texts = gather()
    for locale in LOCALES:
        kept = catalogue(locale)
        kept.update(texts, no_fuzzy_matching=True)
        kept.obsolete.clear()
        with po_file(locale).open("wb") as target:
            write_po(target, kept, width=120, no_location=True, omit_header=True, sort_output=True)
        # The header alone says how a language counts; the rest of Babel's would change with every run.
        plain = f'msgid ""\nmsgstr ""\n"Language: {locale}\\n"\n"Content-Type: text/plain; charset=utf-8\\n"\n'
        plain += f'"Plural-Forms: {kept.plural_forms}\\n"\n\n'
        po_file(locale).write_text(plain + po_file(locale).read_text(encoding="utf-8"), encoding="utf-8")


def compile_changed() -> None:
    """The machine form of each catalogue that is newer than it; a text without a translation stays English."""
    for locale in LOCALES:
        source, target = po_file(locale), po_file(locale).with_suffix(".mo")
        if not target.exists() or target.stat().st_mtime < source.stat().st_mtime:
            with target.open("wb") as machine:
                write_mo(machine, catalogue(locale))


if __name__ == "__main__":
    if sys.argv[1:] != ["compile"]:
        update()
    compile_changed()
