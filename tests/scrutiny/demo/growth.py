"""The same county with many times the rows: copies of what hangs on its reviews, agencies and people, by the tables alone."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from sqlalchemy import CheckConstraint, Connection, Integer, String, Table, Text, UniqueConstraint, func, insert, select

from scrutiny.extensions import db

#: What stays one: rules, places, boundaries, the trail, and what the instance knows of itself.
FIXED = {
    "area",
    "area_load",
    "area_note",
    "area_overlap",
    "area_lineage",
    "area_people",
    "small_area_people",
    "place",
    "place_area",
    "postcode",
    "postcode_area",
    "method_edition",
    "rule_edition",
    "holiday_list",
    "audit_head",
    "audit_entry",
    "audit_seal",
    "instance_fact",
    "job_run",
    "backup_made",
    "progress",
    "alembic_version",
    "stored_file",
}


def grow(connection: Connection, times: int, keep: Collection[str]) -> int:
    """Copy every row so often, but for tables in `keep` and what is fixed; copies hang on copies. How many rows were added."""
    added = 0
    copies: dict[str, dict[tuple[int, Any], Any]] = {}
    for table in db.metadata.sorted_tables:
        if table.name in FIXED or table.name in keep:
            continue
        added += _copy(connection, table, times, copies)
    return added


def _copy(connection: Connection, table: Table, times: int, copies: dict[str, dict[tuple[int, Any], Any]]) -> int:
    """Copy the rows of one table; what they point to among the copied is the copy made in the same round."""
    rows = [dict(row) for row in connection.execute(select(table).order_by(*table.primary_key.columns)).mappings()]
    ids = copies.setdefault(table.name, {})
    number = "id" in table.columns and isinstance(table.columns["id"].type, Integer)
    last = (connection.scalar(select(func.max(table.columns["id"]))) or 0) if number else 0
    made = []
    for turn in range(1, times):
        for row in rows:
            new = dict(row)
            if number:
                last += 1
                ids[turn, row["id"]] = new["id"] = last
            moved = set()
            for key in table.foreign_keys:
                value = row[key.parent.name]
                there = copies.get(key.column.table.name, {}) if key.column.table is not table else ids
                if value is not None and (turn, value) in there:
                    new[key.parent.name] = there[turn, value]
                    moved.add(key.parent.name)
            if _apart(table, new, turn, moved):
                made.append(new)
            elif number:
                del ids[turn, row["id"]]
    for start in range(0, len(made), 500):
        connection.execute(insert(table), made[start : start + 500])
    if number and connection.dialect.name == "postgresql":
        connection.exec_driver_sql(f"SELECT setval(pg_get_serial_sequence('{table.name}', 'id'), {max(last, 1)})")
    return len(made)


def _apart(table: Table, row: dict[str, Any], turn: int, moved: Collection[str]) -> bool:
    """Make a copy differ wherever no two rows may be alike; False where what it hangs on may have only one."""
    unique = [tuple(column.name for column in one.columns) for one in table.constraints if isinstance(one, UniqueConstraint)]
    unique += [(column.name,) for column in table.columns if column.unique]
    checks = " ".join(str(one.sqltext) for one in table.constraints if isinstance(one, CheckConstraint))
    for columns in unique:
        pointing = [name for name in columns if table.columns[name].foreign_keys]
        if any(name in moved for name in pointing):
            continue
        if all(row[name] is None for name in columns):
            continue
        own = [name for name in columns if name not in pointing]
        if not own:
            return False
        for name in own:
            kind, value = table.columns[name].type, row[name]
            if value is None or f"{name} IN (" in checks:
                continue
            if isinstance(kind, String | Text) and not isinstance(value, bytes):
                room = getattr(kind, "length", None) or 200
                row[name] = f"{value[: room - 5]}~{turn}"
                break
            if isinstance(kind, Integer) and not table.columns[name].foreign_keys:
                row[name] = value + 10_000 * turn
                break
            if isinstance(value, bytes):
                row[name] = value + bytes([turn])
                break
    return True
