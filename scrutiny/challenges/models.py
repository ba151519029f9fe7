"""Challenges of the public, whoever supports them, their answers, what changed since, and their way before a committee.

No email address is kept here: it stands in the alert that tells its reader of the challenge, and nowhere else.
"""

from collections.abc import Iterable
from datetime import date, datetime

from sqlalchemy import Boolean, CheckConstraint, ForeignKey, Integer, LargeBinary, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from scrutiny.agencies.models import Agency
from scrutiny.audit.sealed_rows import SealedRow
from scrutiny.bodies.models import Body
from scrutiny.editions.models import Edition
from scrutiny.extensions import Json, Kept, Key, Model
from scrutiny.ledger.models import LedgerSource
from scrutiny.recommendations.models import Addressee
from scrutiny.reviews.models import Review
from workflows.challenges import KINDS, OUTCOMES, WAYS
from workflows.due_working import Working
from workflows.lifecycles.challenge import CHALLENGE, REFERRAL

#: Plain values that name a thing: a year, a number, a key.
Facts = dict[str, str | int | None]


def _among(column: str, keys: Iterable[str]) -> str:
    """The condition that a column holds one of these keys."""
    return f"{column} IN ('" + "', '".join(keys) + "')"


class Challenge(SealedRow, Model):
    """What somebody says is wrong with one thing that is published; `subject` is that thing's key: 'figure:7'."""

    __tablename__ = "challenge"
    __table_args__ = (
        CheckConstraint(_among("state", CHALLENGE.states), name="known_state"),
        CheckConstraint(_among("kind", KINDS), name="known_kind"),
        CheckConstraint("state NOT IN ('published', 'answered') OR reference IS NOT NULL", name="published_with_a_reference"),
    )

    id: Mapped[Key]
    reference: Mapped[str | None] = mapped_column(String(20), unique=True)
    #: C-2026-001, given as it is published: so numbers tell nothing of those that are not
    kind: Mapped[str] = mapped_column(String(20))
    subject: Mapped[str] = mapped_column(String(160), index=True)
    facts: Mapped[Facts] = mapped_column(Json, default=dict)
    #: what names the thing in words, none of its content: the year, a number, a service
    agency_id: Mapped[int | None] = mapped_column(ForeignKey("agency.id"), index=True)
    #: the agency that answers; none where the body does
    body_id: Mapped[int | None] = mapped_column(ForeignKey("body.id"), index=True)
    #: the body that published it and checks challenges; none: administrators
    source_id: Mapped[int | None] = mapped_column(ForeignKey("ledger_source.id"), index=True)
    review_id: Mapped[int | None] = mapped_column(ForeignKey("review.id"), index=True)
    addressee_id: Mapped[int | None] = mapped_column(ForeignKey("addressee.id"), index=True)
    wrong: Mapped[str] = mapped_column(Text)
    #: what is wrong, as everybody reads it: in its writer's words, without personal data of others
    should_be: Mapped[str] = mapped_column(Text, default="")
    link: Mapped[str] = mapped_column(String(500), default="")
    name: Mapped[str] = mapped_column(String(200), default="")
    shows_name: Mapped[bool] = mapped_column(Boolean, default=False)
    language: Mapped[str] = mapped_column(String(2), default="en")
    state: Mapped[str] = mapped_column(String(20), default=CHALLENGE.initial, index=True)
    digest: Mapped[str] = mapped_column(String(64), default="")
    #: a keyed hash of its writer's address: they do not count among its supporters
    alert_id: Mapped[int | None] = mapped_column(ForeignKey("alert.id", ondelete="SET NULL"), index=True)
    #: whom its writer's letters go to, until that is erased
    confirm_hash: Mapped[str | None] = mapped_column(String(64), unique=True)
    asked_at: Mapped[datetime] = mapped_column()
    confirmed_at: Mapped[datetime | None] = mapped_column()
    check_by: Mapped[date | None] = mapped_column()
    moderated_by: Mapped[str] = mapped_column(String(40), default="")
    moderated_at: Mapped[datetime | None] = mapped_column()
    ground: Mapped[str] = mapped_column(String(40), default="")
    why: Mapped[str] = mapped_column(Text, default="")
    #: what its writer is told beside the ground
    merged_into_id: Mapped[int | None] = mapped_column(ForeignKey("challenge.id"), index=True)
    published_at: Mapped[datetime | None] = mapped_column()
    due_on: Mapped[date | None] = mapped_column(index=True)
    due_working: Mapped[Working] = mapped_column(Kept(Working), default=Working)
    answered_at: Mapped[datetime | None] = mapped_column()
    #: when it was answered first
    standing: Mapped[str] = mapped_column(String(200), default="")
    #: how what it challenges stood when it was last looked at
    addresses_erased_at: Mapped[datetime | None] = mapped_column()
    erased_at: Mapped[datetime | None] = mapped_column()
    erased_why: Mapped[str] = mapped_column(Text, default="")
    version: Mapped[int] = mapped_column(Integer, default=1)
    agency: Mapped[Agency | None] = relationship()
    body: Mapped[Body | None] = relationship()
    source: Mapped[LedgerSource | None] = relationship()
    review: Mapped[Review | None] = relationship()
    addressee: Mapped[Addressee | None] = relationship()
    merged_into: Mapped["Challenge | None"] = relationship(remote_side="Challenge.id")
    answers: Mapped[list["ChallengeAnswer"]] = relationship(order_by="ChallengeAnswer.id", back_populates="challenge")
    changes: Mapped[list["ChallengeChange"]] = relationship(order_by="ChallengeChange.id", cascade="all, delete-orphan")
    supports: Mapped[list["ChallengeSupport"]] = relationship(order_by="ChallengeSupport.id", cascade="all, delete-orphan")
    referrals: Mapped[list["ChallengeReferral"]] = relationship(order_by="ChallengeReferral.id", back_populates="challenge")

    __mapper_args__ = {"version_id_col": version}

    @property
    def plain(self) -> str:
        """The plain reference kept in audit rows, letters and alerts: 'challenge:3'."""
        return f"challenge:{self.id}"

    @property
    def answerer(self) -> str:
        """Who must answer, by name; '' where an administrator has to say who."""
        owner = self.agency or self.body
        return owner.name if owner is not None else ""

    @property
    def writer(self) -> str:
        """The name its writer chose to show; '' where they did not."""
        return self.name if self.shows_name else ""


