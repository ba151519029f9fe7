"""Evidence of an agency, the files it rests on, and its lodging with a review under a marking."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from scrutiny.accounts.models import Person
from scrutiny.agencies.models import Agency
from scrutiny.audit.sealed_rows import SealedRow
from scrutiny.audit.sealed_words import SealedWords
from scrutiny.bodies.models import Body
from scrutiny.evidence.markings import BEFORE_REPORT
from scrutiny.extensions import Key, Model
from scrutiny.file_reading.file_warnings import FileWarning, read_text
from scrutiny.formats import london_day
from scrutiny.reviews.models import Review
from scrutiny.stored_files.models import StoredFile

_KNOWN = "', '".join(("open", "exempt", "personal", "confidential"))


class Evidence(SealedWords, SealedRow, Model):
    """Something an agency holds and has given, which belongs to the agency and not to a review."""

    __tablename__ = "evidence"

    id: Mapped[Key]
    agency_id: Mapped[int] = mapped_column(ForeignKey("agency.id"), index=True)
    keeper_id: Mapped[int | None] = mapped_column(ForeignKey("agency.id"), index=True)
    #: the successor that keeps it, where the agency that gave it has ended
    title: Mapped[str] = mapped_column(String(300))
    as_at: Mapped[date | None] = mapped_column()
    period: Mapped[str] = mapped_column(String(200), default="")
    erased_why: Mapped[str] = mapped_column(Text, default="")
    #: of the words; their digest stays. Files are erased each by itself
    made_by: Mapped[str] = mapped_column(String(40))
    made_at: Mapped[datetime] = mapped_column()
    agency: Mapped[Agency] = relationship(foreign_keys=[agency_id])
    keeper: Mapped[Agency | None] = relationship(foreign_keys=[keeper_id])
    files: Mapped[list["EvidenceFile"]] = relationship(order_by="EvidenceFile.id", back_populates="evidence")

    @property
    def owners(self) -> tuple[int, ...]:
        """The ids of the agency that gave it and of the one that keeps it since."""
        return tuple(filter(None, (self.agency_id, self.keeper_id)))

    def is_of(self, agency_id: int | None) -> bool:
        """Whether it is this agency's own: it gave it, or keeps it since the one that gave it ended."""
        return agency_id in self.owners

    @property
    def reference(self) -> str:
        """The plain reference kept in audit rows."""
        return f"evidence:{self.id}"


class EvidenceFile(SealedRow, Model):
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
    warnings_kept: Mapped[str] = mapped_column("warnings", Text, default="")
    #: hidden sheets and the like, each with its kind (adapters.file_warnings)
    looked_by: Mapped[str] = mapped_column(String(40), default="")
    looked_at: Mapped[datetime | None] = mapped_column()
    #: who has looked at what is hidden in it and lets it go as it is
    added_by: Mapped[str] = mapped_column(String(40))
    added_at: Mapped[datetime] = mapped_column()
    keep_until: Mapped[date | None] = mapped_column(index=True)
    erased_at: Mapped[datetime | None] = mapped_column()
    erased_why: Mapped[str] = mapped_column(Text, default="")
    evidence: Mapped[Evidence] = relationship(back_populates="files")
    stored: Mapped[StoredFile] = relationship()

    @property
    def warnings(self) -> tuple[FileWarning, ...]:
        """What its sender was told of it."""
        return read_text(self.warnings_kept)

    @property
    def hidden(self) -> list[str]:
        """What is in it that whoever opens it does not see at once, each in a sentence."""
        return [warning.words for warning in self.warnings if warning.kind.stops]

    @property
    def is_looked_at(self) -> bool:
        """Whether nothing is hidden in it, or somebody has looked at that and lets it go as it is."""
        return self.looked_at is not None or not self.hidden


class Lodging(SealedRow, Model):
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
    held_back_at: Mapped[datetime | None] = mapped_column()
    #: when somebody took it back from the public under a marking that would publish it again with the next report
    wrong_at: Mapped[datetime | None] = mapped_column()
    wrong_by: Mapped[str] = mapped_column(String(40), default="")
    wrong_why: Mapped[str] = mapped_column(Text, default="")
    #: when and why its agency said that it should not have been sent
    withheld_at: Mapped[datetime | None] = mapped_column()
    #: from then on only its agency reads it
    public_summary: Mapped[str] = mapped_column(Text, default="")
    summary_agreed_at: Mapped[datetime | None] = mapped_column()
    #: when the agency agreed that the summary may be published
    evidence: Mapped[Evidence] = relationship()
    review: Mapped[Review] = relationship()

    @property
    def may_come_out(self) -> bool:
        """Whether a list or a report may publish it: marked open, and not held back since."""
        return self.marking == "open" and self.held_back_at is None

    def is_public_on(self, day: date) -> bool:
        """Whether a deed has published it by a London day; whether the review may be known is for access to say."""
        out = self.public_from is not None and london_day(self.public_from) <= day
        return out and self.may_come_out and self.withheld_at is None


class Grant(SealedRow, Model):
    """That a named person of a partner body may see a confidential lodging, by a rule of the method and for a reason."""

    __tablename__ = "lodging_grant"
    __table_args__ = (UniqueConstraint("lodging_id", "person_id"),)

    id: Mapped[Key]
    lodging_id: Mapped[int] = mapped_column(ForeignKey("lodging.id"), index=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    why: Mapped[str] = mapped_column(Text)
    given_by: Mapped[str] = mapped_column(String(40))
    given_at: Mapped[datetime] = mapped_column()
    ended_at: Mapped[datetime | None] = mapped_column()


class NamedReader(SealedRow, Model):
    """That a person, acting for a body of a review, may open what agencies mark for those named; kept once ended."""

    __tablename__ = "named_reader"
    __table_args__ = (
        Index(
            "uq_named_reader_open",
            "review_id",
            "person_id",
            "body_id",
            unique=True,
            sqlite_where=text("ended_at IS NULL"),
            postgresql_where=text("ended_at IS NULL"),
        ),
    )

    id: Mapped[Key]
    review_id: Mapped[int] = mapped_column(ForeignKey("review.id"), index=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    body_id: Mapped[int] = mapped_column(ForeignKey("body.id"))
    #: for which of the review's bodies; acting for another they do not open it
    named_by: Mapped[str] = mapped_column(String(40), default="")
    #: empty: the lead inspectors who were taken over when naming began
    named_at: Mapped[datetime] = mapped_column()
    ended_by: Mapped[str] = mapped_column(String(40), default="")
    ended_at: Mapped[datetime | None] = mapped_column()
    body: Mapped[Body] = relationship()
    person: Mapped[Person] = relationship()
    review: Mapped[Review] = relationship()
