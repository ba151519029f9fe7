"""What waits here for those who run a review: accuracy checks that are overdue, invitations that nobody has answered."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import date, datetime
from typing import Any

from flask_babel import gettext
from sqlalchemy import select

from scrutiny.agencies.models import Agency
from scrutiny.bodies.models import Body
from scrutiny.conduct.awaited import APART, CHECK, INVITATION, OPEN_FINDINGS
from scrutiny.findings.models import AccuracyCheck, AccuracyWaiver, Extract, Finding
from scrutiny.reviews.models import Invitation
from scrutiny.reviews.needs import Need, OfReview, Rank, Reader, address_of, read_rows
from scrutiny.reviews.queries import CURRENT


def needs(reader: Reader) -> Iterator[OfReview]:
    """Each with its page that shows the reminder."""
    if not reader.daily:
        return
    under_way = [key for key, review in reader.runs.items() if review.state in CURRENT]
    for review_id, key, name in _overdue_checks(under_way, reader.today):
        words = gettext("The accuracy check of %(agency)s is overdue", agency=name)
        yield review_id, Need(Rank.OVERDUE, words, _page(reader, review_id, CHECK, key), gettext("remind"), "late")
    for review_id, key, name in _unanswered(under_way, reader.at):
        words = gettext("%(body)s has not answered the invitation to take part", body=name)
        yield review_id, Need(Rank.OVERDUE, words, _page(reader, review_id, INVITATION, key), gettext("remind"), "late")


def _page(reader: Reader, review_id: int, kind: str, key: int) -> str:
    """The page that reminds."""
    return f"{address_of(reader.runs[review_id])}/remind/{kind}/{key}"


def _overdue_checks(reviews: Collection[int], today: date) -> list[Any]:
    """(review id, check id, agency) of checks of findings that are not final: received, past their day, not gone on without."""
    waived = select(AccuracyWaiver.id).where(
        AccuracyWaiver.review_id == AccuracyCheck.review_id, AccuracyWaiver.agency_id == AccuracyCheck.agency_id
    )
    open_findings = select(Extract.id).join(Finding, Finding.id == Extract.finding_id)
    open_findings = open_findings.where(Extract.check_id == AccuracyCheck.id, Finding.state.in_(OPEN_FINDINGS))
    rows = select(AccuracyCheck.review_id, AccuracyCheck.id, Agency.name).join(Agency, Agency.id == AccuracyCheck.agency_id)
    late = (AccuracyCheck.answered_at.is_(None), AccuracyCheck.received_on.is_not(None), AccuracyCheck.due_on < today)
    rows = rows.where(AccuracyCheck.review_id.in_(reviews), *late, ~waived.exists(), open_findings.exists())
    return read_rows(rows.order_by(AccuracyCheck.review_id, AccuracyCheck.id))


def _unanswered(reviews: Collection[int], at: datetime) -> list[Any]:
    """(review id, invitation id, body) of invitations that nobody has answered in the time after which we remind."""
    rows = select(Invitation.review_id, Invitation.id, Body.name).join(Body, Body.id == Invitation.body_id)
    rows = rows.where(Invitation.review_id.in_(reviews), Invitation.state == "invited", Invitation.at <= at - APART)
    return read_rows(rows.order_by(Invitation.review_id, Invitation.id))
