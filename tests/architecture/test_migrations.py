"""Migrations are numbered, go both ways, and end where the models stand."""

from __future__ import annotations

import ast
import base64
import gzip
import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from flask_migrate import downgrade, upgrade
from flask_security import AsaList
from sqlalchemy import JSON, CheckConstraint, MetaData, event, func, inspect, select, text

from config.settings import Settings, read_settings
from scrutiny.app import create_app
from scrutiny.extensions import Json, Moment, db
from tests.databases import Databases

VERSIONS = Path(__file__).resolve().parents[2] / "migrations" / "versions"


def test_migrations_are_numbered_without_gaps() -> None:
    """0001, 0002 …, each following the one before."""
    files = sorted(p.name for p in VERSIONS.glob("*.py"))
    assert [int(name[:4]) for name in files] == list(range(1, len(files) + 1))
    for number, name in enumerate(files, 1):
        words = (VERSIONS / name).read_text(encoding="utf-8")
        before = re.search(r"^down_revision = (.*)$", words, re.MULTILINE)
        assert before is not None
        assert before.group(1).strip("'\"") == (f"{number - 1:04d}" if number > 1 else "None")


#: Ours: what they say today is not what a migration was written against.
OURS = {"workflows", "scrutiny", "config", "setup", "tests", "wsgi", "migrations"}


