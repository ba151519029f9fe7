"""How large a room, a module and a function may be, and how loosely typed: how many are over may only become fewer."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from setup.catalogues import REFUSALS

ROOT = Path(__file__).resolve().parents[2]
SOURCES = sorted(p for folder in ("scrutiny", "workflows", "config") for p in (ROOT / folder).rglob("*.py"))
LIMITS = {"module": 300, "function": 50, "arguments": 5, "room": 3250}  # a room: about 3,000
#: What marks a sentence for translation; a sentence counts as one line, however many its values take.
MARKS = {"_l", "gettext", "lazy_gettext", "ngettext", "lazy_ngettext", *REFUSALS}
#: How many may be over; lowered as they are cut.
CEILINGS = {"module": 25, "function": 11, "arguments": 87, "room": 4}
#: How often `dict[str, Any]` may be written in all.
LOOSE = 163


def _functions(tree: ast.Module, within: str = "") -> Iterator[tuple[str, ast.FunctionDef]]:
    """Every function with its name, a method with its class."""
    for node in ast.walk(tree):
        if isinstance(node, ast.ClassDef):
            yield from ((f"{node.name}.{f.name}", f) for f in node.body if isinstance(f, ast.FunctionDef))
    yield from ((f.name, f) for f in tree.body if isinstance(f, ast.FunctionDef))


def _is_marked(node: ast.AST) -> bool:
    """Whether it is a sentence marked for translation, one of two, or a call that is handed one: Refused(gettext("…"))."""
    if isinstance(node, ast.IfExp):
        return _is_marked(node.body) or _is_marked(node.orelse)
    if not isinstance(node, ast.Call):
        return False
    return getattr(node.func, "id", "") in MARKS or any(_is_marked(argument) for argument in node.args)


def _lines_of_sentences(tree: ast.AST) -> int:
    """How many lines its sentences take beyond one each: naming the values of a sentence makes nothing harder to follow."""
    return sum(
        (child.end_lineno or 0) - child.lineno
        if _is_marked(child) and isinstance(child, ast.Call)
        else _lines_of_sentences(child)
        for child in ast.iter_child_nodes(tree)
    )


def measured() -> dict[tuple[str, str], int]:
    """What is over its limit: (what is measured, name) → measure."""
    found: dict[tuple[str, str], int] = {}
    rooms: dict[str, int] = {}
    for path in SOURCES:
        name, text = path.relative_to(ROOT).as_posix(), path.read_text(encoding="utf-8")
        tree = ast.parse(text)
        lines = len(text.splitlines()) - _lines_of_sentences(tree)
        found["module", name] = lines
        if name.count("/") > 1:
            room = "/".join(name.split("/")[:2])
            rooms[room] = rooms.get(room, 0) + lines
        for function, node in _functions(tree):
            arguments = [*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs]
            found["arguments", f"{name}:{function}"] = len([a for a in arguments if a.arg not in ("self", "cls")])
            found["function", f"{name}:{function}"] = (node.end_lineno or 0) - node.lineno + 1 - _lines_of_sentences(node)
    found |= {("room", room): lines for room, lines in rooms.items()}
    return {key: measure for key, measure in found.items() if measure > LIMITS[key[0]]}


@pytest.mark.parametrize("kind", LIMITS)
def test_no_more_is_over_its_limit_than_was(kind: str) -> None:
    """Cut what is new at a joint; what cannot be cut has its reason beside it. Where the number has fallen, lower CEILINGS."""
    over = {name: measure for (measured_kind, name), measure in measured().items() if measured_kind == kind}
    assert len(over) <= CEILINGS[kind], over


def test_loose_dictionaries_only_become_fewer() -> None:
    """What crosses from one room to another has a type."""
    assert sum(path.read_text(encoding="utf-8").count("dict[str, Any]") for path in SOURCES) <= LOOSE


def test_layout_is_the_formatters() -> None:
    """No line, of tests neither, asks to be left as it is."""
    asks = re.compile("fmt: " + "(?:skip|off)")
    files = [*SOURCES, *sorted((ROOT / "tests").rglob("*.py")), *sorted((ROOT / "setup").rglob("*.py"))]
    assert [str(path) for path in files if asks.search(path.read_text(encoding="utf-8"))] == []
