"""What is done to the database by other hands, in every table that is sealed and every column of it, is named by the check."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import Column, Table, column, delete, insert, select, text, update
from sqlalchemy import table as bare
from sqlalchemy.orm import Mapper

from scrutiny import transaction
from scrutiny.audit import queries, reading, row_check, sealed_rows, sealed_together, verifying
from scrutiny.audit.chain import Link
from scrutiny.extensions import Base, Json, Kept, Moment, db
from scrutiny.statements.models import Statement

TABLES = sorted({mapper.local_table.name for mapper in sealed_rows.models()} | {Statement.__tablename__})

Seals = dict[str, dict[str, row_check.Seal]]

#: Columns that no seal covers, each with its reason where it is declared. A new one is a decision: enter it here too.
NOT_SEALED = {
    "stored_file": {"checked_at", "fault"},
    "edition": {"snapshot"},  # the digest beside it is sealed, and what it says is held against that
}
LETTERS = "what was written to somebody is with them too"
PEOPLE = "who may sign in, and how; what they may do is sealed"
PLACES = "loaded from files that are published elsewhere, and loaded again"
MACHINE = "about the machine and its jobs; no page rests on it"
UNFINISHED = "nobody has sent it yet"
FITTED = "chosen for the next time; what was used is kept with what it was used for"
#: Tables that no seal covers, each with its reason. A new table is a decision: seal its rows, or enter it here.
UNSEALED_TABLES = {
    "audit_entry": "the trail itself, which is a chain",
    "audit_head": "where the chain ends",
    "audit_seal": "the seals, whose digest is in the trail",
    "agency": "its names and what it is; what it was asked and answered is sealed, and so is who followed it",
    "body": "its names and what it is; what it signed is sealed",
    "holder": "who of an agency has an item just now; that it was handed on is sealed",
    "addressee_holder": "who of an agency has a recommendation just now",
    **dict.fromkeys(["letter", "letter_edit", "letter_file", "letter_attachment", "letterhead"], LETTERS),
    **dict.fromkeys(["posting", "incoming_mail", "alert"], LETTERS),
    **dict.fromkeys(["person", "passkey", "access_key", "sign_in_link", "sign_in_session", "sign_in_attempt"], PEOPLE),
    **dict.fromkeys(["agency_guest"], PEOPLE),
    **dict.fromkeys(["area", "area_lineage", "area_load", "area_note", "area_overlap", "footprint", "postcode"], PLACES),
    **dict.fromkeys(["small_area_people", "place", "place_area", "agency_code", "agency_service"], PLACES),
    **dict.fromkeys(["backup_made", "instance_fact", "job_run", "progress", "form_dealt_with"], MACHINE),
    **dict.fromkeys(["review_draft", "unsaved_form", "private_note"], UNFINISHED),
    **dict.fromkeys(["holiday_list", "method_text", "area_rhythm", "service_mapping", "spend_profile"], FITTED),
    **dict.fromkeys(["calendar_load", "calendar_entry"], FITTED),
}
#: Tables whose rows are sealed by one digest for all that one row owns.
TOGETHER = {"ledger_cell", "ledger_skipped"}
#: Of every table that has them.
COUNTERS = {"version", "claim", "claimed_until"}


def mapper_of(name: str) -> Mapper[Any]:
    """The kind of row kept in a table."""
    return next(mapper for mapper in sealed_rows.models() if mapper.local_table.name == name)


@contextmanager
def other_hands(table: Table) -> Iterator[Any]:
    """A connection of the check's own transaction, held to nothing the schema asks; all it does is undone."""
    transaction.undo()
    connection = db.session.connection()
    if connection.dialect.name == "sqlite":
        connection.execute(text("PRAGMA ignore_check_constraints = ON"))
        connection.execute(text("PRAGMA defer_foreign_keys = ON"))
    else:
        found = "SELECT conrelid::regclass::text, conname FROM pg_constraint WHERE (conrelid = :t ::regclass AND contype IN "
        found += "('f', 'c', 'u')) OR (confrelid = :t ::regclass AND contype = 'f')"
        for owner, name in connection.execute(text(found), {"t": table.name}).all():
            connection.execute(text(f'ALTER TABLE {owner} DROP CONSTRAINT IF EXISTS "{name}" CASCADE'))
    try:
        yield connection
    finally:
        if connection.dialect.name == "sqlite":
            connection.execute(text("PRAGMA ignore_check_constraints = OFF"))
        transaction.undo()