@pytest.mark.parametrize("path", sorted(VERSIONS.glob("*.py")), ids=lambda path: path.name[:4])
def test_no_migration_imports_code_of_today(path: Path) -> None:
    """A migration is frozen with all it reads and writes, or a change of a word tomorrow changes what it did yesterday."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    named = [node.module or "." for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)]
    named += [one.name for node in ast.walk(tree) if isinstance(node, ast.Import) for one in node.names]
    assert not [name for name in named if name.partition(".")[0] in OURS | {""}]
    called = {ast.unparse(node.func) for node in ast.walk(tree) if isinstance(node, ast.Call)}
    assert not called & {"import_module", "__import__", "importlib.import_module", "exec", "eval", "open"}


def _compared(*given: Any) -> bool | None:
    """Our own column types are what they are underneath, and JSON is text; others are compared as usual."""
    if isinstance(given[3], JSON):
        return True
    return False if isinstance(given[4], Json | Moment | AsaList) else None


def _settings(databases: Databases, folder: Path) -> Settings:
    """An instance with a new database."""
    return read_settings({"SECRET_KEY": "x" * 40, "DATABASE_URL": databases.new(folder, "m"), "FILES_URL": f"file://{folder}/f"})


def test_migrations_go_up_down_and_up_again_and_equal_the_models(databases: Databases, tmp_path: Path) -> None:
    """From nothing to now, back to nothing, and to now again; then nothing is left to migrate."""
    app = create_app(_settings(databases, tmp_path))
    with app.app_context():
        upgrade()
        downgrade(revision="base")
        assert set(inspect(db.engine).get_table_names()) <= {"alembic_version"}
        upgrade()
        with db.engine.connect() as connection:
            context = MigrationContext.configure(connection, opts={"compare_type": _compared, "render_as_batch": True})
            assert compare_metadata(context, db.metadata) == []


def test_the_migrated_database_knows_the_checks_of_the_models(databases: Databases, tmp_path: Path) -> None:
    """What alembic does not compare: each CHECK of a model is in the database, by name, and no other."""
    app = create_app(_settings(databases, tmp_path))
    with app.app_context():
        upgrade()
        there = inspect(db.engine)
        for table in db.metadata.sorted_tables:
            wanted = {str(one.name) for one in table.constraints if isinstance(one, CheckConstraint)}
            assert {one["name"] for one in there.get_check_constraints(table.name)} == wanted, table.name


#: The invented county as it was kept at this migration, with work in flight (audit and areas cut short).
KEPT = Path(__file__).resolve().parents[1] / "golden" / "rows" / "0011.json.gz"
FIRST = int(KEPT.name[:4])


def test_each_migration_goes_both_ways_with_rows_there(databases: Databases, tmp_path: Path) -> None:
    """From 0011, whose rows are kept, one by one to now, back one by one, and to now again; no review or item is lost."""
    app = create_app(_settings(databases, tmp_path))
    with app.app_context():
        upgrade(revision=KEPT.name[:4])
        _fill(json.loads(gzip.decompress(KEPT.read_bytes())))
        counted = _counted()
        numbers = [f"{number:04d}" for number in range(FIRST + 1, len(list(VERSIONS.glob("*.py"))) + 1)]
        for number in numbers:
            upgrade(revision=number)
        assert _counted() == counted
        for number in [*reversed(numbers[:-1]), KEPT.name[:4]]:
            downgrade(revision=number)
        upgrade()
        assert _counted() == counted


def test_why_a_date_is_due_comes_back_as_it_was_written(databases: Databases, tmp_path: Path) -> None:
    """0032 and back: every sentence word for word, and in the words of before what was dated meanwhile."""
    app = create_app(_settings(databases, tmp_path))
    with app.app_context():
        upgrade(revision=KEPT.name[:4])
        _fill(json.loads(gzip.decompress(KEPT.read_bytes())))
        upgrade(revision="0031")
        before = _workings()
        upgrade(revision="0032")
        assert '"kind":"counted"' in str(_workings())
        downgrade(revision="0031")
        assert _workings() == before
        upgrade(revision="0032")
        with db.engine.begin() as connection:  # an item that was dated by the newer version
            row = connection.execute(text("SELECT MIN(id) AS id FROM item")).one()
            dated = {"version": 1, "reasons": [{"kind": "chosen", "on": "2026-03-02", "at_first": False}, {"kind": "law_same"}]}
            given = {"id": row.id, "new": json.dumps(dated)}
            connection.execute(text("UPDATE item SET due_working = :new WHERE id = :id"), given)
        downgrade(revision="0031")
        said = json.loads(_workings()["item", row.id][0])
        assert said == {"sentence": "Due on Monday 2 March 2026: the day the officer chose. The law says the same."}


def _workings() -> dict[tuple[str, int], tuple[str, str]]:
    """Why dates are due, as rows keep it."""
    found = {}
    with db.engine.connect() as connection:
        for table, why in (("item", "''"), ("addressee", "''"), ("accuracy_check", "due_why")):
            for row in connection.execute(text(f"SELECT id, due_working, {why} AS why FROM {table}")):
                plain = json.dumps(json.loads(row.due_working or "{}"), sort_keys=True, separators=(",", ":"))
                found[table, row.id] = (plain, row.why)
    return found


def test_what_is_said_in_place_of_an_answer_goes_both_ways(databases: Databases, tmp_path: Path) -> None:
    """0025: refusals that were accepted before it, what is saved and not sent, and interests; down and up again."""
    app = create_app(_settings(databases, tmp_path))
    with app.app_context():
        upgrade(revision=KEPT.name[:4])
        _fill(json.loads(gzip.decompress(KEPT.read_bytes())))
        upgrade(revision="0024")
        accepted, sent = _accepted_refusal(), _rows("SELECT id FROM item WHERE state IN ('not_held', 'refused', 'redirected')")
        upgrade(revision="0025")
        assert (accepted, "refused", "Section 12.") in _rows("SELECT item_id, kind, ground FROM decline")
        assert {one.item_id for one in _rows("SELECT item_id FROM decline")} >= {accepted, *(one.id for one in sent)}
        waiting, taken_back = _unsent_declines()
        before = _said_of_items()
        downgrade(revision="0024")
        shown = {row.id: tuple(row) for row in _rows("SELECT id, state, ground, redirected_to FROM item")}
        assert shown[waiting] == (waiting, "asked", "Held by the Board.", "The Board")
        assert shown[taken_back] == (taken_back, "returned", "Not held.", "")
        assert shown[accepted][1:3] == ("accepted", "Section 12.")
        upgrade(revision="0025")
        assert _said_of_items() == before
        downgrade(revision="0024")
        _execute("UPDATE item SET state = 'answered' WHERE id = :id", id=waiting)  # answered there in the meantime
        upgrade(revision="0025")
        assert not _rows(f"SELECT id FROM decline WHERE item_id = {waiting}")
        assert [row.state for row in _rows(f"SELECT state FROM item WHERE id = {waiting}")] == ["answered"]
        _execute(ONE_INTEREST)


def test_at_first_nobody_is_named_but_lead_inspectors(databases: Databases, tmp_path: Path) -> None:
    """0041: of reviews under way that ask for or hold personal material; grants of it end, and other grants stay."""
    app = create_app(_settings(databases, tmp_path))
    with app.app_context():
        upgrade(revision=KEPT.name[:4])
        _fill(json.loads(gzip.decompress(KEPT.read_bytes())))
        upgrade(revision="0040")
        columns = "id, lodging_id, person_id, why, given_by, given_at"
        _execute(
            f"INSERT INTO lodging_grant ({columns}) SELECT 1000, MIN(lodging.id), 9, 'To read', 'person:6', MIN(given_at) "
            "FROM lodging, lodging_grant WHERE lodging.marking = 'open'"
        )
        _execute("UPDATE body_membership SET to_on = '2021-05-01' WHERE person_id = 7")
        _execute("UPDATE body_membership SET role = 'lead-inspector' WHERE person_id = 7")  # was, and has left
        asked = (
            "SELECT DISTINCT review_id FROM question JOIN review ON review.id = review_id "
            "WHERE marking = 'personal' AND review.state IN ('planned', 'opened', 'reported')"
        )
        concerned = {row.review_id for row in _rows(asked)}
        upgrade(revision="0041")
        named = _rows("SELECT review_id, person_id, body_id, named_by, ended_at FROM named_reader")
        assert concerned
        assert {row.review_id for row in named} >= concerned
        assert {(row.person_id, row.body_id, row.named_by, row.ended_at) for row in named} == {(6, 3, "", None)}
        open_now = "SELECT lodging.marking FROM lodging_grant JOIN lodging ON lodging.id = lodging_id WHERE ended_at IS NULL"
        assert [row.marking for row in _rows(open_now)] == ["open"]
        downgrade(revision="0040")
        upgrade(revision="0041")
        assert _rows("SELECT review_id, person_id, body_id, named_by, ended_at FROM named_reader") == named


ONE_INTEREST = (
    "INSERT INTO interest (review_id, agency_id, person, name, capacity, words, declared_at) "
    "SELECT (SELECT MIN(id) FROM review), (SELECT MIN(id) FROM agency), 'person:1', 'Ann', '', 'A trustee', MAX(submitted_at) "
    "FROM item"
)


def _accepted_refusal() -> int:
    """An item whose refusal was accepted by a version that kept only its ground; the trail alone says that it was refused."""
    row = _rows("SELECT id FROM item WHERE state = 'accepted' ORDER BY id")[0]
    _execute("UPDATE item SET ground = 'Section 12.' WHERE id = :id", id=row.id)
    columns = "number, at, by, capacity, event, about, within, before, after, fields, previous, digest"
    _execute(
        f"INSERT INTO audit_entry ({columns}) SELECT 900000, submitted_at, 'person:1', '', 'item_refused', :about, '', 'asked', "
        "'refused', '{}', '', 'a digest' FROM item WHERE id = :id",
        id=row.id,
        about=f"item:{row.id}",
    )
    return int(row.id)


def _unsent_declines() -> tuple[int, int]:
    """An item that waits for the approver with what is said in its place, and one that was taken back after it was sent."""
    (waiting,) = _rows("SELECT MIN(id) AS id FROM item WHERE state = 'asked' AND submitted_at IS NULL")
    (taken_back,) = _rows("SELECT MIN(id) AS id FROM item WHERE state = 'not_held'")
    moment = "(SELECT MAX(submitted_at) FROM item)"
    _execute(f"UPDATE decline SET taken_back_by = 'person:1', taken_back_at = {moment} WHERE item_id = :id", id=taken_back.id)
    said = (
        "INSERT INTO decline (item_id, kind, ground, redirected_to, by, capacity, certified_by, taken_back_by, kept_at) "
        f"VALUES (:id, :kind, :ground, :to, 'person:1', 'agency:1', '', '', {moment})"
    )
    _execute(said, id=waiting.id, kind="redirected", ground="Held by the Board.", to="The Board")
    _execute(said, id=taken_back.id, kind="not_held", ground="Not held.", to="")
    _execute("UPDATE item SET state = 'with_certifier' WHERE id = :id", id=waiting.id)
    _execute("UPDATE item SET state = 'answered', ground = '', redirected_to = '' WHERE id = :id", id=taken_back.id)
    _execute(ONE_INTEREST)
    return int(waiting.id), int(taken_back.id)


def _said_of_items() -> dict[str, list[Any]]:
    """All that is said in place of answers, with the items, and interests."""
    return {
        "decline": _rows("SELECT * FROM decline ORDER BY id"),
        "interest": _rows("SELECT * FROM interest ORDER BY id"),
        "item": _rows("SELECT id, state, ground, redirected_to, submitted_at FROM item ORDER BY id"),
    }


def _rows(query: str) -> list[Any]:
    """The rows of a query."""
    with db.engine.connect() as connection:
        return list(connection.execute(text(query)))


def _execute(statement: str, **values: Any) -> None:
    """Change rows as an instance would."""
    with db.engine.begin() as connection:
        connection.execute(text(statement), values)


def _counted() -> dict[str, int]:
    """How many rows there are of what nobody may lose."""
    names = ("review", "evidence_request", "item", "answer", "finding", "recommendation", "edition", "letter", "person")
    with db.engine.connect() as connection:
        return {name: connection.scalar(select(func.count()).select_from(db.metadata.tables[name])) or 0 for name in names}


def _fill(kept: dict[str, Any]) -> None:
    """Put the kept rows into the tables as they are at that migration."""
    metadata = MetaData()
    metadata.reflect(db.engine)
    with db.engine.begin() as connection:
        for table in metadata.sorted_tables:
            if table.name in kept:
                columns = [table.columns[name] for name in kept[table.name]["columns"]]
                rows = [
                    [_value(column.type, value) for column, value in zip(columns, row, strict=True)]
                    for row in kept[table.name]["rows"]
                ]
                # A row that points to one of its own table comes after it, as it did when it was written.
                for row in rows:
                    connection.execute(table.insert().values(dict(zip([c.name for c in columns], row, strict=True))))


def _value(kind: Any, value: Any) -> Any:
    """A kept value as its column takes it."""
    if value is None:
        return None
    if isinstance(value, dict):
        return base64.b64decode(value["bytes"])
    python = kind.python_type
    if python is datetime:
        return datetime.fromisoformat(value).replace(tzinfo=UTC)
    if python is date:
        return date.fromisoformat(value)
    return bool(value) if python is bool else value


#: What PostgreSQL does while everybody else waits, by what its statement says; creating a new table locks nobody out.
LOCKS = (
    (r"CREATE (UNIQUE )?INDEX (?!CONCURRENTLY)", "an index built while nobody may write: CREATE INDEX CONCURRENTLY"),
    (r"ALTER COLUMN \S+ TYPE", "a table written anew while nobody may read: add a column, fill it, drop the old"),
    (r"ADD CONSTRAINT (?!.*NOT VALID)", "rows looked through while nobody may write: NOT VALID, then VALIDATE"),
    (r"ALTER COLUMN \S+ SET NOT NULL", "rows looked through while nobody may read: a CHECK, NOT VALID, then VALIDATE"),
    (r"ADD COLUMN .* DEFAULT .*\(", "a table written anew for a default worked out row by row: add, then fill"),
    (r"ADD COLUMN (?!.*DEFAULT).* NOT NULL", "fails where there are rows: give it a default"),
    (r"^(LOCK|VACUUM FULL|CLUSTER|REINDEX (?!.*CONCURRENTLY))", "a lock on the whole table"),
)
#: Migrations before this one were run when tables were small, or are in the hands of no instance yet.
LINTED_FROM = 21


@contextmanager
def _statements() -> Iterator[list[str]]:
    """What is sent to the database meanwhile."""
    sent: list[str] = []

    def keep(connection: Any, cursor: Any, statement: str, *more: Any) -> None:
        sent.append(re.sub(r"\s+", " ", statement.replace('"', "")).strip())

    event.listen(db.engine, "before_cursor_execute", keep)
    try:
        yield sent
    finally:
        event.remove(db.engine, "before_cursor_execute", keep)


#: An index on these is built in milliseconds however large the instance is, so it may hold others up for that long.
SMALL = {"agency_guest": "a row for each address outside the agencies that a letter was sent to"}


def faults_of(statements: list[str]) -> list[str]:
    """The statements that would lock others out of a table that was there before; and updates that hold their rows long."""
    new = {name for one in statements for name in re.findall(r"^CREATE TABLE (?:IF NOT EXISTS )?(\S+)", one)}
    faults = []
    for statement in statements:
        touched = re.search(r"(?:ALTER TABLE(?: ONLY)?|\bON|^LOCK(?: TABLE)?|CLUSTER|VACUUM FULL|REINDEX TABLE) (\S+)", statement)
        if touched is not None and touched.group(1) in new:
            continue
        if touched is not None and touched.group(1) in SMALL and " INDEX " in statement:
            continue
        faults += [f"{why}\n  {statement}" for pattern, why in LOCKS if re.search(pattern, statement, re.IGNORECASE)]
    return faults


@pytest.mark.postgresql_only("only PostgreSQL has these locks")
def test_no_migration_locks_others_out(databases: Databases, tmp_path: Path) -> None:
    """Each from now on is run on PostgreSQL with rows there, and what it sends is looked through."""
    app = create_app(_settings(databases, tmp_path))
    with app.app_context():
        upgrade(revision=KEPT.name[:4])
        _fill(json.loads(gzip.decompress(KEPT.read_bytes())))
        upgrade(revision=f"{LINTED_FROM - 1:04d}")
        with _statements() as sent:
            upgrade()
    assert any(statement.startswith("ALTER TABLE") for statement in sent)
    assert not faults_of(sent), "\n".join(faults_of(sent))


@pytest.mark.parametrize(
    ("statement", "locks"),
    [
        ("CREATE INDEX ix_item_x ON item (x)", True),
        ("CREATE INDEX CONCURRENTLY ix_item_x ON item (x)", False),
        ("ALTER TABLE item ALTER COLUMN x TYPE TEXT", True),
        ("ALTER TABLE item ADD CONSTRAINT ck CHECK (x > 0)", True),
        ("ALTER TABLE item ADD CONSTRAINT ck CHECK (x > 0) NOT VALID", False),
        ("ALTER TABLE item VALIDATE CONSTRAINT ck", False),
        ("ALTER TABLE item ADD COLUMN x INTEGER", False),
        ("ALTER TABLE item ADD COLUMN x VARCHAR(20) DEFAULT '' NOT NULL", False),
        ("ALTER TABLE item ADD COLUMN x INTEGER NOT NULL", True),
        ("ALTER TABLE item ADD COLUMN x TIMESTAMP DEFAULT clock_timestamp()", True),
        ("ALTER TABLE item ALTER COLUMN x SET NOT NULL", True),
        ("LOCK TABLE item", True),
    ],
)
def test_the_lint_knows_what_locks(statement: str, locks: bool) -> None:
    """And a table made in the same migration is nobody's yet."""
    assert bool(faults_of([statement])) is locks
    assert not faults_of(["CREATE TABLE item ( id INTEGER )", statement])
