"""What a staging wrote, found by comparing the tables before and after; and putting the rows back exactly as they were.

Taking back is no deed with rules of its own, so it needs no service of the rooms whose rows these are: what they wrote goes.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from typing import Any

from flask_babel import gettext
from sqlalchemy import Table, delete, select, update
from sqlalchemy.exc import IntegrityError

from scrutiny.agencies.models import Agency, AgencyCode, AgencyMembership, AgencyService, Footprint, Succession
from scrutiny.bodies.models import Body, BodyMembership
from scrutiny.extensions import db
from workflows.refusals import Refused
from workflows.written_days import day_written

#: The tables a staging may write besides those of areas, parents before children.
TABLES: tuple[Any, ...] = tuple(
    model.__table__
    for model in (Agency, AgencyCode, Footprint, AgencyService, AgencyMembership, Succession, Body, BodyMembership)
)
Rows = dict[str, dict[int, dict[str, Any]]]


def rows_now() -> Rows:
    """Every row of those tables, by table and id, in plain values."""
    return {
        table.name: {row["id"]: {key: _plain(value) for key, value in row.items()} for row in _rows(table)} for table in TABLES
    }


def difference(before: Rows, after: Rows) -> dict[str, Any]:
    """What was made and what was changed: {'made': {table: [id]}, 'changed': {table: {id: {column: [before, after]}}}}."""
    made, changed = {}, {}
    for table in TABLES:
        old, new = before[table.name], after[table.name]
        made[table.name] = sorted(set(new) - set(old))
        rows = {
            str(key): {column: [was, new[key][column]] for column, was in row.items() if new[key][column] != was}
            for key, row in old.items()
            if key in new and new[key] != row
        }
        if rows:
            changed[table.name] = rows
    return {"made": {name: ids for name, ids in made.items() if ids}, "changed": changed}


def put_back(journal: dict[str, Any]) -> None:
    """Take back what `difference` found; Refused where something rests on it by now, or a row it changed has changed again."""
    db.session.flush()
    _check_unchanged(journal["changed"])
    try:
        with db.session.begin_nested():
            for table in reversed(TABLES):
                ids = journal["made"].get(table.name, [])
                for child in TABLES:
                    for column in _pointing(child, table):
                        db.session.execute(delete(child).where(column.in_(ids)))
                db.session.execute(delete(table).where(table.c.id.in_(ids)))
    except IntegrityError as fault:
        raise Refused(
            gettext(
                "Something now depends on an agency or a body that this staging made (a review, a request or an answer): "
                "withdraw that first, or let the change come on its day"
            )
        ) from fault
    for table in TABLES:
        for key, columns in journal["changed"].get(table.name, {}).items():
            values = {column: _value(table, column, was) for column, (was, _) in columns.items()}
            db.session.execute(update(table).where(table.c.id == int(key)).values(values))
    db.session.expire_all()


def memberships_of(owner: Agency | Body) -> list[AgencyMembership | BodyMembership]:
    """Every membership of an agency or a body."""
    if isinstance(owner, Body):
        return list(db.session.scalars(select(BodyMembership).where(BodyMembership.body_id == owner.id)))
    return list(db.session.scalars(select(AgencyMembership).where(AgencyMembership.agency_id == owner.id)))


def _check_unchanged(changed: dict[str, dict[str, dict[str, list[Any]]]]) -> None:
    """Refuse to write over what somebody has changed since; a version that moved on is left where it is."""
    for table in TABLES:
        for key, columns in changed.get(table.name, {}).items():
            row = db.session.execute(select(table).where(table.c.id == int(key))).mappings().one_or_none()
            if row is None:
                raise Refused(
                    gettext(
                        "A row of %(table)s that this staging changed is gone: it cannot be undone by itself", table=table.name
                    )
                )
            for column in [name for name in columns if name != "version"]:
                if _plain(row[column]) != columns[column][1]:
                    raise Refused(
                        gettext(
                            "%(table)s was changed after this was staged: put %(column)s back to %(columns)s first",
                            table=_said(table, row),
                            column=column.replace("_", " "),
                            columns=columns[column][1] or "empty",
                        )
                    )
            if "version" in columns and row["version"] != columns["version"][1]:
                del columns["version"]


def _said(table: Table, row: Any) -> str:
    """A row as somebody would say it."""
    return str(row["name"]) if "name" in row else f"A {table.name.replace('_', ' ')}"


def _pointing(child: Table, parent: Table) -> Iterator[Any]:
    """The columns of one table that point to another."""
    for key in child.foreign_keys:
        if key.column.table is parent and child is not parent and not (child.name == "body" and parent.name == "agency"):
            yield key.parent


def _rows(table: Table) -> Iterator[Any]:
    """Every row of a table."""
    yield from db.session.execute(select(table).order_by(table.c.id)).mappings()


def _plain(value: Any) -> Any:
    """A value as JSON keeps it."""
    return value.isoformat() if isinstance(value, date | datetime) else value


def _value(table: Table, column: str, value: Any) -> Any:
    """A plain value as the column keeps it; of these tables only days differ."""
    return day_written(value) if value is not None and table.c[column].type.python_type is date else value
