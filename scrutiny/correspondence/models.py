"""Letters, the emails they are posted in, and alerts; what they are about is a plain reference."""

from datetime import date, datetime

from sqlalchemy import Boolean, ForeignKey, Integer, LargeBinary, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from scrutiny.extensions import Key, Model

LONGEST_OCCASION = 80


class Posting(Model):
    """One email, holding one or more letters; its Message-ID is fixed when it is first made, so a repeat is recognisable."""

    __tablename__ = "posting"

    id: Mapped[Key]
    message_id: Mapped[str] = mapped_column(String(200), unique=True)
    address: Mapped[str] = mapped_column(String(254))
    state: Mapped[str] = mapped_column(String(20), default="waiting", index=True)
    #: waiting, posted, failed; bounced, where it came back; replaced or by_post, where it failed and went another way
    claim: Mapped[str | None] = mapped_column(String(40))
    claimed_until: Mapped[datetime | None] = mapped_column()
    attempts: Mapped[int] = mapped_column(Integer, default=0)
    lost: Mapped[int] = mapped_column(Integer, default=0)
    #: attempts of which nothing is known, for the process stopped: in each the email may have gone out
    not_before: Mapped[datetime | None] = mapped_column()
    fault: Mapped[str] = mapped_column(Text, default="")
    made_at: Mapped[datetime] = mapped_column()
    posted_at: Mapped[datetime | None] = mapped_column()


class Letter(Model):
    """Anything sent to a person, written with the deed and posted after it; the same letter is never written twice."""

    __tablename__ = "letter"
    __table_args__ = (UniqueConstraint("kind", "reference", "person", "occasion"),)

    id: Mapped[Key]
    kind: Mapped[str] = mapped_column(String(60))
    #: the name of its template: request_issued
    reference: Mapped[str] = mapped_column(String(80), index=True)
    #: what it is about: request:17
    person: Mapped[str] = mapped_column(String(80), index=True)
    #: whom it is for: person:4, or alert:9
    occasion: Mapped[str] = mapped_column(String(LONGEST_OCCASION), default="")
    #: what tells two letters of one kind about one thing apart
    address: Mapped[str] = mapped_column(String(254))
    subject: Mapped[str] = mapped_column(String(300))
    text: Mapped[str] = mapped_column(Text)
    #: a secret stands in it as a placeholder
    sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    #: the secret, sealed under SECRET_KEY; wiped once posted
    bundle: Mapped[str] = mapped_column(String(80), default="")
    #: letters of one bundle, person and day are joined in one email
    not_before: Mapped[datetime | None] = mapped_column()
    #: it waits until then for the others of its bundle, or for the next open day
    bundle_on: Mapped[date | None] = mapped_column()
    language: Mapped[str] = mapped_column(String(2), default="en")
    within: Mapped[str] = mapped_column(String(80), default="", index=True)
    #: what it is read with: review:2
    sender_name: Mapped[str] = mapped_column(String(300), default="")
    #: the body in whose name it is written; empty where it is ours
    reply_to: Mapped[str] = mapped_column(String(254), default="")
    edit_id: Mapped[int | None] = mapped_column(Integer)
    #: the edited words it went with: the id of its LetterEdit
    written_at: Mapped[datetime] = mapped_column()
    posting_id: Mapped[int | None] = mapped_column(ForeignKey("posting.id"), index=True)
    posting: Mapped[Posting | None] = relationship()

    @property
    def state(self) -> str:
        """waiting, posted, failed, bounced, replaced or by_post: as its email is."""
        return self.posting.state if self.posting is not None else "waiting"


class Alert(Model):
    """A wish to be told by email when something public about a place changes; confirmed by a link, stopped by a link."""

    __tablename__ = "alert"
    __table_args__ = (UniqueConstraint("address", "about"),)

    id: Mapped[Key]
    address: Mapped[str] = mapped_column(String(254))
    about: Mapped[str] = mapped_column(String(80), index=True)
    #: place:7
    named: Mapped[str] = mapped_column(String(200), default="")
    #: what it is about, as a person says it: Ashby
    language: Mapped[str] = mapped_column(String(2), default="en")
    confirm_hash: Mapped[str | None] = mapped_column(String(64))
    stop_hash: Mapped[str | None] = mapped_column(String(64), unique=True)
    asked_at: Mapped[datetime] = mapped_column()
    confirmed_at: Mapped[datetime | None] = mapped_column()
    stopped_at: Mapped[datetime | None] = mapped_column()
    stopped: Mapped[bool] = mapped_column(Boolean, default=False)

    @property
    def reference(self) -> str:
        """The plain reference kept in letters and audit rows, which name no address."""
        return f"alert:{self.id}"
