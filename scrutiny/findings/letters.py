"""The letters of this room: extracts to check, an agency has finished, a correction decided."""

from __future__ import annotations

from datetime import date, datetime

from scrutiny.accounts import queries as accounts
from scrutiny.bodies import queries as bodies
from scrutiny.correspondence.models import Letter
from scrutiny.correspondence.service import Recipient, write_letter
from scrutiny.findings.models import AccuracyCheck, AccuracyWaiver, Correction, Finding
from scrutiny.formats import london_day
from scrutiny.requests.letters import answering_in
from scrutiny.reviews.contact import write_for_lead
from workflows.lifecycles.finding import CORRECTION
from workflows.roles import LEAD_INSPECTOR, SCRUTINY_OFFICER, Actor


def accuracy_check(check: AccuracyCheck, *, at: datetime, occasion: str = "") -> list[Letter]:
    """To the agency: its extracts are there to be checked, and until when; the letters."""
    return [
        write_for_lead(
            "accuracy_check",
            check.review,
            to=recipient,
            reference=check.reference,
            at=at,
            title=check.review.title,
            review=check.review.reference,
            agency=check.agency.name,
            extracts=len(check.extracts),
            due_on=check.due_on,
            why=check.due_why,
            address=f"/accuracy/{check.id}",
            lead=check.review.lead.name,
            occasion=occasion,
        )
        for recipient in answering_in(check.review, check.answerer, at)
    ]


def accuracy_day_moved(check: AccuracyCheck, before: date, *, at: datetime, holiday: bool = True) -> None:
    """To the agency: it has other days to check its extracts, for a holiday was learnt of late or they came another day."""
    for recipient in answering_in(check.review, check.answerer, at):
        write_for_lead(
            "accuracy_day_moved",
            check.review,
            to=recipient,
            reference=check.reference,
            at=at,
            occasion=check.due_on.isoformat(),
            title=check.review.title,
            review=check.review.reference,
            agency=check.agency.name,
            due_on=check.due_on,
            before=before,
            holiday=holiday,
            received_on=check.received_on,
            why=check.due_why,
            address=f"/accuracy/{check.id}",
            lead=check.review.lead.name,
        )


def accuracy_waived(check: AccuracyCheck, waiver: AccuracyWaiver, *, at: datetime) -> None:
    """To the agency: its check of the facts is not waited for, and why."""
    for recipient in answering_in(check.review, check.answerer, at):
        write_for_lead(
            "accuracy_waived",
            check.review,
            to=recipient,
            reference=check.reference,
            at=at,
            title=check.review.title,
            review=check.review.reference,
            agency=check.agency.name,
            due_on=check.due_on,
            reason=waiver.reason,
            by=waiver.name,
            address=f"/accuracy/{check.id}",
            lead=check.review.lead.name,
        )


def finding_moved(finding: Finding, move: str, *, by: Actor, at: datetime) -> None:
    """To whoever wrote a finding and those who lead on it in each body: somebody withdrew it or opened it again, and why."""
    day, review = london_day(at), finding.review
    parts = [part.body for part in review.bodies if part.to_on is None and part.part != "observer"]
    told = {row.reference: row for body in parts for row in bodies.recipients(body, day, (SCRUTINY_OFFICER, LEAD_INSPECTOR))}
    writer = accounts.person(int(finding.written_by.split(":")[1])) if finding.written_by.startswith("person:") else None
    if writer is not None and writer.active:
        told.setdefault(writer.reference, Recipient(writer.reference, writer.email, writer.name, writer.language))
    for recipient in told.values():
        if recipient.reference == by.reference:
            continue
        write_letter(
            "finding_moved",
            to=recipient,
            reference=finding.reference,
            at=at,
            within=f"review:{review.id}",
            occasion=at.isoformat(),
            title=review.title,
            review=review.reference,
            number=finding.number,
            finding=finding.title,
            withdrawn=move == "withdraw",
            by=by.name,
            why=finding.moved_why,
            address=f"/reviews/{review.reference}/findings/{finding.number}",
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
    """To the agency: what was made of its correction, and why; those of one day come in one email."""
    check = correction.extract.check
    for recipient in answering_in(check.review, check.answerer, at):
        write_for_lead(
            "correction_decided",
            check.review,
            to=recipient,
            reference=check.reference,
            at=at,
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
