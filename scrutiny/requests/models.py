"""What is asked, of whom and by when: requests, items, answers, extensions, questions back and holders."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from sqlalchemy import (
    CheckConstraint,
    ColumnElement,
    Float,
    ForeignKey,
    Index,
    Integer,
    String,
    Text,
    UniqueConstraint,
    and_,
    case,
    func,
    literal,
    or_,
    select,
)
from sqlalchemy.ext.hybrid import hybrid_property
from sqlalchemy.orm import Mapped, mapped_column, relationship

from scrutiny import due_words
from scrutiny.agencies.models import Agency
from scrutiny.audit.sealed_rows import SealedRow
from scrutiny.evidence.models import Lodging
from scrutiny.extensions import Json, Kept, Key, Model
from scrutiny.reviews.models import Question, Review
from workflows.due_working import Working
from workflows.lifecycles.extension import EXTENSION
from workflows.lifecycles.item import ITEM
from workflows.lifecycles.request import REQUEST


def _one_of(column: str, states: dict[str, str], name: str = "known_state") -> CheckConstraint:
    """The database knows the states of the lifecycle too."""
    listed = "', '".join(states)
    return CheckConstraint(f"{column} IN ('{listed}')", name=name)


class EvidenceRequest(SealedRow, Model):
    """One agency asked for many items within a review; drafted, issued, withdrawn or closed."""

    __tablename__ = "evidence_request"
    __table_args__ = (
        UniqueConstraint("review_id", "number"),
        _one_of("state", REQUEST.states),
        CheckConstraint("(state IN ('drafted', 'dropped')) = (issued_at IS NULL)", name="issued_when_it_has_a_moment"),
    )

    id: Mapped[Key]
    review_id: Mapped[int] = mapped_column(ForeignKey("review.id"), index=True)
    agency_id: Mapped[int] = mapped_column(ForeignKey("agency.id"), index=True)
    number: Mapped[int] = mapped_column(Integer)
    reference: Mapped[str] = mapped_column(String(30), unique=True)
    #: R-2026-014/P03
    state: Mapped[str] = mapped_column(String(20), default="drafted", index=True)
    message: Mapped[str] = mapped_column(Text, default="")
    #: the officer's own words at the head of the letter
    dropped_why: Mapped[str] = mapped_column(Text, default="")
    ended_why: Mapped[str] = mapped_column(Text, default="")
    left_out: Mapped[list[dict[str, object]]] = mapped_column(Json, default=list)
    #: items dropped from the draft: [{question, why, by}]
    power_key: Mapped[str] = mapped_column(String(80), default="")
    legal_basis: Mapped[dict[str, object]] = mapped_column(Json, default=dict)
    #: a LegalBasis in plain values, as worked out when issued
    ladder: Mapped[str] = mapped_column(String(80), default="")
    ladder_edition: Mapped[str] = mapped_column(String(64), default="")
    #: the ladder of reminders it was issued with: its key, and the digest of the file
    share_of_people: Mapped[float | None] = mapped_column(Float)
    share_of_land: Mapped[float | None] = mapped_column(Float)
    #: of the place, by this agency's footprint, when drafted
    issued_at: Mapped[datetime | None] = mapped_column()
    issued_by: Mapped[str] = mapped_column(String(40), default="")
    delivered_on: Mapped[date | None] = mapped_column()
    #: the day it was accepted by the mail server, posted or handed over; before that no day runs
    opened_at: Mapped[datetime | None] = mapped_column()
    #: when somebody of the agency first looked
    hours_spent: Mapped[float | None] = mapped_column(Float)
    cost_pence: Mapped[int | None] = mapped_column(Integer)
    effort_at: Mapped[datetime | None] = mapped_column()
    #: when the agency last said what answering cost, told that this is published; without it hours are for requesters only
    version: Mapped[int] = mapped_column(Integer, default=1)
    review: Mapped[Review] = relationship()
    agency: Mapped[Agency] = relationship()
    items: Mapped[list["Item"]] = relationship(order_by="Item.number", back_populates="request")

    __mapper_args__ = {"version_id_col": version}

    @classmethod
    def deed_about(cls, values: Mapping[str, Any]) -> str:
        """The deed that issued it."""
        return "" if values["state"] == "drafted" else f"request:{values['id']}"

    @hybrid_property
    def is_asked(self) -> bool:
        """Whether it reached its agency and was not withdrawn: only then was anything asked."""
        return self.state in ("issued", "closed") and self.delivered_on is not None

    @is_asked.inplace.expression
    @classmethod
    def _is_asked(cls) -> ColumnElement[bool]:
        """The same in a statement."""
        return and_(cls.state.in_(("issued", "closed")), cls.delivered_on.is_not(None))

    @property
    def plain(self) -> str:
        """The plain reference kept in audit rows and letters: 'request:17'."""
        return f"request:{self.id}"

    @property
    def slug(self) -> str:
        """Its part of an address: 'P03'."""
        return f"P{self.number:02d}"


class Item(SealedRow, Model):
    """One question put to one agency, with its own due date and the working behind it."""

    __tablename__ = "item"
    __table_args__ = (
        UniqueConstraint("request_id", "number"),
        UniqueConstraint("request_id", "question_id"),
        _one_of("state", ITEM.states),
        CheckConstraint(
            "state NOT IN ('submitted', 'not_held', 'refused', 'redirected', 'accepted') OR submitted_at IS NOT NULL",
            name="sent_with_a_moment",
        ),
        CheckConstraint("state NOT IN ('not_held', 'refused') OR ground != ''", name="given_up_with_a_ground"),
        CheckConstraint("state != 'redirected' OR redirected_to != ''", name="redirected_to_somebody"),
        Index("ix_item_next_step_on_request_id", "next_step_on", "request_id"),
    )

    id: Mapped[Key]
    request_id: Mapped[int] = mapped_column(ForeignKey("evidence_request.id"), index=True)
    question_id: Mapped[int] = mapped_column(ForeignKey("question.id"), index=True)
    number: Mapped[int] = mapped_column(Integer)
    reference: Mapped[str] = mapped_column(String(40), unique=True)
    #: R-2026-014/P03/7
    state: Mapped[str] = mapped_column(String(20), default="asked", index=True)
    clock: Mapped[str] = mapped_column(String(40), default="")
    #: working_after:20
    nation: Mapped[str] = mapped_column(String(30), default="england-and-wales")
    #: the holiday division counted with
    start_event: Mapped[str] = mapped_column(String(40), default="sent")
    starts_on: Mapped[date | None] = mapped_column()
    statutory_due_on: Mapped[date | None] = mapped_column()
    #: what the law says, where it says anything
    due_on: Mapped[date | None] = mapped_column(index=True)
    #: the day it is wanted by, after any extension
    wanted_on: Mapped[date | None] = mapped_column()
    #: a day the asker chose, in place of the method's or the law's
    first_due_on: Mapped[date | None] = mapped_column()
    #: before any extension or late holiday
    calendar: Mapped[str] = mapped_column(String(64), default="")
    #: digest of the calendar edition used
    due_working: Mapped[Working] = mapped_column(Kept(Working), default=Working)
    #: reasons (workflows.due_reasons), steps and source; the sentences are composed where they are shown
    next_step_on: Mapped[date | None] = mapped_column()
    #: the day of the next rung of the reminder ladder
    rung: Mapped[int] = mapped_column(Integer, default=0)
    #: how many rungs have had their day since the due date was given
    power_key: Mapped[str] = mapped_column(String(80), default="")
    legal_basis: Mapped[dict[str, object]] = mapped_column(Json, default=dict)
    #: its own LegalBasis in plain values, without what is for officers only
    held_by: Mapped[str] = mapped_column(String(40), default="", index=True)
    #: person:4, the colleague it was handed to
    redirected_to: Mapped[str] = mapped_column(String(300), default="")
    ground: Mapped[str] = mapped_column(Text, default="")
    #: why not held or refused; the law for a refusal
    returned_why: Mapped[str] = mapped_column(Text, default="")
    #: by the asker, or by the certifier when sent back
    submitted_at: Mapped[datetime | None] = mapped_column()
    answered_on: Mapped[date | None] = mapped_column(index=True)
    #: the day the first response came, whatever it said; one returned for more came all the same
    answered_due_on: Mapped[date | None] = mapped_column()
    #: the day it was due when that came
    approved_by: Mapped[str] = mapped_column(String(40), default="")
    approved_at: Mapped[datetime | None] = mapped_column()
    #: by the agency's approver, who holds it back until all are approved
    version: Mapped[int] = mapped_column(Integer, default=1)
    request: Mapped[EvidenceRequest] = relationship(back_populates="items")
    question: Mapped[Question] = relationship()
    answers: Mapped[list["Answer"]] = relationship(order_by="Answer.number", back_populates="item")
    returns: Mapped[list["ItemReturn"]] = relationship(order_by="ItemReturn.id", back_populates="item")
    declines: Mapped[list["Decline"]] = relationship(order_by="Decline.id", back_populates="item")

    __mapper_args__ = {"version_id_col": version}

    @property
    def plain(self) -> str:
        """The plain reference kept in audit rows and letters: 'item:7'."""
        return f"item:{self.id}"

    @property
    def late_after(self) -> date | None:
        """The day after which it is late: the day it is wanted by, or the law's own where that is later."""
        return max(self.due_on, self.statutory_due_on) if self.due_on and self.statutory_due_on else self.due_on

    @classmethod
    def is_late(cls, today: date) -> ColumnElement[bool]:
        """The same for a query: both the day it is wanted by and the law's own have gone by."""
        return and_(cls.due_on < today, or_(cls.statutory_due_on.is_(None), cls.statutory_due_on < today))

    def came(self, on: date) -> None:
        """Note that a response came on a day; only the first counts, against the day it was due then."""
        if self.answered_on is None:
            self.answered_on, self.answered_due_on = on, self.due_on

    @property
    def due_why(self) -> str:
        """Why it is due on its day, in sentences: what was agreed since, then how it was counted."""
        return due_words.why_agreed(self.due_working, runs=self.due_on is not None)

    @hybrid_property
    def came_as(self) -> str:
        """What came of it, also once that is accepted: submitted, not_held, refused or redirected; else its state."""
        if self.state != "accepted":
            return self.state
        said = self.declines_sent[-1] if self.declines_sent else None
        return said.kind if said is not None and said.submitted_at == self.submitted_at else "submitted"

    @came_as.inplace.expression
    @classmethod
    def _came_as(cls) -> ColumnElement[str]:
        """The same in a statement."""
        said = select(Decline.kind).where(Decline.item_id == cls.id, Decline.submitted_at == cls.submitted_at)
        accepted = func.coalesce(said.where(Decline.taken_back_at.is_(None)).limit(1).scalar_subquery(), "submitted")
        return case((cls.state == "accepted", accepted), else_=cls.state)

    @hybrid_property
    def stands(self) -> str:
        """Its state but, once an honest no is accepted, which: accepted_not_held, accepted_refused or accepted_redirected."""
        return f"accepted_{self.came_as}" if self.state == "accepted" and self.came_as != "submitted" else self.state

    @stands.inplace.expression
    @classmethod
    def _stands(cls) -> ColumnElement[str]:
        """The same in a statement."""
        declined = and_(cls.state == "accepted", cls.came_as != "submitted")
        return case((declined, literal("accepted_").concat(cls.came_as)), else_=cls.state)

    @property
    def answer_accepted(self) -> "Answer | None":
        """The answer that was accepted last; None where none was, or where a refusal or *not held* was accepted after it."""
        sent = [answer for answer in self.answers if answer.submitted_at is not None]
        last = sent[-1] if self.state == "accepted" and sent else None
        return last if last is not None and last.submitted_at == self.submitted_at else None

    @property
    def answer(self) -> "Answer | None":
        """The latest answer, kept or sent."""
        return self.answers[-1] if self.answers else None

    @property
    def decline_kept(self) -> "Decline | None":
        """Why there is no answer, as the agency has saved it and not sent it."""
        return self.declines[-1] if self.declines and self.declines[-1].submitted_at is None else None

    def return_for(self, kind: str, why: str, *, by: str, at: datetime, content: dict[str, str] | None = None) -> None:
        """Keep the reason for which it is returned, or sent back by the approver, then with what was read."""
        self.returned_why = why
        self.returns.append(ItemReturn(kind=kind, why=why, by=by, at=at, content=content))

    def forget_read(self) -> None:
        """Keep no longer what an approver had read: it has been sent, its draft is gone, or nobody asks any more."""
        for one in self.returns:
            if one.content is not None:
                one.content = None

    def returned_between(self, since: datetime, until: datetime | None) -> "ItemReturn | None":
        """The return by the requester of what was sent at one moment, before the item was sent again, if it was."""
        for one in self.returns:
            if one.kind == "returned" and one.at and since <= one.at and (until is None or one.at < until):
                return one
        return None

    @property
    def returns_open(self) -> list["ItemReturn"]:
        """The reasons that are still to be dealt with: all since it was last sent."""
        if self.state not in ("returned", "sent_back", "answered", "with_certifier"):
            return []
        moments = [*(answer.submitted_at for answer in self.answers), *(decline.submitted_at for decline in self.declines)]
        last = max((moment for moment in moments if moment is not None), default=None)
        return [one for one in self.returns if last is None or one.at is None or one.at >= last]

    @property
    def declines_sent(self) -> list["Decline"]:
        """Each time the agency said that it gives no answer, oldest first; also what it took back."""
        return [decline for decline in self.declines if decline.submitted_at is not None]


