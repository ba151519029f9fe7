"""The letters of this room: a signature voided, a report held back, a report released, an error reported and decided."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from scrutiny.accounts import queries as accounts
from scrutiny.agencies import queries as agencies
from scrutiny.agencies.models import Agency
from scrutiny.bodies import queries as bodies
from scrutiny.bodies.models import Body
from scrutiny.correspondence.alerts import tell_alerts
from scrutiny.correspondence.service import Recipient, write_letter
from scrutiny.editions.models import Edition, Report
from scrutiny.formats import london_day, moment
from scrutiny.reports.models import Dissent, ErrorReport, Signature
from scrutiny.reviews.models import Review
from scrutiny.reviews.queries import bodies_taking_part
from scrutiny.snapshots.changes import Change, sentence
from workflows.roles import CHAIR, LEAD_INSPECTOR, SCRUTINY_OFFICER, Actor

#: who runs reports for a body; its other members are told when one is out
READERS = (SCRUTINY_OFFICER, LEAD_INSPECTOR, CHAIR)


def signature_voided(review: Review, signature: Signature, changes: Sequence[Change], *, digest: str = "", at: datetime) -> None:
    """To whoever signed: what changed, and that the body must sign again; `digest` is that of what it would sign now."""
    person = accounts.person(int(signature.person.split(":")[1])) if signature.person.startswith("person:") else None
    if person is None or not person.active:
        return
    write_letter(
        "signature_voided",
        to=Recipient(person.reference, person.email, person.name, person.language),
        reference=f"signature:{signature.id}",
        at=at,
        occasion=digest[:32],
        within=f"review:{review.id}",
        review=review,
        signature=signature,
        changed=sentence(list(changes)),
    )


def signature_wanted(review: Review, body: Body, to: Recipient, digest: str, signed_by: str, *, at: datetime) -> None:
    """To somebody who signs for a body: the report is ready to be signed; once for each digest of what is signed.

    `signed_by` names the bodies that have signed it already.
    """
    write_letter(
        "signature_wanted",
        to=to,
        reference=review.plain,
        at=at,
        occasion=occasion_of(body, digest),
        within=review.plain,
        our=review.reference,
        title=review.title,
        body=body.name,
        signed_by=signed_by,
        address=f"/reviews/{review.reference}/sign-off",
    )


def occasion_of(body: Body, digest: str) -> str:
    """What tells the letters that ask a body to sign one wording from those that ask for another."""
    return f"{body.reference}:{digest[:32]}"


def report_scheduled(report: Report, edition: Edition, *, by: Actor, at: datetime) -> None:
    """To those who run it at the lead and partner bodies: when the report will be published by itself."""
    review = report.review
    if review is None or edition.release_at is None:
        return
    told = {one.reference: one for body in bodies_taking_part(review) for one in bodies.recipients(body, london_day(at), READERS)}
    for to in told.values():
        if to.reference != by.reference:
            write_letter(
                "report_scheduled",
                to=to,
                reference=f"edition:{edition.id}",
                at=at,
                occasion=edition.release_at.isoformat(),
                within=review.plain,
                our=review.reference,
                title=review.title,
                when=moment(edition.release_at),
                address=f"/reviews/{review.reference}/report",
            )


def report_unscheduled(report: Report, edition: Edition, was: datetime, *, by: Actor, at: datetime) -> None:
    """To those who were told when the report would be published: it will not be, for now.

    Where the timetable held it back, those who run it in the lead have the reason in a letter of its own.
    """
    review = report.review
    if review is None:
        return
    by_timetable = by.person is None
    told = {
        one.reference: one
        for body in bodies_taking_part(review)
        if not (by_timetable and body.id == review.lead.id)
        for one in bodies.recipients(body, london_day(at), READERS)
    }
    for to in told.values():
        if to.reference != by.reference:
            write_letter(
                "report_unscheduled",
                to=to,
                reference=f"edition:{edition.id}",
                at=at,
                occasion=at.isoformat(),
                within=review.plain,
                our=review.reference,
                title=review.title,
                when=moment(was),
                by="" if by_timetable else by.name,
                address=f"/reviews/{review.reference}",
            )


def dissent_written(review: Review, row: Dissent, *, at: datetime) -> None:
    """To those who run the review and whoever signs it for a body: somebody dissents, and no signature is voided by it."""
    day = london_day(at)
    told: set[str] = {row.person}
    for part in review.bodies:
        if part.to_on is not None or part.part == "observer":
            continue
        roles = READERS if part.part == "lead" else (CHAIR, LEAD_INSPECTOR)
        for recipient in bodies.recipients(part.body, day, roles):
            if recipient.reference in told:
                continue
            told.add(recipient.reference)
            write_letter(
                "dissent_written",
                to=recipient,
                reference=f"dissent:{row.id}",
                at=at,
                within=f"review:{review.id}",
                review=review,
                dissent=row,
            )


def report_held(report: Report, edition: Edition, *, at: datetime) -> None:
    """To those who run the review: its report could not come out, and why."""
    if report.review is None:
        return
    for recipient in bodies.recipients(report.review.lead, london_day(at), READERS):
        write_letter(
            "report_held",
            to=recipient,
            reference=f"edition:{edition.id}",
            at=at,
            occasion=at.isoformat(),
            within=f"review:{report.review.id}",
            report=report,
            edition=edition,
        )


def report_released(report: Report, edition: Edition, asked: list[Agency], *, at: datetime) -> None:
    """To every agency that was asked, to every body of the review, and to everyone with an alert for the place."""
    values = {"report": report, "edition": edition, "title": (edition.snapshot or {}).get("title", report.reference)}
    day = london_day(at)
    within = f"review:{report.review.id}" if report.review else ""
    recipients = [r for agency in asked for r in agencies.recipients(agency, day)]
    if report.review is not None:
        recipients += [r for row in report.review.bodies if row.to_on is None for r in bodies.recipients(row.body, day)]
    for recipient in recipients:
        write_letter(
            "report_released",
            to=recipient,
            reference=f"edition:{edition.id}",
            at=at,
            within=within,
            bundle=f"report:{report.reference}",
            **values,
        )
    tell_alerts(report.place.reference, "place_alert", reference=f"edition:{edition.id}", at=at, **values)


def error_reported(error: ErrorReport, *, at: datetime) -> None:
    """To those who run the review: somebody says that the report is wrong."""
    report = error.edition.report
    if report.review is None:
        return
    for recipient in bodies.recipients(report.review.lead, london_day(at), READERS):
        write_letter(
            "error_reported",
            to=recipient,
            reference=f"error:{error.id}",
            at=at,
            within=f"review:{report.review.id}",
            report=report,
            error=error,
        )


def error_decided(error: ErrorReport, *, at: datetime) -> None:
    """To the person who reported the error, if they left an address: what was decided."""
    if error.address:
        write_letter(
            "error_decided",
            to=Recipient(f"error:{error.id}", error.address, "reader"),
            reference=f"error:{error.id}",
            at=at,
            report=error.edition.report,
            error=error,
        )
