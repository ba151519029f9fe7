"""Reading what waits in several reviews at once: one statement each, whatever the number of reviews; always in order."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime
from typing import Any

from sqlalchemy import String, and_, case, cast, func, literal, or_, select

from scrutiny.agencies.models import Agency
from scrutiny.correspondence.incoming_models import IncomingMail
from scrutiny.correspondence.models import Letter, Posting
from scrutiny.correspondence.queries import UNDELIVERED
from scrutiny.extensions import db
from scrutiny.findings.models import AccuracyCheck, Correction, Extract, Finding
from scrutiny.recommendations.models import Addressee, Recommendation
from scrutiny.reports.models import Edition, ErrorReport, Report
from scrutiny.reports.queries import ON_THE_WAY
from scrutiny.requests.delivering import ASKS
from scrutiny.requests.delivery_models import Delivery
from scrutiny.requests.escalation_models import Escalation
from scrutiny.requests.models import EvidenceRequest, Extension, Item, Note
from scrutiny.requests.queries import OPEN, RECEIVED
from scrutiny.reviews.models import Question

Ids = Collection[int]


def _rows(statement: Any) -> list[Any]:
    """The rows of a statement."""
    return list(db.session.execute(statement))


def overdue(reviews: Ids, today: date) -> list[Any]:
    """(review id, number of the request, agency, items late, since when) for each request with something late."""
    return _rows(
        select(EvidenceRequest.review_id, EvidenceRequest.number, Agency.name, func.count(Item.id), func.min(Item.due_on))
        .join(Item, Item.request_id == EvidenceRequest.id)
        .join(Agency, Agency.id == EvidenceRequest.agency_id)
        .where(_issued(reviews), Item.state.in_(OPEN), Item.is_late(today))
        .group_by(EvidenceRequest.review_id, EvidenceRequest.number, Agency.name)
        .order_by(func.min(Item.due_on), EvidenceRequest.review_id, EvidenceRequest.number)
    )


def undelivered(reviews: Ids) -> list[Any]:
    """(review id, number of the request, agency, why) for each request that was issued and could not be delivered."""
    return _rows(
        select(EvidenceRequest.review_id, EvidenceRequest.number, Agency.name, Delivery.fault)
        .join(Delivery, Delivery.request_id == EvidenceRequest.id)
        .join(Agency, Agency.id == EvidenceRequest.agency_id)
        .where(_issued(reviews), Delivery.state == "failed")
        .order_by(EvidenceRequest.review_id, EvidenceRequest.number)
    )


def letters_lost(reviews: Ids) -> list[Any]:
    """(review id, how many letters, other than those that ask, failed or came back and nobody has dealt with)."""
    within = {f"review:{review_id}": review_id for review_id in reviews}
    rows = (
        select(Letter.within, func.count(Letter.id))
        .join(Posting, Posting.id == Letter.posting_id)
        .where(Letter.within.in_(within), Posting.state.in_(UNDELIVERED), Letter.kind != ASKS)
        .group_by(Letter.within)
        .order_by(Letter.within)
    )
    return [(within[plain], count) for plain, count in db.session.execute(rows)]


def mail_to_read(reviews: Ids) -> list[Any]:
    """(review id, number of the request, agency, kind) for each reply, delay or bounce by email nobody has dealt with."""
    return _rows(
        select(EvidenceRequest.review_id, EvidenceRequest.number, Agency.name, IncomingMail.kind)
        .join(Agency, Agency.id == EvidenceRequest.agency_id)
        .join(IncomingMail, IncomingMail.about == literal("request:") + cast(EvidenceRequest.id, String))
        .where(EvidenceRequest.review_id.in_(reviews), IncomingMail.dealt_at.is_(None), IncomingMail.kind != "auto")
        .order_by(IncomingMail.id)
    )


def received(reviews: Ids) -> list[Any]:
    """(review id, state, how many) of the items that wait to be accepted or returned: answered, or said why not."""
    return _rows(
        select(EvidenceRequest.review_id, Item.state, func.count(Item.id))
        .join(Item, Item.request_id == EvidenceRequest.id)
        .where(_issued(reviews), Item.state.in_(RECEIVED))
        .group_by(EvidenceRequest.review_id, Item.state)
        .order_by(EvidenceRequest.review_id, Item.state.desc())
    )


def drafts(reviews: Ids) -> list[Any]:
    """(review id, how many requests are drafted and not issued)."""
    return _rows(
        select(EvidenceRequest.review_id, func.count())
        .where(EvidenceRequest.review_id.in_(reviews), EvidenceRequest.state == "drafted")
        .group_by(EvidenceRequest.review_id)
        .order_by(EvidenceRequest.review_id)
    )


def extensions(reviews: Ids) -> list[Any]:
    """(review id, number of the request, agency, until when) for each extension that waits for a decision."""
    return _rows(
        select(EvidenceRequest.review_id, EvidenceRequest.number, Agency.name, Extension.until_on)
        .join(Extension, Extension.request_id == EvidenceRequest.id)
        .join(Agency, Agency.id == EvidenceRequest.agency_id)
        .where(_issued(reviews), Extension.state == "asked")
        .order_by(Extension.asked_at, Extension.id)
    )


def letters_to_approve(reviews: Ids) -> list[Any]:
    """(review id, id of the escalation, agency) for each letter of the ladder that waits for a chair or lead inspector."""
    return _rows(
        select(EvidenceRequest.review_id, Escalation.id, Agency.name)
        .join(Escalation, Escalation.request_id == EvidenceRequest.id)
        .join(Agency, Agency.id == Escalation.agency_id)
        .where(_issued(reviews), Escalation.state == "proposed")
        .order_by(Escalation.id)
    )


def questions_back(reviews: Ids) -> list[Any]:
    """(review id, number of the request, agency) where the last word on a request is an agency's question."""
    last = select(func.max(Note.id)).group_by(Note.request_id)
    return _rows(
        select(EvidenceRequest.review_id, EvidenceRequest.number, Agency.name)
        .join(Note, Note.request_id == EvidenceRequest.id)
        .join(Agency, Agency.id == EvidenceRequest.agency_id)
        .where(_issued(reviews), Note.id.in_(last), Note.capacity.startswith("agency:"))
        .order_by(Note.at, Note.id)
    )


