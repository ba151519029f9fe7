"""What a row holds is listed in one order on every database: the order of each list ends in what is different in each row."""

from __future__ import annotations

from flask import Flask
from sqlalchemy import UniqueConstraint
from sqlalchemy.orm import RelationshipProperty

from scrutiny.extensions import db


def test_each_list_of_rows_has_an_order_without_ties(app: Flask) -> None:
    """PostgreSQL may give rows that are alike in any order, and another one after each change."""
    seen, loose = 0, []
    for mapper in db.Model.registry.mappers:
        for one in mapper.relationships:
            if not one.uselist or not one.order_by:
                continue
            seen += 1
            if not _without_ties(one):
                loose.append(str(one))
    assert seen > 20
    assert loose == []


def _without_ties(one: RelationshipProperty[object]) -> bool:
    """Whether the columns named, with the one that joins, are a key or hold one."""
    named = {column.name for column in one.order_by if column is not None}  # type: ignore[union-attr]
    named |= {far.name for _near, far in one.synchronize_pairs}
    table = one.mapper.local_table
    keys = [{column.name for column in table.primary_key.columns}]
    keys += [{column.name for column in rule.columns} for rule in table.constraints if isinstance(rule, UniqueConstraint)]
    keys += [{column.name for column in index.columns} for index in table.indexes if index.unique and not index.dialect_options]
    return any(key <= named for key in keys)
