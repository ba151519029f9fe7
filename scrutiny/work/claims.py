"""Claim a row, renew, publish with a fence; and progress that a page can show.

At-least-once is all any queue gives: a job claims its row before it works and may only publish while the claim is
still its own. A worker that was frozen and comes back finds another's claim there, and throws its work away.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from secrets import token_hex
from typing import Any

from sqlalchemy import CursorResult, Integer, String, Text, or_, update
from sqlalchemy.orm import Mapped, mapped_column

from scrutiny.extensions import Json, Key, Model, db

LEASE = timedelta(minutes=5)


def claim(
    model: Any, row_id: int, *, at: datetime, lease: timedelta = LEASE, also: Mapping[str, Any] | None = None, **conditions: Any
) -> str | None:
    """Claim a row (`claim`, `claimed_until`) if it is free and meets the conditions; the token, or None.

    `also` sets more columns of the row with the claim, in the same statement.
    """
    token = token_hex(16)
    free = or_(model.claim.is_(None), model.claimed_until < at)
    wanted = [getattr(model, column) == value for column, value in conditions.items()]
    statement = update(model).where(model.id == row_id, free, *wanted).values(claim=token, claimed_until=at + lease)
    statement = statement.values(**also) if also else statement
    return token if _changed(statement) else None


def renew(model: Any, row_id: int, token: str, *, at: datetime, lease: timedelta = LEASE) -> bool:
    """Keep a claim alive while the work goes on; False when it was lost."""
    statement = update(model).where(model.id == row_id, model.claim == token).values(claimed_until=at + lease)
    return _changed(statement)


def publish(model: Any, row_id: int, token: str, **outcome: Any) -> bool:
    """Give the claim up at the end of the work, with what came of it in columns of the same row, in one statement.

    False when another holds it by now, and nothing may be written.
    """
    statement = update(model).where(model.id == row_id, model.claim == token).values(claim=None, claimed_until=None, **outcome)
    return _changed(statement)


def _changed(statement: Any) -> bool:
    """Whether the update met a row; rows in memory are told too."""
    result = db.session.execute(statement.execution_options(synchronize_session="fetch"))
    return isinstance(result, CursorResult) and result.rowcount == 1


class Progress(Model):
    """How far a long piece of work has come, for the page that waits for it."""

    __tablename__ = "progress"

    id: Mapped[Key]
    kind: Mapped[str] = mapped_column(String(40), index=True)
    title: Mapped[str] = mapped_column(String(300))
    state: Mapped[str] = mapped_column(String(20), default="waiting", index=True)
    #: waiting, running, done or failed
    done: Mapped[int] = mapped_column(Integer, default=0)
    of: Mapped[int] = mapped_column(Integer, default=100)
    doing: Mapped[str] = mapped_column(String(300), default="")
    task: Mapped[dict[str, Any]] = mapped_column(Json, default=dict)
    #: what is to be done, in plain values
    result: Mapped[dict[str, Any]] = mapped_column(Json, default=dict)
    fault: Mapped[str] = mapped_column(Text, default="")
    started_by: Mapped[str] = mapped_column(String(40))
    started_at: Mapped[datetime] = mapped_column()
    ended_at: Mapped[datetime | None] = mapped_column()
    claim: Mapped[str | None] = mapped_column(String(40))
    claimed_until: Mapped[datetime | None] = mapped_column()