class Answer(SealedRow, Model):
    """An answer to an item, pointing to what is lodged; each return by the asker begins a new one, the old stay."""

    __tablename__ = "answer"
    __table_args__ = (UniqueConstraint("item_id", "number"),)

    id: Mapped[Key]
    item_id: Mapped[int] = mapped_column(ForeignKey("item.id"), index=True)
    number: Mapped[int] = mapped_column(Integer)
    lodging_id: Mapped[int] = mapped_column(ForeignKey("lodging.id"), index=True)
    by: Mapped[str] = mapped_column(String(40))
    capacity: Mapped[str] = mapped_column(String(40), default="")
    kept_at: Mapped[datetime] = mapped_column()
    submitted_at: Mapped[datetime | None] = mapped_column()
    certified_by: Mapped[str] = mapped_column(String(40), default="")
    came_by: Mapped[str] = mapped_column(String(20), default="page")
    #: page, or one of requests.ways: email, post, telephone, meeting
    received_by: Mapped[str] = mapped_column(String(200), default="")
    received_on: Mapped[date | None] = mapped_column()
    reused_from: Mapped[int | None] = mapped_column(ForeignKey("answer.id"))
    marked: Mapped[bool] = mapped_column(default=True)
    #: whether somebody chose who may see it; until then its marking is only what the question offers
    attends: Mapped[str] = mapped_column(String(20), default="")
    #: to a question of attendance: asked (the person asked for comes) or another
    attended_by: Mapped[str] = mapped_column(String(300), default="")
    item: Mapped[Item] = relationship(back_populates="answers")
    lodging: Mapped[Lodging] = relationship()

    @classmethod
    def deed_about(cls, values: Mapping[str, Any]) -> str:
        """The deed that sent it."""
        return "" if values["submitted_at"] is None else f"item:{values['item_id']}"