class ChallengeOriginal(SealedRow, Model):
    """What was sent, word for word, where something was taken out of it before it was published; sealed under SECRET_KEY."""

    __tablename__ = "challenge_original"

    id: Mapped[Key]
    challenge_id: Mapped[int] = mapped_column(ForeignKey("challenge.id", ondelete="CASCADE"), unique=True)
    sealed: Mapped[bytes] = mapped_column(LargeBinary)
    kept_by: Mapped[str] = mapped_column(String(40))
    kept_at: Mapped[datetime] = mapped_column()


class ChallengeAnswer(SealedRow, Model):
    """A public answer of the agency or body; another may follow it, none is overwritten."""

    __tablename__ = "challenge_answer"
    __table_args__ = (CheckConstraint(_among("outcome", OUTCOMES), name="known_outcome"),)

    id: Mapped[Key]
    challenge_id: Mapped[int] = mapped_column(ForeignKey("challenge.id", ondelete="CASCADE"), index=True)
    outcome: Mapped[str] = mapped_column(String(20))
    words: Mapped[str] = mapped_column(Text)
    source_id: Mapped[int | None] = mapped_column(ForeignKey("ledger_source.id"))
    #: the source that holds the corrected figure
    edition_id: Mapped[int | None] = mapped_column(ForeignKey("edition.id"))
    #: the edition that holds the corrected finding
    body_id: Mapped[int | None] = mapped_column(ForeignKey("body.id"))
    agency_id: Mapped[int | None] = mapped_column(ForeignKey("agency.id"))
    #: in whose name
    by: Mapped[str] = mapped_column(String(40))
    at: Mapped[datetime] = mapped_column()
    erased_at: Mapped[datetime | None] = mapped_column()
    erased_why: Mapped[str] = mapped_column(Text, default="")
    challenge: Mapped[Challenge] = relationship(back_populates="answers")
    source: Mapped[LedgerSource | None] = relationship()
    edition: Mapped[Edition | None] = relationship()
    body: Mapped[Body | None] = relationship()
    agency: Mapped[Agency | None] = relationship()

    @property
    def author(self) -> str:
        """Whose answer it is."""
        owner = self.agency or self.body
        return owner.name if owner is not None else ""


