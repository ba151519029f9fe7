"""The letters of this room: a public summary waits for its agency's agreement, and was agreed to."""

from __future__ import annotations

from datetime import datetime

from scrutiny.agencies import queries as agencies
from scrutiny.bodies import queries as bodies
from scrutiny.correspondence.service import write_letter
from scrutiny.evidence.models import Lodging
from scrutiny.formats import london_day
from workflows.roles import LEAD_INSPECTOR, SCRUTINY_OFFICER


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
