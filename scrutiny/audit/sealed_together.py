"""Rows that come by the thousand and never change: all that one row owns are sealed together, by one digest kept in that row.

The owner is a sealed row, so its deed seals the digest with it. The check reads such rows once, one after the other, whatever
their number; it names the owner whose rows are not those it came with.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any, ClassVar

from flask_babel import gettext, ngettext
from sqlalchemy import Float, Table, inspect
from sqlalchemy.orm import Mapper

from scrutiny.audit import reading
from scrutiny.audit.sealed_rows import reference, table_of
from scrutiny.extensions import Base, Json, canonical, db

_SEPARATOR = b"\n"


class SealedTogether:
    """A kind of row sealed with its fellows: `sealed_in` is its column that names the owner, and the owner's for the digest."""

    sealed_in: ClassVar[tuple[str, str]]

    @classmethod
    def is_being_entered(cls, _owner: reading.Values) -> bool:
        """Whether the rows of an owner are not all there yet, for they come in pieces: nothing can be said of them."""
        return False


@dataclass(slots=True)
class Looked:
    """What a look at such rows found: faults and notes in sentences, and how many rows were looked at."""

    rows: int = 0
    faults: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


def models() -> list[Mapper[Any]]:
    """Every kind of row that is sealed so, by the names of their tables."""
    found = [mapper for mapper in Base.registry.mappers if issubclass(mapper.class_, SealedTogether)]
    return sorted(found, key=lambda mapper: table_of(mapper).name)


def values_of(rows: Iterable[Any]) -> list[reading.Values]:
    """What is to be entered for rows that are in no session: every column but their key and their owner's."""
    return [_whole(row) for row in rows]


def _whole(row: Any) -> reading.Values:
    """The values of one row, those it begins with where it says none."""
    mapper = inspect(type(row))
    given, made = vars(row), {}
    for column in _sealed_columns(mapper):
        value = given.get(mapper.get_property_by_column(column).key)
        if value is None and column.default is not None:
            value = column.default.arg(None) if column.default.is_callable else column.default.arg
        made[column.name] = float(value) if isinstance(column.type, Float) and value is not None else value
    return made


def digest_of(model: type[Any], rows: Iterable[reading.Values]) -> str:
    """The digest of rows as `values_of` gives them, in the order in which they are entered."""
    mapper = inspect(model)
    as_json = [column.name for column in _sealed_columns(mapper) if isinstance(column.type, Json)]
    digest = hashlib.sha256()
    for row in rows:
        digest.update(_line({**row, **{name: canonical(row[name]) for name in as_json}}))
    return digest.hexdigest()


def check() -> Looked:
    """Look at all such rows, and hold them against the digests of their owners."""
    looked = Looked()
    for mapper in models():
        check_table(mapper, looked)
    return looked


def check_table(mapper: Mapper[Any], looked: Looked) -> None:
    """The rows of one table: those of each owner are what they were when its digest was made."""
    table, before = table_of(mapper), 0
    digests = _digests_now(mapper, looked)
    owner, _, kept_in = _owner(mapper)
    for key, values in reading.rows(owner):
        found = digests.pop(key[0], "") or hashlib.sha256().hexdigest()
        if isinstance(values, str) or mapper.class_.is_being_entered(values):
            continue  # told by the check of its own table, which seals its state too
        before += not values[kept_in]
        if values[kept_in] and values[kept_in] != found:
            about = reference(owner.name, key)
            looked.faults.append(
                gettext("The rows of %(table)s of %(about)s are not those it came with", table=table.name, about=about)
            )
    for number in digests:
        about = reference(owner.name, (number,))
        looked.faults.append(gettext("There are rows of %(table)s of %(about)s, which is gone", table=table.name, about=about))
    if before:
        looked.notes.append(
            ngettext(
                "The rows of %(table)s of %(num)s record were loaded before such rows were sealed, and are not sealed",
                "The rows of %(table)s of %(num)s records were loaded before such rows were sealed, and are not sealed",
                before,
                table=table.name,
            )
        )


def unsealed() -> Iterator[tuple[Mapper[Any], Any]]:
    """The owners whose rows were there before such rows were sealed, each with the kind of the rows."""
    for mapper in models():
        owner, model, kept_in = _owner(mapper)
        for key, values in reading.rows(owner):
            if not isinstance(values, str) and not values[kept_in]:
                yield mapper, db.session.get_one(model, key[0])


def seal_as_they_are() -> int:
    """Seal the rows of every such owner as they stand; how many rows there are of them."""
    count = 0
    for mapper, owner in list(unsealed()):
        looked = Looked()
        now = _digests_now(mapper, looked, only=owner.id)
        setattr(owner, mapper.class_.sealed_in[1], now.get(owner.id) or hashlib.sha256().hexdigest())
        count += looked.rows
    return count


def _digests_now(mapper: Mapper[Any], looked: Looked, only: int | None = None) -> dict[int, str]:
    """The digest of the rows of each owner as they stand; a row that cannot be read is a fault, and changes it."""
    table, own = table_of(mapper), mapper.class_.sealed_in[0]
    names = [column.name for column in _sealed_columns(mapper)]
    digests: dict[int, Any] = {}
    for key, values in reading.rows(table):
        if isinstance(values, str):
            looked.rows += 1
            looked.faults.append(reading.unreadable(reference(table.name, key), values))
            continue
        if only is None or values[own] == only:
            looked.rows += 1
            digests.setdefault(values[own], hashlib.sha256()).update(_line({name: values[name] for name in names}))
    return {owner: digest.hexdigest() for owner, digest in digests.items()}


def _line(values: reading.Values) -> bytes:
    """What a digest covers of one row. What a new column begins with is nothing, so that old digests stay."""
    plain = {name: value for name, value in values.items() if value is not None and value != ""}
    return canonical(plain).encode("utf-8", "surrogatepass") + _SEPARATOR


def _sealed_columns(mapper: Mapper[Any]) -> list[Any]:
    """The columns that are sealed: all but the row's own number and that of its owner."""
    table, own = table_of(mapper), mapper.class_.sealed_in[0]
    return [column for column in table.columns if not column.primary_key and column.name != own]


def _owner(mapper: Mapper[Any]) -> tuple[Table, type[Any], str]:
    """The table and the kind of row that owns such rows, and its column for their digest."""
    own, kept_in = mapper.class_.sealed_in
    (key,) = table_of(mapper).columns[own].foreign_keys
    owner = key.column.table
    model = next(one.class_ for one in Base.registry.mappers if one.local_table is owner)
    assert isinstance(owner, Table)
    return owner, model, kept_in
