"""Rows that are sealed: each deed leaves beside it the digest of every such row it wrote or removed, as it then stood.

Whatever goes through a session is seen here, so no deed has to think of it; whatever is done to the database by other hands
is not, and so is found by `flask audit verify`. A salt keeps what a digest covers from being guessed: digests outlive erasure.
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, date, datetime
from typing import Any, ClassVar

from sqlalchemy import Column, Table, event, inspect, select
from sqlalchemy.orm import Mapper, ORMExecuteState, RelationshipProperty, Session, UOWTransaction

from scrutiny.audit import reading
from scrutiny.audit.models import AuditEntry
from scrutiny.audit.reading import Key
from scrutiny.extensions import Base, canonical

#: By the reference of a row: salt, and digest in hex.
Seals = dict[str, tuple[str, str]]
TOUCHED = "rows_touched"
#: In the fields of a link: the digest of its seals; and that from it on no sealed row is without one.
SEALED, COMPLETE = "sealed", "all_rows_sealed"


class SealedRow:
    """A kind of row that is sealed. `not_sealed` names the columns that are not, each with the reason."""

    not_sealed: ClassVar[dict[str, str]] = {
        "version": "counts how often the row was saved, and says nothing",
        "claim": "which worker is at it just now",
        "claimed_until": "until when that worker has it",
    }

    @classmethod
    def deed_about(cls, _values: Mapping[str, Any]) -> str:
        """The record that a row of the trail is about wherever this row is there; '' where it may be there without any deed."""
        return ""


def models() -> list[Mapper[Any]]:
    """Every kind of row that is sealed, by the names of their tables."""
    found = [mapper for mapper in Base.registry.mappers if issubclass(mapper.class_, SealedRow)]
    return sorted(found, key=lambda mapper: table_of(mapper).name)


def table_of(mapper: Mapper[Any]) -> Table:
    """The table of a kind of row."""
    assert isinstance(mapper.local_table, Table)
    return mapper.local_table


def not_sealed(mapper: Mapper[Any]) -> Mapping[str, str]:
    """The columns of a kind of row that are not sealed, each with the reason."""
    unsealed: Mapping[str, str] = mapper.class_.not_sealed
    return unsealed


def reference(table: str, key: Key) -> str:
    """A row in plain words: its table and its key."""
    return f"{table}:{'-'.join(map(str, key))}"


def plain(mapper: Mapper[Any], values: Mapping[str, Any]) -> str:
    """What is sealed of a row, the same on both databases. What a new column begins with is left out, so old digests stay."""
    columns, unsealed = table_of(mapper).columns, not_sealed(mapper)
    kept = {name: value for name, value in values.items() if name not in unsealed and not _is_first(columns[name], value)}
    return canonical({name: _plain(value) for name, value in kept.items()})


def _is_first(of: Column[Any], value: Any) -> bool:
    """Whether a value is what a new column holds in old rows: nothing, or where that may not be, empty text or false."""
    return value is None or (not of.nullable and (value == "" or value is False))


def _plain(value: Any) -> Any:
    """A value as JSON can hold it."""
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, bytes | memoryview):
        return bytes(value).hex()
    return value


def digest_of(salt: str, text: str) -> str:
    """The digest of a row, in hex."""
    return hashlib.sha256(f"{salt}\0{text}".encode("utf-8", "surrogatepass")).hexdigest()


def digest_of_seals(seals: Seals) -> str:
    """What a deed's own digest covers of its seals."""
    rows = [[about, *seal] for about, seal in sorted(seals.items())]
    return hashlib.sha256(canonical(rows).encode()).hexdigest()


def seals_now(touched: Mapping[str, set[Key]]) -> Seals:
    """The seals of rows as they stand in this transaction; of one that is not there, an empty digest."""
    found: Seals = {}
    for mapper in models():
        table = table_of(mapper)
        wanted = sorted(touched.get(table.name, ()))
        if not wanted:
            continue
        there = dict(reading.rows(table, wanted))
        found |= {reference(table.name, key): _seal(mapper, there.get(key)) for key in wanted}
    return found


