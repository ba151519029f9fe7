"""Each view its page, each event its sentence, each letter its text; and every template can be read."""

from __future__ import annotations

import re
from pathlib import Path

from flask import Flask

from workflows.lifecycles.every import LIFECYCLES

ROOT = Path(__file__).resolve().parents[2]
TEMPLATES = ROOT / "templates"
CODE = {p: p.read_text(encoding="utf-8") for p in (ROOT / "scrutiny").rglob("*.py")}


def _literals(call: str) -> set[str]:
    """The first argument, where it is written out, of every call of a name."""
    return {found for text in CODE.values() for found in re.findall(rf"\b{call}\(\s*\"([^\"{{}}]+)\"", text)}


def test_every_template_named_in_code_exists() -> None:
    """A page that is missing would only be missed by the person who opens it."""
    assert {name for name in _literals("render_template") if not (TEMPLATES / name).exists()} == set()


def test_every_letter_has_its_text() -> None:
    """write_letter("kind", …) needs templates/letters/kind.txt, which begins with its subject."""
    for kind in _literals("write_letter"):
        text = (TEMPLATES / "letters" / f"{kind}.txt").read_text(encoding="utf-8")
        assert re.search(r"^Subject: \S", text, re.MULTILINE), kind


def test_every_event_has_its_sentence() -> None:
    """What the audit trail notes, the history pages can say."""
    noted = _literals("note") | _literals("_noted?") | {move.event for table in LIFECYCLES for move in table.moves}
    assert {event for event in noted if not (TEMPLATES / "events" / f"{event}.html").exists()} == set()


def test_every_template_can_be_read(the_app: Flask) -> None:
    """No syntax error waits for its first reader."""
    for path in sorted(TEMPLATES.rglob("*.html")) + sorted(TEMPLATES.rglob("*.txt")):
        the_app.jinja_env.get_template(str(path.relative_to(TEMPLATES)))


def test_no_page_has_a_style_or_a_script_of_its_own() -> None:
    """The content policy would stop it, and a page would look wrong."""
    found = [
        str(path.relative_to(TEMPLATES))
        for path in TEMPLATES.rglob("*.html")
        if "print" not in path.parts
        and re.search(r"\sstyle=|<script(?![^>]*(src=|nonce))|\son[a-z]+=", path.read_text(encoding="utf-8"))
    ]
    assert found == []
