"""The letters of this room: a public summary to agree to, and what was made stricter, taken back or erased."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from scrutiny.agencies import queries as agencies
from scrutiny.bodies import queries as bodies
from scrutiny.correspondence.models import Letter
from scrutiny.correspondence.service import Recipient, write_letter
from scrutiny.evidence.markings import label
from scrutiny.evidence.models import Lodging
from scrutiny.formats import london_day
from scrutiny.reviews.contact import writer_of
from workflows.roles import LEAD_INSPECTOR, SCRUTINY_OFFICER, Actor


def summary_wanted(lodging: Lodging, *, at: datetime) -> int:
    """To the agency: what the public would be told of its evidence, to be agreed to; how many people were written to."""
    recipients = agencies.recipients(lodging.evidence.keeper or lodging.evidence.agency, london_day(at))
    for recipient in recipients:
        write_letter(
            "summary_wanted",
            to=recipient,
            reference=f"lodging:{lodging.id}",
            at=at,
            occasion=at.isoformat(),
            within=f"review:{lodging.review_id}",
            title=lodging.review.title,
            review=lodging.review.reference,
            evidence=lodging.evidence.title,
            summary=lodging.public_summary,
            address=f"/evidence/{lodging.id}",
            lead=lodging.review.lead.name,
            us=writer_of(lodging.review),
            sender=writer_of(lodging.review).sender,
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
    return _send("evidence_restricted", lodging, by=by, at=at, why=why, who=label(lodging.marking))


def evidence_erased(lodging: Lodging, why: str, *, is_file: bool, by: Actor, at: datetime) -> list[Letter]:
    """That words or a file are erased, and why; named no further, for a name may be what had to go."""
    return _send("evidence_erased", lodging, by=by, at=at, why=why, is_file=is_file)


def _send(kind: str, lodging: Lodging, *, by: Actor, at: datetime, **values: Any) -> list[Letter]:
    """Write to the agency and to the officers in the lead, but not to whoever did it."""
    told = [one for one in _receivers(lodging, at) if one.reference != by.reference]
    return [
        write_letter(
            kind,
            to=to,
            reference=f"lodging:{lodging.id}",
            at=at,
            occasion=f"{at:%Y%m%d%H%M%S}",
            within=f"review:{lodging.review_id}",
            sender=writer_of(lodging.review).sender,
            title=lodging.evidence.title,
            review=lodging.review.title,
            agency=lodging.evidence.agency.name,
            address=f"/evidence/{lodging.id}",
            us=writer_of(lodging.review),
            by_name=by.name,
            **values,
        )
        for to in told
    ]


def _receivers(lodging: Lodging, at: datetime) -> list[Recipient]:
    """Who answers for the agency that gave it, or keeps it; and the officers of the body in the lead."""
    evidence, on = lodging.evidence, london_day(at)
    answering = agencies.agencies_by_id([evidence.keeper_id or evidence.agency_id])
    found = [one for agency in answering.values() for one in agencies.recipients(agency, on)]
    return found + bodies.recipients(lodging.review.lead, on, (SCRUTINY_OFFICER, LEAD_INSPECTOR))
