"""What a body said of a finding: which answer, who gave it and when, and the words it was about."""

from datetime import datetime
from typing import Final

from flask_babel import lazy_gettext
from sqlalchemy import CheckConstraint, ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from scrutiny.audit.sealed_rows import SealedRow
from scrutiny.bodies.models import Body
from scrutiny.extensions import Json, Key, Model
from scrutiny.findings.models import Finding
from scrutiny.snapshots.signed_content import FindingWords

AGREED, COMMENTED, NOT_YET = "agreed", "commented", "not_yet"
#: What a body can say of a finding.
ANSWERS: Final = {
    AGREED: lazy_gettext("Agrees"),
    COMMENTED: lazy_gettext("Agrees, with a comment"),
    NOT_YET: lazy_gettext("Does not agree yet"),
}


class FindingAgreement(SealedRow, Model):
    """What one body said of a finding as its words stood; the newest of a body counts, the earlier ones are kept."""

    __tablename__ = "finding_agreement"
    __table_args__ = (
        CheckConstraint("answer IN ('agreed', 'commented', 'not_yet')", name="known_answer"),
        CheckConstraint("answer = 'agreed' OR comment <> ''", name="commented_in_words"),
    )

    id: Mapped[Key]
    finding_id: Mapped[int] = mapped_column(ForeignKey("finding.id", ondelete="CASCADE"), index=True)
    body_id: Mapped[int] = mapped_column(ForeignKey("body.id"), index=True)
    answer: Mapped[str] = mapped_column(String(20))
    comment: Mapped[str] = mapped_column(Text, default="")
    #: for the bodies of the review, never published; of one that does not agree yet: what would have to change
    person: Mapped[str] = mapped_column(String(40))
    #: who entered it: person:4
    capacity: Mapped[str] = mapped_column(String(40))
    name: Mapped[str] = mapped_column(String(200))
    #: who said it for the body
    source: Mapped[str] = mapped_column(Text, default="")
    #: where it is written, if the body in the lead entered it for one that has nobody here
    digest: Mapped[str] = mapped_column(String(64))
    words: Mapped[FindingWords] = mapped_column(Json)
    #: the words it was about, as they are signed, so that what has changed since can be shown
    said_at: Mapped[datetime] = mapped_column()
    voided_at: Mapped[datetime | None] = mapped_column()
    #: when the words were found to have changed
    body: Mapped[Body] = relationship()
    finding: Mapped[Finding] = relationship()

    @property
    def agrees(self) -> bool:
        """Whether it is an agreement, with or without a comment."""
        return self.answer != NOT_YET