class ItemReturn(SealedRow, Model):
    """One time an item was returned for more, or sent back within its agency, with the reason; each stays for ever."""

    __tablename__ = "item_return"
    __table_args__ = (CheckConstraint("kind IN ('returned', 'sent_back')", name="known_kind"),)

    id: Mapped[Key]
    item_id: Mapped[int] = mapped_column(ForeignKey("item.id"), index=True)
    kind: Mapped[str] = mapped_column(String(20))
    #: by the requester, or by the agency's own approver
    why: Mapped[str] = mapped_column(Text)
    by: Mapped[str] = mapped_column(String(40), default="")
    at: Mapped[datetime | None] = mapped_column()
    #: nothing for one from before these were kept
    content: Mapped[dict[str, str] | None] = mapped_column(Json)
    #: what the approver read, by field, until the item is sent or its draft discarded
    item: Mapped[Item] = relationship(back_populates="returns")


class Decline(SealedRow, Model):
    """What an agency says in place of an answer: not held, refused, or held by somebody else; each one sent stays."""

    __tablename__ = "decline"
    __table_args__ = (
        CheckConstraint("kind IN ('not_held', 'refused', 'redirected')", name="known_kind"),
        CheckConstraint("ground != ''", name="says_why"),
        CheckConstraint("kind != 'redirected' OR redirected_to != ''", name="redirected_to_somebody"),
    )

    id: Mapped[Key]
    item_id: Mapped[int] = mapped_column(ForeignKey("item.id"), index=True)
    kind: Mapped[str] = mapped_column(String(20))
    #: the state its item gets when it is sent
    ground: Mapped[str] = mapped_column(Text)
    redirected_to: Mapped[str] = mapped_column(String(300), default="")
    by: Mapped[str] = mapped_column(String(40))
    capacity: Mapped[str] = mapped_column(String(40), default="")
    kept_at: Mapped[datetime] = mapped_column()
    submitted_at: Mapped[datetime | None] = mapped_column()
    certified_by: Mapped[str] = mapped_column(String(40), default="")
    #: who approved it, where the agency has an approver
    taken_back_by: Mapped[str] = mapped_column(String(40), default="")
    taken_back_at: Mapped[datetime | None] = mapped_column()
    item: Mapped[Item] = relationship(back_populates="declines")


