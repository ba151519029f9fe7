"""A reorganisation: what is planned for a day, and once staged what was written for it, so that it can be taken back."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, Integer, String
from sqlalchemy.orm import Mapped, mapped_column

from scrutiny.audit.sealed_rows import SealedRow
from scrutiny.extensions import Json, Key, Model
from workflows.lifecycles.reorganisation import REORGANISATION

STATES = "', '".join(REORGANISATION.states)


class Reorganisation(SealedRow, Model):
    """Areas that end and areas that begin on a day, with the agencies, bodies and open work that follow."""

    __tablename__ = "reorganisation"
    __table_args__ = (CheckConstraint(f"state IN ('{STATES}')", name="known_state"),)

    id: Mapped[Key]
    reference: Mapped[str] = mapped_column(String(20), unique=True)
    #: G-2026-001
    title: Mapped[str] = mapped_column(String(200))
    on: Mapped[date] = mapped_column(index=True)
    #: the first day of what is new
    plan: Mapped[dict[str, Any]] = mapped_column(Json, default=dict)
    state: Mapped[str] = mapped_column(String(20), default="drafted", index=True)
    journal: Mapped[dict[str, Any]] = mapped_column(Json, default=dict)
    #: what staging wrote: new rows, and what changed rows said before
    outcome: Mapped[dict[str, Any]] = mapped_column(Json, default=dict)
    #: what was handed on when it was carried out: counts
    made_by: Mapped[str] = mapped_column(String(40))
    made_at: Mapped[datetime] = mapped_column()
    staged_at: Mapped[datetime | None] = mapped_column()
    carried_out_at: Mapped[datetime | None] = mapped_column()
    version: Mapped[int] = mapped_column(Integer, default=1)

    __mapper_args__ = {"version_id_col": version}

    @property
    def plain(self) -> str:
        """The plain reference kept in audit rows and letters: 'reorganisation:2'."""
        return f"reorganisation:{self.id}"
