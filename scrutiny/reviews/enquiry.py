"""Lines of enquiry and the questions under them: added, reworded, left out with a reason, proposed by councillors."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from flask_babel import gettext
from sqlalchemy import select

from scrutiny.audit.service import digest, note
from scrutiny.extensions import db
from scrutiny.reviews import letters
from scrutiny.reviews.models import Line, Question, Review
from scrutiny.reviews.timetable import still_open
from scrutiny.rules.queries import method_of
from scrutiny.transaction import check_version
from workflows.method import ANSWER_KINDS, MARKINGS, Evidence
from workflows.refusals import Refused
from workflows.roles import CHAIR, COUNCILLOR, INSPECTOR, LEAD_INSPECTOR, SCRUTINY_OFFICER, Actor

#: The kind of a question that asks for somebody to attend a meeting; a method asks none, for it knows no day.
ATTENDANCE = "attendance"
#: The kind of question that asks for a document: a power over documents alone reaches no other.
DOCUMENT = "file"


def add_line(review: Review, *, title: str, text: str, by: Actor, at: datetime) -> Line:
    """Add a line of enquiry of the review's own."""
    still_open(review)
    if not text.strip():
        raise Refused(gettext("Write the question this line of enquiry tests"))
    own = sum(line.key.startswith("own-") for line in review.lines) + 1
    position = max((line.position for line in review.lines), default=0) + 1
    line = Line(key=f"own-{own}", position=position, title=_few_words(title or text), text=text.strip())
    review.lines.append(line)
    db.session.flush()
    _noted("line_added", review, by=by, at=at, line=line.key, text=digest(line.text))
    return line


def revise_line(review: Review, line: Line, *, title: str, text: str, by: Actor, at: datetime) -> Line:
    """Reword a line of enquiry."""
    still_open(review)
    if not text.strip():
        raise Refused(gettext("Write the question this line of enquiry tests"))
    line.title, line.text = _few_words(title or text), text.strip()
    db.session.flush()
    _noted("line_revised", review, by=by, at=at, line=line.key, text=digest(line.text))
    return line


def drop_line(review: Review, line: Line, *, why: str, by: Actor, at: datetime) -> Line:
    """Leave a line of enquiry out, with the reason; what was asked under it stays."""
    still_open(review)
    if not why.strip():
        raise Refused(gettext("Say why this line of enquiry is left out"))
    if len([other for other in review.open_lines if other is not line]) == 0:
        raise Refused(gettext("A review needs at least one line of enquiry: add another before leaving this one out"))
    line.dropped_why = why.strip()
    db.session.flush()
    _noted("line_dropped", review, by=by, at=at, line=line.key, why=digest(line.dropped_why))
    return line


def take_up_line(review: Review, line: Line, *, by: Actor, at: datetime) -> Line:
    """Take a line of enquiry up again."""
    still_open(review)
    line.dropped_why = ""
    db.session.flush()
    _noted("line_taken_up", review, by=by, at=at, line=line.key)
    return line


def add_question(
    review: Review,
    *,
    line: Line,
    text: str,
    by: Actor,
    at: datetime,
    title: str = "",
    kind: str = "any",
    why: str = "",
    period: str = "",
    standard_key: str = "",
    marking: str = "open",
) -> Question:
    """Add a question to be asked under a line of enquiry; personal data only where the method may hold it."""
    _askable(review, text, kind, marking)
    question = _question(review, line, title, text, kind, why, period, marking)
    question.standard_key = standard_key
    db.session.add(question)
    db.session.flush()
    _noted("question_added", review, by=by, at=at, question=question.id, line=line.key, text=digest(question.text))
    return question


def standard_question(review: Review, item: Evidence, line: Line, *, by: Actor, at: datetime) -> Question:
    """The question of a standard item: made once for a review, however many agencies are asked it."""
    asked = select(Question).where(Question.review_id == review.id, Question.standard_key == item.key)
    found = db.session.scalar(asked.order_by(Question.id).limit(1))
    return found or add_question(
        review,
        line=line,
        title=item.title,
        text=item.question,
        kind=item.answer,
        marking=item.marking,
        standard_key=item.key,
        by=by,
        at=at,
    )


