"""Evidence of an agency, the files it rests on, and its lodging with a review under a marking."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Integer, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from scrutiny.agencies.models import Agency
from scrutiny.evidence.markings import BEFORE_REPORT
from scrutiny.extensions import Key, Model
from scrutiny.formats import london_day
from scrutiny.reviews.models import Review

_KNOWN = "', '".join(("open", "exempt", "personal", "confidential"))


class StoredFile(Model):
    """Bytes kept once under their SHA-256, however many uses they have."""

    __tablename__ = "stored_file"

    sha256: Mapped[str] = mapped_column(String(64), primary_key=True)
    size: Mapped[int] = mapped_column(Integer)
    media_type: Mapped[str] = mapped_column(String(100))
    pages: Mapped[int | None] = mapped_column(Integer)
    #: pages of a document, sheets of a workbook
    scan: Mapped[str] = mapped_column(String(20), default="not scanned")
    #: not scanned, clean or infected
    kept_at: Mapped[datetime] = mapped_column()
    erased_at: Mapped[datetime | None] = mapped_column()
    #: when its last unerased use went


class Evidence(Model):
    """Something an agency holds and has given, which belongs to the agency and not to a review."""

    __tablename__ = "evidence"

    id: Mapped[Key]
    agency_id: Mapped[int] = mapped_column(ForeignKey("agency.id"), index=True)
    keeper_id: Mapped[int | None] = mapped_column(ForeignKey("agency.id"), index=True)
    #: the successor that keeps it, where the agency that gave it has ended
    title: Mapped[str] = mapped_column(String(300))
    text: Mapped[str] = mapped_column(Text, default="")
    #: the written answer
    figures: Mapped[str] = mapped_column(Text, default="")
    #: figures as typed, one 'label: number unit' a line
    as_at: Mapped[date | None] = mapped_column()
    period: Mapped[str] = mapped_column(String(200), default="")
    digest: Mapped[str] = mapped_column(String(64), default="")
    #: of text and figures, so that a citation of them is pinned too
    erased_at: Mapped[datetime | None] = mapped_column()
    erased_why: Mapped[str] = mapped_column(Text, default="")
    #: of the words; their digest stays. Files are erased each by itself
    made_by: Mapped[str] = mapped_column(String(40))
    made_at: Mapped[datetime] = mapped_column()
    agency: Mapped[Agency] = relationship(foreign_keys=[agency_id])
    keeper: Mapped[Agency | None] = relationship(foreign_keys=[keeper_id])
    files: Mapped[list["EvidenceFile"]] = relationship(order_by="EvidenceFile.id", back_populates="evidence")

    def is_of(self, agency_id: int | None) -> bool:
        """Whether it is this agency's own: it gave it, or keeps it since the one that gave it ended."""
        return agency_id is not None and agency_id in (self.agency_id, self.keeper_id)

    @property
    def reference(self) -> str:
        """The plain reference kept in audit rows."""
        return f"evidence:{self.id}"


class EvidenceFile(Model):
    """A use of stored bytes in a piece of evidence: the original, a redacted copy or a translation."""

    __tablename__ = "evidence_file"
    __table_args__ = (
        CheckConstraint("role IN ('original', 'redacted', 'translation')", name="known_role"),
        CheckConstraint(f"marking IN ('{_KNOWN}')", name="known_marking"),
    )

    id: Mapped[Key]
    evidence_id: Mapped[int] = mapped_column(ForeignKey("evidence.id"), index=True)
    sha256: Mapped[str] = mapped_column(ForeignKey("stored_file.sha256"), index=True)
    role: Mapped[str] = mapped_column(String(20), default="original")
    version_of: Mapped[int | None] = mapped_column(ForeignKey("evidence_file.id"))
    marking: Mapped[str] = mapped_column(String(20), default="open")
    name: Mapped[str] = mapped_column(String(200))
    #: the name it came with, made safe to show
    warnings: Mapped[str] = mapped_column(Text, default="")
    #: hidden sheets and the like, in words
    added_by: Mapped[str] = mapped_column(String(40))
    added_at: Mapped[datetime] = mapped_column()
    keep_until: Mapped[date | None] = mapped_column(index=True)
    erased_at: Mapped[datetime | None] = mapped_column()
    erased_why: Mapped[str] = mapped_column(Text, default="")
    evidence: Mapped[Evidence] = relationship(back_populates="files")
    stored: Mapped[StoredFile] = relationship()


class Lodging(Model):
    """That a piece of evidence is before a review, under a marking; `lodged_at` empty means its agency has not sent it yet."""

    __tablename__ = "lodging"
    __table_args__ = (
        UniqueConstraint("evidence_id", "review_id"),
        CheckConstraint(f"marking IN ('{_KNOWN}')", name="known_marking"),
    )

    id: Mapped[Key]
    evidence_id: Mapped[int] = mapped_column(ForeignKey("evidence.id"), index=True)
    review_id: Mapped[int] = mapped_column(ForeignKey("review.id"), index=True)
    marking: Mapped[str] = mapped_column(String(20), default="open")
    exempt_ground: Mapped[str] = mapped_column(Text, default="")
    #: which paragraph of Schedule 12A, and why the public interest favours it
    lodged_at: Mapped[datetime | None] = mapped_column()
    promise: Mapped[str] = mapped_column(String(10), default=BEFORE_REPORT)
    #: what its agency was told when it sent this: published with the list of requests at the earliest, or with the report
    public_from: Mapped[datetime | None] = mapped_column()
    public_summary: Mapped[str] = mapped_column(Text, default="")
    summary_agreed_at: Mapped[datetime | None] = mapped_column()
    #: when the agency agreed that the summary may be published
    evidence: Mapped[Evidence] = relationship()
    review: Mapped[Review] = relationship()

    def is_public_on(self, day: date) -> bool:
        """Whether a deed has published it by a London day; whether the review may be known is for access to say."""
        return self.marking == "open" and self.public_from is not None and london_day(self.public_from) <= day


class Grant(Model):
    """That a named person may see a personal or confidential lodging, by a rule of the method and for a reason."""

    __tablename__ = "lodging_grant"
    __table_args__ = (UniqueConstraint("lodging_id", "person_id"),)

    id: Mapped[Key]
    lodging_id: Mapped[int] = mapped_column(ForeignKey("lodging.id"), index=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    why: Mapped[str] = mapped_column(Text)
    given_by: Mapped[str] = mapped_column(String(40))
    given_at: Mapped[datetime] = mapped_column()
    ended_at: Mapped[datetime | None] = mapped_column()
