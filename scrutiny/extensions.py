"""The database, its column types and the web extensions; imports nothing of ours."""

import json
import sqlite3
from collections.abc import Mapping
from contextvars import ContextVar
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated, Any, Protocol, Self

from flask_migrate import Migrate
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import DateTime, Engine, Integer, MetaData, String, Text, TypeDecorator, event
from sqlalchemy.orm import DeclarativeBase, mapped_column, registry

from scrutiny.form_tokens import FormTokens

NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}

# True while the present request or command means to write: on SQLite its transaction then begins IMMEDIATE,
# so that two writers queue at the start instead of one failing half way.
writing: ContextVar[bool] = ContextVar("writing", default=False)
# True while what is written matters less than the answer of the page: on SQLite it waits a moment for the pen, and no longer.
in_passing: ContextVar[bool] = ContextVar("in_passing", default=False)
MOMENT_MS = 50


class Moment(TypeDecorator[datetime]):
    """A moment in UTC. SQLite drops time zones, so they are put back on the way out and a naive moment is refused."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Any) -> datetime | None:
        """Refuse a moment without its zone, and keep the rest in UTC."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a moment must carry its time zone")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Any) -> datetime | None:
        """Give every moment back in UTC."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


def canonical(value: Any) -> str:
    """Plain values as JSON text that is the same for equal values."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


class Json(TypeDecorator[Any]):
    """Plain values kept as canonical JSON text (sorted keys), so that equal values are equal text on both databases."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: Any, dialect: Any) -> str | None:
        """Canonical text of the value."""
        return None if value is None else canonical(value)

    def process_result_value(self, value: str | None, dialect: Any) -> Any:
        """The value the text holds."""
        return None if value is None else json.loads(value)


class Keepable(Protocol):
    """A frozen value that writes itself as plain values and reads them back, of every form it ever had."""

    def to_plain(self) -> Mapping[str, Any]:
        """As a row keeps it."""

    @classmethod
    def from_plain(cls, kept: Mapping[str, Any]) -> Self:
        """From what a row keeps."""


class Kept(TypeDecorator[Any]):
    """A frozen, versioned value of one type, kept as its plain values in canonical JSON text."""

    impl = Text
    cache_ok = True

    def __init__(self, kind: type[Keepable]) -> None:
        super().__init__()
        self.kind = kind

    def process_bind_param(self, value: Any, dialect: Any) -> str | None:
        """Canonical text of its plain values."""
        return None if value is None else canonical(value.to_plain())

    def process_result_value(self, value: str | None, dialect: Any) -> Any:
        """The value the text holds."""
        return None if value is None else self.kind.from_plain(json.loads(value))


Key = Annotated[int, mapped_column(Integer, primary_key=True)]
Short = Annotated[str, mapped_column(String(200))]
Long = Annotated[str, mapped_column(Text)]


class Base(DeclarativeBase):
    """The base of every table: one naming of constraints, one column type for moments."""

    registry = registry(metadata=MetaData(naming_convention=NAMING), type_annotation_map={datetime: Moment()})
    metadata = registry.metadata


db = SQLAlchemy(model_class=Base)
migrate = Migrate()
csrf = FormTokens()

if TYPE_CHECKING:
    Model = Base
else:
    Model = db.Model


@event.listens_for(Engine, "connect")
def _prepare_connection(connection: Any, record: Any) -> None:
    """SQLite as we need it: write-ahead log, foreign keys kept, half a minute's patience, transactions begun by us."""
    if not isinstance(connection, sqlite3.Connection):
        return
    connection.isolation_level = None
    for pragma in ("journal_mode=WAL", "synchronous=NORMAL", "foreign_keys=ON", "busy_timeout=30000"):
        connection.execute(f"PRAGMA {pragma}")


@event.listens_for(Engine, "begin")
def _begin(connection: Any) -> None:
    """Begin at once for writing where the request means to write (SQLite only; others need nothing)."""
    if connection.dialect.name != "sqlite":
        return
    if not (writing.get() and in_passing.get()):
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writing.get() else "BEGIN")
        return
    patience = connection.exec_driver_sql("PRAGMA busy_timeout").scalar()
    connection.exec_driver_sql(f"PRAGMA busy_timeout={min(patience, MOMENT_MS)}")
    try:
        connection.exec_driver_sql("BEGIN IMMEDIATE")
    finally:
        connection.exec_driver_sql(f"PRAGMA busy_timeout={patience}")
