"""Each view its page, each event its sentence, each letter its text; and every template can be read."""

from __future__ import annotations

import re
from pathlib import Path

from flask import Flask

from scrutiny.formats import full_stop
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


def test_wide_tables_stand_as_blocks_on_a_phone_and_stay_tables_there() -> None:
    """Of more than three columns: every cell under its column's name. Shown as blocks, they are tables by their roles alone."""
    wide, bare = set(), set()
    for path in sorted(TEMPLATES.rglob("*.html")):
        name = str(path.relative_to(TEMPLATES))
        if "print" in path.parts or name == "parts/table.html":
            continue
        for table in re.findall(r"<table\b.*?</table>", path.read_text(encoding="utf-8"), re.DOTALL):
            stacked = re.search(r"scrutiny-(?:stack|work)\b", table) is not None
            if table.count('scope="col"') > 3 and not stacked:
                wide.add(name)
            if stacked and re.search(r"<(?:table|thead|tbody|tr|th|td)\b(?![^>]*\brole=)", table):
                bare.add(name)
    assert (wide, bare) == (set(), set())


#: What stands in these was typed by a person, or ends as its writer chose; a second full stop after it is a slip.
TYPED = r"\b(why|reason|said|sentence|words|note|description|fault|measure|decision|ended_why)"


def test_a_full_stop_follows_what_was_typed_only_by_the_filter() -> None:
    """\"They stopped..\" and \"Why not?.\" stood in letters: the filter adds a full stop where there is no end yet."""
    slip = re.compile(TYPED + r" *\}\}\.(?!\.)|rstrip\(\"\.\"\)")
    found = {
        str(path.relative_to(TEMPLATES)): slips
        for path in sorted([*TEMPLATES.rglob("*.html"), *TEMPLATES.rglob("*.txt")])
        if (slips := [one[0] for one in slip.finditer(path.read_text(encoding="utf-8"))])
    }
    assert not found


def test_the_filter_adds_a_full_stop_where_there_is_no_end() -> None:
    said = ["They stop at six", "They stop at six.", "Do they?", "He said “no.”", "Some (not all)", " ", None]
    ended = ["They stop at six.", "They stop at six.", "Do they?", "He said “no.”", "Some (not all).", "", ""]
    assert [full_stop(one) for one in said] == ended


def test_buttons_and_boxes_of_forms_are_ours() -> None:
    """A field of the library is drawn by the browser alone, without our style, hint or error."""
    forms = [path for path in (ROOT / "scrutiny").rglob("*.py") if path.name != "widgets.py"]
    named = re.compile(r"^from wtforms(?:\.fields)? import .*\b\w+Field\b", re.MULTILINE)
    assert [str(path) for path in forms if named.search(path.read_text(encoding="utf-8"))] == []
