"""What somebody wrote in an agency's name and its approver is asked to approve; what was written once is never changed."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, Integer, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from scrutiny.agencies.models import Agency
from scrutiny.audit.sealed_rows import SealedRow
from scrutiny.extensions import Json, Key, Model
from workflows.lifecycles.approval import APPROVAL, OPEN

_OPEN = "state IN ('" + "', '".join(OPEN) + "')"


class Approval(SealedRow, Model):
    """One version of what waits, waited or was approved: whom it concerns, what it answers, what it says, and whose it is."""

    __tablename__ = "approval"
    __table_args__ = (
        CheckConstraint("state IN ('" + "', '".join(APPROVAL.states) + "')", name="known_state"),
        Index(
            "uq_approval_open",
            "kind",
            "subject_id",
            "agency_id",
            unique=True,
            sqlite_where=text(_OPEN),
            postgresql_where=text(_OPEN),
        ),
    )

    id: Mapped[Key]
    kind: Mapped[str] = mapped_column(String(20))
    #: which deed it is: of the room that registered it
    subject_id: Mapped[int] = mapped_column(Integer)
    #: the record of that room it is about
    agency_id: Mapped[int] = mapped_column(ForeignKey("agency.id"), index=True)
    about: Mapped[str] = mapped_column(String(60))
    #: the plain reference of that record in letters and audit rows
    within: Mapped[str] = mapped_column(String(60))
    #: the plain reference of its review
    facts: Mapped[dict[str, str]] = mapped_column(Json, default=dict)
    #: what names it: the review, a number, a title
    before: Mapped[dict[str, str]] = mapped_column(Json, default=dict)
    #: what it answers, and what stands, as its writer had it before them
    content: Mapped[dict[str, str]] = mapped_column(Json, default=dict)
    #: exactly what would be sent
    digest: Mapped[str] = mapped_column(String(64))
    state: Mapped[str] = mapped_column(String(20), default=APPROVAL.initial, index=True)
    written_by: Mapped[str] = mapped_column(String(40))
    written_at: Mapped[datetime] = mapped_column()
    decided_by: Mapped[str] = mapped_column(String(40), default="")
    #: who approved it, sent it back or took it back
    decided_at: Mapped[datetime | None] = mapped_column()
    why: Mapped[str] = mapped_column(Text, default="")
    #: what must change, in the words of the approver
    version: Mapped[int] = mapped_column(Integer, default=1)
    agency: Mapped[Agency] = relationship()

    __mapper_args__ = {"version_id_col": version}

    @property
    def reference(self) -> str:
        """The plain reference of its letters."""
        return f"approval:{self.id}"