def faults_of(mapper: Mapper[Any], seals: Seals) -> list[str]:
    """What the check says of a table as it stands in this transaction."""
    checked = row_check.Checked()
    row_check.check_table(mapper, seals.get(mapper.local_table.name, {}), checked)
    return checked.faults


def other_value(one: Column[Any], raw: Any) -> Any:
    """A value like the one that is there, and another."""
    if isinstance(one.type, Json | Kept):
        return '{"another":2}' if "another" in str(raw) else '{"another":1}'
    kind = one.type.python_type
    if kind is bool:
        return not raw
    if isinstance(one.type, Moment):
        return (raw or datetime(2026, 1, 1).astimezone()) + timedelta(days=1)
    if kind is date:
        return (raw or date(2026, 1, 1)) + timedelta(days=1)
    if kind in (int, float):
        return (raw or 0) + 900_000
    if kind is bytes:
        return bytes(raw or b"") + b"x"
    assert kind is str, f"{one} is of a kind this test does not know"
    return ("y" if str(raw or "").startswith("x") else "x") + str(raw or "")[1:]


def attacks(table: Table, row: Any) -> Iterator[tuple[str, Any]]:
    """A statement for each column: another value, and none where the schema allows that and there is one."""
    own = list(table.primary_key.columns)
    here = [one == row[one.name] for one in own]
    for one in table.columns:
        plain = isinstance(one.type, Json | Kept)
        what: Any = bare(table.name, column(one.name), *(column(key.name) for key in own)) if plain else table
        where = [what.c[key.name] == row[key.name] for key in own] if plain else here
        if one.primary_key and not one.foreign_keys:
            continue
        yield one.name, update(what).where(*where).values({one.name: other_value(one, row[one.name])})
        if one.nullable and row[one.name] not in (None, ""):
            yield one.name, update(what).where(*where).values({one.name: None})


@pytest.fixture(scope="module")
def seals(loamshire: Flask) -> Seals:
    """What the trail of the demonstration says of every row."""
    with loamshire.app_context():
        return row_check.newest_seals()


def test_the_demonstration_is_whole_and_every_row_of_it_is_sealed(loamshire: Flask) -> None:
    """Hundreds of deeds by the product's own doors, erasures among them, and nothing is at fault or without a seal."""
    with loamshire.app_context():
        assert [mapper.local_table.name for mapper in sealed_rows.models()] == TABLES, "every sealed table is attacked below"
        found = verifying.verify()
    assert (found.faults, found.notes) == ([], [])


def test_of_every_row_that_only_a_deed_makes_the_trail_says_how_it_came(loamshire: Flask) -> None:
    """However it was made: on pages, by commands, by jobs; so that a trail that was erased or cut is missed."""
    with loamshire.app_context():
        named = {link.about for link in queries.links() if isinstance(link, Link)}
        asked = {
            mapper.local_table.name: [mapper.class_.deed_about(values) for _, values in reading.rows(mapper.local_table)]
            for mapper in sealed_rows.models()
        }
    needed = {name: set(records) - {""} for name, records in asked.items() if any(records)}
    assert needed.keys() == {"review", "evidence_request", "answer", "edition", "review_plan", "gap_entry"}
    assert [record for records in needed.values() for record in records - named] == []