def _seal(mapper: Mapper[Any], values: reading.Read | None) -> tuple[str, str]:
    """Salt and digest of a row. One that cannot be read was touched by other hands: its seal fits nothing."""
    salt = secrets.token_hex(16)
    if values is None:
        return salt, ""
    return salt, digest_of(salt, secrets.token_hex(16) if isinstance(values, str) else plain(mapper, values))


def touch(session: Session, table: str, keys: Iterable[Key]) -> None:
    """Have rows sealed with the deed that is under way."""
    session.info.setdefault(TOUCHED, {}).setdefault(table, set()).update(keys)


def is_first(session: Session) -> bool:
    """Whether nothing has happened yet and no row was there before this transaction: then all are sealed from the start."""
    if session.scalar(select(AuditEntry.number).limit(1)) is not None:
        return False
    touched: Mapping[str, set[Key]] = session.info.get(TOUCHED, {})
    for table in map(table_of, models()):
        there = {tuple(row) for row in session.execute(select(*table.primary_key.columns))}
        if not there <= touched.get(table.name, set()):
            return False
    return True


@event.listens_for(Session, "after_flush")
def _see_what_is_written(session: Session, context: UOWTransaction) -> None:
    """Remember the sealed rows that were made, removed, or changed in a column that is sealed."""
    # What a parent lets go of is removed by the flush alone, and stands in none of the session's own lists.
    states: dict[Any, tuple[bool, bool]] = context.states
    for state, (is_removed, is_only_listed) in list(states.items()):
        if is_only_listed or (row := state.obj()) is None:
            continue
        if isinstance(row, SealedRow) and (is_removed or state.key is None or _is_changed(state)):
            touch(session, state.mapper.local_table.name, [tuple(state.mapper.primary_key_from_instance(row))])
        for link in state.mapper.relationships:
            if link.secondary is not None and not link.viewonly:
                touch(session, link.secondary.name, _linked(state, link))


def _is_changed(state: Any) -> bool:
    """Whether a column that is sealed was changed."""
    return any(
        state.attrs[attribute.key].history.has_changes()
        for attribute in state.mapper.column_attrs
        if attribute.columns[0].name not in state.class_.not_sealed
    )


def _linked(state: Any, link: RelationshipProperty[Any]) -> Iterator[Key]:
    """The keys of the rows between two tables that were made or removed with what a row is linked to."""
    assert isinstance(link.secondary, Table)
    for other in (*state.attrs[link.key].history.added, *state.attrs[link.key].history.deleted):
        values = {own.name: _value_of(state.mapper, state.object, one) for one, own in link.synchronize_pairs}
        values |= {own.name: _value_of(inspect(other).mapper, other, one) for one, own in link.secondary_synchronize_pairs or ()}
        yield tuple(values[column.name] for column in link.secondary.primary_key.columns)


def _value_of(mapper: Mapper[Any], row: Any, column: Any) -> Any:
    """What a row holds in a column."""
    return getattr(row, mapper.get_property_by_column(column).key)


@event.listens_for(Session, "do_orm_execute")
def _see_what_is_written_at_once(state: ORMExecuteState) -> None:
    """Remember the sealed rows that one statement changes or removes, before it does."""
    if not (state.is_update or state.is_delete):
        return
    statement: Any = state.statement
    mapper = next((one for one in models() if table_of(one).name == statement.table.name), None)
    if mapper is None:
        return
    # An update of rows by their keys has its values beside it, and no condition.
    values = [getattr(name, "name", name) for name in statement._values or ()] if state.is_update else []
    if values and set(values) <= set(not_sealed(mapper)):
        return
    own = select(*table_of(mapper).primary_key.columns).where(*statement._where_criteria)
    touch(state.session, table_of(mapper).name, [tuple(row) for row in state.session.execute(own)])
