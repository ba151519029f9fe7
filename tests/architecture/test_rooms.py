"""Laws of the house that a machine can keep: door-plates, words, who commits, nothing unfinished."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
SOURCES = sorted(p for folder in ("scrutiny", "workflows", "config") for p in (ROOT / folder).rglob("*.py"))
ROOMS = sorted(p.parent for p in (ROOT / "scrutiny").glob("*/models.py"))


def _named(path: Path) -> str:
    """A path as a person would say it."""
    return str(path.relative_to(ROOT))


@pytest.mark.parametrize("path", SOURCES, ids=_named)
def test_every_module_and_public_function_says_what_it_is(path: Path) -> None:
    """One line for each module, class and public function."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    silent = [] if ast.get_docstring(tree) else ["the module"]
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.ClassDef) and not node.name.startswith("_") and not ast.get_docstring(node):
            silent.append(node.name)
    nested = {
        n.name
        for f in ast.walk(tree)
        if isinstance(f, ast.FunctionDef)
        for n in ast.walk(f)
        if n is not f and isinstance(n, ast.FunctionDef)
    }
    assert not [name for name in silent if name not in nested], _named(path)


@pytest.mark.parametrize("path", SOURCES, ids=_named)
def test_every_function_is_typed(path: Path) -> None:
    """Arguments and result, all of them."""
    bare = []
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.FunctionDef):
            arguments = [
                a for a in (*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs) if a.arg not in ("self", "cls")
            ]
            if node.returns is None or any(a.annotation is None for a in arguments):
                bare.append(node.name)
    assert not bare, f"{_named(path)}: {bare}"


def test_only_the_transaction_commits() -> None:
    """A service that committed would break a deed in two."""
    allowed = {"scrutiny/transaction.py"}
    found = {_named(p) for p in SOURCES if re.search(r"session\S*\.commit\(", p.read_text(encoding="utf-8"))}
    assert found <= allowed


def test_the_clock_is_read_only_at_the_edges() -> None:
    """Services, queries and jobs are given the moment; only views, commands, pages, typed days and the engine read a clock."""
    edge = re.compile(r"(views|commands|pages|scheduler|security)\.py$|_views\.py$|/demo/|^scrutiny/days\.py$")
    looks = re.compile(r"datetime\.now\(|date\.today\(|time\.time\(|\bnow\(\)")
    found = [_named(p) for p in SOURCES if not edge.search(_named(p)) and looks.search(p.read_text(encoding="utf-8"))]
    assert not found


def test_nothing_is_imported_only_for_what_its_import_does() -> None:
    """What a room sets up for others is entered by an `init_app` that its ROOM names, not by a page that happens to import it."""
    for path in SOURCES:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            names = node.names if isinstance(node, ast.Import | ast.ImportFrom) else []
            assert not [one.name for one in names if one.asname == one.name], _named(path)


def test_no_attics() -> None:
    """A file called after nothing holds everything in the end."""
    assert not [_named(p) for p in SOURCES if re.search(r"(^|/)(utils?|helpers?|common|misc)(\.py|/)", _named(p))]


def test_nothing_is_marked_unfinished() -> None:
    """What is not done is an issue, not a comment."""
    folders = ("scrutiny", "workflows", "config", "templates", "tests", "setup", "migrations")
    marks = re.compile(r"\b(TODO|FIXME|XXX|HACK)\b".replace("TODO", "TO" + "DO"))
    files = [
        p for f in folders for p in (ROOT / f).rglob("*") if p.suffix in (".py", ".html", ".txt", ".toml", ".js", ".css", ".sh")
    ]
    found = [
        _named(p)
        for p in files
        if "vendor" not in p.parts and p.name != "test_rooms.py" and marks.search(p.read_text(encoding="utf-8"))
    ]
    assert not found


def test_old_query_style_is_not_used() -> None:
    """Reading is written with select()."""
    assert not [
        _named(p)
        for p in SOURCES
        if re.search(r"\.query\.(filter|get|all|order_by)|session\.query\(", p.read_text(encoding="utf-8"))
    ]


@pytest.mark.parametrize("room", ROOMS, ids=lambda p: p.name)
def test_every_room_has_a_door_plate(room: Path) -> None:
    """The docstring of a room says what belongs there."""
    tree = ast.parse((room / "__init__.py").read_text(encoding="utf-8"))
    assert ast.get_docstring(tree)
    rest = [ast.unparse(node).split("(")[0] for node in tree.body[1:]]
    assert rest in ([], ["from scrutiny.room import Room", "ROOM = Room"]), "a room's __init__ holds its door-plate and its ROOM"


def test_the_work_list_asks_the_rooms_and_queries_no_table_of_theirs() -> None:
    """Only the history reads rows itself: the trail, which belongs to no room that is shown."""
    folder = ROOT / "scrutiny" / "worklist"
    asking = {path.name for path in folder.glob("*.py") if re.search(r"\bselect\(", path.read_text(encoding="utf-8"))}
    assert asking == {"history.py"}