def test_every_table_is_sealed_or_has_its_reason() -> None:
    """A table that somebody adds is not left out without a word."""
    together = {sealed_rows.table_of(mapper).name for mapper in sealed_together.models()}
    assert together == TOGETHER
    assert set(Base.metadata.tables) - set(TABLES) - together == set(UNSEALED_TABLES)
    assert all(len(why) > 15 for why in UNSEALED_TABLES.values())


def test_what_no_seal_covers_is_short_and_has_its_reason() -> None:
    for mapper in sealed_rows.models():
        names = {one.name for one in sealed_rows.table_of(mapper).columns}
        declared = sealed_rows.not_sealed(mapper)
        assert all(len(why) > 20 for why in declared.values())
        assert (declared.keys() & names) - COUNTERS == NOT_SEALED.get(mapper.local_table.name, set())


@contextmanager
def row_of(mapper: Mapper[Any], seals: Seals) -> Iterator[tuple[Any, Any, Seals]]:
    """A row of a table within what other hands do, and the seals it is held against; an invented one where there is none."""
    table = sealed_rows.table_of(mapper)
    with other_hands(table) as connection:
        row = connection.execute(select(table).limit(1)).mappings().first()
        if row is None:
            values = {one.name: other_value(one, None) for one in table.columns} | {"id": 900_000}
            plain = bare(table.name, *(column(name) if _is_json(table.c[name]) else table.c[name]._copy() for name in values))
            connection.execute(insert(plain).values(values))
            row = connection.execute(select(table)).mappings().one()
            sealed = sealed_rows.seals_now({table.name: {(900_000,)}})
            seals = {table.name: {about: (1, *seal) for about, seal in sealed.items()}}
        yield connection, row, seals


@pytest.mark.parametrize("name", TABLES)
def test_whatever_other_hands_do_to_a_row_is_named(loamshire: Flask, seals: Seals, name: str) -> None:
    """Each column changed and emptied, the row removed, and one put there that no deed made."""
    mapper = mapper_of(name)
    table = sealed_rows.table_of(mapper)
    with loamshire.app_context():
        with row_of(mapper, seals) as (_, row, sealed):
            assert faults_of(mapper, sealed) == []
            about = sealed_rows.reference(name, tuple(row[key.name] for key in table.primary_key.columns))
            here = [key == row[key.name] for key in table.primary_key.columns]
            tried = list(attacks(table, row))
        unnamed = []
        for what, attack in tried:
            with row_of(mapper, seals) as (connection, _, sealed):
                assert connection.execute(attack).rowcount in (1, -1), "PostgreSQL counts no row that it gives back"
                named = any(about in fault for fault in faults_of(mapper, sealed))
            if not named and what not in mapper.class_.not_sealed:
                unnamed.append(str(attack))
        assert unnamed == []
        with row_of(mapper, seals) as (connection, _, sealed):
            connection.execute(delete(table).where(*here))
            assert [fault for fault in faults_of(mapper, sealed) if fault.startswith(f"{about} is gone, and no deed")]
        with row_of(mapper, seals) as (connection, row, sealed):
            connection.execute(insert(table).values(_copy(table, row)))
            assert [fault for fault in faults_of(mapper, sealed) if "is there, and no deed made it" in fault]


@pytest.mark.parametrize("name", sorted(TOGETHER))
def test_whatever_other_hands_do_to_one_row_of_many_is_named(loamshire: Flask, name: str) -> None:
    """Each column of one of them changed and emptied, one removed and one put there: the source is named."""
    mapper = next(one for one in sealed_together.models() if sealed_rows.table_of(one).name == name)
    table = sealed_rows.table_of(mapper)

    def faults_after(attack: Any) -> list[str]:
        looked = sealed_together.Looked()
        with other_hands(table) as connection:
            if attack is not None:
                assert connection.execute(attack).rowcount in (1, -1), "PostgreSQL counts no row that it gives back"
            sealed_together.check_table(mapper, looked)
        return looked.faults

    with loamshire.app_context():
        row = db.session.execute(select(table).limit(1)).mappings().one()
        tried = [attack for _, attack in attacks(table, row)]
        tried += [delete(table).where(table.c.id == row["id"]), insert(table).values(_copy(table, row))]
        assert faults_after(None) == []
        assert [str(attack) for attack in tried if not any(table.name in fault for fault in faults_after(attack))] == []
        about = f"ledger_source:{row['source_id']}"
        assert any(about in fault for fault in faults_after(tried[-2]))