def revise_question(
    question: Question,
    *,
    text: str,
    by: Actor,
    at: datetime,
    title: str = "",
    why: str = "",
    period: str = "",
    seen: int | None = None,
) -> Question:
    """Reword a question for everybody it is put to; whether it has been sent is for the room above to know.

    Without a `title` it keeps the one it has; one that is the beginning of its words follows these.
    """
    check_version(question, seen)
    if not text.strip():
        raise Refused(gettext("Write the question"))
    wanted = {"text": text.strip(), "why": why.strip(), "period": period.strip(), "title": retitled(question, title, text)}
    if all(getattr(question, name) == value for name, value in wanted.items()):
        return question
    for name, value in wanted.items():
        setattr(question, name, value)
    db.session.flush()
    review = db.session.get_one(Review, question.review_id)
    _noted("question_revised", review, by=by, at=at, question=question.id, text=digest(question.text))
    return question


def propose_question(review: Review, *, line: Line, text: str, why: str, by: Actor, at: datetime) -> Question:
    """Propose a question, as a councillor or anybody else of the review's bodies; an officer takes or declines it."""
    if not by.has(COUNCILLOR, CHAIR, SCRUTINY_OFFICER, INSPECTOR, LEAD_INSPECTOR):
        raise Refused(gettext("Only a member of a body of this review may propose a question"))
    _askable(review, text, "any", "open")
    question = _question(review, line, "", text, "any", why, "", "open")
    question.state, question.proposed_by = "proposed", by.reference
    db.session.add(question)
    db.session.flush()
    _noted("question_proposed", review, by=by, at=at, question=question.id, line=line.key, text=digest(question.text))
    letters.question_proposed(review, question, by=by, at=at)
    return question


def retitled(question: Question, title: str, text: str) -> str:
    """The title a question has with these words: the one typed, or the beginning of the words where it was that before."""
    typed = _few_words(title) or question.title
    follows = not question.standard_key and typed == question.title == _few_words(question.text)
    return _few_words(text) if follows else typed


def settle_question(review: Review, question: Question, *, take: bool, by: Actor, at: datetime, why: str = "") -> Question:
    """Take a proposed question, or decline it with the reason; its proposer sees which."""
    if question.state != "proposed":
        raise Refused(gettext("This question has already been %(state)s", state=question.state))
    if not take and not why.strip():
        raise Refused(gettext("Say why the question is declined: whoever proposed it sees the reason"))
    question.state, question.declined_why = ("taken", "") if take else ("declined", why.strip())
    db.session.flush()
    event = "question_taken" if take else "question_declined"
    _noted(event, review, by=by, at=at, question=question.id, why=digest(question.declined_why))
    letters.question_settled(review, question, by=by, at=at)
    return question


def _askable(review: Review, text: str, kind: str, marking: str) -> None:
    """Refuse what may not be asked."""
    if not text.strip():
        raise Refused(gettext("Write the question"))
    if kind not in (*ANSWER_KINDS, ATTENDANCE):
        raise Refused(
            gettext(
                "There is no kind of answer called %(kind)s: choose one of %(answer_kinds)s",
                kind=kind,
                answer_kinds=", ".join(ANSWER_KINDS),
            )
        )
    if marking not in MARKINGS:
        raise Refused(
            gettext(
                "There is no marking called %(marking)s: choose one of %(markings)s",
                marking=marking,
                markings=", ".join(MARKINGS),
            )
        )
    if marking == "personal" and not method_of(review.edition).may_hold_personal:
        raise Refused(gettext("This method takes depersonalised information only: ask for figures, or for a copy without names"))
    if review.state not in ("planned", "opened"):
        raise Refused(gettext("This review is over: nothing more can be asked in it"))


def _question(review: Review, line: Line, title: str, text: str, kind: str, why: str, period: str, marking: str) -> Question:
    """A question, not yet kept."""
    return Question(
        review_id=review.id,
        line=line,
        title=_few_words(title or text),
        text=text.strip(),
        kind=kind,
        why=why.strip(),
        period=period.strip(),
        marking=marking,
        state="taken",
    )


def _few_words(text: str, most: int = 100) -> str:
    """The beginning of a text, cut at a word, for tables."""
    words = " ".join(text.split())
    return words if len(words) <= most else words[:most].rsplit(" ", 1)[0] + "…"


def _noted(event: str, review: Review, *, by: Actor, at: datetime, **fields: Any) -> None:
    """Enter the deed in the trail."""
    note(event, about=review.plain, within=review.plain, by=by, at=at, **fields)