def proposed_questions(reviews: Ids) -> list[Any]:
    """(review id, how many questions councillors have proposed that nobody has settled)."""
    return _rows(
        select(Question.review_id, func.count())
        .where(Question.review_id.in_(reviews), Question.state == "proposed")
        .group_by(Question.review_id)
        .order_by(Question.review_id)
    )


def own_questions(reviews: Ids, person: str) -> list[Any]:
    """(review id, state in words, how many) of the questions one person proposed."""
    words = case({"proposed": "waiting", "taken": "taken up"}, value=Question.state, else_=Question.state)
    return _rows(
        select(Question.review_id, words, func.count())
        .where(Question.review_id.in_(reviews), Question.proposed_by == person)
        .group_by(Question.review_id, words)
        .order_by(Question.review_id, words)
    )


def proposed_findings(reviews: Ids) -> list[Any]:
    """(review id, how many findings are proposed and not settled)."""
    return _rows(
        select(Finding.review_id, func.count())
        .where(Finding.review_id.in_(reviews), Finding.state == "proposed")
        .group_by(Finding.review_id)
        .order_by(Finding.review_id)
    )


def corrections(reviews: Ids) -> list[Any]:
    """(review id, how many corrections agencies have offered that nobody has decided)."""
    return _rows(
        select(AccuracyCheck.review_id, func.count())
        .join(Extract, Extract.check_id == AccuracyCheck.id)
        .join(Correction, Correction.extract_id == Extract.id)
        .where(AccuracyCheck.review_id.in_(reviews), Correction.state == "offered")
        .group_by(AccuracyCheck.review_id)
        .order_by(AccuracyCheck.review_id)
    )


def responses(reviews: Ids, today: date) -> list[Any]:
    """(review id, responses late, recommendations said to be done or rejected that nobody has closed)."""
    late = and_(Addressee.state.in_(("awaited", "noted")), Addressee.due_on < today)
    check = Addressee.state.in_(("said_done", "rejected"))
    return _rows(
        select(Recommendation.review_id, func.sum(case((late, 1), else_=0)), func.sum(case((check, 1), else_=0)))
        .join(Addressee, Addressee.recommendation_id == Recommendation.id)
        .where(Recommendation.review_id.in_(reviews), Recommendation.state == "made", or_(late, check))
        .group_by(Recommendation.review_id)
        .order_by(Recommendation.review_id)
    )


def reports_held(reviews: Ids, at: datetime) -> list[Any]:
    """(review id, moment of release, fault in words) of reports that should be out and are not."""
    return _rows(
        select(Report.review_id, Edition.release_at, Edition.fault)
        .join(Edition, Edition.report_id == Report.id)
        .where(Report.review_id.in_(reviews), Edition.state.in_(ON_THE_WAY), or_(Edition.fault != "", Edition.release_at < at))
        .order_by(Edition.release_at, Edition.id)
    )


def errors_reported(reviews: Ids) -> list[Any]:
    """(review id, how many errors people have reported that nobody has decided)."""
    return _rows(
        select(Report.review_id, func.count(ErrorReport.id))
        .join(Edition, Edition.report_id == Report.id)
        .join(ErrorReport, ErrorReport.edition_id == Edition.id)
        .where(Report.review_id.in_(reviews), ErrorReport.state == "reported")
        .group_by(Report.review_id)
        .order_by(Report.review_id)
    )


def _issued(reviews: Ids) -> Any:
    """That a request of one of these reviews is issued."""
    return and_(EvidenceRequest.review_id.in_(reviews), EvidenceRequest.state == "issued")