def other_forms(one: Column[Any], raw: Any, kind: str) -> Iterator[str]:
    """SQL for what reads as the same value, or is left out of a digest like it, and is another to SQL."""
    if _is_json(one) and raw is not None:
        yield f"\"{one.name}\" || ' '"
    if raw is None:
        sort = one.type.python_type if not isinstance(one.type, Moment | Json | Kept) else datetime
        yield from ["''", "x''"] if kind == "sqlite" else ["''"] if sort is str else ["false"] if sort is bool else []
    elif kind == "sqlite":
        # Bytes are kept as they are: as text they would be what this asks for.
        yield f'CAST("{one.name}" AS TEXT)' if one.type.python_type is bytes else f'CAST(CAST("{one.name}" AS TEXT) AS BLOB)'
        if isinstance(one.type, Moment):
            yield f"strftime('%Y-%m-%d %H:%M:%f', \"{one.name}\", '-1439 minutes') || '000-23:59'"
            yield f"replace(\"{one.name}\", ' ', 'T')"
        elif one.type.python_type is date:
            yield f"replace(\"{one.name}\", '-', '')"
        elif one.type.python_type is bool and raw:
            yield "2"


@pytest.mark.parametrize("name", TABLES)
def test_the_same_value_in_another_form_is_named(loamshire: Flask, seals: Seals, name: str) -> None:
    """SQL compares what is written: a moment of another zone comes out on another day, and JSON with a space is found by none."""
    mapper = mapper_of(name)
    table = sealed_rows.table_of(mapper)
    with loamshire.app_context(), row_of(mapper, seals) as (connection, row, _):
        key = tuple(row[one.name] for one in table.primary_key.columns)
        before = dict(reading.rows(table, [key]))[key]
        assert not isinstance(before, str)
        where = " AND ".join(f'"{one.name}" = :{one.name}' for one in table.primary_key.columns)
        unnamed, tried = [], 0
        for one in table.columns:
            if one.primary_key or one.name in mapper.class_.not_sealed or (row[one.name] is None and not one.nullable):
                continue
            for form in other_forms(one, row[one.name], connection.dialect.name):
                tried += 1
                undo = connection.begin_nested()
                changed = text(f'UPDATE "{table.name}" SET "{one.name}" = {form} WHERE {where}')
                assert connection.execute(changed, dict(zip(table.primary_key.columns.keys(), key, strict=True))).rowcount == 1
                after = dict(reading.rows(table, [key]))[key]
                if not isinstance(after, str) and sealed_rows.plain(mapper, after) == sealed_rows.plain(mapper, before):
                    unnamed.append(f"{one.name}: {form}")
                undo.rollback()
    assert unnamed == []
    assert tried or connection.dialect.name != "sqlite" or len(table.primary_key.columns) == len(table.columns)


def _is_json(one: Column[Any]) -> bool:
    """Whether a column holds JSON as text."""
    return isinstance(one.type, Json | Kept)


def _copy(table: Table, row: Any) -> dict[str, Any]:
    """The same row under another key, and with other values where they may be there once."""
    once = {one.name for rule in table.constraints if hasattr(rule, "columns") for one in rule.columns}
    once |= {one.name for index in table.indexes if index.unique for one in index.columns}
    once |= {one.name for one in table.primary_key.columns}
    return dict(row) | {name: other_value(table.c[name], row[name]) for name in once if row[name] is not None}