class ChallengeChange(SealedRow, Model):
    """That what is challenged has changed since: a source corrected, a response given, a new edition."""

    __tablename__ = "challenge_change"

    id: Mapped[Key]
    challenge_id: Mapped[int] = mapped_column(ForeignKey("challenge.id", ondelete="CASCADE"), index=True)
    what: Mapped[str] = mapped_column(String(40))
    facts: Mapped[Facts] = mapped_column(Json, default=dict)
    at: Mapped[datetime] = mapped_column()


class ChallengeSupport(SealedRow, Model):
    """That somebody supports a challenge: a keyed hash of their address, which counts once."""

    __tablename__ = "challenge_support"
    __table_args__ = (UniqueConstraint("challenge_id", "digest"),)

    id: Mapped[Key]
    challenge_id: Mapped[int] = mapped_column(ForeignKey("challenge.id", ondelete="CASCADE"), index=True)
    digest: Mapped[str] = mapped_column(String(64))
    tell: Mapped[bool] = mapped_column(Boolean, default=False)
    #: whether they asked to be told of its answer
    alert_id: Mapped[int | None] = mapped_column(ForeignKey("alert.id", ondelete="SET NULL"), index=True)
    confirm_hash: Mapped[str | None] = mapped_column(String(64), unique=True)
    asked_at: Mapped[datetime] = mapped_column()
    confirmed_at: Mapped[datetime | None] = mapped_column()
    challenge: Mapped[Challenge] = relationship(back_populates="supports")

    @property
    def plain(self) -> str:
        """The plain reference kept in audit rows and letters."""
        return f"challenge_support:{self.id}"


class ChallengeReferral(SealedRow, Model):
    """That a challenge came before a body, how, and what the body did with it."""

    __tablename__ = "challenge_referral"
    __table_args__ = (
        CheckConstraint(_among("state", REFERRAL.states), name="known_state"),
        CheckConstraint(_among("way", WAYS), name="known_way"),
        UniqueConstraint("challenge_id", "body_id"),
    )

    id: Mapped[Key]
    challenge_id: Mapped[int] = mapped_column(ForeignKey("challenge.id", ondelete="CASCADE"), index=True)
    body_id: Mapped[int] = mapped_column(ForeignKey("body.id"), index=True)
    way: Mapped[str] = mapped_column(String(20))
    state: Mapped[str] = mapped_column(String(20), default=REFERRAL.initial, index=True)
    words: Mapped[str] = mapped_column(Text, default="")
    #: why it is brought
    by: Mapped[str] = mapped_column(String(40))
    at: Mapped[datetime] = mapped_column()
    meeting_on: Mapped[date | None] = mapped_column()
    review_id: Mapped[int | None] = mapped_column(ForeignKey("review.id"))
    exclusion: Mapped[str] = mapped_column(String(40), default="")
    decision: Mapped[str] = mapped_column(Text, default="")
    decided_by: Mapped[str] = mapped_column(String(40), default="")
    decided_at: Mapped[datetime | None] = mapped_column()
    version: Mapped[int] = mapped_column(Integer, default=1)
    challenge: Mapped[Challenge] = relationship(back_populates="referrals")
    body: Mapped[Body] = relationship()
    review: Mapped[Review | None] = relationship()

    __mapper_args__ = {"version_id_col": version}
