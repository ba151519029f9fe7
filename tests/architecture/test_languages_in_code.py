"""What Python says to a person can be said in another language: refusals, notices, and the words of forms."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from setup.catalogues import REFUSALS

ROOT = Path(__file__).resolve().parents[2]
#: Neither the story of the demonstration nor the command line is a page.
NOT_PAGES = re.compile(r"^scrutiny/demo/|commands\.py$|^scrutiny/cli\.py$")
SOURCES = {
    path.relative_to(ROOT).as_posix(): ast.parse(path.read_text(encoding="utf-8"))
    for folder in ("scrutiny", "workflows")
    for path in sorted((ROOT / folder).rglob("*.py"))
    if not NOT_PAGES.search(path.relative_to(ROOT).as_posix())
}
#: What is shown at once, and validators: which of their arguments is a sentence.
SENTENCES = {
    "flash": 0,
    "abort": 1,
    "DataRequired": 0,
    "Email": 0,
    "FileAllowed": 1,
    "FileRequired": 0,
    "InputRequired": 0,
    "Regexp": 2,
    "StopValidation": 0,
    "ValidationError": 0,
}
#: What fields and validators are given by name to be read by a person.
NAMED = {"description", "label", "message"}
WORD = re.compile(r"[A-Za-z]{2,}")


def _name(node: ast.expr) -> str:
    return node.id if isinstance(node, ast.Name) else node.attr if isinstance(node, ast.Attribute) else ""


def _refusals() -> set[str]:
    """Refused, and every class that is one."""
    bases = {
        node.name: {_name(base) for base in node.bases}
        for tree in SOURCES.values()
        for node in ast.walk(tree)
        if isinstance(node, ast.ClassDef)
    }
    found = {"Refused"}
    while more := {name for name, its in bases.items() if its & found} - found:
        found |= more
    return found


def _bare(node: ast.expr, *, may_be_written: bool = False) -> Iterator[str]:
    """English that no catalogue can hold; a sentence written out whole may stand where `setup.catalogues` gathers it."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str) and not may_be_written:
        yield from [node.value] if WORD.search(node.value) else []
    elif isinstance(node, ast.JoinedStr):
        words = " ".join(str(part.value) for part in node.values if isinstance(part, ast.Constant))
        yield from [words] if WORD.search(words) else []
    elif isinstance(node, ast.IfExp | ast.BoolOp | ast.BinOp):
        for child in ast.iter_child_nodes(node):
            if isinstance(child, ast.expr) and not (isinstance(node, ast.IfExp) and child is node.test):
                yield from _bare(child)


def _said_by(call: ast.Call, refusals: set[str]) -> Iterator[str]:
    """What one call says to a person in bare English."""
    name = _name(call.func)
    if name in refusals and call.args:
        yield from _bare(call.args[0], may_be_written=name in REFUSALS)
    if name in SENTENCES and len(call.args) > SENTENCES[name]:
        yield from _bare(call.args[SENTENCES[name]])
    if name.endswith("Field") and call.args:
        yield from _bare(call.args[0])
    if name.endswith("Field") or name in {*SENTENCES, "Length", "NumberRange", "SelectChoice"}:
        for keyword in call.keywords:
            yield from _bare(keyword.value) if keyword.arg in NAMED else []
    if name == "append" and isinstance(call.func, ast.Attribute) and _name(call.func.value) in ("errors", "form_errors"):
        yield from _bare(call.args[0])


def _bare_sentences(tree: ast.AST, refusals: set[str]) -> list[tuple[int, str]]:
    """Where a module says something that no catalogue can hold."""
    calls = (node for node in ast.walk(tree) if isinstance(node, ast.Call))
    return [(call.lineno, words) for call in calls for words in _said_by(call, refusals)]


def test_no_refusal_notice_or_form_speaks_bare_english() -> None:
    """gettext in a function, lazy_gettext in a class; Refused takes `%(name)s` and the values themselves."""
    refusals = _refusals()
    found = [f"{name}:{line}: {words}" for name, tree in SOURCES.items() for line, words in _bare_sentences(tree, refusals)]
    assert not found, "\n".join(found)


def test_bare_english_in_code_is_seen_and_marked_words_are_not() -> None:
    """The test above rests on this reader."""
    bare = """
flash("Saved", "success")
raise Refused(f"No {thing} here")
raise NotKnown("Nobody knows it")
name = TextField("Name", validators=[InputRequired("Enter a name"), Length(max=3, message="Too long")])
name = TextField(description=f"At most {n}")
form.name.errors.append("Taken" if taken else gettext("Free"))
"""
    marked = """
flash(gettext("Saved"), "success")
raise Refused("No %(thing)s here", thing=thing)
raise NotKnown(gettext("Nobody knows it"))
name = TextField(lazy_gettext("Name"), validators=[InputRequired(lazy_gettext("Enter a name"))], name="name")
form.name.errors.append(refused.sentence)
flash(f"{said} {told}")
"""
    refusals = {"Refused", "NotKnown"}
    assert sorted(words.strip() for _, words in _bare_sentences(ast.parse(bare), refusals)) == [
        "At most",
        "Enter a name",
        "Name",
        "No   here",
        "Nobody knows it",
        "Saved",
        "Taken",
        "Too long",
    ]
    assert _bare_sentences(ast.parse(marked), refusals) == []