class Extension(SealedRow, Model):
    """More time asked for, with a reason, and what was decided; both dates are kept."""

    __tablename__ = "extension"
    __table_args__ = (
        _one_of("state", EXTENSION.states),
        CheckConstraint("(state = 'granted') = (granted_until IS NOT NULL)", name="granted_until_a_day"),
    )

    id: Mapped[Key]
    request_id: Mapped[int] = mapped_column(ForeignKey("evidence_request.id"), index=True)
    item_id: Mapped[int | None] = mapped_column(ForeignKey("item.id"), index=True)
    #: one item, or every open item of the request
    state: Mapped[str] = mapped_column(String(20), default="asked", index=True)
    from_on: Mapped[date] = mapped_column()
    until_on: Mapped[date] = mapped_column()
    reason: Mapped[str] = mapped_column(Text)
    asked_by: Mapped[str] = mapped_column(String(40))
    asked_at: Mapped[datetime] = mapped_column()
    decided_by: Mapped[str] = mapped_column(String(40), default="")
    decided_at: Mapped[datetime | None] = mapped_column()
    granted_until: Mapped[date | None] = mapped_column()
    decision: Mapped[str] = mapped_column(Text, default="")
    request: Mapped[EvidenceRequest] = relationship()
    item: Mapped[Item | None] = relationship()


class Note(SealedRow, Model):
    """A question back from the agency, or the asker's reply, about a request or one of its items; both sides see it."""

    __tablename__ = "request_note"

    id: Mapped[Key]
    request_id: Mapped[int] = mapped_column(ForeignKey("evidence_request.id"), index=True)
    item_id: Mapped[int | None] = mapped_column(ForeignKey("item.id"))
    text: Mapped[str] = mapped_column(Text)
    by: Mapped[str] = mapped_column(String(40))
    capacity: Mapped[str] = mapped_column(String(40))
    at: Mapped[datetime] = mapped_column()
    request: Mapped[EvidenceRequest] = relationship()
    item: Mapped[Item | None] = relationship()


class Holder(Model):
    """Which agency must answer an item, from a day to a day: the one asked, or its successor."""

    __tablename__ = "holder"

    id: Mapped[Key]
    item_id: Mapped[int] = mapped_column(ForeignKey("item.id"), index=True)
    agency_id: Mapped[int] = mapped_column(ForeignKey("agency.id"), index=True)
    from_on: Mapped[date] = mapped_column()
    to_on: Mapped[date | None] = mapped_column()
