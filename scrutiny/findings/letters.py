"""The letters of this room: extracts to check, an agency has finished, a correction decided."""

from __future__ import annotations

from datetime import date, datetime

from scrutiny.agencies import queries as agencies
from scrutiny.bodies import queries as bodies
from scrutiny.correspondence.service import write_letter
from scrutiny.findings.models import AccuracyCheck, Correction
from scrutiny.formats import london_day
from scrutiny.reviews.contact import writer_of
from workflows.lifecycles.finding import CORRECTION
from workflows.roles import LEAD_INSPECTOR, SCRUTINY_OFFICER


def accuracy_check(check: AccuracyCheck, *, at: datetime) -> None:
    """To the agency: its extracts are there to be checked, and until when."""
    for recipient in agencies.recipients(check.answerer, london_day(at)):
        write_letter(
            "accuracy_check",
            to=recipient,
            sender=writer_of(check.review).sender,
            us=writer_of(check.review),
            reference=check.reference,
            at=at,
            within=f"review:{check.review_id}",
            title=check.review.title,
            review=check.review.reference,
            agency=check.agency.name,
            extracts=len(check.extracts),
            due_on=check.due_on,
            why=check.due_why,
            address=f"/accuracy/{check.id}",
            lead=check.review.lead.name,
        )


def accuracy_day_moved(check: AccuracyCheck, before: date, *, at: datetime) -> None:
    """To the agency: a holiday learnt of late gives it more days to check its extracts."""
    for recipient in agencies.recipients(check.answerer, london_day(at)):
        write_letter(
            "accuracy_day_moved",
            to=recipient,
            sender=writer_of(check.review).sender,
            us=writer_of(check.review),
            reference=check.reference,
            at=at,
            within=f"review:{check.review_id}",
            occasion=check.due_on.isoformat(),
            title=check.review.title,
            review=check.review.reference,
            agency=check.agency.name,
            due_on=check.due_on,
            before=before,
            why=check.due_why,
            address=f"/accuracy/{check.id}",
            lead=check.review.lead.name,
        )


def accuracy_check_answered(check: AccuracyCheck, corrections: int, *, at: datetime) -> None:
    """To the lead body: an agency has finished, with so many corrections."""
    for recipient in bodies.recipients(check.review.lead, london_day(at), (SCRUTINY_OFFICER, LEAD_INSPECTOR)):
        write_letter(
            "accuracy_check_answered",
            to=recipient,
            reference=check.reference,
            at=at,
            within=f"review:{check.review_id}",
            title=check.review.title,
            review=check.review.reference,
            agency=check.agency.name,
            corrections=corrections,
            address=f"/reviews/{check.review.reference}/accuracy",
        )


def correction_decided(correction: Correction, *, at: datetime) -> None:
    """To the agency: what was made of its correction, and why; those of one day come in one e-mail."""
    check = correction.extract.check
    for recipient in agencies.recipients(check.answerer, london_day(at)):
        write_letter(
            "correction_decided",
            to=recipient,
            sender=writer_of(check.review).sender,
            us=writer_of(check.review),
            reference=check.reference,
            at=at,
            within=f"review:{check.review_id}",
            occasion=f"correction:{correction.id}",
            bundle=check.reference,
            title=check.review.title,
            agency=check.agency.name,
            review=check.review.reference,
            words=correction.words,
            correction=correction.correction,
            outcome=CORRECTION.states[correction.state],
            decision=correction.decision,
            address=f"/accuracy/{check.id}",
            lead=check.review.lead.name,
        )
