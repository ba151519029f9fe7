"""Recommendations to an agency that has ended: who answers for them from then on."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from scrutiny.agencies.models import Agency
from scrutiny.audit.service import note
from scrutiny.extensions import db
from scrutiny.recommendations.models import Addressee, AddresseeHolder
from workflows.roles import Actor


def hand_on(addressee: Addressee, to: Agency, *, on: date, by: Actor, at: datetime) -> None:
    """Let a successor answer for a recommendation from a day; whom it was addressed to stays as it was published."""
    for row in addressee.holders:
        row.to_on = row.to_on or on - timedelta(days=1)
    addressee.holders.append(AddresseeHolder(agency=to, from_on=on))
    db.session.flush()
    review = addressee.recommendation.review_id
    note(
        "recommendation_handed_on",
        about=addressee.recommendation.reference,
        within=f"review:{review}",
        by=by,
        at=at,
        was=f"agency:{addressee.agency_id}",
        to=to.reference,
        on=on.isoformat(),
    )
