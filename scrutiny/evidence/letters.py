"""The letters of this room: a summary to agree to, people named, and what was made stricter, taken back or erased."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from scrutiny.agencies import queries as agencies
from scrutiny.bodies import queries as bodies
from scrutiny.correspondence.models import Letter
from scrutiny.correspondence.service import Recipient, write_letter
from scrutiny.evidence.markings import who_sees
from scrutiny.evidence.models import Lodging, NamedReader
from scrutiny.evidence.queries import kept_days
from scrutiny.formats import london_day
from scrutiny.reviews.contact import write_for_lead
from workflows.roles import LEAD_INSPECTOR, SCRUTINY_OFFICER, Actor


def summary_wanted(lodging: Lodging, *, at: datetime) -> int:
    """To the agency: what the public would be told of its evidence, to be agreed to; how many people were written to."""
    recipients = agencies.recipients(lodging.evidence.keeper or lodging.evidence.agency, london_day(at))
    for recipient in recipients:
        write_for_lead(
            "summary_wanted",
            lodging.review,
            to=recipient,
            reference=f"lodging:{lodging.id}",
            at=at,
            occasion=at.isoformat(),
            title=lodging.review.title,
            review=lodging.review.reference,
            evidence=lodging.evidence.title,
            summary=lodging.public_summary,
            address=f"/evidence/{lodging.id}",
            lead=lodging.review.lead.name,
        )
    return len(recipients)


def summary_agreed(lodging: Lodging, *, at: datetime) -> None:
    """To those who run the review: the agency agrees, and the report may say so much."""
    for recipient in bodies.recipients(lodging.review.lead, london_day(at), (SCRUTINY_OFFICER, LEAD_INSPECTOR)):
        write_letter(
            "summary_agreed",
            to=recipient,
            reference=f"lodging:{lodging.id}",
            at=at,
            occasion=at.isoformat(),
            within=f"review:{lodging.review_id}",
            title=lodging.review.title,
            review=lodging.review.reference,
            agency=lodging.evidence.agency.name,
            evidence=lodging.evidence.title,
            address=f"/reviews/{lodging.review.reference}/report",
        )


def evidence_restricted(lodging: Lodging, why: str, *, by: Actor, at: datetime) -> list[Letter]:
    """That from now on fewer people may see something, and why."""
    return _send(
        "evidence_restricted",
        lodging,
        by=by,
        at=at,
        why=why,
        who=who_sees(lodging.marking, held_back=lodging.held_back_at is not None),
    )


def evidence_erased(lodging: Lodging, why: str, *, is_file: bool, by: Actor, at: datetime) -> list[Letter]:
    """That words or a file are erased, and why; named no further, for a name may be what had to go."""
    return _send("evidence_erased", lodging, by=by, at=at, why=why, is_file=is_file)


def reader_named(row: NamedReader, *, by: Actor, at: datetime) -> None:
    """To whoever is named to open what is for people named only, unless they named themselves."""
    _to_reader("reader_named", row, by=by, at=at)


def reader_no_longer_named(row: NamedReader, *, by: Actor, at: datetime) -> None:
    """To whoever is no longer named, unless they ended it themselves."""
    _to_reader("reader_no_longer_named", row, by=by, at=at)


def _to_reader(kind: str, row: NamedReader, *, by: Actor, at: datetime) -> None:
    """One letter about a naming, to the person, unless it was their own deed or they have left."""
    person, review = row.person, row.review
    if person.reference == by.reference or not person.active:
        return
    write_letter(
        kind,
        to=Recipient(person.reference, person.email, person.name, person.language),
        reference=review.plain,
        at=at,
        occasion=f"{row.id} {at.isoformat()}",
        within=review.plain,
        title=review.title,
        review=review.reference,
        body=row.body.name,
        lead=review.lead.name,
        by_name=by.name,
        kept_days=kept_days(review),
        address=f"/reviews/{review.reference}/named-readers",
    )


def _send(kind: str, lodging: Lodging, *, by: Actor, at: datetime, **values: Any) -> list[Letter]:
    """Write to the agency and to the officers in the lead, but not to whoever did it."""
    told = [one for one in _receivers(lodging, at) if one.reference != by.reference]
    return [
        write_for_lead(
            kind,
            lodging.review,
            to=to,
            reference=f"lodging:{lodging.id}",
            at=at,
            occasion=f"{at.isoformat()}",
            title=lodging.evidence.title,
            review=lodging.review.title,
            agency=lodging.evidence.agency.name,
            address=f"/evidence/{lodging.id}",
            by_name=by.name,
            **values,
        )
        for to in told
    ]


def _receivers(lodging: Lodging, at: datetime) -> list[Recipient]:
    """Who answers for the agency that gave it, or keeps it; and the officers of the body in the lead."""
    evidence, on = lodging.evidence, london_day(at)
    answering = agencies.agencies_by_id([evidence.keeper_id or evidence.agency_id])
    found = [one for agency in answering.values() for one in agencies.addressed(agency, on)]
    return found + bodies.recipients(lodging.review.lead, on, (SCRUTINY_OFFICER, LEAD_INSPECTOR))
