"""Gaps that bodies have noted: whose they are, why they matter, what will be done by when, and how they ended."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Integer, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from scrutiny.agencies.models import Agency
from scrutiny.areas.models import Place
from scrutiny.audit.sealed_rows import SealedRow
from scrutiny.bodies.models import Body
from scrutiny.extensions import Key, Model
from scrutiny.reviews.models import Review
from workflows.lifecycles.gap import GAP

STATES = "', '".join(GAP.states)


class GapEntry(SealedRow, Model):
    """A gap of a service, an agency (none where nobody answers) and a place, as a body has noted it."""

    __tablename__ = "gap_entry"
    __table_args__ = (
        CheckConstraint(f"state IN ('{STATES}')", name="known_state"),
        CheckConstraint("(state = 'closed') = (outcome != '')", name="closed_with_an_outcome"),
    )

    id: Mapped[Key]
    place_id: Mapped[int] = mapped_column(ForeignKey("place.id"), index=True)
    kind: Mapped[str] = mapped_column(String(20))
    service: Mapped[str] = mapped_column(String(60))
    agency_id: Mapped[int | None] = mapped_column(ForeignKey("agency.id"), index=True)
    body_id: Mapped[int] = mapped_column(ForeignKey("body.id"), index=True)
    #: the body it belongs to
    reason: Mapped[str] = mapped_column(Text)
    #: what was found on the day it was noted
    why: Mapped[str] = mapped_column(Text)
    #: why it matters
    todo: Mapped[str] = mapped_column(Text)
    by_on: Mapped[date | None] = mapped_column()
    is_public: Mapped[bool] = mapped_column(default=False)
    state: Mapped[str] = mapped_column(String(20), default="noted", index=True)
    outcome: Mapped[str] = mapped_column(String(20), default="")
    ended_why: Mapped[str] = mapped_column(Text, default="")
    review_id: Mapped[int | None] = mapped_column(ForeignKey("review.id"), index=True)
    #: the review that was opened
    made_by: Mapped[str] = mapped_column(String(40))
    made_at: Mapped[datetime] = mapped_column()
    closed_at: Mapped[datetime | None] = mapped_column()
    version: Mapped[int] = mapped_column(Integer, default=1)
    place: Mapped[Place] = relationship()
    agency: Mapped[Agency | None] = relationship()
    body: Mapped[Body] = relationship()
    review: Mapped[Review | None] = relationship()

    __mapper_args__ = {"version_id_col": version}

    @classmethod
    def deed_about(cls, values: Mapping[str, Any]) -> str:
        """The deed that noted it."""
        return f"gap:{values['id']}"

    @property
    def plain(self) -> str:
        """The plain reference kept in audit rows: 'gap:2'."""
        return f"gap:{self.id}"
